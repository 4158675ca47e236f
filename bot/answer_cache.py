"""Answers that were given, as long as their buttons work.

A shelf holds the latest ones; what stands in a room's history is put together again from there, so that the
buttons of an answer outlive the process that gave it.
"""

from __future__ import annotations

import itertools
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.history import HistoryEntry
from bot.messages import Asked
from bot.model import Link
from bot.places import Room
from bot.ports import StoredReport
from bot.replies import Reply, Style
from bot.rooms import DeliveryStyle, RoomSettings
from bot.stores import Stores

_log = logging.getLogger(__name__)

CACHE_SIZE: Final = 400  # answers that are held ready, of some 30 KiB each; others are put together again


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that was given; `id` (at most 32 characters of [a-z0-9]) is what its buttons carry. `manner`:
    in a thread, where a platform has them, or in the log channel alone, which is `log_channel`."""

    id: str
    reply: Reply
    manner: DeliveryStyle = DeliveryStyle.CARD
    log_channel: str | None = None
    involved: tuple[str, ...] = ()


def apply_delivery_style(answer: Answer, asked: Asked, settings: RoomSettings) -> Answer:
    """Where the room wants its answers; what one person alone is told is told there."""
    if asked.aside or asked.room.private:
        return answer
    return replace(answer, manner=settings.style, log_channel=settings.log_channel)


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer with what was asked for; `shown`: to everybody, if it was given aside; `shows`: that one, by
    its id; `at`: when its page was last read again."""

    asked: Asked
    style: Style
    answer: Answer
    shown: bool = False
    shown_from: str = ""
    at: datetime | None = None


class AnswerCache:
    """The latest answers, by their ids. Those that one person alone was told stand apart, because no history
    can put them together again: a busy room must not push them out."""

    def __init__(self, most: int = CACHE_SIZE) -> None:
        self._most = most
        self._public: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._private: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._order: dict[str, int] = {}
        self._numbers = itertools.count()

    def __contains__(self, answer_id: str) -> bool:
        return answer_id in self._order

    def get(self, answer_id: str) -> CachedAnswer | None:
        return self._public.get(answer_id) or self._private.get(answer_id)

    def put(self, given: CachedAnswer) -> None:
        board = self._private if given.asked.aside else self._public
        self._order.setdefault(given.answer.id, next(self._numbers))
        board[given.answer.id] = given
        while len(board) > self._most:
            gone, _ = board.popitem(last=False)
            del self._order[gone]

    def pop(self, answer_id: str) -> CachedAnswer | None:
        self._order.pop(answer_id, None)
        return self._public.pop(answer_id, None) or self._private.pop(answer_id, None)

    def find_by_room(self, room: Room) -> tuple[CachedAnswer, ...]:
        """Those that were given in a room, newest first."""
        there = (one for one in (*self._public.values(), *self._private.values()) if one.asked.room == room)
        return tuple(sorted(there, key=lambda one: -self._order[one.answer.id]))


LookUpReport = Callable[[str], Awaitable[StoredReport | None]]


async def look_up_nothing(_: str) -> None:
    """Where no report is kept."""


async def restore_answer(
    answer_id: str, memory: Stores, kept: LookUpReport
) -> tuple[Asked, list[StoredReport]] | None:
    """What an answer of the history was about and what was found, as far as its reports are still kept; None
    where anything of it is gone. Nobody knows any more who asked."""
    room, entries = await memory.find_answer(answer_id) or (None, ())
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


def _link(entry: HistoryEntry) -> Link:
    return Link(entry.url or f"https://{entry.key}", entry.key, entry.spoiler)
