"""The job queue of link work: procrastinate's jobs that bot processes and workers share, and how one is run.

    bot processes:  storage.queue.JobQueue ─ a flight and its job, in one transaction ─▶ wait for its end
    workers:        storage.worker.Worker ─ the job: a flight's id ─▶ start ─▶ the check ─▶ complete

Everything that is found is in the database, so a job may run twice, as where a worker was thought dead, and
the first completion of a flight counts.
"""

from __future__ import annotations

import logging
from typing import Any, Final

import procrastinate
import psycopg
from procrastinate.exceptions import ProcrastinateException
from psycopg.conninfo import make_conninfo
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import CannotCheck, ReaderKilled
from bot.log_context import bind_check_id
from bot.single_flight import CheckEngine
from storage.engine import CannotStore
from storage.single_flight import FlightOutcome, SqlFlights, StartedFlight

QUEUE: Final = "links"
TASK: Final = "check"
DEATHS: Final = 3  # a link that has ended so many workers is given up

_log = logging.getLogger(__name__)


def connection_string(engine: AsyncEngine) -> str:
    """Return the engine's address as libpq wants it; it holds the password."""
    _, given = engine.dialect.create_connect_args(engine.url)
    return make_conninfo(**{name: value for name, value in given.items() if name != "context"})


async def connect(engine: AsyncEngine) -> psycopg.AsyncConnection[Any]:
    """Open a connection beside the engine's own. Raises psycopg.Error."""
    return await psycopg.AsyncConnection.connect(connection_string(engine), autocommit=True)


class JobQueuer:
    """Puts a flight's job into the queue, on whatever connection the flight is written with."""

    def __init__(self) -> None:
        self._jobs = procrastinate.App(connector=procrastinate.PsycopgConnector())

    async def defer(self, connection: AsyncConnection, flight: str, priority: int) -> None:
        raw = (await connection.get_raw_connection()).driver_connection
        more: dict[str, Any] = {"priority": priority, "lock": flight, "connection": raw}
        job = self._jobs.configure_task(TASK, queue=QUEUE, **more)
        try:
            await job.defer_async(flight=flight)
        except ProcrastinateException as problem:  # as where another version has made the queue anew
            raise CannotStore(f"The queue cannot be used: {first_line(problem)}.") from problem


async def run_flight(flights: SqlFlights, work: CheckEngine, flight: str) -> None:
    """Run one job. Raises CannotStore."""
    started = await flights.start(flight)
    if started is not None:
        with bind_check_id(started.check):
            await flights.complete(flight, await _run_check(work, started))


async def _run_check(work: CheckEngine, started: StartedFlight) -> FlightOutcome:
    if started.deaths >= DEATHS:
        _log.warning("a link has ended %d workers and is given up", started.deaths)
        return FlightOutcome(ReaderKilled())
    try:
        return FlightOutcome(fetched=(await work.check(started.link, started.age, started.ticket)).fetched)
    except CannotCheck as problem:
        return FlightOutcome(problem)
    except CannotStore:  # another try, another time
        raise
    except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
        _log.exception("a check broke")
        return FlightOutcome(CannotCheck())


def first_line(problem: BaseException) -> str:
    """Return the first of a driver's words, without what may follow: a statement, an address."""
    return (str(problem).splitlines() or [type(problem).__name__])[0]
