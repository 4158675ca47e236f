from __future__ import annotations

import re
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import CannotStore, open_engine, probe, translate_errors
from storage.tables import NAMING, Base
from tests.storage.databases import postgres


async def _refusal(path: Path) -> str:
    with pytest.raises(CannotStore) as refused:
        await open_engine(path)
    sentence = str(refused.value)
    assert sentence.startswith(f"The database {path} cannot be used: ")
    assert "\n" not in sentence
    return sentence


async def test_the_file_and_its_folder_are_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "hearsay.sqlite3"
    await (await open_engine(path)).dispose()
    assert path.is_file()


async def test_the_settings_are_those_that_were_measured(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path / "a.sqlite3")
    async with engine.connect() as connection:
        found = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        ]
    await engine.dispose()
    assert found == ["wal", 5000, 1, 1]


async def test_a_transaction_takes_the_write_lock_at_once(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path / "a.sqlite3")
    async with engine.begin() as connection:
        await connection.execute(text("SELECT 1"))
        other = sqlite3.connect(tmp_path / "a.sqlite3", timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    await engine.dispose()


async def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_text("this is no database, and long enough to be taken for one " * 20)
    assert "file is not a database" in await _refusal(path)


async def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    assert "unable to open database file" in await _refusal(tmp_path)


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert re.search(
        "Not a directory|File exists|Permission denied", await _refusal(tmp_path / "file" / "a.sqlite3")
    )


async def test_a_database_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    await (await open_engine(path)).dispose()
    with pytest.raises(CannotStore, match="readonly database"), translate_errors(path):
        probe(f"file:{path}?mode=ro", uri=True)


@pytest.mark.parametrize("name", ["a?b.sqlite3", "a#b%20.sqlite3", "ä b.sqlite3"])
async def test_any_name_of_a_file_is_that_file(tmp_path: Path, name: str) -> None:
    await (await open_engine(tmp_path / name)).dispose()
    assert (tmp_path / name).is_file()


def test_every_constraint_has_a_name_that_a_migration_can_find() -> None:
    assert dict(Base.metadata.naming_convention) == NAMING
    for table in Base.metadata.tables.values():
        assert table.primary_key.name == f"pk_{table.name}"
        assert all(str(index.name).startswith(f"ix_{table.name}_") for index in table.indexes)


async def test_a_database_and_the_files_beside_it_are_their_owners_alone(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path / "deep" / "a.sqlite3")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        found = {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "deep").iterdir()}
    await engine.dispose()
    assert found == {0o600}


@pytest.mark.parametrize(
    "address", ["postgresql://", "mysql://a/b", "no address", "sqlite:///a", "postgresql://h"]
)
async def test_an_address_that_names_no_postgresql_database_is_refused(address: str) -> None:
    with pytest.raises(CannotStore, match="it must look like postgresql://host/name"):
        await open_engine(address)


async def test_a_server_that_does_not_answer_is_said_without_name_or_password() -> None:
    with pytest.raises(CannotStore) as refused:
        await open_engine("postgresql://owen:secret@127.0.0.1:1/hearsay")
    sentence = str(refused.value)
    assert sentence.startswith("The database 127.0.0.1/hearsay cannot be used: ")
    assert "\n" not in sentence
    assert "secret" not in sentence
    assert "owen" not in sentence


async def test_a_database_that_is_not_there_is_said() -> None:
    with postgres() as address, pytest.raises(CannotStore, match="does not exist"):
        await open_engine(address + "_not")
