from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.places import Room
from storage.engine import CannotStore, display_address, open_engine, postgres_engine, sqlite_engine
from storage.objections import SqlObjections
from storage.read_only import NotThere, open_read_only

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "100", private=False)
NOT_READY = "is not ready to be read: it is made, or brought up to date, when Hearsay starts."


def bare(where: Path | str) -> AsyncEngine:
    """An engine that migrates nothing."""
    return postgres_engine(where) if isinstance(where, str) else sqlite_engine(where)


async def _refusal(where: Path | str) -> str:
    with pytest.raises(CannotStore) as refused:
        async with open_read_only(where):
            pass
    assert "\n" not in str(refused.value)
    return str(refused.value)


async def test_what_hearsay_keeps_is_read(database: Path | str, engine: AsyncEngine) -> None:
    await SqlObjections(engine, lambda: NOW).add(DALE, None, "courier.example/", "Mara Venn")
    async with open_read_only(database) as reading:
        assert display_address(reading) == display_address(engine)
        assert [one.note for one in await SqlObjections(reading, lambda: NOW).latest()] == ["Mara Venn"]


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "hearsay.sqlite3"
    assert await _refusal(path) == f"There is no database {path} yet: Hearsay makes it when it first starts."
    assert _names(tmp_path) == []


async def test_a_database_that_hearsay_has_not_made_yet_stays_empty(database: Path | str) -> None:
    _touch(database)
    assert (await _refusal(database)).endswith(NOT_READY)
    engine = bare(database)
    async with engine.connect() as connection:
        assert await connection.run_sync(_tables) == []
    await engine.dispose()


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def _touch(database: Path | str) -> None:
    """A server has its empty database already."""
    if isinstance(database, Path):
        database.touch()


def _tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


async def test_an_older_database_is_left_as_it_is(database: Path | str, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(NotThere, match="brought up to date"):
        await open_read_only(database).__aenter__()
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"


async def test_a_newer_database_is_said_to_be_newer(database: Path | str, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "a newer Hearsay has written it" in await _refusal(database)


async def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("this is no database, and long enough to be taken for one " * 20)
    assert "file is not a database" in await _refusal(tmp_path / "text")
    assert "unable to open database file" in await _refusal(tmp_path)
    assert "it must look like postgresql://host/name" in await _refusal("no address")
    assert "no connection" in await _refusal("postgresql://owen:secret@127.0.0.1:1/hearsay")


@pytest.mark.parametrize("name", ["a?b.sqlite3", "a#b%20.sqlite3", "ä b.sqlite3"])
async def test_any_name_of_a_file_is_that_file_and_nothing_is_left_beside_it(
    tmp_path: Path, name: str
) -> None:
    await (await open_engine(tmp_path / name)).dispose()
    async with open_read_only(tmp_path / name) as reading, reading.connect() as connection:
        await connection.execute(text("SELECT * FROM wrong"))
    assert _names(tmp_path) == [name]


async def test_who_reads_does_not_wait_for_who_writes(tmp_path: Path) -> None:
    path = tmp_path / "hearsay.sqlite3"
    await (await open_engine(path)).dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        async with open_read_only(path) as reading:
            assert await SqlObjections(reading, lambda: NOW).count() == 0
