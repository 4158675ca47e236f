"""The process is killed in the middle of checks, or its readers are, again and again."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from pathlib import Path
from typing import Final

from bot.errors import ReaderKilled
from tests.faults.counts import Counts
from tests.faults.crowd import REPORTED, Crowd, failed
from tests.handlers.lives import Fakes, living, world
from tests.storage.clusters import children
from tests.storage.databases import postgres

_SOONER: Final = 0.05  # seconds in which a kill comes after an answer
_SHOTS, _APART = 5, 0.7  # at readers, and seconds between them


async def bot_on_sqlite(folder: Path) -> Counts:
    return await _killed(folder / "h.sqlite3", folder / "log")


async def bot_on_postgresql(folder: Path) -> Counts:
    with postgres(migrated=True) as address:
        return await _killed(address, folder / "log")


async def _killed(database: Path | str, log: Path) -> Counts:
    """Once at any moment while answers go out, once while pages are read; Telegram is asked meanwhile."""
    async with world(lambda name: name.startswith("held")) as (pages, discord, telegram):
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        crowd = Crowd(pages, discord, telegram)
        async with living(database, fakes, log=log):
            asked = await crowd.asks("quick", 10)
            await pages.wanted(*asked)
            await crowd.until_answered(random.randint(1, 8))
            await asyncio.sleep(random.uniform(0, _SOONER))
        gap = await crowd.in_the_gap(database)
        await crowd.asks("unheard", 2, ways=("private", "group"))
        async with living(database, fakes, log=log):
            await crowd.until_answered()
            await pages.wanted(*await crowd.asks("held", 8))
        gap += await crowd.in_the_gap(database)
        pages.open.set()
        async with living(database, fakes, log=log):
            return await crowd.counts(database, gap)


async def readers(folder: Path) -> Counts:
    """The page that was being read is spoken of, if only to say that it was not; the next ones are read."""
    async with world(lambda _: False) as (pages, discord, telegram):
        crowd = Crowd(pages, discord, telegram)
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        database = folder / "h.sqlite3"
        async with living(database, fakes, log=folder / "log", marked=True) as process:
            asked = await crowd.asks("slow", 12, wants=(REPORTED, *failed(ReaderKilled())))
            await pages.wanted(*asked)
            shot = 0
            for _ in range(_SHOTS):
                await asyncio.sleep(_APART)
                shot += _shoot(process.pid)
            assert shot
            await crowd.until_answered()
            await crowd.asks("after", 4)
            return await crowd.counts(database)


def _shoot(process: int) -> int:
    """Kills the readers of a bot; how many there were."""
    found = [one for one in children(process) if _reads(one)]
    for one in found:
        os.kill(one, signal.SIGKILL)
    return len(found)


def _reads(process: int) -> bool:
    return b"anyio.to_process" in Path(f"/proc/{process}/cmdline").read_bytes()
