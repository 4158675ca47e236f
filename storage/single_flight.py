"""Single flight over a database: one check of a link for all processes that share a PostgreSQL database.

    join() ─▶ a row and its job, in one transaction ─▶ start() ─▶ complete() ─▶ everybody who waits is told

A row is all that a job needs: it may be begun by two workers, where one was thought dead, and only the first
completion counts.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import CannotCheck, make_error
from bot.fair_queue import QueueFull, Ticket
from bot.log_context import current_check_id
from bot.model import Link
from bot.ports import Clock
from bot.single_flight import is_fresh_enough
from storage.engine import translate_errors
from storage.keys import shorten_key
from storage.tables import FlightRow

CHANNEL: Final = "hearsay_landed"  # PostgreSQL's NOTIFY: the ids of flights
KEPT: Final = timedelta(minutes=10)  # how long a completed flight is there for those who have not looked yet
GIVEN_UP: Final = timedelta(days=1)  # a flight that nobody ever completed
ASKED_FIRST: Final = 1000  # by so much those who ask go before links that nobody asked for
_WORKERS: Final = (
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"
)
_FLYING: Final = "SELECT id FROM flights WHERE id = ANY(%s) AND landed IS NULL"
_LOCK: Final = 7_224_958  # any number that is ours alone: the key of `SqlFlights.lock`
_DELETE_ORPHANED_JOBS: Final = text("""
DELETE FROM procrastinate_jobs WHERE status = 'todo' AND args ? 'flight'
AND NOT EXISTS (SELECT FROM flights WHERE id = args->>'flight' AND landed IS NULL)""")
_UNDER_WAY: Final = FlightRow.landed.is_(None)

DeferJob = Callable[[AsyncConnection, str, int], Awaitable[None]]  # the job of a flight, with its priority


@dataclass(frozen=True, slots=True)
class FlightLimits:
    """The most flights under way: all of them, those that nobody asked for, and those of one room."""

    asked: int = 2048
    unasked: int = 256
    in_a_room: int = 64


@dataclass(frozen=True, slots=True)
class JoinedFlight:
    """A flight that is under way; `is_fresh_enough`: its outcome will do."""

    id: str
    is_fresh_enough: bool


@dataclass(frozen=True, slots=True)
class StartedFlight:
    """A flight as a worker needs it. `check`: its name in logs; `deaths`: how many workers ended over it."""

    link: Link
    age: timedelta | None
    ticket: Ticket
    check: str
    deaths: int


@dataclass(frozen=True, slots=True)
class FlightOutcome:
    """The end of a flight: an error, or a report that is kept under the link's key, of a page that was
    `fetched` then or later."""

    error: CannotCheck | None = None
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueueStats:
    """The number of flights under way, of those that nobody has started, and when the oldest of these was
    queued."""

    under_way: int
    waiting: int
    oldest: datetime | None


class SqlFlights:
    """Every method raises CannotStore when the database is out of reach."""

    def __init__(self, engine: AsyncEngine, clock: Clock, limits: FlightLimits = FlightLimits()) -> None:
        self._engine = engine
        self._clock = clock
        self._limits = limits

    async def join(self, link: Link, age: timedelta | None, ticket: Ticket, defer: DeferJob) -> JoinedFlight:
        """Return the flight to this link that is under way already, else a new one with its job. Raise
        QueueFull where too many wait; links that nobody asked for meet that limit first."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                found = await self._find_under_way(connection, link.key)
                if found is None:
                    behind = await self._count_ahead(connection, ticket)
                    ident = await self._insert(connection, link, age, ticket)
                    if ident is None:  # somebody else was faster
                        found = await self._find_under_way(connection, link.key)
                    else:
                        await defer(connection, ident, _priority(behind, asked=ticket.asked))
                        return JoinedFlight(ident, is_fresh_enough=True)
                if found is None:  # and is completed
                    return JoinedFlight("", is_fresh_enough=False)
                if ticket.asked and not found.asked:
                    await self._move_ahead(connection, found.id, defer)
        allows = None if found.age is None else timedelta(seconds=found.age)
        return JoinedFlight(found.id, is_fresh_enough(allows, age, begun=found.begun is not None))

    async def raise_priority(self, ident: str, defer: DeferJob) -> None:
        """Note that somebody waits for it now."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await self._move_ahead(connection, ident, defer)

    async def start(self, ident: str) -> StartedFlight | None:
        """Start a flight. Return None where it has ended."""
        begins = update(FlightRow).where(FlightRow.id == ident, _UNDER_WAY).values(begun=self._clock())
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                row = (await connection.execute(begins.returning(*FlightRow.__table__.c))).one_or_none()
        if row is None:
            return None
        age = None if row.age is None else timedelta(seconds=row.age)
        ticket = Ticket(row.room or "", asked=row.asked)
        return StartedFlight(Link(row.url, row.key), age, ticket, row.check or ident, row.deaths)

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[bool]:
        """Yield True if nobody else is within, in any process."""
        lock = select(func.pg_try_advisory_xact_lock(_LOCK))
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                yield bool(await connection.scalar(lock))

    async def count_death(self, ident: str) -> None:
        """Note that the worker that had started it has ended."""
        longer = {"deaths": FlightRow.deaths + 1}
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(update(FlightRow).where(FlightRow.id == ident).values(longer))

    async def complete(self, ident: str, outcome: FlightOutcome) -> None:
        """Note how a flight ended, unless that is known already, and tell everybody who waits."""
        error = outcome.error
        why = None if error is None else {"kind": error.kind, "facts": list(error.args)}
        ends = {"landed": self._clock(), "error": why, "fetched": outcome.fetched, "room": None}
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                await connection.execute(
                    update(FlightRow).where(FlightRow.id == ident, _UNDER_WAY).values(ends)
                )
                await connection.execute(select(func.pg_notify(CHANNEL, ident)))

    async def outcome(self, ident: str) -> FlightOutcome | None:
        """Return how a flight ended; None where that is forgotten already."""
        wanted = select(FlightRow.error, FlightRow.fetched).where(FlightRow.id == ident, ~_UNDER_WAY)
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            return None
        error = None if row.error is None else make_error(row.error["kind"], row.error["facts"])
        return FlightOutcome(error, row.fetched)

    async def queue_stats(self) -> QueueStats:
        waits = and_(_UNDER_WAY, FlightRow.begun.is_(None))
        oldest = func.min(case((waits, FlightRow.boarded)))
        wanted = select(func.count(), func.count(case((waits, 1))), oldest).where(_UNDER_WAY)
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return QueueStats(*(await connection.execute(wanted)).one())

    async def count_workers(self, within: float) -> int:
        """Return how many workers sent a heartbeat in the last `within` seconds, by the database's own
        clock."""
        wanted = text(_WORKERS.replace("%s", ":within"))
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                return int((await connection.execute(wanted, {"within": within})).scalar_one())

    async def expire(self) -> int:
        """Delete flights that everybody has seen, or that nobody ever completed, with the jobs that nobody
        took up. Return the number of these flights."""
        now = self._clock()
        old = or_(FlightRow.landed < now - KEPT, FlightRow.boarded < now - GIVEN_UP)
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                gone = await connection.execute(delete(FlightRow).where(old))
                await connection.execute(_DELETE_ORPHANED_JOBS)
                return gone.rowcount

    # ── inside a transaction ──

    async def _find_under_way(self, connection: AsyncConnection, key: str) -> Any:
        wanted = select(FlightRow.id, FlightRow.age, FlightRow.asked, FlightRow.begun)
        return (
            await connection.execute(wanted.where(FlightRow.key == shorten_key(key), _UNDER_WAY))
        ).one_or_none()

    async def _count_ahead(self, connection: AsyncConnection, ticket: Ticket) -> int:
        """Return how many flights of the same room are under way. Raises QueueFull."""
        counted = select(func.count(), _count(~FlightRow.asked), _count(FlightRow.room == ticket.room)).where(
            _UNDER_WAY
        )
        everybody, unasked, mine = (await connection.execute(counted)).one()
        room = self._limits
        full = everybody >= room.asked or (not ticket.asked and unasked >= room.unasked)
        if full or mine >= room.in_a_room:
            raise QueueFull
        return int(mine)

    async def _insert(
        self, connection: AsyncConnection, link: Link, age: timedelta | None, ticket: Ticket
    ) -> str | None:
        row = {
            "id": secrets.token_hex(8),
            "key": shorten_key(link.key),
            "url": link.url,
            "age": None if age is None else int(age.total_seconds()),
            "asked": ticket.asked,
            "room": ticket.room,
            "check": current_check_id(),
            "boarded": self._clock(),
        }
        new = insert(FlightRow).values(row).on_conflict_do_nothing()
        return await connection.scalar(new.returning(FlightRow.id))

    async def _move_ahead(self, connection: AsyncConnection, ident: str, defer: DeferJob) -> None:
        """A second job, ahead of the first one. Two jobs of one flight are never done at a time, so whichever
        comes later finds nothing left to do."""
        waits = (FlightRow.id == ident, ~FlightRow.asked, _UNDER_WAY, FlightRow.begun.is_(None))
        if (await connection.execute(update(FlightRow).where(*waits).values(asked=True))).rowcount:
            await defer(connection, ident, _priority(0, asked=True))


async def find_completed(connection: psycopg.AsyncConnection[Any], idents: Collection[str]) -> set[str]:
    """Return those of these flights that are not under way any more. Raises psycopg.Error."""
    found = await connection.execute(_FLYING, (list(idents),))
    return set(idents).difference([ident for (ident,) in await found.fetchall()])


async def count_workers(connection: psycopg.AsyncConnection[Any], within: float) -> int:
    """Return how many workers sent a heartbeat in the last `within` seconds. Raises psycopg.Error."""
    row = await (await connection.execute(_WORKERS, (within,))).fetchone()
    return int(row[0]) if row else 0


def _priority(behind: int, *, asked: bool) -> int:
    """Each room's first flight before anybody's second one, so that rooms take turns."""
    return (ASKED_FIRST if asked else 0) - min(behind, ASKED_FIRST - 1)


def _count(of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((of, 1)))
