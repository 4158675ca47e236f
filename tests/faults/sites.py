"""Web sites that never answer, and pages that end whoever reads them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic
from typing import Final

from bot.errors import ReaderKilled, TimedOut
from bot.room_settings.kinds import Value
from bot.room_settings.overrides import Overrides
from bot.rooms import FindingKind, Mode
from handlers.resources import now
from storage.engine import open_engine
from storage.rooms import SqlRooms
from tests.fakes.discord_objects import CHANNEL
from tests.fakes.telegram import GROUP
from tests.faults.counts import Counts
from tests.faults.crowd import Crowd, failed, unfinished
from tests.handlers.lives import Fakes, living, world

_GIVEN_UP_WITHIN: Final = 25.0  # seconds; the fetch gives up after 15, and the machine may be busy


async def silent(folder: Path) -> Counts:
    """Who asks for other pages does not wait for it; who asks for its own is told so in time."""
    async with world(lambda name: name.startswith("silent")) as (pages, discord, telegram):
        crowd, database = Crowd(pages, discord, telegram), folder / "h.sqlite3"
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        async with living(database, fakes, log=folder / "log"):
            began = monotonic()
            silent = await crowd.asks("silent", 8, wants=failed(TimedOut()))
            good = await crowd.asks("good", 8)
            await crowd.until_answered(names=good)
            assert not crowd.answered(silent)
            await crowd.until_answered()
            assert monotonic() - began < _GIVEN_UP_WITHIN
            return await crowd.counts(database)


async def poisonous(folder: Path) -> Counts:
    """It is said to those who asked, once, and again when it is asked for after a restart; where nobody
    asked, nothing is said, and nothing left to do."""
    database, log = folder / "h.sqlite3", folder / "log"
    await _listening(database, ("discord", CHANNEL), ("telegram", GROUP))
    async with world(lambda _: False, content_intent=True) as (pages, discord, telegram):
        crowd, wants = Crowd(pages, discord, telegram), failed(ReaderKilled())
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        async with living(database, fakes, log=log, marked=True):
            await discord.says(pages.link("kills-unasked-discord"))
            await telegram.says(pages.link("kills-unasked-telegram"))
            await pages.wanted("kills-unasked-discord", "kills-unasked-telegram")
            await crowd.asks("kills", 4, wants=wants)
            await crowd.asks("good", 8)
            await crowd.counts(database)
        asked = dict(pages.asked)
        async with living(database, fakes, log=log, marked=True):
            await asyncio.sleep(2.0)
            assert dict(pages.asked) == asked
            await crowd.asks("kills", 2, wants=wants)
            await crowd.asks("good", 2)
            found = await crowd.counts(database)
            assert not await unfinished(database)
            return found


async def _listening(database: Path, *rooms: tuple[str, int]) -> None:
    """Rooms in automatic mode, that want to hear of every article, as their admins have set them."""
    values: dict[str, Value] = {"mode": Mode.AUTOMATIC, "findings": frozenset({FindingKind.EVERY_ARTICLE})}
    engine = await open_engine(database)
    for platform, room in rooms:
        await SqlRooms(engine, now).change(platform, str(room), lambda _: Overrides.of(values), None)
    await engine.dispose()
