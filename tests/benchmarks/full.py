"""Full checks, with everything real: fetched from a page server in a process of its own, read in reader
processes, kept in SQLite, answered. Only the chat platform is left out; `bare.py` stands in its place.

Each link is another one, so nothing is known before; but the pages behind them are a few, again and again,
so that readers know their words (of new ones, `make bench` tells what they cost).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.messages import Message
from bot.places import Room
from storage.engine import open_engine
from storage.tables import CheckRow, HistoryRow, ReportRow
from tests.benchmarks import machine
from tests.benchmarks.bare import PLATFORM, Bare
from tests.benchmarks.load import Parts, Row, Sampled, automatic, each, other, whole

CHECKS: Final = 1000
MANY: Final = 5000
AT_ONCE: Final = 12  # checks under way
ROOMS: Final = 200
PASTED_IN: Final = 500  # rooms with the same story
PASTED_WITHIN: Final = 10.0  # seconds
SITE_SECONDS: Final = (0.0, 2.0)  # that its site takes
WARM: Final = 60  # checks before anything is looked at
PAGES: Final = "tests.benchmarks.load"


# ── what is measured ────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Measured:
    """Some checks: how long they took, what they used, and what of them is kept. `seconds` of processor are
    those of the main process and its readers; `served` is what the page server counted."""

    checks: int
    seconds: float
    used: machine.Used
    sampled: Sampled
    served: dict[str, int]
    rows: dict[str, int]
    kept: int  # bytes
    answered: int
    quarters: list[str] = field(default_factory=list)

    @property
    def a_second(self) -> float:
        return self.checks / self.seconds


@dataclass(slots=True)
class Site:
    """The page server: where it is, and at the end what it served."""

    url: str
    served: dict[str, int] = field(default_factory=dict)


@contextlib.asynccontextmanager
async def site(delay: float = 0.0) -> AsyncIterator[Site]:
    """Its pages come after so many seconds."""
    async with other(PAGES, str(delay)) as server:
        (url,) = await server.says()
        there = Site(url)
        try:
            yield there
        finally:
            server.stdin.write(b"\n")
            (there.served,) = await server.says()


@contextlib.asynccontextmanager
async def sampling(sampled: Sampled) -> AsyncIterator[None]:
    task = asyncio.create_task(sampled.run())
    try:
        yield
    finally:
        task.cancel()


async def measured(checks: int) -> Measured:
    """One check after the other, AT_ONCE of them under way, each asked for in a shared room."""
    sampled, readers = Sampled(), machine.Readers()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "h.sqlite3"
        async with site() as there, whole(database) as parts:
            place = Bare(parts.talk, parts.dispatcher, perf_counter)
            await _checked(place, there.url, range(WARM))
            before, used, began = await _kept(database), readers.used(), perf_counter()
            quarters: list[str] = []
            async with sampling(sampled):
                for quarter in range(4):
                    await _checked(place, there.url, _quarter(checks, quarter))
                    quarters.append(_memory(readers))
            seconds, used = perf_counter() - began, readers.used().since(used)
            after = await _kept(database)
    return Measured(
        checks=checks,
        seconds=seconds,
        used=used,
        sampled=sampled,
        served=there.served,
        rows={name: after[name] - before[name] for name in after if name != "bytes"},
        kept=after["bytes"] - before["bytes"],
        answered=place.counts.answered - WARM,
        quarters=quarters,
    )


def _quarter(checks: int, number: int) -> range:
    return range(WARM + checks * number // 4, WARM + checks * (number + 1) // 4)


def _memory(readers: machine.Readers) -> str:
    return f"{machine.memory():.0f} + {readers.memory():.0f}"


async def _checked(place: Bare, url: str, numbers: range) -> None:
    """Each of them, AT_ONCE at the same time."""
    left: Iterator[int] = iter(numbers)

    async def go_on() -> None:
        for number in left:
            task = await place.says(asking(f"{url}/{number}", number % ROOMS, number), str(number))
            assert task is not None, place.counts.ends
            await task

    await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))


def asking(url: str, room: int, sender: int, *, asked: bool = True) -> Message:
    return Message(Room(PLATFORM, str(room), private=False), f"person {sender}", f"look {url}", asked=asked)


async def _kept(database: Path) -> dict[str, int]:
    """Rows by what they are, and the bytes of the file, with what is not in it yet."""
    engine = await open_engine(database)
    try:
        rows = await _rows(engine)
        async with engine.connect() as connection:
            pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
            size = (await connection.exec_driver_sql("PRAGMA page_size")).scalar_one()
    finally:
        await engine.dispose()
    return rows | {"bytes": pages * size}


async def _rows(engine: AsyncEngine) -> dict[str, int]:
    tables = {"checks": CheckRow, "reports": ReportRow, "history": HistoryRow}
    async with engine.connect() as connection:
        return {
            name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in tables.items()
        }


# ── sections ────────────────────────────────────────────────────────────────────────────────────────


def process() -> list[Row]:
    """What a check costs, and how many a second one process and its readers do."""
    found = asyncio.run(measured(CHECKS))
    cores, checks, used = os.cpu_count() or 1, found.checks, found.used
    fetched = found.served["bytes"] / found.served["pages"]
    rows = ", ".join(f"{count / checks:.2f} {name}" for name, count in found.rows.items())
    return [
        (f"full checks, {AT_ONCE} at once, answered", f"{checks}, {found.answered}", "all"),
        ("full checks a second", f"{found.a_second:.1f}", "≥ 25"),
        *found.sampled.of_the_loop(),
        ("processor milliseconds a check, main process", f"{1000 * used.main / checks:.1f}", ""),
        ("processor milliseconds a check, readers", f"{1000 * used.readers / checks:.1f}", ""),
        (
            f"of the {cores} cores, used by both",
            f"{(used.main + used.readers) / found.seconds:.2f}",
            "",
        ),
        (
            f"full checks for which {cores} cores have time, a second",
            f"{cores * checks / (used.main + used.readers):.1f}",
            "",
        ),
        ("kilobytes fetched a check", f"{fetched / 1000:.0f}", ""),
        ("database rows a check", rows, ""),
        ("database kilobytes a check", f"{found.kept / checks / 1000:.1f}", ""),
    ]


def growth() -> list[Row]:
    """Whether anything grows with the number of checks."""
    found = asyncio.run(measured(MANY))
    return [
        (f"full checks, answered, {found.a_second:.1f} a second", f"{found.checks}, {found.answered}", "all"),
        ("main process + largest reader, MiB, at quarter points", ", ".join(found.quarters), "flat"),
        *found.sampled.of_the_loop(),
    ]


def hot() -> list[Row]:
    """One story in many rooms at once, of a site that answers at once and of one that takes a while."""
    return [row for delay in SITE_SECONDS for row in asyncio.run(_hot(delay))]


async def _hot(delay: float) -> list[Row]:
    sampled = Sampled()
    with tempfile.TemporaryDirectory() as folder:
        async with site(delay) as there, whole(Path(folder) / "h.sqlite3") as parts:
            place = await _hot_rooms(parts)

            async def paste(number: int) -> None:
                await place.says(asking(f"{there.url}/0", number, number, asked=False), str(number))

            async with sampling(sampled):
                await each(PASTED_IN, PASTED_IN / PASTED_WITHIN, paste)
                await place.owed.drain(PASTED_WITHIN)
    ages, after = sorted(place.counts.ages[False]), f", its site takes {delay:.0f} s"
    return [
        (
            f"the same story in {PASTED_IN} rooms in {PASTED_WITHIN:.0f} s{after}, fetched",
            there.served["pages"],
            "1",
        ),
        ("of them answered", len(ages), str(PASTED_IN)),
        ("answered twice", place.counts.twice, "0"),
        ("dropped, as too many answers were owed", place.counts.ends["dropped"], "0"),
        ("seconds from message to answer, p50, at most", f"{ages[len(ages) // 2]:.3f}, {ages[-1]:.2f}", ""),
        *sampled.of_the_loop()[:2],
    ]


async def _hot_rooms(parts: Parts) -> Bare:
    await automatic(parts.memory, {PLATFORM: range(PASTED_IN)})
    return Bare(parts.talk, parts.dispatcher, perf_counter)
