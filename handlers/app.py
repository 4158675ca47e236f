"""The composition root: the one place that knows every part and wires them."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from threading import Thread, Timer
from typing import Any, Final, NamedTuple

from pydantic import SecretStr

from bot.background import run_in_background
from bot.commands import Commands
from bot.dispatcher import Dispatcher
from bot.fetching.links import find_links
from bot.notices import Notices
from bot.ports import Checker
from bot.readers import Readers
from bot.replying.phrasebook import get_phrases
from bot.service import ConversationService
from bot.single_flight import SingleFlight
from bot.stores import Stores
from handlers.check_engines import EngineParts, open_check_engine, purge_shared_tables
from handlers.heartbeat import Heartbeats
from handlers.logs import join_structlog, log_to_stderr, redact_log_file
from handlers.paths import data_dir
from handlers.resources import now, open_resources
from handlers.settings import PREFIX, SECRET, EnvironmentSettings, read_settings, secret_values
from handlers.startup_errors import StartupError
from storage.engine import CannotStore
from storage.history import SqlHistory
from storage.job_store import SqlJobStore
from storage.objections import SqlObjections
from storage.people import SqlPeople
from storage.retention import Retention
from storage.rooms import SqlRooms
from storage.single_flight import SqlFlights
from storage.worker import Worker

FREEZE_AFTER: Final = 20.0  # seconds after which nothing more is loaded
GRACE_SECONDS: Final = 20.0  # seconds in which a worker that is told to end finishes what it has begun
NO_WORKER: Final = (
    "A worker shares its work by a database and reads pages itself: set HEARSAY_DATABASE_URL to a PostgreSQL"
    " database, and HEARSAY_READERS to 1 or more."
)
SHUTDOWN_SECONDS: Final = 28.0  # seconds; who tells a process to end commonly kills it after 30
_LOG_SECONDS: Final = 0.5  # seconds

_log = logging.getLogger(__name__)


def main() -> None:
    """Run until stopped. Raises StartupError for settings or a database that cannot be used."""
    settings = read_settings()
    platforms = bool(settings.discord_token or settings.telegram_token)
    if platforms:
        log_to_stderr(settings.log_format, settings.log_level, secret_values(settings))
    else:
        redact_log_file(secret_values(settings))
        join_structlog()
    _run(
        _run_until_stopped(_run_platforms(settings), _limit_shutdown)
        if platforms
        else _run_terminal(settings)
    )


def run_worker() -> None:
    """Check links for bot processes until stopped. Raises StartupError as `main` does."""
    settings = read_settings()
    if settings.database_url is None or not settings.readers:
        raise StartupError(NO_WORKER)
    log_to_stderr(settings.log_format, settings.log_level, secret_values(settings))
    _run(_run_until_stopped(_check_for_bots(settings), _limit_shutdown))


def _run(running: Coroutine[Any, Any, None]) -> None:
    for name in SECRET:  # not handed on to the processes that read strangers' pages
        os.environ.pop(PREFIX + name.upper(), None)
    try:
        asyncio.run(running)
    except CannotStore as problem:
        raise StartupError(str(problem)) from problem


# ── what every place talks to ───────────────────────────────────────────────────────────────────────


class Services(NamedTuple):
    """The conversation, the commands about what is remembered, the dispatcher that sees checks through and
    its job store, what log channels are told, the readers of pages, and the engine that has links checked."""

    conversation: ConversationService
    commands: Commands
    dispatcher: Dispatcher
    job_store: SqlJobStore
    notices: Notices
    readers: Readers
    engine: EngineParts


@asynccontextmanager
async def open_services(
    settings: EnvironmentSettings, counted: Callable[[Checker], Checker] = lambda checks: checks
) -> AsyncIterator[Services]:
    """Open what the platforms talk to, with everything behind it, and close it in the reverse order. Raises
    CannotStore. `counted`: what counts the checks on their way."""
    async with open_resources(settings, now) as resources, open_check_engine(settings, resources) as engine:
        database = resources.engine
        rooms, history = SqlRooms(database, now), SqlHistory(database)
        stores = Stores(rooms, history, SqlPeople(database, now), SqlObjections(database, now))
        job_store = SqlJobStore(database, now)
        retention = Retention(resources.reports, rooms, history, job_store, stores, now)
        async with run_in_background(retention.run()):
            conversation = ConversationService(
                checker=counted(SingleFlight(engine.work)),
                text_reader=resources.readers,
                stores=stores,
                clock=now,
                look_up_report=resources.reports.get,
                find_links=partial(find_links, loopback=settings.allow_loopback),
            )
            notices = Notices(stores)
            dispatcher = Dispatcher(job_store, conversation, now)
            yield Services(
                conversation,
                Commands(stores, notices),
                dispatcher,
                job_store,
                notices,
                resources.readers,
                engine,
            )


# ── places ──────────────────────────────────────────────────────────────────────────────────────────


async def _run_terminal(settings: EnvironmentSettings) -> None:
    from handlers.terminal.run import run  # noqa: PLC0415  # platforms do without it, and it without them

    async with open_services(settings) as services:
        await run(
            services.conversation,
            services.commands,
            services.notices,
            history=data_dir() / "history",
            retention_days=settings.retention_days,
            loopback=settings.allow_loopback,
        )


async def _run_platforms(settings: EnvironmentSettings) -> None:
    """Every platform with a token, in one event loop. Raises StartupError when none of them runs any more."""
    from handlers.monitoring import CountedChecks, Metrics, MonitoringServer  # noqa: PLC0415  # the terminal does without

    if settings.allow_loopback:
        _log.warning(get_phrases().say("terminal.loopback"))
    tokens = {"discord": settings.discord_token, "telegram": settings.telegram_token}
    metrics, heartbeats = Metrics(), Heartbeats(name for name, token in tokens.items() if token)
    async with (
        open_services(settings, lambda checks: CountedChecks(checks, metrics, now)) as services,
        MonitoringServer(metrics, heartbeats, services.job_store, now, services.engine.flights).serve(
            settings.operations_listen, settings.operations_port
        ),
        run_in_background(_freeze_garbage()),
        asyncio.TaskGroup() as places,
    ):
        metrics.collect_from(services.readers, heartbeats, services.conversation, services.engine.queued)
        if settings.discord_token:
            place = _run_discord(
                settings, settings.discord_token, services, partial(heartbeats.beat, "discord")
            )
            places.create_task(_isolate("Discord", place))
        if settings.telegram_token:
            place = _run_telegram(
                settings, settings.telegram_token, services, partial(heartbeats.beat, "telegram")
            )
            places.create_task(_isolate("Telegram", place))
    raise StartupError("No platform accepts its token, so there is nothing to run; the log has the reasons.")


async def _run_discord(
    settings: EnvironmentSettings, token: SecretStr, services: Services, beat: Callable[[], None]
) -> None:
    from handlers.discord.client import run  # noqa: PLC0415  # heavy, and only if wanted

    await run(
        services.conversation,
        services.dispatcher,
        token.get_secret_value(),
        commands=services.commands,
        notices=services.notices,
        shard=(settings.discord_shard_id, settings.discord_shard_count),
        beat=beat,
    )


async def _run_telegram(
    settings: EnvironmentSettings, token: SecretStr, services: Services, beat: Callable[[], None]
) -> None:
    from handlers.telegram.client import run  # noqa: PLC0415  # as above
    from handlers.telegram.webhook import Webhook  # noqa: PLC0415  # as above

    secret, url = settings.telegram_webhook_secret, settings.telegram_webhook_url
    shown = None if secret is None else secret.get_secret_value()
    listen, port = settings.telegram_webhook_listen, settings.telegram_webhook_port
    await run(
        services.conversation,
        services.dispatcher,
        token.get_secret_value(),
        commands=services.commands,
        notices=services.notices,
        webhook=None if url is None else Webhook(url, listen, port, shown),
        beat=beat,
    )


async def _check_for_bots(settings: EnvironmentSettings) -> None:
    """Check links that bot processes have handed on, until told to end."""
    from handlers.monitoring import CountedWork, Metrics, MonitoringServer  # noqa: PLC0415  # as above

    metrics, heartbeats = Metrics(), Heartbeats(())
    async with open_resources(settings, now) as resources:
        flights, job_store = SqlFlights(resources.engine, now), SqlJobStore(resources.engine, now)
        metrics.collect_from(resources.readers, heartbeats)
        work = CountedWork(resources.check, metrics, now)
        asked = MonitoringServer(metrics, heartbeats, job_store, now, flights)
        async with (
            asked.serve(settings.operations_listen, settings.operations_port),
            run_in_background(purge_shared_tables(resources, flights), _freeze_garbage()),
        ):
            _log.info("at work for every bot on this database, %d pages at once", settings.readers)
            await Worker(resources.engine, flights, work, grace=GRACE_SECONDS).run()


async def _freeze_garbage() -> None:
    """Freeze what was loaded at the start, so that the garbage collector need not look at it again and again:
    each look took a tenth of a second, in which nobody was answered."""
    await asyncio.sleep(FREEZE_AFTER)
    gc.collect()
    gc.freeze()


async def _isolate(name: str, running: Awaitable[None]) -> None:
    """Log a fault of one platform, which must not end another."""
    try:
        await running
    except Exception:  # noqa: BLE001  # whatever it is
        _log.exception("%s has stopped", name)


async def _run_until_stopped(
    running: Coroutine[Any, Any, None], told: Callable[[], None] = lambda: None
) -> None:
    """Run until it ends or the system asks the process to stop. Then comes the graceful shutdown: what was
    accepted is still finished, however often the system asks. `told` hears of the first time."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(running)

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        told()
        loop.call_soon_threadsafe(task.cancel)

    before = signal.signal(signal.SIGTERM, end)  # not the loop's own way, which waits where the loop hangs
    try:
        await task
    except asyncio.CancelledError:
        here = asyncio.current_task()
        if here and here.cancelling():  # by Ctrl-C, which the command line answers
            raise
    finally:
        if signal.getsignal(signal.SIGTERM) is end:
            signal.signal(signal.SIGTERM, before)


def _limit_shutdown() -> None:
    """Limit the graceful shutdown from now on, whatever hangs. The end is then that of a crash: what was
    accepted is in the database, where the next process finds it."""

    def exit_now() -> None:
        words = "the end takes too long, so this process leaves; what is unfinished is left to the next one"
        saying = Thread(target=_log.warning, args=(words,), daemon=True)  # the log may be what hangs
        saying.start()
        saying.join(_LOG_SECONDS)
        os._exit(0)

    clock = Timer(SHUTDOWN_SECONDS, exit_now)
    clock.daemon = True
    clock.start()
