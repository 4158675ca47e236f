"""The choice of a check engine: this process alone on SQLite, the job queue for many processes on
PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

from bot.background import run_in_background
from bot.single_flight import CheckEngine
from handlers.resources import Resources, now
from handlers.settings import EnvironmentSettings
from storage.purge import purge
from storage.queue import JobQueue
from storage.single_flight import SqlFlights
from storage.worker import Worker

GRACE_SECONDS: Final = (
    2.0  # seconds in which a bot's own worker finishes what it has begun; others take up the rest
)


class EngineParts(NamedTuple):
    """`flights` and `queued` are there where processes share their work."""

    work: CheckEngine
    flights: SqlFlights | None = None
    queued: JobQueue | None = None


@asynccontextmanager
async def open_check_engine(
    settings: EnvironmentSettings, resources: Resources
) -> AsyncIterator[EngineParts]:
    """Open the engine. On PostgreSQL a process with readers of its own works on the job queue like any other
    worker."""
    if settings.database_url is None:
        yield EngineParts(resources.check)
        return
    flights = SqlFlights(resources.engine, now)
    queued = JobQueue(
        resources.engine, flights, resources.reports, resources.check.find_stored, resources.check
    )
    tasks = [queued.run(), purge_shared_tables(resources, flights)]
    if settings.readers:
        tasks.append(Worker(resources.engine, flights, resources.check, grace=GRACE_SECONDS).run())
    async with run_in_background(*tasks):
        yield EngineParts(queued, flights, queued)


def purge_shared_tables(resources: Resources, flights: SqlFlights) -> Coroutine[Any, Any, None]:
    host_slots = () if resources.host_slots is None else (resources.host_slots.expire,)
    return purge((flights.expire, *host_slots))
