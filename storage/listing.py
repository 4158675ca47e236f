"""Lists of all that is kept, of every room at once and a page at a time: for the operator.

Values stay as they are written, so that one which this Hearsay no longer takes is listed, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import HistoryEntry, Query
from bot.places import Room
from storage.engine import translate_errors
from storage.history import match_query
from storage.tables import AuditRow, HistoryRow, RoomRow

PAGE: Final = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of a list, and how many entries there are in all."""

    entries: tuple[T, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ListedRoom:
    """A room, or a server, of which settings are kept. `left`: since when the bot is no longer there."""

    platform: str
    id: str
    settings: dict[str, Any]
    changed: datetime
    left: datetime | None


@dataclass(frozen=True, slots=True)
class ListedChange:
    """A change of a setting. `old` and `new` are {"value": …}, or None for not set; `who` is None where
    nobody in particular did it, or somebody who asked to be forgotten."""

    at: datetime
    platform: str
    room: str
    who: str | None
    setting: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """An answer and the room where it was given."""

    platform: str
    room: str
    answered: HistoryEntry


class SqlLists:
    """Pages are numbered from 0. Every method raises CannotStore when the database is out of reach."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def rooms(self, page: int = 0, size: int = PAGE) -> ListPage[ListedRoom]:
        """Return rooms and servers by platform and id."""
        wanted = select(*_columns(RoomRow, ListedRoom)).order_by(RoomRow.platform, RoomRow.id)
        return await self._fetch_page(wanted, ListedRoom, page, size)

    async def changes(
        self, room: Room | None = None, page: int = 0, size: int = PAGE
    ) -> ListPage[ListedChange]:
        """Return changes in one room or in all, newest first."""
        wanted = (
            select(*_columns(AuditRow, ListedChange))
            .where(*_in_room(AuditRow, room))
            .order_by(AuditRow.id.desc())
        )
        return await self._fetch_page(wanted, ListedChange, page, size)

    async def answers(
        self, query: Query, room: Room | None = None, page: int = 0, size: int = PAGE
    ) -> ListPage[ListedAnswer]:
        """Return answers in one room or in all, newest first. A query without a word fits nothing."""
        if query.futile:
            return ListPage((), 0)
        fits = (*_in_room(HistoryRow, room), *match_query(self._engine, query))
        columns = (HistoryRow.platform, HistoryRow.room, *_columns(HistoryRow, HistoryEntry))
        wanted = select(*columns).where(*fits).order_by(HistoryRow.id.desc())
        return await self._fetch_page(
            wanted,
            lambda platform, room, *entry: ListedAnswer(platform, room, HistoryEntry(*entry)),
            page,
            size,
        )

    async def _fetch_page(
        self, wanted: Select[Any], make: Callable[..., T], page: int, size: int
    ) -> ListPage[T]:
        counted = wanted.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                total = await connection.scalar(counted)
                rows = await connection.execute(wanted.limit(size).offset(page * size))
                return ListPage(tuple(make(*row) for row in rows), total or 0)


def _columns(table: Any, value: Any) -> tuple[Any, ...]:
    """Return the columns that make such a value, in its order."""
    return tuple(getattr(table, field.name) for field in fields(value))


def _in_room(table: Any, room: Room | None) -> tuple[ColumnElement[bool], ...]:
    return () if room is None else (table.platform == room.platform, table.room == room.id)
