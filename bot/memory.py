"""What the conversation remembers, as ports that storage implements.

Memory helps and is never needed: `Memory` turns a store that is out of reach into "nothing is known", logs it
and lets the answer go out. Commands that are about memory say that it is out of reach.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.history import Answered, Found, Query
from bot.model import Report
from bot.places import Person, Room
from bot.rooms import DEFAULT, Settings
from bot.setting.overrides import Change, Overrides, settings

_log = logging.getLogger(__name__)

Edit = Callable[[Overrides], Overrides]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change on record. `who` is None once that person has asked to be forgotten."""

    at: datetime
    who: str | None
    change: Change


class Rooms(Protocol):
    """What admins have set for rooms and servers. Every method raises OSError where nothing can be stored."""

    async def overrides(self, platform: str, place: str) -> Overrides: ...

    async def change(
        self, platform: str, place: str, edit: Edit, who: Person | None
    ) -> tuple[Change, ...]: ...

    async def audit(
        self, platform: str, place: str, *, page: int = 0, size: int = 10
    ) -> tuple[Recorded, ...]: ...


class History(Protocol):
    """What was answered. Every method raises OSError where nothing can be stored."""

    async def add(self, room: Room, one: Answered, report: Report) -> int: ...

    async def placed(self, number: int, place: str) -> None: ...

    async def remove(self, number: int) -> None: ...

    async def search(self, room: Room, query: Query, *, page: int = 0, size: int = 5) -> Found: ...

    async def last(self, room: Room, key: str, since: datetime) -> Answered | None: ...

    def everything(self, room: Room) -> AsyncIterator[Answered]: ...


class People(Protocol):
    """What is kept of people. Every method raises OSError where nothing can be stored."""

    async def ignored(self, person: Person) -> bool: ...

    async def ignore(self, person: Person) -> None: ...

    async def heed(self, person: Person) -> None: ...

    async def forget(self, person: Person) -> int: ...

    async def kept(self, person: Person) -> dict[str, int]: ...


class Objections(Protocol):
    """What readers called wrong. Every method raises OSError where nothing can be stored."""

    async def add(self, room: Room, person: Person | None, key: str, note: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Memory:
    """All four."""

    rooms: Rooms
    history: History
    people: People
    objections: Objections

    async def settings(self, room: Room) -> Settings:
        """What holds in a room: its own settings over its server's over the defaults."""
        try:
            server = Overrides()
            if room.server is not None and room.server != room.id:
                server = await self.rooms.overrides(room.platform, room.server)
            return settings(server, await self.rooms.overrides(room.platform, room.id))
        except OSError as problem:
            _log.warning("settings could not be looked up: %s", problem)
            return DEFAULT

    async def ignores(self, person: Person) -> bool:
        """Whether somebody wants no reaction; where that cannot be known, there is none."""
        try:
            return await self.people.ignored(person)
        except OSError as problem:
            _log.warning("a wish to be ignored could not be looked up: %s", problem)
            return True

    async def earlier(self, room: Room, key: str, since: datetime) -> Answered | None:
        """The answer that a repeated link is pointed at."""
        try:
            return await self.history.last(room, key, since)
        except OSError as problem:
            _log.warning("an earlier answer could not be looked up: %s", problem)
            return None

    async def note(self, room: Room, one: Answered, report: Report) -> int | None:
        """The number under which an answer is remembered."""
        try:
            return await self.history.add(room, one, report)
        except OSError as problem:
            _log.warning("an answer could not be remembered: %s", problem)
            return None

    async def note_place(self, number: int, place: str) -> None:
        try:
            await self.history.placed(number, place)
        except OSError as problem:
            _log.warning("where an answer stands could not be remembered: %s", problem)

    async def drop(self, number: int) -> None:
        try:
            await self.history.remove(number)
        except OSError as problem:
            _log.warning("an answer that was removed stays in the history: %s", problem)

    async def objected(self, room: Room, person: Person | None, key: str, note: str = "") -> None:
        """A reader calls the answer about a link wrong."""
        try:
            await self.objections.add(room, person, key, note)
        except OSError as problem:
            _log.warning("an objection could not be kept: %s", problem)
