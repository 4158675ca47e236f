"""What a benchmark of a platform under load is made of: news pages, the whole bot, and what is looked at.

The fake platforms and the page server run in a process of their own, so that their work is not the bot's.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import structlog
from aiohttp import web

from bot.check import Check
from bot.commands import Commands
from bot.desk import Desk
from bot.fetching.fetch import HttpFetch
from bot.fetching.links import links
from bot.hearsay import Hearsay
from bot.memory import Memory
from bot.model import Link
from bot.readers import Readers
from bot.rooms import Finding, Mode
from bot.setting.kinds import Value
from bot.setting.overrides import Overrides
from bot.work import Flights
from storage.checks import SqlLedger
from storage.engine import opened
from storage.history import SqlHistory
from storage.objections import SqlObjections
from storage.people import SqlPeople
from storage.reports import SqlReports
from storage.rooms import SqlRooms
from tests.benchmarks.prose import article
from tests.fakes.loopback import Loopback

REAL: Final = Path(__file__).resolve().parents[3] / "shared/eval/pages"
TICK: Final = 0.01
WARM_SECONDS: Final = 3.0  # before anything is looked at

Figures = dict[str, int]
Row = tuple[str, object, str]  # what, how much, the goal
Asks = Callable[[int], Coroutine[Any, Any, None]]  # for so many seconds
Platform = Callable[[Hearsay, Desk, Commands], Coroutine[Any, Any, None]]


# ── the other side ──────────────────────────────────────────────────────────────────────────────────


@contextlib.asynccontextmanager
async def news() -> AsyncIterator[str]:
    """The address of a site where every number is an article: real ones, where they are; else one of our
    own."""
    real = [gzip.decompress(path.read_bytes()) for path in sorted(REAL.glob("*.html.gz"))]
    own = f"<html lang=en><title>News</title><body><article><h1>News</h1>{article(800)}</article></html>"
    pages = real or [own.encode()]

    async def served(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        return web.Response(body=pages[number % len(pages)], content_type="text/html")

    application = web.Application()
    application.add_routes([web.get("/news/{number}", served)])
    site = Loopback(application)
    await site.start()
    try:
        yield f"http://127.0.0.1:{site.port}/news"
    finally:
        await site.stop()


def say(*what: object) -> None:
    """A line to the process that measures."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def report(found: Figures) -> None:
    """The figures; then it is waited for, since the bot leaves before the platforms do."""
    say(found)
    await asyncio.to_thread(sys.stdin.read)


async def each(number: int, rate: float, does: Callable[[int], Awaitable[None]]) -> None:
    """So many times, so many a second, whatever the other side makes of it."""
    began = perf_counter()
    for one in range(number):
        await asyncio.sleep(max(0.0, began + one / rate - perf_counter()))
        await does(one)


# ── the bot ─────────────────────────────────────────────────────────────────────────────────────────


class TurnedAway(logging.Handler):
    """Counts the pages for which there was no room."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += "turned away" in str(record.msg)


class Sampled:
    """How late the loop is, how much memory the process holds, and which checks were dropped."""

    def __init__(self) -> None:
        self.dropped = 0
        self.late: list[float] = []
        self.memory: list[float] = []
        self.turned_away = TurnedAway()

    async def run(self) -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(TICK)
            self.late.append(perf_counter() - before - TICK)
            if len(self.late) % 100 == 1:
                self.memory.append(_memory())

    def rows(self) -> list[Row]:
        late = sorted(self.late)
        half, end = self.memory[len(self.memory) // 2], self.memory[-1]
        return [
            ("automatic checks dropped, counted", self.dropped, ""),
            ("pages turned away for want of room, counted in the log", self.turned_away.count, ""),
            ("event loop late, p99, milliseconds", f"{1000 * late[int(len(late) * 0.99)]:.1f}", "≤ 20"),
            ("event loop late, at most, milliseconds", f"{1000 * late[-1]:.0f}", ""),
            ("main process, MiB, at most", f"{max(self.memory):.0f}", "≤ 180"),
            ("main process, MiB, half way and at the end", f"{half:.0f}, {end:.0f}", "flat"),
        ]


def _memory() -> float:
    """What this process holds, in MiB."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextlib.asynccontextmanager
async def bot(
    database: Path, automatic: dict[str, list[int]], platforms: list[Platform], sampled: Sampled
) -> AsyncIterator[None]:
    """All of it, with these places of each platform in automatic mode and about every article."""

    def now() -> datetime:
        return datetime.now(UTC)

    engine = await opened(database)
    reports, rooms = SqlReports(engine, now, timedelta(days=30)), SqlRooms(engine, now)
    people, objections = SqlPeople(engine, now), SqlObjections(engine, now)
    memory = Memory(rooms, SqlHistory(engine), people, objections)
    values: dict[str, Value] = {
        "mode": Mode.AUTOMATIC,
        "findings": frozenset({Finding.EVERY_ARTICLE}),
        "person_cooldown_seconds": 0,
    }
    for platform, places in automatic.items():
        for place in places:
            await rooms.change(platform, str(place), lambda _: Overrides.of(values), None)
    fetch, readers = HttpFetch(contact="", allow_loopback=True), Readers()
    await readers.warm()

    def found(text: str) -> tuple[Link, ...]:
        return links(text, loopback=True)

    check = Flights(Check(fetch, readers, reports, now))

    talk = Hearsay(
        check=check, read_text=readers.read_text, memory=memory, clock=now, finds=found, kept=reports.get
    )
    desk, commands = Desk(SqlLedger(engine, now), talk, now), Commands(memory)
    serving = [asyncio.create_task(platform(talk, desk, commands)) for platform in platforms]
    try:
        yield
    finally:
        sampled.dropped = talk.spared
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await fetch.aclose()
        await engine.dispose()


async def measured(
    module: str, seconds: int, automatic: dict[str, list[int]], platforms: Callable[..., list[Platform]]
) -> tuple[Figures, Sampled]:
    """`module --offer SECONDS` says in its first line what `platforms` needs to meet the fakes, and in its
    second one what came."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sampled = Sampled()
    logging.getLogger("bot").addHandler(sampled.turned_away)
    other = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        "--offer",
        str(seconds),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    where = json.loads(await other.stdout.readline())
    with tempfile.TemporaryDirectory() as folder:
        async with bot(Path(folder) / "h.sqlite3", automatic, platforms(*where), sampled):
            await asyncio.sleep(WARM_SECONDS)
            sampling = asyncio.create_task(sampled.run())
            (found,) = json.loads(await other.stdout.readline())
            sampling.cancel()
    other.stdin.close()
    await other.wait()
    return found, sampled


def tell(*rows: Row) -> None:
    for what, value, goal in rows:
        sys.stdout.write(f"{what:<60} {value:>14}   {f'goal {goal}' if goal else ''}".rstrip() + "\n")


def started(offered: Asks, main: Asks) -> None:
    """By the command line: `--offer SECONDS` is the other side, else SECONDS are measured."""
    if sys.argv[1:2] == ["--offer"]:
        asyncio.run(offered(int(sys.argv[2])))
    else:
        asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 60))
