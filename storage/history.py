"""The history of answers in each room, searched by words: FTS5 on SQLite, a text index on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import aliased

from bot.history import IN_THE_LOG, PAGE, HistoryEntry, HistoryPage, Query, make_search_text
from bot.model import Report
from bot.places import Room
from storage.engine import translate_errors
from storage.keys import shorten_key
from storage.tables import HistoryRow

AT_ONCE: Final = 500  # rows of one read of an export
_FIELDS: Final = tuple(HistoryEntry.__dataclass_fields__)
_COLUMNS: Final = tuple(getattr(HistoryRow, name) for name in _FIELDS)


class SqlHistory:
    """The history of rooms. Every method raises CannotStore when the database is out of reach."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, room: Room, one: HistoryEntry, report: Report, answer: str) -> None:
        """An answer with the id `answer`, about one of its links."""
        row = {name: getattr(one, name) for name in _FIELDS}
        row |= {"platform": room.platform, "room": room.id, "server": room.server, "answer": answer}
        row |= {"words": make_search_text(one, report), "key": shorten_key(one.key)}
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(insert(HistoryRow).values(row))

    async def search(
        self, room: Room, query: Query, *, page: int = 0, size: int = PAGE, logged: bool = False
    ) -> HistoryPage:
        """The page numbered `page` (from 0) of what fits, newest first. What has no word fits nothing.
        `logged`: with what stands in the log channel alone."""
        if query.futile:
            return HistoryPage((), 0)
        fits = [*_in_room(room), *_visible(logged=logged), *match_query(self._engine, query)]
        wanted = select(*_COLUMNS).where(*fits).order_by(HistoryRow.id.desc())
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                total = await connection.scalar(select(func.count()).select_from(HistoryRow).where(*fits))
                rows = await connection.execute(wanted.limit(size).offset(page * size))
                return HistoryPage(tuple(HistoryEntry(*row) for row in rows), total or 0)

    async def find_last(self, room: Room, key: str, since: datetime) -> HistoryEntry | None:
        """The latest answer in this room about the page of a link that is not older; pasted text is none."""
        wanted = (
            select(*_COLUMNS)
            .where(
                *_in_room(room),
                HistoryRow.key == shorten_key(key),
                HistoryRow.at >= since,
                ~HistoryRow.pasted,
            )
            .order_by(HistoryRow.id.desc())
            .limit(1)
        )
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                row = (await connection.execute(wanted)).one_or_none()
        return None if row is None else HistoryEntry(*row)

    async def find_by_answer(self, answer: str) -> tuple[tuple[Room, HistoryEntry], ...]:
        """The entries of one answer, with their room."""
        place = (HistoryRow.platform, HistoryRow.room, HistoryRow.server)
        wanted = select(*place, *_COLUMNS).where(HistoryRow.answer == answer).order_by(HistoryRow.id)
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                rows = (await connection.execute(wanted)).all()
        return tuple(
            (Room(row[0], row[1], private=False, server=row[2]), HistoryEntry(*row[3:])) for row in rows
        )

    async def find_at_place(self, platform: str, place: str, *, below: bool = False) -> tuple[str, ...]:
        """The answers that stand at a place or, if `below`, at one that begins so."""
        there = HistoryRow.place.startswith(place, autoescape=True) if below else HistoryRow.place == place
        wanted = select(HistoryRow.answer).where(HistoryRow.platform == platform, there).distinct()
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return tuple(sorted(filter(None, (await connection.execute(wanted)).scalars())))

    async def iterate(self, room: Room, *, logged: bool = False) -> AsyncIterator[HistoryEntry]:
        """Yield all entries of a room, newest first, a few hundred at a time; `logged` as in `search`."""
        before: int | None = None
        while True:
            older = [] if before is None else [HistoryRow.id < before]
            wanted = (
                select(HistoryRow.id, *_COLUMNS)
                .where(*_in_room(room), *_visible(logged=logged), *older)
                .order_by(HistoryRow.id.desc())
                .limit(AT_ONCE)
            )
            with translate_errors(self._engine):
                async with self._engine.connect() as connection:
                    rows = (await connection.execute(wanted)).all()
            for row in rows:
                yield HistoryEntry(*row[1:])
            if len(rows) < AT_ONCE:
                return
            before = rows[-1].id

    async def set_place(self, answer: str, place: str) -> None:
        """Note the place of an answer, which is known once it was sent. One in the log channel stays there,
        whatever is edited in it."""
        logged = aliased(HistoryRow)
        stays = exists().where(logged.answer == answer, logged.place == IN_THE_LOG)
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                here = update(HistoryRow).where(HistoryRow.answer == answer)
                await connection.execute(here.values(place=case((stays, IN_THE_LOG), else_=place)))

    async def remove(self, answer: str) -> None:
        """An answer that was removed leaves the history, too."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(delete(HistoryRow).where(HistoryRow.answer == answer))

    async def rooms(self) -> tuple[Room, ...]:
        """Every room that has a history."""
        wanted = select(HistoryRow.platform, HistoryRow.room, HistoryRow.server).distinct()
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                rows = (await connection.execute(wanted)).all()
        return tuple(Room(row.platform, row.room, private=False, server=row.server) for row in rows)

    async def expire(self, room: Room | None, before: datetime) -> int:
        """Delete what is older, in one room or in all; how much there was."""
        fits = [HistoryRow.at < before, *(() if room is None else _in_room(room))]
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                return (await connection.execute(delete(HistoryRow).where(*fits))).rowcount


_SIMPLE: Final[ColumnElement[str]] = literal_column("'simple'")
_WORDS: Final[ColumnElement[Any]] = literal_column("history.ft_words")  # PostgreSQL's own, made of `words`


def match_query(engine: AsyncEngine, query: Query) -> list[ColumnElement[bool]]:
    """Return the conditions under which a row fits a query, whatever the room, in this database's words."""
    found: list[ColumnElement[bool]] = []
    # Terms are letters and digits alone (bot.history.split_words), so nothing in them is an operator.
    if query.terms and engine.dialect.name == "sqlite":
        rows: Any = text("SELECT rowid FROM history_fts WHERE history_fts MATCH :sought")
        matching = rows.bindparams(sought=" ".join(f'"{term}"*' for term in query.terms))
        found.append(HistoryRow.id.in_(matching.columns(HistoryRow.id)))
    elif query.terms:
        sought = " & ".join(f"{term}:*" for term in query.terms)
        found.append(_WORDS.bool_op("@@")(func.to_tsquery(_SIMPLE, sought)))
    if query.domain is not None:
        below = HistoryRow.domain.endswith(f".{query.domain}", autoescape=True)
        found.append(or_(HistoryRow.domain == query.domain, below))
    if query.flagged:
        found.append(HistoryRow.flagged.is_(True))
    return found


def _in_room(room: Room) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return HistoryRow.platform == room.platform, HistoryRow.room == room.id


def _visible(*, logged: bool) -> tuple[ColumnElement[bool], ...]:
    """Return the condition for what everybody in a room may see of its history; none if `logged`: then all of
    it."""
    return () if logged else (HistoryRow.place.is_distinct_from(IN_THE_LOG),)
