"""The resources of a bot process and of a worker: the database, fetching, readers, and the check they
make."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.check import LinkChecker
from bot.fetching.fetch import HttpFetch
from bot.fetching.host_rate_limiter import DEFAULT_LIMITS
from bot.ports import Clock
from bot.readers import Readers
from bot.sandbox import SandboxLimits
from handlers.settings import EnvironmentSettings, database_location
from storage.engine import open_engine
from storage.host_slots import SqlHostSlots
from storage.reports import SqlReports

START_SECONDS: Final = 10.0  # seconds that readers may need to start

_log = logging.getLogger(__name__)


def now() -> datetime:
    return datetime.now(UTC)


class Resources(NamedTuple):
    """`check` fetches, reads and keeps, in this process and its readers. `host_slots`: those of all
    processes, where they share a database."""

    engine: AsyncEngine
    readers: Readers
    reports: SqlReports
    check: LinkChecker
    host_slots: SqlHostSlots | None


@asynccontextmanager
async def open_resources(settings: EnvironmentSettings, clock: Clock = now) -> AsyncIterator[Resources]:
    """Open the resources, and close them in the reverse order. Raises CannotStore."""
    engine = await open_engine(database_location(settings))
    host_slots = None
    if settings.database_url is not None:
        host_slots = SqlHostSlots(
            engine, at_once=DEFAULT_LIMITS.at_once, gap=DEFAULT_LIMITS.gap, patience=DEFAULT_LIMITS.patience
        )
    fetch = HttpFetch(contact=settings.contact, allow_loopback=settings.allow_loopback, host_slots=host_slots)
    readers = Readers(limits=SandboxLimits(at_once=max(1, settings.readers)))
    reports = SqlReports(engine, clock, timedelta(days=settings.retention_days))
    warming = asyncio.create_task(_warm(readers) if settings.readers else asyncio.sleep(0))
    try:
        yield Resources(engine, readers, reports, LinkChecker(fetch, readers, reports, clock), host_slots)
    finally:
        # anyio forgets a process that is cancelled half started
        await asyncio.wait({warming}, timeout=START_SECONDS)
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        await fetch.aclose()
        if host_slots is not None:
            await host_slots.aclose()
        await engine.dispose()


async def _warm(readers: Readers) -> None:
    """Start the readers, so that the first page does not wait for them; if they cannot start, its check says
    so."""
    try:
        await readers.warm()
    except Exception:  # noqa: BLE001  # it would end the task unseen
        _log.exception("the readers could not be started in advance")
