"""The job queue of link work, as a bot process sees it: links are handed on to workers, and waited for.

A waiting process is woken by PostgreSQL's NOTIFY, and polls every second, since a notification may be missed.
Where the database is out of reach, or no worker has been heard from for a while, the check is made here, as
it would be without a queue: an answer matters more than where it was made.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any, Final

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import CannotRead
from bot.fair_queue import QueueFull, Ticket
from bot.model import Link
from bot.ports import Reports, StoredReport
from bot.single_flight import CheckEngine
from storage.queue_jobs import JobQueuer, connect, first_line, run_flight
from storage.single_flight import CHANNEL, SqlFlights, count_workers, find_completed

POLL_SECONDS: Final = 1.0  # seconds between two looks for what no notification told of
PATIENCE: Final = 5.0  # seconds without the database after which a check is made here
ALIVE: Final = 10.0  # seconds in which a worker that lives has been heard from
LOCAL_CHECKS: Final = 48  # checks that are made here at once; more would crowd this process's own readers
WITHOUT_WORKERS: Final = 10.0  # seconds without any worker after which a check is made here

Known = Callable[[Link, timedelta | None], Awaitable[StoredReport | None]]

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Waiter:
    """A wait for the end of a flight. `abandoned`: nobody will complete it, so the check is made here."""

    done: asyncio.Event = field(default_factory=asyncio.Event)
    abandoned: bool = False


class JobQueue:
    """Implements bot.single_flight.CheckEngine.

    `known`: what is kept and young enough; `here`: the same work in this
    process. Nobody sees that a flight is completed unless `run` is running.
    """

    def __init__(
        self, engine: AsyncEngine, flights: SqlFlights, reports: Reports, known: Known, here: CheckEngine
    ) -> None:
        self._engine = engine
        self._flights, self._reports = flights, reports
        self._known, self._here = known, here
        self._defer = JobQueuer().defer
        self._waiters: dict[str, set[_Waiter]] = {}
        self._priority_tasks: set[asyncio.Task[None]] = set()
        self._database_seen = self._worker_seen = (
            monotonic()
        )  # when the database, and when a worker was there last
        self._local_checks = asyncio.Semaphore(LOCAL_CHECKS)
        self.shed_count = 0  # links for which there was no room

    async def check(self, link: Link, age: timedelta | None, ticket: Ticket) -> StoredReport:
        """A report. Raises CannotCheck."""
        known = await self._known(link, age)
        if known is not None:
            return known
        try:
            flight = await self._join_flight(link, age, ticket)
            kept = await self._wait_for_report(link, flight) if flight else None
        except OSError as problem:
            _log.warning("a link is checked here, since it cannot be handed on: %s", problem)
            kept = None
        if kept is not None:
            return kept
        async with self._local_checks:
            return await self._here.check(link, age, ticket)

    async def _join_flight(self, link: Link, age: timedelta | None, ticket: Ticket) -> str | None:
        """The flight to wait for; None where nobody will complete it."""
        while True:
            asked = ticket.asked
            try:
                flight = await self._flights.join(link, age, ticket, self._defer)
            except QueueFull:
                self.shed_count += 1
                _log.warning("a link that %s was turned away: the queue is full", _who(ticket))
                raise CannotRead from None
            if flight.is_fresh_enough:
                ticket.on_prioritize = partial(self._raise_priority, flight.id)
                if ticket.asked and not asked:
                    self._raise_priority(flight.id)
                return flight.id
            if flight.id and not await self._wait(flight.id):
                return None

    async def _wait_for_report(self, link: Link, flight: str) -> StoredReport | None:
        """Return the report; None where nothing is left of it, or it could not be kept."""
        if not await self._wait(flight):
            async with self._local_checks:
                await run_flight(self._flights, self._here, flight)
        ended = await self._flights.outcome(flight)
        if ended is None:
            return None
        if ended.error is not None:
            raise ended.error
        kept = await self._reports.get(link.key)
        # What stands there may be older: both moments were told by the same clock.
        return kept if kept and ended.fetched and kept.fetched >= ended.fetched else None

    async def _wait(self, flight: str) -> bool:
        """Wait for a flight. Return True if it was completed, False if it was abandoned."""
        wait = _Waiter()
        self._waiters.setdefault(flight, set()).add(wait)
        try:
            await wait.done.wait()
        finally:
            self._waiters[flight].discard(wait)
            if not self._waiters[flight]:
                del self._waiters[flight]
        return not wait.abandoned

    def _raise_priority(self, flight: str) -> None:
        task = asyncio.create_task(self._try_raise_priority(flight))
        self._priority_tasks.add(task)
        task.add_done_callback(self._priority_tasks.discard)

    async def _try_raise_priority(self, flight: str) -> None:
        try:
            await self._flights.raise_priority(flight, self._defer)
        except OSError as problem:
            _log.warning("a link that somebody asks for now could not be hastened: %s", problem)

    # ── hearing of completed flights ──────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Wake the processes' waiting checks, for ever."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as problem:
                _log.warning("the queue cannot be listened to: %s", first_line(problem))
            except Exception:  # noqa: BLE001  # or all who wait would wait for ever
                _log.exception("the queue cannot be listened to")
            if monotonic() - self._database_seen > PATIENCE:
                self._fall_back()
            await asyncio.sleep(POLL_SECONDS)

    async def _listen(self) -> None:
        async with await connect(self._engine) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            while True:
                await self._poll(connection)
                async for told in connection.notifies(timeout=POLL_SECONDS):
                    self._wake(told.payload)

    async def _poll(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Look for flights that no notification told of, and for workers."""
        async with asyncio.timeout(PATIENCE):
            if self._waiters:
                for flight in await find_completed(connection, tuple(self._waiters)):
                    self._wake(flight)
            workers = await count_workers(connection, ALIVE)
        self._database_seen = monotonic()
        if workers:
            self._worker_seen = self._database_seen
        elif self._waiters and self._database_seen - self._worker_seen > WITHOUT_WORKERS:
            _log.warning("no worker is there (`hearsay worker` starts one), so links are checked here")
            self._fall_back()

    def _wake(self, flight: str) -> None:
        for wait in self._waiters.get(flight, ()):
            wait.done.set()

    def _fall_back(self) -> None:
        for wait in (wait for waits in self._waiters.values() for wait in waits):
            wait.abandoned = True
            wait.done.set()


def _who(ticket: Ticket) -> str:
    return "somebody asked for" if ticket.asked else "nobody asked for"
