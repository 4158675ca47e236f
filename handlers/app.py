"""The composition root: the one place that knows every part and wires them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.check import Check
from bot.conversation import Hearsay
from bot.fetching.fetch import HttpFetch
from bot.fetching.links import links
from bot.work import Readers
from handlers.home import home
from handlers.logs import join_structlog, log_to_stderr
from handlers.refusals import Refusal
from handlers.settings import Settings, settings
from storage.engine import CannotStore, opened
from storage.reports import SqlReports


def now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """Run until stopped. Raises Refusal for settings or a database that cannot be used."""
    found = settings()
    platforms = bool(found.discord_token or found.telegram_token)
    if platforms:
        log_to_stderr(found.log_format, found.log_level)
    else:
        join_structlog()
    try:
        asyncio.run(_platforms(found) if platforms else _terminal(found))
    except CannotStore as problem:
        raise Refusal(str(problem)) from problem


@asynccontextmanager
async def hearsay(found: Settings) -> AsyncIterator[Hearsay]:
    """The conversation with everything behind it, taken down in the reverse order. Raises CannotStore."""
    engine = await opened(found.database)
    fetch = HttpFetch(contact=found.contact, allow_loopback=found.allow_loopback)
    readers = Readers()
    try:
        reports = SqlReports(engine, now, timedelta(days=found.retention_days))
        await reports.expire()
        check = Check(fetch, readers, reports, now)
        finds = partial(links, loopback=found.allow_loopback)
        yield Hearsay(check, readers.read_text, now, finds)
    finally:
        await fetch.aclose()
        await engine.dispose()


async def _terminal(found: Settings) -> None:
    from handlers.terminal.run import run  # noqa: PLC0415  # platforms do without it, and it without them

    async with hearsay(found) as conversation:
        await run(
            conversation,
            history=home() / "history",
            retention_days=found.retention_days,
            loopback=found.allow_loopback,
        )


async def _platforms(found: Settings) -> None:
    async with hearsay(found) as conversation, asyncio.TaskGroup() as places:
        if found.discord_token:
            from handlers.discord.client import run as run_discord  # noqa: PLC0415  # heavy, and only if wanted

            places.create_task(run_discord(conversation, found.discord_token.get_secret_value()))
        if found.telegram_token:
            from handlers.telegram.client import run as run_telegram  # noqa: PLC0415  # as above

            places.create_task(run_telegram(conversation, found.telegram_token.get_secret_value()))
