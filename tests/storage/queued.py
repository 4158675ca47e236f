"""A bot process and the beginnings of workers on one PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import storage.queue
import storage.worker
from bot.background import run_in_background
from bot.fair_queue import Ticket
from bot.model import Link
from bot.ports import StoredReport
from bot.single_flight import FRESH
from storage.engine import open_engine
from storage.queue import JobQueue
from storage.reports import SqlReports
from storage.single_flight import FlightLimits, SqlFlights
from storage.worker import Worker
from tests.bot.written import bridge
from tests.storage.databases import postgres

HOUR: Final = timedelta(hours=1)
SOON: Final = 60.0  # seconds; far more than anything here takes


def now() -> datetime:
    return datetime.now(UTC)


def link(name: str = "a") -> Link:
    return Link(f"https://news.example/{name}", f"news.example/{name}")


class Place:
    """A process that checks links: it finds the bridge in each, or what it is told to find."""

    def __init__(self, reports: SqlReports) -> None:
        self.reports = reports
        self.checked: list[str] = []
        self.found: list[StoredReport] = []
        self.finds: list[BaseException] = []
        self.open = asyncio.Event()
        self.open.set()

    async def check(self, link: Link, age: timedelta | None, ticket: Ticket) -> StoredReport:  # noqa: ARG002  # as it is called
        self.checked.append(link.key)
        await self.open.wait()
        if self.finds:
            raise self.finds.pop(0)
        kept = StoredReport(bridge(), now())
        self.found.append(kept)
        await self.reports.save(link.key, kept)
        return kept


class World:
    """A bot process and the beginnings of workers, on one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.reports = SqlReports(engine, now)
        self.flights = SqlFlights(engine, now, FlightLimits(asked=4, unasked=2))
        self.here, self.there = Place(self.reports), Place(self.reports)
        self.queued = JobQueue(engine, self.flights, self.reports, self._known, self.here)

    async def _known(self, link: Link, age: timedelta | None) -> StoredReport | None:
        return None if age is None else await self.reports.get(link.key)

    async def check(
        self, name: str = "a", age: timedelta | None = FRESH, ticket: Ticket | None = None
    ) -> StoredReport:
        return await asyncio.wait_for(self.queued.check(link(name), age, ticket or Ticket("discord 1")), SOON)

    async def until(self, true: Callable[[], Any]) -> None:
        async with asyncio.timeout(SOON):
            while not true():  # noqa: ASYNC110  # rows and other tasks change, and nobody tells
                await asyncio.sleep(0.02)

    async def told(self, statement: str) -> Any:
        async with self.engine.begin() as connection:
            found = await connection.execute(text(statement))
            return found.scalar() if found.returns_rows else None

    async def forgets(self) -> None:
        """All that stands in the queue when nothing is under way."""
        assert await self.told("SELECT count(*) FROM procrastinate_jobs") == 0
        assert (await self.flights.queue_stats()).under_way == 0

    def worker(self, grace: float = 0.2) -> Worker:
        return Worker(self.engine, self.flights, self.there, grace=grace)


class Forgetful:
    """Reports that cannot be kept, of which a check says nothing."""

    async def save(self, *_: object) -> None:
        return None


@asynccontextmanager
async def open_world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(storage.queue, "POLL_SECONDS", 0.2)
    monkeypatch.setattr(storage.worker, "HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr(storage.worker, "STALLED", 1.0)
    with postgres(migrated=True) as address:
        engine = await open_engine(address)
        found = World(engine)
        async with run_in_background(found.queued.run()):
            yield found
        await engine.dispose()
