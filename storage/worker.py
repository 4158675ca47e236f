"""The worker of the job queue of link work: it checks links, in as many processes as there are workers.

A worker sends a heartbeat every second. A job whose worker sends none any more is anybody's again: a retry.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from time import monotonic
from typing import Final

import procrastinate
import psycopg
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker as JobsWorker
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.background import run_in_background
from bot.single_flight import CheckEngine
from storage.queue_jobs import QUEUE, TASK, connection_string, first_line, run_flight
from storage.single_flight import SqlFlights

AT_ONCE: Final = 64  # jobs; most of their time they wait for a web site, or for a reader
HEARTBEAT_SECONDS: Final = 1.0  # seconds between two signs of life, and between two looks for jobs
STALLED: Final = 4.0  # seconds without a sign of life after which a worker counts as dead
OUTAGE: Final = 60.0  # seconds after the database was away in which nobody is said to have died over a link
_NEVER: Final = 1e6  # seconds: the library's own signs of life end while it finishes what it has begun

_log = logging.getLogger(__name__)


class _RetryAlways(BaseRetryStrategy):
    """Retry every job that raises. That is no link's fault: the database was away, or this process ends."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002  # the library's
        return RetryDecision(retry_in={"seconds": 1})


class Worker:
    """Do the jobs by `work`; as many workers as there are share them. `grace`: seconds of a graceful
    shutdown, to finish what was begun; what is not finished then is put back."""

    def __init__(self, engine: AsyncEngine, flights: SqlFlights, work: CheckEngine, *, grace: float) -> None:
        self._address = connection_string(engine)
        self._flights = flights
        self._work = work
        self._grace = grace
        self._outage = float("-inf")  # when the database was away last

    async def run(self) -> None:
        """Work for ever; where the database goes, until it is back. Once cancelled, finish what was begun."""
        while True:
            jobs = self._jobs()
            try:
                async with jobs.open_async():
                    await self._serve(jobs)
            except (ProcrastinateException, psycopg.Error, OSError) as problem:
                self._outage = monotonic()
                _log.warning("the queue cannot be worked on: %s", first_line(problem))
            except Exception:  # noqa: BLE001  # or this process would do nothing more, unseen
                _log.exception("the queue cannot be worked on")
            await asyncio.sleep(HEARTBEAT_SECONDS)

    def _jobs(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._address, min_size=1, max_size=4, timeout=10.0, reconnect_timeout=10.0
        )
        jobs = procrastinate.App(connector=connector)

        @jobs.task(name=TASK, queue=QUEUE, retry=_RetryAlways())
        async def run(flight: str) -> None:
            await run_flight(self._flights, self._work, flight)

        return jobs

    async def _serve(self, jobs: procrastinate.App) -> None:
        worker = JobsWorker(
            jobs,
            queues=[QUEUE],
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            fetch_job_polling_interval=HEARTBEAT_SECONDS,
            update_heartbeat_interval=_NEVER,
            stalled_worker_timeout=10 * STALLED,
            shutdown_graceful_timeout=0.0,  # where the queue fails; nothing can be completed then
            delete_jobs="always",
        )
        async with run_in_background(self._send_heartbeats(jobs, worker), self._retry_stalled(jobs)):
            working = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]  # the library's
            try:
                await asyncio.shield(working)
            except asyncio.CancelledError:
                worker.shutdown_graceful_timeout = self._grace
                worker.stop()  # type: ignore[no-untyped-call]  # as above
                with suppress(ProcrastinateException, psycopg.Error, OSError):  # or it would begin anew
                    await working
                raise

    async def _send_heartbeats(self, jobs: procrastinate.App, worker: JobsWorker) -> None:
        """Send heartbeats until the last job has ended."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            if worker.worker_id is not None:
                with suppress(ProcrastinateException):  # whoever fetches jobs meets it, too
                    await jobs.job_manager.update_heartbeat(worker.worker_id)

    async def _retry_stalled(self, jobs: procrastinate.App) -> None:
        """Give back, for ever, the jobs that dead workers have begun."""
        manager = jobs.job_manager
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                async with self._flights.lock() as alone:  # or two would put back what one of them has begun
                    if not alone:
                        continue
                    for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED):
                        with suppress(ProcrastinateException):  # it lives, and has just ended
                            if monotonic() - self._outage > OUTAGE:  # first, or who takes it up does not know
                                await self._flights.count_death(str(job.task_kwargs["flight"]))
                            await manager.retry_job(job)
            except (ProcrastinateException, OSError) as problem:
                self._outage = monotonic()
                _log.warning("what dead workers left could not be looked up: %s", first_line(problem))
