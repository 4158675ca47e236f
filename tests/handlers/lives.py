"""What tests of a bot in a process of its own share: its life, the news site that it reads, the platforms."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import IO, Any, Final, Self

from aiohttp import web

from tests.fakes.discord import FakeDiscord
from tests.fakes.loopback import Loopback
from tests.fakes.telegram import FakeTelegram
from tests.fakes.waiting import Watch
from tests.faults.marked import mark
from tests.handlers.forks import ROOT, Forked
from tests.handlers.living import Life
from tests.handlers.test_platforms import ARTICLE

PATIENCE: Final = 120.0  # seconds for a process to start, or to try again, on a busy machine
CLAIM: Final = 1.0  # seconds after which what a dead process left is anybody's

Fakes = dict[str, Any]
Process = asyncio.subprocess.Process | Forked


class Pages:
    """News sites with a page each, of its own name, which hold back those that `holds` until they are told to
    give them."""

    def __init__(self, holds: Callable[[str], bool] = lambda _: True) -> None:
        self.watch = Watch()
        self.open = asyncio.Event()
        self.asked: Counter[str] = Counter()
        self._holds = holds
        application = web.Application()
        application.router.add_get("/{name}", self._page)
        self._loopback = Loopback(application)

    async def __aenter__(self) -> Self:
        await self._loopback.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.open.set()
        await self._loopback.stop()

    def link(self, name: str) -> str:
        """On a site of its own: one site is asked for one page a second."""
        return f"http://{name}.localhost:{self._loopback.port}/{name}"

    async def wanted(self, *names: str) -> None:
        """Until the bot has asked for these, so that it is at work on them."""
        await self.watch.until(lambda: all(self.asked[name] for name in names), PATIENCE)

    async def _page(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.asked[name] += 1
        await self.watch.tell()
        if self._holds(name):
            await self.open.wait()
        return web.Response(text=mark(name) + ARTICLE, content_type="text/html")


@asynccontextmanager
async def living(
    database: Path | str,
    fakes: Fakes,
    *,
    log: Path | IO[bytes] | None = None,
    within: Callable[..., list[str]] | None = None,
    **more: Any,
) -> AsyncIterator[Process]:
    """The bot in a process of its own once it has met all its platforms; killed at the end. `within`: makes
    the command line of a process that is started anew. `more`: as `Life` has it."""
    met = {name: _meetings(fake) for name, fake in fakes.items()}
    platforms = {name: (fake.port, fake.token) for name, fake in fakes.items()}
    life = Life(str(database), platforms, **{"claim": CLAIM, **more})
    with _appended(log) as written:
        process = await (_start(life, written, within) if within else Forked.begin(life.told(), written))
    try:
        for name, fake in fakes.items():
            await fake.watch.until(lambda name=name, fake=fake: _meetings(fake) > met[name], PATIENCE)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _start(life: Life, errors: IO[bytes], within: Callable[..., list[str]]) -> Process:
    return await asyncio.create_subprocess_exec(
        *within(sys.executable, "-m", "tests.handlers.living", life.told()),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=errors,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def _appended(log: Path | IO[bytes] | None) -> AbstractContextManager[IO[bytes]]:
    if log is None or isinstance(log, Path):
        return Path(log or os.devnull).open("ab")
    return nullcontext(log)


def _meetings(fake: Any) -> int:
    return int(fake.identified if isinstance(fake, FakeDiscord) else fake.polls + bool(fake.webhook))


def more(fake: Any, number: int) -> bool:
    """Whether the bot has sent as many messages."""
    return len(fake.sent) >= number


@asynccontextmanager
async def world(
    holds: Callable[[str], bool] = lambda _: True, *, content_intent: bool = False
) -> AsyncIterator[tuple[Pages, FakeDiscord, FakeTelegram]]:
    async with (
        Pages(holds) as pages,
        FakeDiscord(content_intent=content_intent, elsewhere=True) as discord,
        FakeTelegram() as telegram,
    ):
        yield pages, discord, telegram


async def settled(*fakes: Any) -> None:
    """Long enough for a check that was left to be taken up once more, if anybody wrongly would."""
    before = [len(fake.sent) for fake in fakes]
    await asyncio.sleep(3 * CLAIM)
    assert [len(fake.sent) for fake in fakes] == before
