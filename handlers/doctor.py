"""The startup checks of `hearsay doctor`: settings, clock, database, weights, readers, a port, tokens.

Looking changes nothing: no database is made or migrated, and no update is fetched.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

import httpx

from bot.errors import ReaderKilled
from bot.readers import Readers
from bot.sandbox import SandboxLimits
from handlers.resources import now
from handlers.settings import EnvironmentSettings, database_location
from handlers.startup_errors import StartupError
from handlers.weights import require_weights
from storage.engine import CannotStore
from storage.read_only import NotThere, open_read_only
from storage.single_flight import SqlFlights

OFF_BY: Final = 60.0  # seconds; a clock that is further off breaks tokens' times, cooldowns and ages
TIME: Final = "https://api.telegram.org/", "https://discord.com/"
HEARD_WITHIN: Final = 10.0  # seconds; workers give a sign of life every one
_PATIENCE: Final = 10.0  # seconds


class StartupCheck(NamedTuple):
    """The result of one check. `well`: it stands in no start's way."""

    what: str
    well: bool
    sentence: str


PlatformChecks = Callable[[EnvironmentSettings], Awaitable[list[StartupCheck]]]


async def run_checks(
    settings: EnvironmentSettings, platforms: tuple[PlatformChecks, ...], clocks: tuple[str, ...] = TIME
) -> AsyncIterator[StartupCheck]:
    """Yield one result after the other, so that a slow one does not hide the rest."""
    yield StartupCheck("settings", True, "All of them are valid.")
    yield await check_clock(clocks)
    yield await check_database(settings)
    if settings.database_url is not None:
        yield await check_workers(settings)
    yield check_weights()
    yield await check_readers()
    yield check_port(settings)
    for platform in platforms:
        for one in await platform(settings):
            yield one
    if not (settings.discord_token or settings.telegram_token):
        yield StartupCheck("platforms", True, "No token is set, so `hearsay run` is a chat in the terminal.")


async def check_clock(addresses: tuple[str, ...]) -> StartupCheck:
    """Compare with the first of some servers that tells the time (RFC 9110, 6.6.1)."""
    for address in addresses:
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
                told = (await client.head(address)).headers.get("date", "")
            off = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
        except (httpx.HTTPError, ValueError, TypeError):
            continue
        if off > OFF_BY:
            return StartupCheck("clock", False, f"It is {off:.0f} seconds off; set it by a time server.")
        return StartupCheck("clock", True, "It is right.")
    return StartupCheck("clock", True, "No server could be reached to compare it with.")


async def check_database(settings: EnvironmentSettings) -> StartupCheck:
    try:
        async with open_read_only(database_location(settings)):
            return StartupCheck("database", True, "It is there, and up to date.")
    except NotThere as problem:
        return StartupCheck("database", True, str(problem))
    except CannotStore as problem:
        return StartupCheck("database", False, str(problem))


async def check_workers(settings: EnvironmentSettings) -> StartupCheck:
    """Look for workers, which read pages for the bots that share a database."""
    try:
        async with open_read_only(database_location(settings)) as engine:
            alive = await SqlFlights(engine, now).count_workers(HEARD_WITHIN)
    except CannotStore:
        alive = 0
    if alive or settings.readers:
        return StartupCheck(
            "workers", True, f"{alive} at work; this process reads {settings.readers} pages at once."
        )
    said = "None is at work, and HEARSAY_READERS is 0, so pages wait: start one with `hearsay worker`."
    return StartupCheck("workers", False, said)


def check_weights() -> StartupCheck:
    try:
        require_weights()
    except StartupError as problem:
        return StartupCheck("weights", False, str(problem))
    return StartupCheck("weights", True, "The learnt decisions can be loaded.")


async def check_readers() -> StartupCheck:
    readers = Readers(limits=SandboxLimits(at_once=1))
    try:
        await readers.warm()
    except ReaderKilled:
        return StartupCheck(
            "readers", False, "Pages cannot be read here: the reader process ends at once; see the log."
        )
    finally:
        await readers.close()
    return StartupCheck("readers", True, "Pages can be read.")


def check_port(settings: EnvironmentSettings) -> StartupCheck:
    listen, port = settings.operations_listen, settings.operations_port
    if not port:
        return StartupCheck("operations", True, "Health and metrics are off: HEARSAY_OPERATIONS_PORT is 0.")
    try:
        with socket.create_server((listen, port), reuse_port=False):
            return StartupCheck("operations", True, f"Port {port} is free.")
    except OSError as problem:
        why = problem.strerror or "nothing can listen there"
        return StartupCheck(
            "operations", False, f"{listen}, port {port}: {why}; set HEARSAY_OPERATIONS_PORT."
        )


async def check_discord(settings: EnvironmentSettings) -> list[StartupCheck]:
    if settings.discord_token is None:
        return []
    from handlers.discord.setup_commands import fetch_bot  # noqa: PLC0415  # heavy, and only if wanted

    try:
        name, hears = await fetch_bot(settings.discord_token)
    except StartupError as refused:
        return [StartupCheck("discord", False, str(refused))]
    except Exception as problem:  # noqa: BLE001  # whatever stands between
        return [StartupCheck("discord", False, f"Discord cannot be reached ({type(problem).__name__}).")]
    intent = "sees messages" if hears else "sees no messages, so automatic mode does not work"
    return [StartupCheck("discord", True, f"The token is {name}'s, which {intent}.")]


async def check_telegram(settings: EnvironmentSettings) -> list[StartupCheck]:
    if settings.telegram_token is None:
        return []
    from handlers.telegram.setup_commands import fetch_bot  # noqa: PLC0415  # as above

    try:
        name, hears = await fetch_bot(settings.telegram_token)
    except StartupError as refused:
        return [StartupCheck("telegram", False, str(refused))]
    except Exception as problem:  # noqa: BLE001  # as above
        return [StartupCheck("telegram", False, f"Telegram cannot be reached ({type(problem).__name__}).")]
    mode = "sees every message" if hears else "sees only commands, unless it is an administrator of the group"
    return [StartupCheck("telegram", True, f"The token is @{name}'s, which {mode}.")]


PLATFORMS: Final[tuple[PlatformChecks, ...]] = (check_discord, check_telegram)


def print_checks(settings: EnvironmentSettings, say: Callable[[str], None]) -> bool:
    """Print each result as a line, as soon as it is known; return True if all is well."""

    async def show() -> bool:
        well = True
        async for one in run_checks(settings, PLATFORMS):
            say(f"{'✓' if one.well else '✗'} {one.what}: {one.sentence}")
            well = well and one.well
        return well

    return asyncio.run(show())
