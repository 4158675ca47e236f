"""Stores of settings, history, people and objections: the ports that storage implements.

An answer never needs them: `Stores` turns a store that is out of reach into "nothing is known", logs it and
lets the answer go out. Commands about stored things say that the store is out of reach.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from bot.history import HistoryEntry, HistoryPage, Query
from bot.model import Report
from bot.places import Person, Room
from bot.room_settings.overrides import Change, Overrides, resolve_settings
from bot.rooms import DEFAULT, RoomSettings

_log = logging.getLogger(__name__)

_T = TypeVar("_T")
_U = TypeVar("_U")

Edit = Callable[[Overrides], Overrides]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A change of a setting in the audit, in a room or a server by its id. `who` is None once that person has
    asked to be forgotten."""

    at: datetime
    place: str
    who: str | None
    change: Change


class RoomStore(Protocol):
    """Settings of rooms and servers. Every method raises OSError where nothing can be stored."""

    async def overrides(self, platform: str, place: str) -> Overrides: ...

    async def change(
        self, platform: str, place: str, edit: Edit, who: Person | None, *, server: str | None = None
    ) -> tuple[Change, ...]: ...

    async def mark_left(self, platform: str, place: str) -> None:
        """Note that the bot was removed from a room: its data goes in a while."""

    async def mark_rejoined(self, platform: str, place: str) -> None: ...

    async def move_room(self, old: Room, new: Room) -> None:
        """Move the data of a group that has become another; a second time changes nothing."""

    async def find_left_rooms(self, platform: str) -> tuple[str, ...]:
        """Return the rooms that the bot was removed from and of which data is left."""

    async def find_servers(self, platform: str) -> frozenset[str]:
        """Return the servers of which data is kept."""

    async def audit(
        self, platform: str, *places: str, page: int = 0, size: int = 10
    ) -> tuple[AuditEntry, ...]: ...


class HistoryStore(Protocol):
    """The history of answers, by their ids. Every method raises OSError where nothing can be stored."""

    async def add(self, room: Room, one: HistoryEntry, report: Report, answer: str) -> None: ...

    async def set_place(self, answer: str, place: str) -> None: ...

    async def remove(self, answer: str) -> None: ...

    async def search(
        self, room: Room, query: Query, *, page: int = 0, size: int = 5, logged: bool = False
    ) -> HistoryPage:
        """`logged`: with what stands in the log channel alone."""

    async def find_last(self, room: Room, key: str, since: datetime) -> HistoryEntry | None: ...

    async def find_by_answer(self, answer: str) -> tuple[tuple[Room, HistoryEntry], ...]: ...

    async def find_at_place(self, platform: str, place: str, *, below: bool = False) -> tuple[str, ...]: ...

    def iterate(self, room: Room, *, logged: bool = False) -> AsyncIterator[HistoryEntry]: ...


class PeopleStore(Protocol):
    """Personal data. Every method raises OSError where nothing can be stored."""

    async def is_ignored(self, person: Person) -> bool: ...

    async def ignore(self, person: Person) -> None: ...

    async def stop_ignoring(self, person: Person) -> None: ...

    async def forget(self, person: Person) -> int: ...

    async def count_kept(self, person: Person) -> dict[str, int]: ...


class ObjectionStore(Protocol):
    """Objections of readers to answers. Every method raises OSError where nothing can be stored."""

    async def add(self, room: Room, person: Person | None, key: str, note: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Stores:
    """The four stores, for callers that go on without them."""

    rooms: RoomStore
    history: HistoryStore
    people: PeopleStore
    objections: ObjectionStore

    async def settings(self, room: Room) -> RoomSettings:
        """Return the settings of a room: its own over those above it over the defaults."""
        return await _or_else(self._settings(room), DEFAULT, "settings could not be looked up")

    async def _settings(self, room: Room) -> RoomSettings:
        places = (*room.above, room.id)
        return resolve_settings(*[await self.rooms.overrides(room.platform, place) for place in places])

    async def mark_left(self, places: Iterable[Room]) -> None:
        """Note that the bot was removed from these rooms: their data goes in a while."""
        for place in places:
            gone = self.rooms.mark_left(place.platform, place.id)
            await _or_else(gone, None, "that a room was left could not be noted")

    async def move_room(self, old: Room, new: Room) -> None:
        """Move the data of a group that has become another."""
        follows = self.rooms.move_room(old, new)
        await _or_else(follows, None, "that a group has moved could not be noted")

    async def find_left_rooms(self, platform: str) -> tuple[str, ...] | None:
        """Return the rooms that the bot was removed from and of which data is left; None where that cannot be
        known."""
        return await _or_else(
            self.rooms.find_left_rooms(platform), None, "rooms that were left are not known"
        )

    async def mark_rejoined(self, places: Iterable[Room]) -> None:
        for place in places:
            there = self.rooms.mark_rejoined(place.platform, place.id)
            await _or_else(there, None, "that a room was entered again could not be noted")

    async def reconcile_presence(
        self, platform: str, places: AbstractSet[str], *, knows: Callable[[str], bool] = lambda _: False
    ) -> None:
        """Reconcile the stored rooms with those where the bot is. Rooms that had removed it have taken it
        back. `knows`: the bot would be told of this server, so that a missing one has removed it unseen."""
        left = await self.find_left_rooms(platform) or ()
        await self.mark_rejoined(Room(platform, one, private=False) for one in left if one in places)
        none: frozenset[str] = frozenset()
        kept = await _or_else(self.rooms.find_servers(platform), none, "servers are not known")
        gone = sorted(one for one in kept - places if knows(one))
        await self.mark_left(Room(platform, one, private=False) for one in gone)

    async def is_ignored(self, person: Person) -> bool:
        """Return True if somebody wants no reaction, or where that cannot be known."""
        wish = self.people.is_ignored(person)
        return await _or_else(wish, otherwise=True, lost="a wish to be ignored could not be looked up")

    async def find_earlier(self, room: Room, key: str, since: datetime) -> HistoryEntry | None:
        """Return the answer that a repeated link is pointed at."""
        last = self.history.find_last(room, key, since)
        return await _or_else(last, None, "an earlier answer could not be looked up")

    async def add_entry(self, room: Room, one: HistoryEntry, report: Report, answer: str) -> None:
        """Add an answer about a link to the room's history."""
        added = self.history.add(room, one, report, answer)
        await _or_else(added, None, "an answer could not be remembered")

    async def find_answer(self, answer: str) -> tuple[Room, tuple[HistoryEntry, ...]] | None:
        """Return the room of an answer and its entries in the history."""
        found = await _or_else(self.history.find_by_answer(answer), (), "an answer could not be looked up")
        return (found[0][0], tuple(entry for _, entry in found)) if found else None

    async def set_place(self, answer: str, place: str) -> None:
        placed = self.history.set_place(answer, place)
        await _or_else(placed, None, "where an answer stands could not be remembered")

    async def find_at_place(self, platform: str, place: str, *, below: bool = False) -> tuple[str, ...]:
        """Return the answers at a place or, if `below`, at those that begin so."""
        found = self.history.find_at_place(platform, place, below=below)
        return await _or_else(found, (), "the answers at a place could not be looked up")

    async def remove_answer(self, answer: str) -> None:
        gone = self.history.remove(answer)
        await _or_else(gone, None, "an answer that was removed stays in the history")

    async def add_objection(self, room: Room, person: Person | None, key: str, note: str = "") -> None:
        """Note that a reader calls the answer about a link wrong."""
        kept = self.objections.add(room, person, key, note)
        await _or_else(kept, None, "an objection could not be kept")


async def _or_else(query: Awaitable[_T], otherwise: _U, lost: str) -> _T | _U:
    """Return what the store returns; `otherwise`, with a line in the log, where it is out of reach."""
    try:
        return await query
    except OSError as problem:
        _log.warning("%s: %s", lost, problem)
        return otherwise
