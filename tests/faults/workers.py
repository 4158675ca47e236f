"""Bots that read no page themselves, and workers that die under them: on PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

from tests.faults.counts import Counts
from tests.faults.crowd import Crowd
from tests.handlers.lives import Fakes, living, world
from tests.handlers.working import PATIENCE, workers
from tests.storage.databases import postgres

NO_READERS: Final[dict[str, Any]] = {"settings": {"readers": "0"}}


async def one_killed(folder: Path) -> Counts:
    """In the middle of checks that both are at work on."""
    return await _killed(folder, 1)


async def all_killed(folder: Path) -> Counts:
    """Nobody is left, so that the bot checks what it has handed on itself."""
    return await _killed(folder, 2)


async def _killed(folder: Path, number: int) -> Counts:
    async with world(lambda name: name.startswith("held")) as (pages, discord, telegram):
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        crowd = Crowd(pages, discord, telegram)
        with postgres(migrated=True) as address:
            async with workers(address, 2) as both, living(address, fakes, log=folder / "log", **NO_READERS):
                await pages.wanted(*await crowd.asks("held", 12))
                for worker in both[:number]:
                    worker.kill()
                pages.open.set()
                await crowd.asks("quick", 4)
                return await crowd.counts(address)


async def bot_killed(folder: Path) -> Counts:
    """While a worker reads for it: the next bot finds what the worker has found."""
    async with world(lambda name: name.startswith("held")) as (pages, discord, telegram):
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        crowd, log = Crowd(pages, discord, telegram), folder / "log"
        with postgres(migrated=True) as address:
            async with workers(address):
                async with living(address, fakes, log=log, **NO_READERS):
                    await pages.wanted(*await crowd.asks("held", 12))
                gap = await crowd.in_the_gap(address)
                pages.open.set()
                async with living(address, fakes, log=log, **NO_READERS):
                    counts = await crowd.counts(address, gap)
        assert pages.asked.total() == len(pages.asked)  # each was fetched once
        return counts


async def told_to_end(folder: Path) -> Counts:
    """One worker after the other, as when a new version is put in place."""
    async with world(lambda name: name.startswith("held")) as (pages, discord, telegram):
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        crowd = Crowd(pages, discord, telegram)
        with postgres(migrated=True) as address:
            async with workers(address) as (first,), living(address, fakes, log=folder / "log", **NO_READERS):
                await pages.wanted(*await crowd.asks("held", 8))
                async with workers(address):
                    first.terminate()
                    await asyncio.sleep(1.0)
                    pages.open.set()
                    await crowd.asks("quick", 4)
                    assert await asyncio.wait_for(first.wait(), PATIENCE) == 0
                    return await crowd.counts(address)
