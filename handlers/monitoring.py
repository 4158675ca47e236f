"""Health checks and metrics: what the operator can ask over HTTP, on this machine alone unless told
otherwise.

    /healthz   200 as long as the event loop turns
    /readyz    200 when the database answers, every platform has been heard from lately, and a worker is there
               where processes share their work; else 503; as JSON
    /metrics   counts and times for Prometheus

Nothing in them names a person, a room, a link or a word of a page.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, Protocol

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.background import run_in_background
from bot.errors import CannotCheck
from bot.fair_queue import Ticket
from bot.model import Link
from bot.ports import Checker, Clock, StoredReport
from bot.single_flight import CheckEngine
from handlers.heartbeat import Heartbeats
from storage.single_flight import QueueStats

HEARD_WITHIN: Final = 90.0  # seconds; a poll of Telegram stays open for ten, Discord's heart beats every 41
POLL_SECONDS: Final = 10.0  # seconds between two looks at what cannot be asked at the moment of a scrape
TICK_SECONDS: Final = 0.25  # seconds between two measurements of the event loop
_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40)
_LATE: Final = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5)
_OURS: Final = ("bot", "handlers", "storage", "discord", "telegram")

log = structlog.get_logger(__name__)


class UnfinishedChecks(Protocol):
    """The number of accepted checks that are unfinished, and when the oldest was accepted. Raises OSError."""

    async def backlog(self) -> tuple[int, datetime | None]: ...


class ReaderCounts(Protocol):
    """The number of pages that wait for a reader, were dropped for others, and ended their reader."""

    @property
    def waiting(self) -> int: ...

    @property
    def shed_count(self) -> int: ...

    @property
    def killed(self) -> int: ...


class QueueCounts(Protocol):
    """The number of links for which there was no room in the queue."""

    @property
    def shed_count(self) -> int: ...


class SharedQueue(Protocol):
    """The queue that processes share, and the number of workers that sent a heartbeat within so many seconds.
    Raises OSError."""

    async def queue_stats(self) -> QueueStats: ...

    async def count_workers(self, within: float) -> int: ...


class DroppedChecks(Protocol):
    """The number of automatic checks that load shedding dropped."""

    @property
    def dropped_count(self) -> int: ...


class CountedChecks:
    """Checks, counted by how they end and how long they take."""

    def __init__(self, checks: Checker, metrics: Metrics, clock: Clock) -> None:
        self._checks = checks
        self._metrics = metrics
        self._clock = clock

    async def check(
        self,
        link: Link,
        *,
        again: bool = False,
        within: timedelta | None = None,
        ticket: Ticket | None = None,
    ) -> StoredReport:
        check = self._checks.check(link, again=again, within=within, ticket=ticket)
        return await self._metrics.count_check(check, self._clock(), asked=ticket is None or ticket.asked)


class CountedWork:
    """A worker's checks, counted likewise."""

    def __init__(self, work: CheckEngine, metrics: Metrics, clock: Clock) -> None:
        self._work = work
        self._metrics = metrics
        self._clock = clock

    async def check(self, link: Link, age: timedelta | None, ticket: Ticket) -> StoredReport:
        return await self._metrics.count_check(
            self._work.check(link, age, ticket), self._clock(), asked=ticket.asked
        )


class Metrics:
    """The metrics, by the names under which Prometheus knows them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._checks = Counter(
            "hearsay_checks", "Checks of a link, by outcome", ["outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "hearsay_check_seconds", "How long a check takes", ["asked"], buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._late = Histogram(
            "hearsay_event_loop_late_seconds", "How late the event loop runs", buckets=_LATE,
            registry=self.registry,
        )  # fmt: skip
        self._logged = Counter(
            "hearsay_log_lines", "Log lines from warnings on, by part", ["level", "part"],
            registry=self.registry,
        )  # fmt: skip
        self._unfinished = Gauge(
            "hearsay_unfinished_checks", "Accepted checks without an answer yet", registry=self.registry
        )
        self._oldest = Gauge(
            "hearsay_oldest_unfinished_check_seconds", "How long the oldest of them has waited",
            registry=self.registry,
        )  # fmt: skip

        self._queued = Gauge(
            "hearsay_queue_links", "Links in the queue of all processes", ["state"], registry=self.registry
        )
        self._queue_oldest = Gauge(
            "hearsay_queue_oldest_seconds", "How long the oldest link has waited for a worker",
            registry=self.registry,
        )  # fmt: skip
        self._workers = Gauge("hearsay_workers", "Workers that are alive", registry=self.registry)

    def collect_from(
        self,
        reader_counts: ReaderCounts,
        heartbeats: Heartbeats,
        dropped: DroppedChecks | None = None,
        queue_counts: QueueCounts | None = None,
    ) -> None:
        """Ask these at the moment of a scrape."""
        self.registry.register(_ScrapeCollector(reader_counts, heartbeats, dropped, queue_counts))

    async def count_check(self, check: Awaitable[StoredReport], at: datetime, *, asked: bool) -> StoredReport:
        """Return what the check finds, counted by its end and its time. `at`: when it began, so that what was
        known before is told apart."""
        began, outcome = monotonic(), "bug"
        try:
            kept = await check
            outcome = "kept" if kept.fetched < at else "read"
        except CannotCheck as error:
            outcome = error.kind
            raise
        finally:
            self._checks.labels(outcome).inc()
            self._seconds.labels("yes" if asked else "no").observe(monotonic() - began)
        return kept

    def observe_delay(self, seconds: float) -> None:
        self._late.observe(seconds)

    def backlog(self, unfinished: int, oldest: float) -> None:
        self._unfinished.set(unfinished)
        self._oldest.set(oldest)

    def queue(self, found: QueueStats, oldest: float, workers: int) -> None:
        self._queued.labels("waiting").set(found.waiting)
        self._queued.labels("begun").set(found.under_way - found.waiting)
        self._queue_oldest.set(oldest)
        self._workers.set(workers)

    def count_log_line(self, record: logging.LogRecord) -> None:
        part = record.name.partition(".")[0]
        self._logged.labels(record.levelname.lower(), part if part in _OURS else "libraries").inc()


class _ScrapeCollector(Collector):
    """The metrics that are known at the moment of a scrape alone."""

    def __init__(
        self,
        reader_counts: ReaderCounts,
        heartbeats: Heartbeats,
        dropped: DroppedChecks | None,
        queue_counts: QueueCounts | None,
    ) -> None:
        self._reader_counts, self._heartbeats, self._dropped, self._queue_counts = (
            reader_counts,
            heartbeats,
            dropped,
            queue_counts,
        )

    def collect(self) -> Iterable[Metric]:
        reader_counts = self._reader_counts
        dropped = 0 if self._dropped is None else self._dropped.dropped_count
        rejected = 0 if self._queue_counts is None else self._queue_counts.shed_count
        yield GaugeMetricFamily(
            "hearsay_pages_waiting", "Pages that wait for a reader", reader_counts.waiting
        )
        for name, meaning, count in (
            ("hearsay_readers_killed", "Reader processes killed over a page", reader_counts.killed),
            ("hearsay_pages_given_way", "Unasked pages that gave way under load", reader_counts.shed_count),
            ("hearsay_automatic_checks_dropped", "Pasted links dropped under load", dropped),
            (
                "hearsay_links_turned_away",
                "Links turned away because the queue was full",
                rejected,
            ),
        ):
            yield CounterMetricFamily(name, meaning, count)
        silence = GaugeMetricFamily(
            "hearsay_platform_silent_seconds",
            "Time since a platform was last heard from",
            labels=["platform"],
        )
        for platform, seconds in self._heartbeats.silence().items():
            silence.add_metric([platform], seconds)
        yield silence


class _LogCounter(logging.Handler):
    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.count_log_line(record)


class MonitoringServer:
    """Serves health checks and metrics over HTTP. `queue`: where processes share their work."""

    def __init__(
        self,
        metrics: Metrics,
        heartbeats: Heartbeats,
        backlog: UnfinishedChecks,
        clock: Clock,
        queue: SharedQueue | None = None,
    ) -> None:
        self._metrics, self._heartbeats, self._backlog, self._clock = metrics, heartbeats, backlog, clock
        self._queue = queue
        self._database = False
        self._workers = 0

    @asynccontextmanager
    async def serve(self, listen: str, port: int) -> AsyncIterator[None]:
        """Serve health checks and metrics while within, poll the queues, and count log lines.

        Port 0 serves nothing. A port that is taken, as by another Hearsay here, is logged and done without.
        """

        async def healthz(_: web.Request) -> web.Response:
            return web.Response(text="ok\n")

        async def metrics(_: web.Request) -> web.Response:
            return web.Response(body=generate_latest(self._metrics.registry), content_type="text/plain")

        application = web.Application()
        application.router.add_get("/healthz", healthz)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", metrics)
        runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        if port:
            try:
                await web.TCPSite(runner, listen, port).start()
            except OSError as problem:
                log.warning("nobody can ask how I am", listen=listen, port=port, reason=problem.strerror)
        counting = _LogCounter(self._metrics)
        logging.getLogger().addHandler(counting)
        try:
            async with run_in_background(self._poll(), self._measure_delay()):
                yield
        finally:
            logging.getLogger().removeHandler(counting)
            await runner.cleanup()

    async def _poll(self) -> None:
        while True:
            try:
                unfinished, oldest = await self._backlog.backlog()
                self._metrics.backlog(unfinished, self._age(oldest))
                if self._queue is not None:
                    found, self._workers = (
                        await self._queue.queue_stats(),
                        await self._queue.count_workers(POLL_SECONDS),
                    )
                    self._metrics.queue(found, self._age(found.oldest), self._workers)
            except OSError:
                self._database = False
            else:
                self._database = True
            await asyncio.sleep(POLL_SECONDS)

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self._clock() - since).total_seconds())

    async def _measure_delay(self) -> None:
        while True:
            before = monotonic()
            await asyncio.sleep(TICK_SECONDS)
            self._metrics.observe_delay(max(0.0, monotonic() - before - TICK_SECONDS))

    async def _readyz(self, _: web.Request) -> web.Response:
        heard = {name: seconds < HEARD_WITHIN for name, seconds in self._heartbeats.silence().items()}
        shared = {} if self._queue is None else {"workers": self._workers > 0}
        found = {"database": self._database, **shared, **heard}
        return web.json_response(found, status=200 if all(found.values()) else 503)
