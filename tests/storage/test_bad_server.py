"""A PostgreSQL server that is locked, goes away or is not there."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import Query
from bot.places import Person
from bot.rooms import DEFAULT
from storage import engine as engines
from storage.engine import open_engine, postgres_engine
from storage.history import SqlHistory
from storage.rooms import SqlRooms
from tests.benchmarks.store import remembering
from tests.bot.written import plain
from tests.storage.databases import postgres, server
from tests.storage.refusals import DALE, answers, clock, database, is_whole, titles, told
from tests.storage.test_history import answered

# ── locked ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_locked_table_of_postgresql_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 50)
    with postgres(migrated=True) as address:
        async with database(address) as engine:
            with psycopg.connect(address) as other:
                other.execute("LOCK TABLE history")
                adding = SqlHistory(engine).add(DALE, answered(1, "Story 1"), plain(), "a1")
                assert "lock timeout" in await told(adding)
                assert await answers(engine)
            await SqlHistory(engine).add(DALE, answered(2, "Story 2"), plain(), "a1")
            assert await titles(engine) == ["Story 2"]


async def test_a_start_waits_for_another_that_migrates_longer_than_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 50)
    with postgres() as address, psycopg.connect(address) as other:
        other.execute("SELECT pg_advisory_xact_lock(7224957)")
        starting = asyncio.create_task(open_engine(address))
        await asyncio.sleep(0.4)
        assert not starting.done()
        other.commit()
        await (await starting).dispose()


# ── gone and back ───────────────────────────────────────────────────────────────────────────────────


def end_connections(address: str) -> None:
    with psycopg.connect(server(), autocommit=True) as other:
        name = make_url(address).database
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


async def test_connections_that_the_server_has_ended_are_made_anew() -> None:
    with postgres(migrated=True) as address:
        async with database(address) as engine:
            await SqlHistory(engine).add(DALE, answered(1, "Story 1"), plain(), "a1")
            end_connections(address)
            assert await titles(engine) == ["Story 1"]
            end_connections(address)
            await SqlHistory(engine).add(DALE, answered(2, "Story 2"), plain(), "a1")
            assert await titles(engine) == ["Story 1", "Story 2"]


async def test_a_connection_that_ends_within_a_change_leaves_nothing_of_it() -> None:
    with postgres(migrated=True) as address:
        async with database(address) as engine:
            rooms = SqlRooms(engine, clock)

            def edit(found: Any) -> Any:
                end_connections(address)
                return found.having("repeat_hours", 7)

            await told(rooms.change("discord", "100", edit, Person("discord", "7")))
            assert len(await rooms.overrides("discord", "100")) == 0
            assert await rooms.audit("discord", "100") == ()


class Way:
    """A way to the PostgreSQL server that can be closed and opened again."""

    def __init__(self) -> None:
        there = make_url(server())
        self._there = (there.host or "127.0.0.1", there.port or 5432)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        await asyncio.sleep(0.05)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, beyond = await asyncio.open_connection(*self._there)
        await asyncio.gather(self._carry(reader, beyond), self._carry(there, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while some := await reader.read(65536):
                writer.write(some)
                await writer.drain()
        except OSError:
            pass  # the way was closed
        finally:
            self._open.discard(writer)
            writer.close()


async def test_a_server_that_goes_away_is_said_and_is_used_again_when_it_is_back() -> None:
    way = Way()
    await way.open()
    with postgres(migrated=True) as address:
        through = make_url(address).set(host="127.0.0.1", port=way.port)
        async with database(through.render_as_string(hide_password=False)) as engine:
            await SqlHistory(engine).add(DALE, answered(1, "Story 1"), plain(), "a1")
            await way.close()
            for _ in range(2):
                sentence = await told(SqlHistory(engine).add(DALE, answered(2, "Story 2"), plain(), "a1"))
                assert sentence.startswith("The database 127.0.0.1/hearsay_test_")
            assert await remembering(engine).settings(DALE) == DEFAULT
            assert await answers(engine)
            await way.open()
            await SqlHistory(engine).add(DALE, answered(3, "Story 3"), plain(), "a1")
            assert await titles(engine) == ["Story 1", "Story 3"]
        await way.close()


async def test_a_server_that_is_not_there_is_said_without_name_or_password() -> None:
    engine = postgres_engine("postgresql://owen:secret@127.0.0.1:1/hearsay")
    assert "no connection" in await told(SqlHistory(engine).search(DALE, Query("story")))
    assert await answers(engine)
    await engine.dispose()


# ── two processes ───────────────────────────────────────────────────────────────────────────────────

WRITE = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.history import HistoryEntry
from bot.model import Article, Report
from bot.places import Room
from storage.engine import open_engine
from storage.history import SqlHistory

async def main(where, name):
    engine = await open_engine(where)
    history, now = SqlHistory(engine), datetime.now(UTC)
    room, nothing = Room("discord", "100", False), Report(Article(""))
    async def add(number):
        one = HistoryEntry(now, f"{name}/{number}", None, "", f"{name} {number}", "", False, 0, 0)
        await history.add(room, one, nothing, str(number))
    for first in range(0, 200, 20):
        await asyncio.gather(*(add(number) for number in range(first, first + 20)))
    await engine.dispose()

where = sys.argv[1] if sys.argv[1].startswith("postgresql") else Path(sys.argv[1])
asyncio.run(main(where, sys.argv[2]))
"""


async def test_two_processes_that_write_at_once_lose_nothing(engine: AsyncEngine) -> None:
    where = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    if engine.dialect.name == "sqlite":
        where = str(engine.url.database)
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITE, where, name, stderr=asyncio.subprocess.PIPE
        )
        for name in ("Dale", "Lakeland")
    ]
    ended = [(await one.communicate())[1].decode()[-400:] for one in both]
    assert [one.returncode for one in both] == [0, 0], ended
    expected = sorted(f"{name} {number}" for name in ("Dale", "Lakeland") for number in range(200))
    assert sorted(await titles(engine)) == expected
    if engine.dialect.name == "sqlite":
        assert await is_whole(engine)
