"""The answer cache: answers that were given, as long as their buttons work.

It holds the latest ones. An answer of a room's history is restored from there, so that its buttons outlive
the process that gave it.
"""

from __future__ import annotations

import itertools
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.messages import CheckRequest
from bot.model import Link
from bot.places import Room
from bot.ports import StoredReport
from bot.replies import Reply, Style
from bot.rooms import DeliveryStyle, RoomSettings
from bot.stores import Stores

_log = logging.getLogger(__name__)

CACHE_SIZE: Final = 400  # answers of some 30 KiB each; others are restored from the history


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that was given; its buttons carry `id` (at most 32 characters of [a-z0-9]). `manner`: in a
    thread, where a platform has them, or in the log channel alone, which is `log_channel`."""

    id: str
    reply: Reply
    manner: DeliveryStyle = DeliveryStyle.CARD
    log_channel: str | None = None
    involved: tuple[str, ...] = ()


def apply_delivery_style(answer: Answer, request: CheckRequest, settings: RoomSettings) -> Answer:
    """Return the answer as the room wants it delivered; a private one stays where it was asked for."""
    if request.aside or request.room.private:
        return answer
    return replace(answer, manner=settings.style, log_channel=settings.log_channel)


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer with its request. `shown`: a private answer that everybody has been shown; `shown_from`: the
    id of the private answer that this one shows; `at`: when its page was last read again."""

    request: CheckRequest
    style: Style
    answer: Answer
    shown: bool = False
    shown_from: str = ""
    at: datetime | None = None


class AnswerCache:
    """The latest answers, by their ids. Private answers are kept apart, because no history can restore them:
    a busy room must not push them out."""

    def __init__(self, size: int = CACHE_SIZE) -> None:
        self._size = size
        self._public: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._private: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._counter = itertools.count()

    def __contains__(self, answer_id: str) -> bool:
        return answer_id in self._numbers

    def get(self, answer_id: str) -> CachedAnswer | None:
        return self._public.get(answer_id) or self._private.get(answer_id)

    def add(self, cached: CachedAnswer) -> None:
        answers = self._private if cached.request.aside else self._public
        self._numbers.setdefault(cached.answer.id, next(self._counter))
        answers[cached.answer.id] = cached
        while len(answers) > self._size:
            gone, _ = answers.popitem(last=False)
            del self._numbers[gone]

    def pop(self, answer_id: str) -> CachedAnswer | None:
        self._numbers.pop(answer_id, None)
        return self._public.pop(answer_id, None) or self._private.pop(answer_id, None)

    def find_by_room(self, room: Room) -> tuple[CachedAnswer, ...]:
        """Return the answers of a room, newest first."""
        there = (one for one in (*self._public.values(), *self._private.values()) if one.request.room == room)
        return tuple(sorted(there, key=lambda one: -self._numbers[one.answer.id]))


LookUpReport = Callable[[str], Awaitable[StoredReport | None]]


async def look_up_nothing(_: str) -> None:
    """Find no report, where none is stored."""


async def restore_answer(
    answer_id: str, stores: Stores, look_up_report: LookUpReport
) -> tuple[CheckRequest, list[StoredReport]] | None:
    """Return the request and the reports of an answer in the history; None where any of them is gone. The
    asker is not known any more."""
    room, entries = await stores.find_answer(answer_id) or (None, ())
    if room is None or any(entry.pasted for entry in entries):
        return None
    try:
        found = [await look_up_report(entry.key) for entry in entries]
    except OSError as problem:
        _log.warning("the reports behind an answer could not be looked up: %s", problem)
        return None
    reports = [one for one in found if one is not None]
    if len(reports) < len(entries):
        return None
    return CheckRequest(
        room, "", tuple(Link(one.url or f"https://{one.key}", one.key, one.spoiler) for one in entries)
    ), reports
