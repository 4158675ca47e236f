"""Which engine has links checked: this process alone on SQLite, a queue for many processes on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from bot.work import Work
from handlers.grounds import Grounds, now
from handlers.settings import Settings
from storage.flights import SqlFlights
from storage.queue import Queued
from storage.worker import Worker

LEAVES: Final = 5.0  # seconds in which a bot's own worker finishes what it has begun; others take up the rest


def worker(stood_on: Grounds, flights: SqlFlights, work: Work, leaves: float) -> Worker:
    """`leaves`: seconds in which it finishes what it has begun when it is told to end."""
    old = () if stood_on.visits is None else (stood_on.visits.expire,)
    return Worker(stood_on.engine, flights, work, leaves=leaves, expires=old)


class Engine(NamedTuple):
    """`flights` and `queued` are there where processes share their work."""

    work: Work
    flights: SqlFlights | None = None
    queued: Queued | None = None


@asynccontextmanager
async def working(found: Settings, stood_on: Grounds) -> AsyncIterator[Engine]:
    """On PostgreSQL a process with readers of its own works on the queue like any other worker."""
    if found.database_url is None:
        yield Engine(stood_on.check)
        return
    flights = SqlFlights(stood_on.engine, now)
    queued = Queued(stood_on.engine, flights, stood_on.reports, stood_on.check.known, stood_on.check)
    tasks = [asyncio.create_task(queued.run())]
    if found.readers:
        tasks.append(asyncio.create_task(worker(stood_on, flights, stood_on.check, LEAVES).run()))
    try:
        yield Engine(queued, flights, queued)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
