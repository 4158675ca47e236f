"""Where the jobs of the queue are done: in as many processes as there are, each with its own readers.

A worker gives a sign of life every second. What one has begun that gives none any more is anybody's again.
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

from bot.background import running
from bot.single_flight import Work
from storage.queue_jobs import QUEUE, TASK, address, first_line, fly
from storage.single_flight import SqlFlights

AT_ONCE: Final = 64  # jobs; most of their time they wait for a web site, or for a reader
BEATS: Final = 1.0  # seconds between two signs of life, and between two looks for jobs
STALLED: Final = 4.0  # seconds without a sign of life after which a worker counts as dead
OUTAGE: Final = 60.0  # seconds after the database was away in which nobody is said to have died over a link
_NEVER: Final = 1e6  # seconds: the library's own signs of life end while it finishes what it has begun

_log = logging.getLogger(__name__)


class _Again(BaseRetryStrategy):
    """What a job raises is no link's fault: the database was away, or this process ends."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002  # the library's
        return RetryDecision(retry_in={"seconds": 1})


class Worker:
    """Does the jobs by `work`; as many of them as processes have one share what there is to do. `leaves`:
    seconds to finish what was begun when it is told to end; what is not finished then is put back."""

    def __init__(self, engine: AsyncEngine, flights: SqlFlights, work: Work, *, leaves: float) -> None:
        self._address = address(engine)
        self._flights = flights
        self._work = work
        self._leaves = leaves
        self._lost = float("-inf")  # when the database was away last

    async def run(self) -> None:
        """For ever; where the database goes, until it is back. Once cancelled, it ends what it has begun."""
        while True:
            jobs = self._jobs()
            try:
                async with jobs.open_async():
                    await self._served(jobs)
            except (ProcrastinateException, psycopg.Error, OSError) as problem:
                self._lost = monotonic()
                _log.warning("the queue cannot be worked on: %s", first_line(problem))
            except Exception:  # noqa: BLE001  # or this process would do nothing more, unseen
                _log.exception("the queue cannot be worked on")
            await asyncio.sleep(BEATS)

    def _jobs(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._address, min_size=1, max_size=4, timeout=10.0, reconnect_timeout=10.0
        )
        jobs = procrastinate.App(connector=connector)
        jobs.task(name=TASK, queue=QUEUE, retry=_Again())(self._fly)
        return jobs

    async def _served(self, jobs: procrastinate.App) -> None:
        worker = JobsWorker(
            jobs,
            queues=[QUEUE],
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            fetch_job_polling_interval=BEATS,
            update_heartbeat_interval=_NEVER,
            stalled_worker_timeout=10 * STALLED,
            shutdown_graceful_timeout=0.0,  # where the queue fails; nothing can be landed then
            delete_jobs="always",
        )
        async with running(self._beat(jobs, worker), self._rescue(jobs)):
            working = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]  # the library's
            try:
                await asyncio.shield(working)
            except asyncio.CancelledError:
                worker.shutdown_graceful_timeout = self._leaves
                worker.stop()  # type: ignore[no-untyped-call]  # as above
                await working
                raise

    async def _fly(self, flight: str) -> None:
        await fly(self._flights, self._work, flight)

    async def _beat(self, jobs: procrastinate.App, worker: JobsWorker) -> None:
        """Signs of life until the last job has ended."""
        while True:
            await asyncio.sleep(BEATS)
            if worker.worker_id is not None:
                with suppress(ProcrastinateException):  # whoever fetches jobs meets it, too
                    await jobs.job_manager.update_heartbeat(worker.worker_id)

    async def _rescue(self, jobs: procrastinate.App) -> None:
        """For ever: what dead workers have begun is anybody's again."""
        while True:
            await asyncio.sleep(BEATS)
            try:
                await self._rescued(jobs)
            except (ProcrastinateException, OSError) as problem:
                self._lost = monotonic()
                _log.warning("what dead workers left could not be looked up: %s", first_line(problem))

    async def _rescued(self, jobs: procrastinate.App) -> None:
        async with self._flights.alone() as alone:  # or two workers would put back what one of them has begun
            if not alone:
                return
            manager = jobs.job_manager
            for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED):
                with suppress(ProcrastinateException):  # it lives, and has just ended
                    await manager.retry_job(job)
                    if monotonic() - self._lost > OUTAGE:
                        await self._flights.died(str(job.task_kwargs["flight"]))
