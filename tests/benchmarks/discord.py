"""Discord under load: `make bench-discord`, or `python -m tests.benchmarks.discord [SECONDS]`.

A fake Discord and a page server in a process of their own offer 50 links a second in 200 channels that are
automatic, and a command each second; the bot in this process fetches, reads and answers. Printed: how late
the event loop was, what was answered, what was turned away, and the memory of the main process.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import json
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

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
from bot.rooms import Finding, Mode
from bot.setting.kinds import Value
from bot.setting.overrides import Overrides
from bot.work import Readers
from handlers.discord.client import HearsayClient, run
from storage.checks import SqlLedger
from storage.engine import opened
from storage.history import SqlHistory
from storage.objections import SqlObjections
from storage.people import SqlPeople
from storage.reports import SqlReports
from storage.rooms import SqlRooms
from tests.benchmarks.prose import article
from tests.fakes.discord import FakeDiscord, pointed_at
from tests.fakes.discord_objects import CHANNEL, GUILD
from tests.fakes.loopback import Loopback

CHANNELS: Final = 200
RATE: Final = 50  # links a second
REAL: Final = Path(__file__).resolve().parents[3] / "shared/eval/pages"
PATIENCE: Final = 45.0  # seconds in which the last ones are answered
TICK: Final = 0.01


# ── the other side ──────────────────────────────────────────────────────────────────────────────────


def _pages() -> list[bytes]:
    """Real ones, where they are; else one of our own."""
    real = [gzip.decompress(path.read_bytes()) for path in sorted(REAL.glob("*.html.gz"))]
    own = f"<html lang=en><title>News</title><body><article><h1>News</h1>{article(800)}</article></html>"
    return real or [own.encode()]


def _memory() -> float:
    """What this process holds, in MiB."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def offered(seconds: int) -> None:
    """A fake Discord and its pages, and people who paste; says where it listens, then what came."""
    pages = _pages()

    async def served(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        return web.Response(body=pages[number % len(pages)], content_type="text/html")

    application = web.Application()
    application.add_routes([web.get("/news/{number}", served)])
    site = Loopback(application)
    await site.start()
    async with FakeDiscord(content_intent=True) as fake:
        sys.stdout.write(f"{fake.port} {fake.token}\n")
        sys.stdout.flush()
        await fake.watch.until(lambda: fake.identified, 60)
        await asyncio.sleep(3)
        commands = []
        began = perf_counter()
        for number in range(seconds * RATE):
            await asyncio.sleep(max(0.0, began + number / RATE - perf_counter()))
            url = f"http://127.0.0.1:{site.port}/news/{number}"
            await fake.says(f"look {url}", room=CHANNEL + 1000 + number % CHANNELS, by=20_000 + number)
            if number % RATE == 0:
                commands.append(await fake.checks(f"{url}0000"))
        with contextlib.suppress(TimeoutError):
            await fake.watch.until(lambda: all(command.answer for command in commands), PATIENCE)
        await asyncio.sleep(5)
        found = {
            "offered": seconds * RATE,
            "answered": len(fake.sent),
            "commands": len(commands),
            "acknowledged": sum(command.acknowledged is not None for command in commands),
            "commands answered": sum(command.answer is not None for command in commands),
            "faults": len(fake.faults),
        }
        fake.faults.clear()
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
    await site.stop()


# ── the bot ─────────────────────────────────────────────────────────────────────────────────────────


class TurnedAway(logging.Handler):
    """Counts the pages for which there was no room."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += "turned away" in str(record.msg)


class Sampled:
    """How late the loop is, and how much memory the process holds, as long as it is looked at."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.memory: list[float] = []

    async def run(self) -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(TICK)
            self.late.append(perf_counter() - before - TICK)
            if len(self.late) % 100 == 1:
                self.memory.append(_memory())


@contextlib.asynccontextmanager
async def bot(database: Path, port: int, token: str) -> AsyncIterator[None]:
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
    await rooms.change("discord", str(GUILD), lambda _: Overrides.of(values), None)
    fetch, readers = HttpFetch(contact="", allow_loopback=True), Readers()
    await readers.warm()

    def found(text: str) -> tuple[Link, ...]:
        return links(text, loopback=True)

    check = Check(fetch, readers, reports, now)
    talk = Hearsay(
        check=check, read_text=readers.read_text, memory=memory, clock=now, finds=found, kept=reports.get
    )
    pointed_at(port)
    desk = Desk(SqlLedger(engine, now), talk, now)
    serving = asyncio.create_task(run(talk, desk, token, commands=Commands(memory)))
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await fetch.aclose()
        await engine.dispose()


async def measured(seconds: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    turned_away, sampled = TurnedAway(), Sampled()
    logging.getLogger("bot").addHandler(turned_away)
    other = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.discord",
        "--offer",
        str(seconds),
        stdout=asyncio.subprocess.PIPE,
    )
    assert other.stdout is not None
    port, token = (await other.stdout.readline()).decode().split()
    with tempfile.TemporaryDirectory() as folder:
        async with bot(Path(folder) / "h.sqlite3", int(port), token):
            await asyncio.sleep(3)
            sampling = asyncio.create_task(sampled.run())
            found = json.loads(await other.stdout.readline())
            sampling.cancel()
            clients = (one for one in gc.get_objects() if isinstance(one, HearsayClient))
            found["dropped"] = sum(client.dropped for client in clients)
    await other.wait()
    tell(found, turned_away.count, sampled)


def tell(found: dict[str, int], turned_away: int, sampled: Sampled) -> None:
    late = sorted(sampled.late)
    half = sampled.memory[len(sampled.memory) // 2]
    commands = ", ".join(str(found[one]) for one in ("commands", "acknowledged", "commands answered"))
    rows: list[tuple[str, object, str]] = [
        ("links offered, in automatic channels", found["offered"], ""),
        ("of them answered", found["answered"], ""),
        ("automatic checks dropped, counted", found["dropped"], ""),
        ("pages turned away for want of room, counted in the log", turned_away, ""),
        ("commands given, acknowledged, answered", commands, "all"),
        ("event loop late, p99, milliseconds", f"{1000 * late[int(len(late) * 0.99)]:.1f}", "≤ 20"),
        ("event loop late, at most, milliseconds", f"{1000 * late[-1]:.0f}", ""),
        ("main process, MiB, at most", f"{max(sampled.memory):.0f}", "≤ 180"),
        ("main process, MiB, half way and at the end", f"{half:.0f}, {sampled.memory[-1]:.0f}", "flat"),
        ("limits of Discord that were broken", found["faults"], "0"),
    ]
    for what, value, goal in rows:
        sys.stdout.write(f"{what:<60} {value:>14}   {f'goal {goal}' if goal else ''}".rstrip() + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--offer"]:
        asyncio.run(offered(int(sys.argv[2])))
    else:
        asyncio.run(measured(int(sys.argv[1]) if sys.argv[1:] else 60))
