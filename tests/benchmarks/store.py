"""The store under load, on the clock: rooms that all speak at once, settings from memory, another process's
change, and searches in a long history. `figures` are what `python -m tests.benchmarks` prints of it; the
tests run the same crowd smaller and untimed.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final, NamedTuple

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.answer_cache import Answer
from bot.check import LinkChecker
from bot.history import HistoryEntry, Query, make_search_text
from bot.messages import CheckRequest, Message
from bot.model import Link, Page, Report
from bot.places import Room
from bot.room_settings.kinds import Value
from bot.rooms import Mode
from bot.service import ConversationService
from bot.single_flight import SingleFlight
from bot.stores import Stores
from storage.engine import open_engine
from storage.history import SqlHistory
from storage.objections import SqlObjections
from storage.people import SqlPeople
from storage.reports import SqlReports
from storage.rooms import SqlRooms
from storage.tables import HistoryRow
from tests.benchmarks.prose import PARTS
from tests.bot.written import bridge
from tests.fakes.ports import FakeFetcher, FakeReader, FakeTextReader
from tests.storage.databases import SERVER, absence, postgres

ROOMS, MESSAGES = 20, 50
LOOKS: Final = 5000  # look-ups of settings, so many that the clock's own grain is nothing
LONG: Final = 20_000  # answers in a history
SEARCHES: Final = 15  # so many that PostgreSQL has made its general plan, too
DALE: Final = Room("discord", "100", private=False, server="1")
_CHUNK: Final = 1000  # rows of one insertion


class Figure(NamedTuple):
    what: str
    found: str
    goal: str = ""


def figures() -> Iterator[Figure]:
    """One after the other, as they are measured."""
    yield from _of_the_crowd(asyncio.run(_crowd_on_sqlite()))
    look, seen = asyncio.run(_settings())
    yield Figure("settings of a room below a server, from memory, microseconds", f"{look:.0f}", "≤ 200")
    yield Figure("another process's change of a setting is seen, seconds", f"{seen:.2f}", "≤ 5")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        yield from _of_searches("SQLite", folder / "hearsay.sqlite3")
        if why := absence(SERVER):
            yield Figure(f"PostgreSQL is not measured: {why}", "")
        else:
            yield from _of_searches("PostgreSQL", stack.enter_context(postgres(SERVER)))


def _of_the_crowd(crowd: Crowd) -> Iterator[Figure]:
    told = f"{ROOMS} rooms × {MESSAGES} messages at once"
    yield Figure(f"{told}: answers lost", str(crowd.lost), "0")
    yield Figure(f"{told}: answers doubled", str(crowd.doubled), "0")
    yield Figure(f"{told}: “database is locked”", str(crowd.locked), "0")
    yield Figure(f"{told}: other complaints of the store", str(len(crowd.complaints) - crowd.locked), "0")
    yield Figure(f"{told}: messages a second", f"{ROOMS * MESSAGES / crowd.seconds:.0f}")


def _of_searches(database: str, where: Path | str) -> Iterator[Figure]:
    for what, milliseconds in asyncio.run(_searches(where)).items():
        told = f"search of {LONG:,} answers by {what}, {database}, ms"
        yield Figure(told, f"{milliseconds:.1f}", "≤ 100")


# ── rooms that all speak at once ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Crowd:
    """What became of the messages. `lost` ones have no answer, or none that the history knows; `complaints`
    are what was logged of the store."""

    lost: int
    doubled: int
    complaints: tuple[str, ...]
    seconds: float

    @property
    def locked(self) -> int:
        return sum("database is locked" in said for said in self.complaints)


def now() -> datetime:
    return datetime.now(UTC)


def remembering(engine: AsyncEngine) -> Stores:
    people, objections = SqlPeople(engine, now), SqlObjections(engine, now)
    return Stores(SqlRooms(engine, now), SqlHistory(engine), people, objections)


def talking(engine: AsyncEngine, memory: Stores) -> ConversationService:
    """The conversation on this store. Pages are there at once, and reading them takes no time."""
    check = SingleFlight(LinkChecker(FakeFetcher(_fetch), FakeReader(_read), SqlReports(engine, now), now))
    return ConversationService(
        checker=check, text_reader=FakeTextReader(_read_text), stores=memory, clock=now
    )


async def _fetch(link: Link) -> Page:
    return Page(link.url, b"")


async def _read(page: Page) -> Report:
    return bridge(url=page.url)


async def _read_text(text: str) -> Report:  # noqa: ARG001  # the port's
    return bridge(pasted=True)


async def crowd(engine: AsyncEngine, rooms: int, messages: int) -> Crowd:
    """Each room gets the same links, each of them once, all at the same time; every second one is a request,
    the others are what automatic mode finds."""
    memory = remembering(engine)
    talk = talking(engine, memory)
    places = [Room("discord", str(n), private=False, server=f"server {n % 4}") for n in range(rooms)]
    for room in places:
        await memory.rooms.change(
            room.platform, room.id, lambda found: found.with_value("mode", Mode.AUTOMATIC), None
        )
    with _complaints() as complaints:
        start = perf_counter()
        given = await asyncio.gather(*(_said(talk, room, n) for room in places for n in range(messages)))
        seconds = perf_counter() - start
    known = Counter([one.place for room in places async for one in memory.history.iterate(room)])
    wanted = {_place(room, n) for room in places for n in range(messages)}
    answers = {answer.id for answer in given if answer is not None}
    return Crowd(
        lost=max(len(wanted) - len(answers), len(wanted - set(known))),
        doubled=sum(known.values()) - len(known),
        complaints=tuple(complaints),
        seconds=seconds,
    )


async def _said(talk: ConversationService, room: Room, number: int) -> Answer | None:
    """A message is heard, answered, and its answer sent."""
    link = f"https://dale-courier.example/story-{number}"
    sender = f"{room.id} {number}"  # each by somebody else, as everybody has to wait a while after a check
    asked = await talk.hear(Message(room, sender, f"Look at {link}", asked=number % 2 == 0))
    if not isinstance(asked, CheckRequest):
        return None
    answer = await talk.answer(asked)
    if answer is not None:
        await talk.mark_sent(answer.id, _place(room, number))
    return answer


def _place(room: Room, number: int) -> str:
    return f"https://chat.example/{room.id}/{number}"


class _Complaints(logging.Handler):
    """Keeps what is logged as a warning or worse, which then is printed nowhere."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    listener = _Complaints()
    loggers = [logging.getLogger(name) for name in ("bot", "storage")]
    for logger in loggers:
        logger.addHandler(listener)
    try:
        yield listener.kept
    finally:
        for logger in loggers:
            logger.removeHandler(listener)


@asynccontextmanager
async def _database(where: Path | str) -> AsyncIterator[AsyncEngine]:
    engine = await open_engine(where)
    try:
        yield engine
    finally:
        await engine.dispose()


async def _crowd_on_sqlite() -> Crowd:
    with tempfile.TemporaryDirectory() as folder:
        async with _database(Path(folder) / "hearsay.sqlite3") as engine:
            return await crowd(engine, ROOMS, MESSAGES)


# ── settings ────────────────────────────────────────────────────────────────────────────────────────


async def _settings() -> tuple[float, float]:
    """Microseconds of a look-up, and seconds until another process's change is seen."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hearsay.sqlite3"
        async with _database(path) as engine:
            memory = remembering(engine)
            for place, name, value in (("1", "repeat_hours", 5), ("1", "bots_ignored", False), _CHANGE):
                await _set(memory, place, name, value)
            return await _look_up(memory), await _seen(engine, path)


_CHANGE: Final = (DALE.id, "repeat_hours", 6)
_OTHER_CHANGE: Final = (DALE.id, "repeat_hours", 7)


async def _set(memory: Stores, place: str, name: str, value: Value) -> None:
    await memory.rooms.change(DALE.platform, place, lambda found: found.with_value(name, value), None)


async def _look_up(memory: Stores) -> float:
    await memory.settings(DALE)
    start = perf_counter()
    for _ in range(LOOKS):
        await memory.settings(DALE)
    return (perf_counter() - start) / LOOKS * 1e6


async def _seen(engine: AsyncEngine, path: Path) -> float:
    """At worst: the settings were read just before the other process changed them."""
    command = [sys.executable, "-c", f"from {__name__} import change; change()", str(path)]
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert other.stdin is not None
    assert other.stdout is not None
    await other.stdout.readline()  # it is ready
    memory = remembering(engine)
    await memory.settings(DALE)
    other.stdin.write(b"now\n")
    await other.stdout.readline()  # it is done
    start = perf_counter()
    while (await memory.settings(DALE)).repeat_hours != _OTHER_CHANGE[-1]:  # noqa: ASYNC110  # nobody tells this process
        await asyncio.sleep(0.01)
    seconds = perf_counter() - start
    await other.wait()
    return seconds


def change() -> None:
    """What the other process does: it says when it is ready, waits to be told, and says when it is done."""
    asyncio.run(_change(Path(sys.argv[1])))


async def _change(path: Path) -> None:
    async with _database(path) as engine:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        await _set(remembering(engine), *_OTHER_CHANGE)
        sys.stdout.write("done\n")
        sys.stdout.flush()


# ── a long history ──────────────────────────────────────────────────────────────────────────────────

OUTLETS: Final = 40
LONG_AGO: Final = 200  # the oldest answers, which are about something else
QUERIES: Final = {
    "a word of some": Query("bridge"),
    "a word of all": Query("dale"),
    "a word of long ago": Query("lighthouse"),
    "a domain": Query(domain="courier7.example"),
    "flagged": Query(flagged=True),
    "all three": Query("bridge", "courier7.example", flagged=True),
}


async def remember_long(engine: AsyncEngine, room: Room, count: int, seed: int = 0) -> None:
    """A history of so many answers in one room, which no one gave."""
    rng = random.Random(seed)
    report = bridge()
    rows = [_row(room, _told(rng, number, count), report) for number in range(count)]
    async with engine.begin() as connection:
        for first in range(0, count, _CHUNK):
            await connection.execute(insert(HistoryRow), rows[first : first + _CHUNK])
    if engine.dialect.name == "postgresql":  # it does so by itself, some time later
        async with engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text("VACUUM ANALYZE history"))


def _told(rng: random.Random, number: int, count: int) -> HistoryEntry:
    outlet = rng.randrange(OUTLETS)
    key = f"courier{outlet}.example/{number}"
    about = "The lighthouse" if number < LONG_AGO else rng.choice(PARTS["claim"])
    return HistoryEntry(
        at=now() - timedelta(minutes=count - number),
        key=key,
        url=f"https://{key}",
        domain=f"courier{outlet}.example",
        title=f"Dale: {about} {rng.choice(PARTS['place'])}",
        outlet=f"Dale Courier {outlet}",
        flagged=rng.random() < 0.2,
        sources=rng.randrange(9),
        hedges=rng.randrange(9),
        place=f"https://chat.example/{number}",
    )


def _row(room: Room, one: HistoryEntry, report: Report) -> dict[str, object]:
    where = {"platform": room.platform, "room": room.id, "server": room.server}
    return {**asdict(one), **where, "words": make_search_text(one, report)}


async def _searches(where: Path | str) -> dict[str, float]:
    """Milliseconds of each search, in the middle of several."""
    async with _database(where) as engine:
        await remember_long(engine, DALE, LONG)
        history = SqlHistory(engine)
        return {
            what: median([await _took(history, query) for _ in range(SEARCHES)])
            for what, query in QUERIES.items()
        }


async def _took(history: SqlHistory, query: Query) -> float:
    start = perf_counter()
    found = await history.search(DALE, query)
    assert found.total
    return (perf_counter() - start) * 1000
