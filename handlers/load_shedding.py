"""Load shedding: automatic checks, which nobody asked for, are dropped when more come than can be read."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import structlog

from bot.messages import CheckRequest
from bot.places import Room

_TELLING_SECONDS: Final = 10.0

log = structlog.get_logger(__name__)


class LoadShedder:
    """Load shedding: the checks of messages that are under way, so that people who ask need not wait for
    links that nobody asked for.

    A page that many rooms paste at once is one page to read: it counts once among the `links`, and with each
    answer among the `answers`, of which about fifty a second can be made. `in_a_room`: answers, where a
    platform takes few of them.
    """

    def __init__(self, *, links: int = 48, answers: int = 240, in_a_room: int | None = None) -> None:
        self._max_links, self._max_answers, self._max_in_room = links, answers, in_a_room
        self._links: Counter[str] = Counter()
        self._rooms: Counter[Room] = Counter()

    def has_capacity(self, asked: CheckRequest) -> bool:
        """Return True if there is time for a check that nobody asked for."""
        if self._rooms.total() >= self._max_answers:
            return False
        if self._max_in_room is not None and self._rooms[asked.room] >= self._max_in_room:
            return False
        return len(self._links) < self._max_links or all(link.key in self._links for link in asked.links)

    def add(self, asked: CheckRequest, answer: asyncio.Task[Any]) -> None:
        """Count a check until it is done."""
        keys = [link.key for link in asked.links]
        self._links.update(keys)
        self._rooms[asked.room] += 1
        answer.add_done_callback(lambda _: self._release(asked.room, keys))

    def _release(self, room: Room, keys: Iterable[str]) -> None:
        self._links.subtract(keys)
        self._rooms[room] -= 1
        self._links, self._rooms = +self._links, +self._rooms  # without those that have come to nothing


class DropLog:
    """The automatic checks that load shedding dropped, because people who ask must not wait for them:
    counted, and logged now and then."""

    def __init__(self) -> None:
        self._so_far = 0
        self._told = float("-inf")

    def count_one(self) -> None:
        self._so_far += 1
        now = asyncio.get_running_loop().time()
        if now - self._told > _TELLING_SECONDS:
            self._told = now
            log.warning("automatic checks are dropped: more come than can be read", so_far=self._so_far)
