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
from handlers.logs import join_structlog, log_to_stderr
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
    """Run until stopped. Raises Refusal for settings or a database that cannot be used."""
    found = read_settings()
    platforms = bool(found.discord_token or found.telegram_token)
    if platforms:
        log_to_stderr(found.log_format, found.log_level, secret_values(found))
    else:
        join_structlog()
    _run(_run_until_stopped(_run_platforms(found), _limit_shutdown) if platforms else _run_terminal(found))


def run_worker() -> None:
    """Check links for bot processes until stopped. Raises Refusal as `main` does."""
    found = read_settings()
    if found.database_url is None or not found.readers:
        raise StartupError(NO_WORKER)
    log_to_stderr(found.log_format, found.log_level, secret_values(found))
    _run(_run_until_stopped(_check_for_bots(found), _limit_shutdown))


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
    found: EnvironmentSettings, counted: Callable[[Checker], Checker] = lambda checks: checks
) -> AsyncIterator[Services]:
    """Open what the platforms talk to, with everything behind it, and close it in the reverse order. Raises
    CannotStore. `counted`: what counts the checks on their way."""
    async with open_resources(found, now) as stood_on, open_check_engine(found, stood_on) as engine:
        database = stood_on.engine
        rooms, history = SqlRooms(database, now), SqlHistory(database)
        memory = Stores(rooms, history, SqlPeople(database, now), SqlObjections(database, now))
        job_store = SqlJobStore(database, now)
        forgetting = Retention(stood_on.reports, rooms, history, job_store, memory, now)
        async with run_in_background(forgetting.run()):
            talk = ConversationService(
                checker=counted(SingleFlight(engine.work)),
                text_reader=stood_on.readers,
                stores=memory,
                clock=now,
                look_up_report=stood_on.reports.get,
                find_links=partial(find_links, loopback=found.allow_loopback),
            )
            notices = Notices(memory)
            dispatcher = Dispatcher(job_store, talk, now)
            yield Services(
                talk, Commands(memory, notices), dispatcher, job_store, notices, stood_on.readers, engine
            )


# ── places ──────────────────────────────────────────────────────────────────────────────────────────


async def _run_terminal(found: EnvironmentSettings) -> None:
    from handlers.terminal.run import run  # noqa: PLC0415  # platforms do without it, and it without them

    async with open_services(found) as parts:
        await run(
            parts.conversation,
            parts.commands,
            parts.notices,
            history=data_dir() / "history",
            retention_days=found.retention_days,
            loopback=found.allow_loopback,
        )


async def _run_platforms(found: EnvironmentSettings) -> None:
    """Every platform with a token, in one event loop. Raises Refusal when none of them runs any more."""
    from handlers.monitoring import CountedChecks, Metrics, MonitoringServer  # noqa: PLC0415  # the terminal does without

    if found.allow_loopback:
        _log.warning(get_phrases().say("terminal.loopback"))
    tokens = {"discord": found.discord_token, "telegram": found.telegram_token}
    figures, pulse = Metrics(), Heartbeats(name for name, token in tokens.items() if token)
    async with (
        open_services(found, lambda checks: CountedChecks(checks, figures, now)) as parts,
        MonitoringServer(figures, pulse, parts.job_store, now, parts.engine.flights).serve(
            found.operations_listen, found.operations_port
        ),
        run_in_background(_freeze_garbage()),
        asyncio.TaskGroup() as places,
    ):
        figures.collect_from(parts.readers, pulse, parts.conversation, parts.engine.queued)
        if found.discord_token:
            place = _run_discord(found, found.discord_token, parts, partial(pulse.beat, "discord"))
            places.create_task(_isolate("Discord", place))
        if found.telegram_token:
            place = _run_telegram(found, found.telegram_token, parts, partial(pulse.beat, "telegram"))
            places.create_task(_isolate("Telegram", place))
    raise StartupError("No platform accepts its token, so there is nothing to run; the log has the reasons.")


async def _run_discord(
    found: EnvironmentSettings, token: SecretStr, parts: Services, beat: Callable[[], None]
) -> None:
    from handlers.discord.client import run  # noqa: PLC0415  # heavy, and only if wanted

    await run(
        parts.conversation,
        parts.dispatcher,
        token.get_secret_value(),
        commands=parts.commands,
        notices=parts.notices,
        shard=(found.discord_shard_id, found.discord_shard_count),
        beat=beat,
    )


async def _run_telegram(
    found: EnvironmentSettings, token: SecretStr, parts: Services, beat: Callable[[], None]
) -> None:
    from handlers.telegram.client import run  # noqa: PLC0415  # as above
    from handlers.telegram.webhook import Webhook  # noqa: PLC0415  # as above

    secret, url = found.telegram_webhook_secret, found.telegram_webhook_url
    shown = None if secret is None else secret.get_secret_value()
    listen, port = found.telegram_webhook_listen, found.telegram_webhook_port
    await run(
        parts.conversation,
        parts.dispatcher,
        token.get_secret_value(),
        commands=parts.commands,
        notices=parts.notices,
        webhook=None if url is None else Webhook(url, listen, port, shown),
        beat=beat,
    )


async def _check_for_bots(found: EnvironmentSettings) -> None:
    """Links that bot processes have handed on, until told to end."""
    from handlers.monitoring import CountedWork, Metrics, MonitoringServer  # noqa: PLC0415  # as above

    figures, pulse = Metrics(), Heartbeats(())
    async with open_resources(found, now) as stood_on:
        flights, job_store = SqlFlights(stood_on.engine, now), SqlJobStore(stood_on.engine, now)
        figures.collect_from(stood_on.readers, pulse)
        work = CountedWork(stood_on.check, figures, now)
        asked = MonitoringServer(figures, pulse, job_store, now, flights)
        async with (
            asked.serve(found.operations_listen, found.operations_port),
            run_in_background(purge_shared_tables(stood_on, flights), _freeze_garbage()),
        ):
            _log.info("at work for every bot on this database, %d pages at once", found.readers)
            await Worker(stood_on.engine, flights, work, leaves=GRACE_SECONDS).run()


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
    """Run until it ends or the system asks the process to stop. Then shut down gracefully: what was accepted
    is still finished, however often the system asks. `told` hears of the first time."""
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
