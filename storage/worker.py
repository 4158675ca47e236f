"""Where the jobs of the queue are done: in as many processes as there are, each with its own readers.

A worker gives a sign of life every second. What one has begun that gives none any more is anybody's again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

import procrastinate
import psycopg
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.work import Work
from storage.flights import SqlFlights
from storage.jobs import QUEUE, TASK, address, first_line, fly

AT_ONCE: Final = 64  # jobs; most of their time they wait for a web site, or for a reader
BEATS: Final = 1.0  # seconds between two signs of life, and between two looks for jobs
STALLED: Final = 4.0  # seconds without a sign of life after which a worker counts as dead
BURIES: Final = 60.0  # seconds between two rounds of deleting what is over

Expires = Callable[[], Awaitable[int]]

_log = logging.getLogger(__name__)


class _Again(BaseRetryStrategy):
    """What a job raises is no link's fault: the database was away, or this process ends."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002  # the library's
        return RetryDecision(retry_in={"seconds": 1})


class Worker:
    """Does the jobs by `work`; as many of them as processes have one share what there is to do. `leaves`:
    seconds to finish what was begun when it is told to end. `expires`: what else is deleted now and then."""

    def __init__(
        self,
        engine: AsyncEngine,
        flights: SqlFlights,
        work: Work,
        *,
        leaves: float,
        expires: Sequence[Expires] = (),
    ) -> None:
        self._address = address(engine)
        self._flights = flights
        self._work = work
        self._leaves = leaves
        self._expires = (flights.expire, *expires)
        self._buried = monotonic()

    async def run(self) -> None:
        """For ever; where the database goes, until it is back. Once cancelled, it ends what it has begun."""
        while True:
            jobs = self._jobs()
            try:
                async with jobs.open_async():
                    await self._served(jobs)
            except (ProcrastinateException, psycopg.Error, OSError) as problem:
                _log.warning("the queue cannot be worked on: %s", first_line(problem))
            await asyncio.sleep(BEATS)

    def _jobs(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._address, min_size=1, max_size=4, timeout=10.0, reconnect_timeout=10.0
        )
        jobs = procrastinate.App(connector=connector)
        jobs.task(name=TASK, queue=QUEUE, retry=_Again())(self._fly)
        return jobs

    async def _served(self, jobs: procrastinate.App) -> None:
        rescuing = asyncio.create_task(self._rescue(jobs))
        try:
            await jobs.run_worker_async(
                queues=[QUEUE],
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                fetch_job_polling_interval=BEATS,
                update_heartbeat_interval=BEATS,
                stalled_worker_timeout=10 * STALLED,
                shutdown_graceful_timeout=self._leaves,
                delete_jobs="always",
            )
        finally:
            rescuing.cancel()
            await asyncio.gather(rescuing, return_exceptions=True)

    async def _fly(self, flight: str) -> None:
        await fly(self._flights, self._work, flight)

    async def _rescue(self, jobs: procrastinate.App) -> None:
        """For ever: what dead workers have begun is anybody's again."""
        while True:
            await asyncio.sleep(BEATS)
            try:
                await self._rescued(jobs)
            except (ProcrastinateException, OSError) as problem:
                _log.warning("what dead workers left could not be looked up: %s", first_line(problem))

    async def _rescued(self, jobs: procrastinate.App) -> None:
        async with self._flights.alone() as alone:  # or two workers would put back what one of them has begun
            if alone:
                stalled = await jobs.job_manager.get_stalled_jobs(
                    queue=QUEUE, seconds_since_heartbeat=STALLED
                )
                for job in stalled:
                    with suppress(ProcrastinateException):  # it lives, and has just ended
                        await jobs.job_manager.retry_job(job)
                        await self._flights.died(str(job.task_kwargs["flight"]))
        if monotonic() - self._buried > BURIES:
            self._buried = monotonic()
            for expire in self._expires:
                await expire()
