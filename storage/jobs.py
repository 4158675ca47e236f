"""What bot processes and workers have in common: the jobs of procrastinate, and how one is done.

    bot processes:  storage.queue.Queued ─ a flight and its job, in one transaction ─▶ wait for its landing
    workers:        storage.worker.Worker ─ the job: a flight's id ─▶ begin ─▶ the check ─▶ land

Everything that is found is in the database, so a job may run twice, and whoever lands a flight first counts.
"""

from __future__ import annotations

import logging
from typing import Final

import procrastinate
from procrastinate.exceptions import ProcrastinateException
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.current import working_on
from bot.errors import CannotCheck, ReaderKilled
from bot.work import Work
from storage.engine import CannotStore
from storage.flights import Begun, SqlFlights

QUEUE: Final = "links"
TASK: Final = "check"
DEATHS: Final = 3  # a link that has ended so many workers is given up

_log = logging.getLogger(__name__)


def address(engine: AsyncEngine) -> str:
    """Where the engine connects to, as the libraries beside SQLAlchemy want it; it holds the password."""
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


class Defer:
    """Puts a flight's job into the queue, on whatever connection the flight is written with."""

    def __init__(self) -> None:
        self._jobs = procrastinate.App(connector=procrastinate.PsycopgConnector())

    async def __call__(self, connection: AsyncConnection, flight: str, priority: int) -> None:
        raw = (await connection.get_raw_connection()).driver_connection
        job = self._jobs.configure_task(TASK, queue=QUEUE, priority=priority, connection=raw)
        try:
            await job.defer_async(flight=flight)
        except ProcrastinateException as problem:  # as where another version has made the queue anew
            raise CannotStore(f"The queue cannot be used: {first_line(problem)}.") from problem


async def fly(flights: SqlFlights, work: Work, flight: str) -> None:
    """One job. Raises CannotStore."""
    begun = await flights.begin(flight)
    if begun is not None:
        with working_on(begun.check):
            await flights.land(flight, await _ended(work, begun))


async def _ended(work: Work, begun: Begun) -> CannotCheck | None:
    if begun.deaths >= DEATHS:
        _log.warning("a link has ended %d workers and is given up", begun.deaths)
        return ReaderKilled()
    try:
        await work(begun.link, begun.age, begun.turn)
    except CannotCheck as problem:
        return problem
    except OSError:  # nothing can be stored: another try, another time
        raise
    except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
        _log.exception("a check broke")
        return CannotCheck()
    return None


def first_line(problem: BaseException) -> str:
    """Of a driver's words, without what may follow: a statement, an address."""
    return (str(problem).splitlines() or [type(problem).__name__])[0]
