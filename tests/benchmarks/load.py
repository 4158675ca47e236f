"""What a benchmark of a platform under load is made of: news pages, the whole bot, and what is looked at.

The fake platforms and the page server run in a process of their own, so that their work is not the bot's.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
import sys
import tempfile
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

import structlog
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.check import LinkChecker
from bot.commands import Commands
from bot.dispatcher import Dispatcher
from bot.fetching.fetch import HttpFetch
from bot.fetching.links import find_links
from bot.ports import Checker, Clock, Fetcher, Reader, TextReader
from bot.readers import Readers
from bot.room_settings.kinds import Value
from bot.room_settings.overrides import Overrides
from bot.rooms import FindingKind, Mode
from bot.service import ConversationService
from bot.single_flight import CheckEngine, SingleFlight
from bot.stores import Stores
from storage.engine import open_engine
from storage.history import SqlHistory
from storage.job_store import SqlJobStore
from storage.objections import SqlObjections
from storage.people import SqlPeople
from storage.reports import SqlReports
from storage.rooms import SqlRooms
from tests.benchmarks import machine
from tests.benchmarks.prose import article
from tests.fakes.loopback import Loopback

REAL: Final = Path(__file__).resolve().parents[3] / "shared/eval/pages"
TICK: Final = 0.01
WARM_SECONDS: Final = 3.0  # before anything is looked at

Figures = dict[str, int]
Row = tuple[str, object, str]  # what, how much, the goal
Asks = Callable[[int], Coroutine[Any, Any, None]]  # for so many seconds
Platform = Callable[[ConversationService, Dispatcher, Commands], Coroutine[Any, Any, None]]


# ── the other side ──────────────────────────────────────────────────────────────────────────────────


def pages() -> list[bytes]:
    """Real ones, where they are; else one of our own."""
    real = [gzip.decompress(path.read_bytes()) for path in sorted(REAL.glob("*.html.gz"))]
    own = f"<html lang=en><title>News</title><body><article><h1>News</h1>{article(800)}</article></html>"
    return real or [own.encode()]


@contextlib.asynccontextmanager
async def news(served: Counter[str] | None = None, delay: float = 0.0) -> AsyncIterator[str]:
    """The address of a site where every number is one of the `pages`, after so many seconds; `served` counts
    pages and bytes."""
    given, counts = pages(), Counter[str]() if served is None else served

    async def serve(request: web.Request) -> web.Response:
        body = given[int(request.match_info["number"]) % len(given)]
        counts.update(pages=1, bytes=len(body))
        await asyncio.sleep(delay)
        return web.Response(body=body, content_type="text/html")

    application = web.Application()
    application.add_routes([web.get("/news/{number}", serve)])
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
    """How late the loop is, how much memory the process and its readers hold, and which checks were
    dropped."""

    def __init__(self) -> None:
        self.dropped = 0
        self.late = array("d")
        self.memory: list[float] = []
        self.readers: list[float] = []
        self._readers = machine.Readers()
        self.turned_away = TurnedAway()

    async def run(self) -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(TICK)
            self.late.append(perf_counter() - before - TICK)
            if len(self.late) % 100 == 1:
                self.memory.append(machine.memory())
                self.readers.append(self._readers.memory())

    def rows(self) -> list[Row]:
        half, end = self.memory[len(self.memory) // 2], self.memory[-1]
        return [
            ("automatic checks dropped, counted", self.dropped, ""),
            ("pages turned away for want of room, counted in the log", self.turned_away.count, ""),
            *self.of_the_loop(),
            ("main process, MiB, half way and at the end", f"{half:.0f}, {end:.0f}", "flat"),
        ]

    def of_the_loop(self) -> list[Row]:
        late = sorted(self.late)
        return [
            ("event loop late, p99, milliseconds", f"{1000 * late[int(len(late) * 0.99)]:.1f}", "≤ 20"),
            ("event loop late, at most, milliseconds", f"{1000 * late[-1]:.0f}", ""),
            ("main process, MiB, at most", f"{max(self.memory):.0f}", "≤ 180"),
            ("a reader, MiB, at most", f"{max(self.readers):.0f}", "≤ 200"),
        ]


class Parts(NamedTuple):
    """What platforms talk to, and what stands behind it."""

    talk: ConversationService
    dispatcher: Dispatcher
    memory: Stores
    job_store: SqlJobStore


def composed(
    engine: AsyncEngine,
    fetch: Fetcher,
    read: Reader,
    clock: Clock,
    *,
    text_reader: TextReader,
    counted: Callable[[Checker], Checker] = lambda checks: checks,
    work: CheckEngine | None = None,
) -> Parts:
    """The bot on this store, with pages from there; `counted` as in handlers.app. `work`: another engine."""
    reports, rooms = SqlReports(engine, clock, timedelta(days=30)), SqlRooms(engine, clock)
    memory = Stores(rooms, SqlHistory(engine), SqlPeople(engine, clock), SqlObjections(engine, clock))
    talk = ConversationService(
        checker=counted(SingleFlight(work or LinkChecker(fetch, read, reports, clock))),
        text_reader=text_reader,
        stores=memory,
        clock=clock,
        find_links=partial(find_links, loopback=True),
        look_up_report=reports.get,
    )
    job_store = SqlJobStore(engine, clock)
    return Parts(talk, Dispatcher(job_store, talk, clock), memory, job_store)


async def automatic(memory: Stores, places: Mapping[str, Iterable[object]], **more: Value) -> None:
    """Sets these places of each platform to automatic mode, and about every article."""
    values: dict[str, Value] = {
        "mode": Mode.AUTOMATIC,
        "findings": frozenset({FindingKind.EVERY_ARTICLE}),
        **more,
    }
    for platform, named in places.items():
        for place in named:
            await memory.rooms.change(platform, str(place), lambda _: Overrides.of(values), None)


@contextlib.asynccontextmanager
async def whole(database: Path) -> AsyncIterator[Parts]:
    """All of it, with pages from this machine and readers that are warm."""
    engine = await open_engine(database)
    fetch, readers = HttpFetch(contact="", allow_loopback=True), Readers()
    try:
        await readers.warm()
        yield composed(engine, fetch, readers, now, text_reader=readers)
    finally:
        await fetch.aclose()
        await engine.dispose()


def now() -> datetime:
    return datetime.now(UTC)


@contextlib.asynccontextmanager
async def bot(
    database: Path, places: Mapping[str, Iterable[object]], platforms: list[Platform], sampled: Sampled
) -> AsyncIterator[None]:
    """On these platforms, with these places of each in automatic mode, where nobody waits for a turn."""
    async with whole(database) as parts:
        await automatic(parts.memory, places, person_cooldown_seconds=0)
        commands = Commands(parts.memory)
        serving = [
            asyncio.create_task(platform(parts.talk, parts.dispatcher, commands)) for platform in platforms
        ]
        try:
            yield
        finally:
            sampled.dropped = parts.talk.dropped_count
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)


@contextlib.asynccontextmanager
async def other(*command: str) -> AsyncIterator[Other]:
    """A process of these modules and arguments, which ends once its input does."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *command, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Other(process.stdin, process.stdout)
    finally:
        process.stdin.close()
        await process.wait()


class Other(NamedTuple):
    """Another process, by its pipes."""

    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader

    async def says(self) -> Any:
        return json.loads(await self.stdout.readline())


async def measured(
    module: str, seconds: int, places: dict[str, list[int]], platforms: Callable[..., list[Platform]]
) -> tuple[Figures, Sampled]:
    """`module --offer SECONDS` says in its first line what `platforms` needs to meet the fakes, and in its
    second one what came."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sampled = Sampled()
    logging.getLogger("bot").addHandler(sampled.turned_away)
    async with other(module, "--offer", str(seconds)) as fakes:
        where = await fakes.says()
        with tempfile.TemporaryDirectory() as folder:
            async with bot(Path(folder) / "h.sqlite3", places, platforms(*where), sampled):
                await asyncio.sleep(WARM_SECONDS)
                sampling = asyncio.create_task(sampled.run())
                (found,) = await fakes.says()
                sampling.cancel()
    return found, sampled


def tell(*rows: Row) -> None:
    for what, value, goal in rows:
        sys.stdout.write(f"{what:<68} {value:>14}   {f'goal {goal}' if goal else ''}".rstrip() + "\n")


def started(offered: Asks, main: Asks) -> None:
    """By the command line: `--offer SECONDS` is the other side, else SECONDS are measured."""
    if sys.argv[1:2] == ["--offer"]:
        asyncio.run(offered(int(sys.argv[2])))
    else:
        asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 60))


async def serve(delay: float) -> None:
    """The news alone: its address, and once it is told anything, what it served."""
    served = Counter[str]()
    async with news(served, delay) as address:
        say(address)
        await asyncio.to_thread(sys.stdin.readline)
        say(served)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
