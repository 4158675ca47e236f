"""The database goes away and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

from tests.faults.counts import Counts
from tests.faults.crowd import Crowd
from tests.handlers.lives import Fakes, living, world
from tests.storage.clusters import Cluster, cluster

SECONDS: Final = 20.0
_SOON: Final = 1.0  # seconds in which what is under way runs into it

Away = Callable[[Cluster], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def _stopped(server: Cluster) -> AsyncIterator[None]:
    await asyncio.to_thread(server.stop)
    yield
    await asyncio.to_thread(server.start)


@asynccontextmanager
async def _silent(server: Cluster) -> AsyncIterator[None]:
    server.silence()
    yield
    server.speak()


async def postgresql_stopped(folder: Path) -> Counts:
    return await _away(_stopped, folder)


async def postgresql_silent(folder: Path) -> Counts:
    return await _away(_silent, folder)


async def _away(away: Away, folder: Path) -> Counts:
    """Before, in the middle of reading, in the middle of sending, meanwhile, and after."""
    async with cluster() as server, world(lambda name: name.startswith("held")) as (pages, discord, telegram):
        crowd = Crowd(pages, discord, telegram)
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        async with living(server.address, fakes, log=folder / "log") as process:
            await crowd.asks("before", 4)
            await crowd.until_answered()
            await pages.wanted(*await crowd.asks("held", 4))
            sending = telegram.hold("sendMessage")
            await crowd.asks("sent", 1, ways=("private",))
            await telegram.watch.until(lambda: telegram.held("sendMessage"))
            async with away(server):
                sending.set()
                await asyncio.sleep(_SOON)
                pages.open.set()
                await crowd.asks("meanwhile", 6)
                await asyncio.sleep(SECONDS - _SOON)
            await crowd.asks("after", 4)
            found = await crowd.counts(server.address)
            assert process.returncode is None
            return found
