"""A database file that is full, locked, read-only, broken or gone: it is said, and what it holds stays."""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import Query
from storage import engine as engines
from storage.engine import CannotStore, open_engine
from storage.history import SqlHistory
from storage.reports import SqlReports
from storage.rooms import SqlRooms
from tests.benchmarks.store import remembering
from tests.bot.written import plain
from tests.storage.refusals import DALE, NOW, STORY, answers, clock, database, is_whole, titles, told, told_to
from tests.storage.test_history import answered

PAGE: Final = 4096  # bytes of a page of SQLite


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hearsay.sqlite3"


@pytest.fixture
async def sqlite(path: Path) -> AsyncIterator[AsyncEngine]:
    async with database(path) as engine:
        yield engine


# ── no room ─────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a megabyte, where the machine lets a test have one."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount a disk can fill it")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@contextmanager
def no_room(disk: Path, left: int) -> Iterator[None]:
    """All of it is taken, but for so many bytes."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - left))
    try:
        yield
    finally:
        ballast.unlink()


async def filled(engine: AsyncEngine) -> list[int]:
    """The numbers of the reports and answers that were kept until nothing could be kept any more."""
    reports, history = SqlReports(engine, clock), SqlHistory(engine)
    kept: list[int] = []

    async def on() -> None:
        for number in range(1000):
            await reports.save(f"key {number}", STORY)
            await history.add(DALE, answered(number, f"Story {number}"), plain(), "a1")
            kept.append(number)

    assert "full" in await told(on())
    assert kept
    return kept


async def assert_kept(engine: AsyncEngine, kept: list[int]) -> None:
    assert (await titles(engine))[: len(kept)] == [f"Story {number}" for number in kept]
    for number in kept:
        assert await SqlReports(engine, clock).get(f"key {number}") == STORY


async def test_a_full_database_is_said_and_what_it_holds_stays(sqlite: AsyncEngine) -> None:
    await told_to(sqlite, "max_page_count=80")
    kept = await filled(sqlite)
    assert await answers(sqlite)
    await assert_kept(sqlite, kept)
    await told_to(sqlite, "max_page_count=9000")
    await SqlReports(sqlite, clock).save("another", STORY)
    await assert_kept(sqlite, kept)
    assert await is_whole(sqlite)


async def test_a_full_disk_is_said_and_what_it_holds_stays(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        with no_room(disk, 160 * PAGE):
            async with database(disk / "a.sqlite3") as engine:
                kept = await filled(engine)
                assert await answers(engine)
                await assert_kept(engine, kept)
        async with database(disk / "a.sqlite3") as engine:
            await SqlReports(engine, clock).save("another", STORY)
            await assert_kept(engine, kept)
            assert await is_whole(engine)


@pytest.mark.parametrize("pages", [0, 3, 10, 40])
async def test_a_disk_without_room_for_a_database_is_said_and_nothing_is_half_made(
    tmp_path: Path, pages: int
) -> None:
    with small_disk(tmp_path) as disk:
        with no_room(disk, pages * PAGE):
            assert re.search("full|disk I/O error", await told(open_engine(disk / "a.sqlite3")))
        async with database(disk / "a.sqlite3") as engine:
            assert await answers(engine)


# ── read-only ───────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def unwritable(tmp_path: Path) -> Iterator[Path]:
    """A folder with a database that nobody may write: for root, whom no mode hinders, on a read-only disk."""
    if os.geteuid():
        path = tmp_path / "a.sqlite3"
        asyncio.run(_made(path))
        path.chmod(0o400)
        yield path
        return
    with small_disk(tmp_path) as disk:
        asyncio.run(_made(disk / "a.sqlite3"))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield disk / "a.sqlite3"


async def _made(path: Path) -> None:
    async with database(path):
        pass


def test_a_database_that_nobody_may_write_is_said_at_the_start(tmp_path: Path) -> None:
    with unwritable(tmp_path) as path:
        sentence = asyncio.run(told(open_engine(path)))
    assert re.search("(?i)read-?only", sentence)


async def test_a_database_that_becomes_read_only_is_still_read(sqlite: AsyncEngine) -> None:
    await SqlHistory(sqlite).add(DALE, answered(1, "Story 1"), plain(), "a1")
    await told_to(sqlite, "query_only=ON")
    adding = SqlHistory(sqlite).add(DALE, answered(2, "Story 2"), plain(), "a1")
    assert "attempt to write a readonly database" in await told(adding)
    assert await titles(sqlite) == ["Story 1"]
    assert await answers(sqlite)


# ── locked ──────────────────────────────────────────────────────────────────────────────────────────

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
connection.execute("COMMIT")
"""


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Another process is writing, and does not come to an end."""
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, str(path), stdin=pipe, stdout=pipe
    )
    assert other.stdout is not None
    assert await other.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        await other.communicate(b"")


async def test_a_locked_database_is_read_and_its_settings_hold(sqlite: AsyncEngine, path: Path) -> None:
    await SqlRooms(sqlite, clock).change(
        "discord", "100", lambda now: now.with_value("repeat_hours", 7), None
    )
    await told_to(sqlite, "busy_timeout=50")
    async with locked(path):
        adding = SqlHistory(sqlite).add(DALE, answered(1, "Story 1"), plain(), "a1")
        assert "database is locked" in await told(adding)
        assert (await remembering(sqlite).settings(DALE)).repeat_hours == 7
        assert await answers(sqlite)
    await SqlHistory(sqlite).add(DALE, answered(2, "Story 2"), plain(), "a1")
    assert await titles(sqlite) == ["Story 2"]


async def test_who_waited_in_line_while_patience_ended_is_told_with_the_first(
    sqlite: AsyncEngine, path: Path
) -> None:
    await told_to(sqlite, "busy_timeout=200")
    tries = []
    listener = lambda _, __, statement, *___: tries.append(statement)  # noqa: E731  # it is one expression
    event.listen(sqlite.sync_engine, "before_cursor_execute", listener)
    history = SqlHistory(sqlite)
    async with locked(path):
        adding = (told(history.add(DALE, answered(n, f"Story {n}"), plain(), "a1")) for n in range(20))
        assert {sentence[-20:] for sentence in await asyncio.gather(*adding)} == {" database is locked."}
    assert tries == ["BEGIN IMMEDIATE"]
    await history.add(DALE, answered(99, "Story 99"), plain(), "a1")
    assert await titles(sqlite) == ["Story 99"]


async def test_those_who_write_at_once_never_need_patience(sqlite: AsyncEngine) -> None:
    await told_to(sqlite, "busy_timeout=0")
    history = SqlHistory(sqlite)
    await asyncio.gather(*(history.add(DALE, answered(n, f"Story {n}"), plain(), "a1") for n in range(60)))
    assert len(await titles(sqlite)) == 60


async def test_a_database_that_is_locked_at_the_start_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _made(path)
    monkeypatch.setattr(engines, "PATIENCE", 50)
    async with locked(path):
        assert "database is locked" in await told(open_engine(path))
    await _made(path)


async def test_more_than_the_connections_can_carry_is_said(sqlite: AsyncEngine) -> None:
    sqlite.sync_engine.pool._timeout = 0.05  # type: ignore[attr-defined]  # half a minute is long for a test
    taken = [await sqlite.connect() for _ in range(15)]
    assert "it is busy with too many requests" in await told(titles(sqlite))
    for connection in taken:
        await connection.close()
    assert await titles(sqlite) == []


# ── corrupt ─────────────────────────────────────────────────────────────────────────────────────────


async def _told_of(path: Path, count: int) -> None:
    """A database with so many reports and answers, all of it in its one file."""
    async with database(path) as engine:
        for number in range(count):
            await SqlReports(engine, clock).save(f"key {number}", STORY)
            await SqlHistory(engine).add(DALE, answered(number, f"Story {number}"), plain(), "a1")
        await SqlRooms(engine, clock).change(
            "discord", "100", lambda now: now.with_value("repeat_hours", 7), None
        )


def overwritten(path: Path) -> int:
    """Its middle third is noise now; how many bytes it has."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(random.Random(1).randbytes(size // 3))
    return size


async def test_a_file_that_was_overwritten_in_the_middle_is_said_to_be_malformed(path: Path) -> None:
    await _told_of(path, 60)
    size = overwritten(path)
    async with database(path) as engine:
        assert "database disk image is malformed" in await told(titles(engine))
        assert await SqlReports(engine, clock).get("key 0") == STORY  # what was not hit is still there
        assert await answers(engine)
    assert overwritten(path) >= size


def harmed(path: Path, copy: Path, seed: int) -> Path:
    """A copy with some wrong bytes, none of them in its first page, without which there is no database."""
    rng, bad = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(60):
        bad[rng.randrange(PAGE, len(bad))] = rng.randrange(256)
    copy.write_bytes(bad)
    return copy


async def _all_of_it(engine: AsyncEngine) -> AsyncIterator[Awaitable[object]]:
    history, rooms, reports = SqlHistory(engine), SqlRooms(engine, clock), SqlReports(engine, clock)
    yield history.search(DALE, Query("story"))
    yield history.find_last(DALE, "courier.example/3", NOW)
    yield titles(engine)
    yield history.add(DALE, answered(99, "Story 99"), plain(), "a1")
    yield rooms.overrides("discord", "100")
    yield rooms.audit("discord", "100")
    for number in range(12):
        yield reports.get(f"key {number}")
    yield history.expire(DALE, NOW)
    yield reports.save("key 1", STORY)


async def test_whatever_bytes_are_wrong_it_is_said_and_people_are_answered(
    path: Path, tmp_path: Path
) -> None:
    await _told_of(path, 12)
    refused = 0
    for seed in range(40):
        try:
            engine = await open_engine(harmed(path, tmp_path / f"{seed}.sqlite3", seed))
        except CannotStore:
            refused += 1
            continue
        async for act in _all_of_it(engine):
            try:
                await act
            except CannotStore:
                refused += 1
        assert await answers(engine)
        await engine.dispose()
    assert refused > 40


@pytest.mark.parametrize(
    ("spoil", "read"),
    [
        ("UPDATE reports SET report = '{\"schema\": '", lambda e: SqlReports(e, clock).get("key 0")),
        ("UPDATE reports SET fetched = '2026-11-26 12:q1'", lambda e: SqlReports(e, clock).get("key 0")),
        ("UPDATE rooms SET settings = '{'", lambda e: SqlRooms(e, clock).overrides("discord", "100")),
        ("UPDATE history SET at = 'noon'", titles),
        ("UPDATE history SET title = CAST(x'ff' AS TEXT)", titles),
    ],
)
async def test_a_value_that_cannot_be_read_is_said_without_it(
    path: Path, spoil: str, read: Callable[[AsyncEngine], Awaitable[object]]
) -> None:
    await _told_of(path, 1)
    async with database(path) as engine:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(spoil)
        sentence = await told(read(engine))
        assert re.search("some of its data cannot be read|Could not decode to UTF-8", sentence)
        assert await answers(engine)
