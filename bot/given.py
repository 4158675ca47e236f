"""Answers that were given, as long as their buttons work.

A shelf holds the latest ones; what stands in a room's history is put together again from there, so that the
buttons of an answer outlive the process that gave it.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.history import Answered
from bot.memory import Memory
from bot.messages import Asked
from bot.model import Link
from bot.places import Room
from bot.ports import Kept
from bot.replies import Reply, Style
from bot.rooms import Manner, Settings

_log = logging.getLogger(__name__)

REMEMBERED: Final = 2000  # answers that are held ready


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that was given; `id` (at most 32 characters of [a-z0-9]) is what its buttons carry. `manner`:
    in a thread, where a platform has them, or in the log channel alone, which is `log_channel`."""

    id: str
    reply: Reply
    manner: Manner = Manner.CARD
    log_channel: str | None = None
    involved: tuple[str, ...] = ()


def placed(answer: Answer, asked: Asked, settings: Settings) -> Answer:
    """Where the room wants its answers; what one person alone is told is told there."""
    if asked.aside or asked.room.private:
        return answer
    return replace(answer, manner=settings.style, log_channel=settings.log_channel)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with what was asked for; `shown`: to everybody, if it was given aside; `shows`: that one, by
    its id; `at`: when its page was last read again."""

    asked: Asked
    style: Style
    answer: Answer
    shown: bool = False
    shows: str = ""
    at: datetime | None = None


class Shelf:
    """The latest answers, by their ids."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._held: OrderedDict[str, Given] = OrderedDict()

    def __contains__(self, answer_id: str) -> bool:
        return answer_id in self._held

    def get(self, answer_id: str) -> Given | None:
        return self._held.get(answer_id)

    def put(self, given: Given) -> None:
        self._held[given.answer.id] = given
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def pop(self, answer_id: str) -> Given | None:
        return self._held.pop(answer_id, None)

    def of(self, room: Room) -> Iterator[Given]:
        """Those that were given in a room, newest first."""
        return (given for given in reversed(self._held.values()) if given.asked.room == room)


KeptReport = Callable[[str], Awaitable[Kept | None]]


async def recalled(answer_id: str, memory: Memory, kept: KeptReport) -> tuple[Asked, list[Kept]] | None:
    """What an answer of the history was about and what was found, as far as its reports are still kept; None
    where anything of it is gone. Nobody knows any more who asked."""
    room, entries = await memory.answer(answer_id) or (None, ())
    if room is None or any(entry.pasted for entry in entries):
        return None
    try:
        found = [await kept(entry.key) for entry in entries]
    except OSError as problem:
        _log.warning("the reports behind an answer could not be looked up: %s", problem)
        return None
    reports = [one for one in found if one is not None]
    if len(reports) < len(entries):
        return None
    return Asked(room, "", tuple(map(_link, entries))), reports


def _link(entry: Answered) -> Link:
    return Link(entry.url or f"https://{entry.key}", entry.key)
