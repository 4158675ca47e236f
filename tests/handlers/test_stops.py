"""A bot in a process of its own is told to end while everything takes too long: it is gone within 30 s, and
the next process answers what it left, once."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from io import FileIO, RawIOBase
from pathlib import Path
from time import monotonic
from typing import IO, Any, Final

import pytest

from tests.fakes.discord_objects import BOT
from tests.fakes.telegram import ADMINISTRATOR, PERSON, STRANGER
from tests.handlers.lives import PATIENCE, Fakes, Pages, Process, living, more, settled, world

BOUND: Final = 30.0  # seconds
AT_ONCE: Final = 10.0  # seconds; 3.1 were measured
ASKERS: Final = (PERSON, STRANGER, ADMINISTRATOR)
_SMALL: Final = 1 << 14  # bytes of a pipe


async def asked_by_all(pages: Pages, fakes: Fakes) -> None:
    """Several ask for one link in a room of each platform, and the page takes as long as a page may."""
    for by in ASKERS:
        await fakes["discord"].says(f"<@{BOT}> {pages.link('d')}", by=by)
        await fakes["telegram"].says(f"/check {pages.link('t')}", by=by)
    await pages.wanted("d", "t")


async def ended(process: Process, how: int = signal.SIGTERM, *, times: int = 1) -> tuple[int, float]:
    """How it ends, and after how many seconds; it is told to once a second, so many times."""
    began = monotonic()
    waiting = asyncio.create_task(process.wait())
    for _ in range(times):
        if waiting.done():
            break
        process.send_signal(how)
        await asyncio.wait({waiting}, timeout=1)
    code = await asyncio.wait_for(waiting, BOUND + PATIENCE)
    return code, monotonic() - began


async def answered_by_the_next(database: Path, pages: Pages, fakes: Fakes, number: int) -> None:
    """So many answers on each platform, and no more."""
    pages.open.set()
    async with living(database, fakes):
        for fake in fakes.values():
            await fake.watch.until(partial(more, fake, number), PATIENCE)
        await settled(*fakes.values())
    assert [len(fake.sent) for fake in fakes.values()] == [number] * len(fakes)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM checks WHERE finished IS NULL").fetchone() == (0,)


def both(discord: Any, telegram: Any) -> Fakes:
    return {"discord": discord, "telegram": telegram}


async def _pages_that_never_answer(folder: Path) -> float:
    """A page is given up in time for all who wait for it to be told so."""
    database = folder / "pages.sqlite3"
    async with world() as (pages, discord, telegram):
        fakes = both(discord, telegram)
        async with living(database, fakes) as process:
            await asked_by_all(pages, fakes)
            code, seconds = await ended(process)
        assert (code, [len(fake.sent) for fake in fakes.values()]) == (0, [len(ASKERS)] * len(fakes))
        await answered_by_the_next(database, pages, fakes, len(ASKERS))
    return seconds


async def _platforms_that_never_answer(folder: Path) -> float:
    """Discord says nothing, Telegram is out of order, and the system asks again and again."""
    database = folder / "platforms.sqlite3"
    async with world() as (pages, discord, telegram):
        fakes = both(discord, telegram)
        held = [discord.hold("POST messages"), discord.hold("close")]
        telegram.fail("sendMessage", 1000)
        with (folder / "log").open("w+b") as log:
            async with living(database, fakes, log=log) as process:
                pages.open.set()
                await discord.says(f"<@{BOT}> {pages.link('d')}")
                await telegram.says(f"/check {pages.link('t')}")
                await pages.wanted("d", "t")
                await asyncio.sleep(1)
                code, seconds = await ended(process, times=int(BOUND))
            log.seek(0)
            given_up = [line for line in log if b"an answer was given up" in line]
        assert code == 0
        assert {b" check=" in line for line in given_up} == {True}
        for one in held:
            one.set()
        telegram.fail("sendMessage", 0)
        await answered_by_the_next(database, pages, fakes, 1)
    return seconds


@contextmanager
def unread() -> Iterator[tuple[IO[bytes], RawIOBase]]:
    """A log that nobody reads, and a way to fill it until there is no room for another byte."""
    there, here = os.pipe()
    fcntl.fcntl(here, fcntl.F_SETPIPE_SZ, _SMALL)
    # Opened anew, since not to block is a matter of the opening, which the process would share.
    fill = os.open(f"/proc/self/fd/{here}", os.O_WRONLY | os.O_NONBLOCK)
    with os.fdopen(there, "rb"), os.fdopen(here, "wb") as log, FileIO(fill, "wb") as filling:
        yield log, filling


async def _log_that_nobody_reads(folder: Path) -> float:
    """The whole process hangs, at the line that it cannot write."""
    database = folder / "log.sqlite3"
    async with world() as (pages, discord, telegram):
        fakes = both(discord, telegram)
        with unread() as (log, filling):
            async with living(database, fakes, log=log) as process:
                await asked_by_all(pages, fakes)
                while filling.write(b"."):
                    pass
                pages.open.set()
                await asyncio.sleep(1)
                code, seconds = await ended(process)
        assert (code, [len(fake.sent) for fake in fakes.values()]) == (0, [0, 0])
        await answered_by_the_next(database, pages, fakes, len(ASKERS))
    return seconds


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A process that was started in the background ignores Ctrl-C, and so would those that it starts."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.takes(10)
@pytest.mark.usefixtures("interruptible")
async def test_a_second_ctrl_c_ends_it_at_once_and_loses_nothing(tmp_path: Path) -> None:
    database = tmp_path / "h.sqlite3"
    async with world() as (pages, discord, telegram):
        fakes = both(discord, telegram)
        async with living(database, fakes) as process:
            await asked_by_all(pages, fakes)
            code, seconds = await ended(process, signal.SIGINT, times=2)
        assert (code, [len(fake.sent) for fake in fakes.values()]) == (130, [0, 0])
        assert seconds < AT_ONCE
        await answered_by_the_next(database, pages, fakes, len(ASKERS))


@pytest.mark.takes(40)
@pytest.mark.parametrize(
    "life", [_pages_that_never_answer, _platforms_that_never_answer, _log_that_nobody_reads]
)
async def test_it_is_gone_within_thirty_seconds_and_what_it_left_is_answered_once(
    life: Callable[[Path], Awaitable[float]], tmp_path: Path
) -> None:
    assert await life(tmp_path) < BOUND
