from __future__ import annotations

import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.places import Room
from storage.backup import backup
from storage.engine import CannotStore, open_engine
from storage.objections import SqlObjections

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "100", private=False, server="1")

# Another process that writes two rows a transaction for as long as it lives.
WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
connection.execute("CREATE TABLE pairs (n INTEGER, words TEXT)")
for n in range(10**9):
    connection.execute("BEGIN IMMEDIATE")
    for _ in range(2):
        connection.execute("INSERT INTO pairs VALUES (?, ?)", (n, "the harbour bridge at Dale " * 20))
    connection.execute("COMMIT")
    if n == 200:
        print("writing", flush=True)
"""


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    path = tmp_path / "hearsay.sqlite3"
    engine = await open_engine(path)
    await SqlObjections(engine, lambda: NOW).add(DALE, None, "courier.example/bridge", "Mara Venn")
    await engine.dispose()
    return path


def _kept(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [note for (note,) in connection.execute("SELECT note FROM wrong")]


async def test_a_copy_holds_everything_and_is_a_database_of_its_own(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies of may" / "a?b#%20.sqlite3"
    copy.parent.mkdir()
    assert backup(database, copy) == copy.stat().st_size > 0
    assert [file.name for file in copy.parent.iterdir()] == [copy.name]
    assert _kept(copy) == ["Mara Venn"]
    engine = await open_engine(copy)
    assert [one.note for one in await SqlObjections(engine, lambda: NOW).latest()] == ["Mara Venn"]
    await engine.dispose()


def test_a_copy_is_its_owners_alone_whatever_the_umask(database: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        backup(database, tmp_path / "copy")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600


def test_a_copy_is_one_moment_of_a_database_that_another_process_writes_to(
    database: Path, tmp_path: Path
) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(database)], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        for number in range(5):
            backup(database, tmp_path / f"{number}.sqlite3")
        assert writer.poll() is None
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
    counts = []
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.sqlite3")) as connection:
            (rows, halves) = connection.execute("SELECT count(*), count(DISTINCT n) FROM pairs").fetchone()
        assert rows == 2 * halves
        counts.append(rows)
    assert counts == sorted(counts)
    assert counts[0] >= 400


def test_what_was_written_and_not_yet_taken_into_the_database_file_is_in_the_copy(
    database: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE wrong SET note = 'Owen Pike'")
        connection.commit()
        assert database.with_name(database.name + "-wal").stat().st_size > 0
        backup(database, tmp_path / "copy")
    assert _kept(tmp_path / "copy") == ["Owen Pike"]


def _refusal(database: Path, copy: Path) -> str:
    with pytest.raises(CannotStore) as refused:
        backup(database, copy)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("kind", ["file", "link", "folder", "the database"])
def test_nothing_that_is_there_is_written_over(database: Path, tmp_path: Path, kind: str) -> None:
    copy = database if kind == "the database" else tmp_path / "copy"
    if kind == "file":
        copy.write_text("mine")
    elif kind == "link":
        copy.symlink_to(tmp_path / "nowhere")
    elif kind == "folder":
        copy.mkdir()
    assert _refusal(database, copy) == f"{copy} is there already, and a backup is never written over it."
    assert _kept(database) == ["Mara Venn"]
    assert kind != "file" or copy.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_place_that_cannot_be_written_to_is_said(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "none" / "copy"
    assert _refusal(database, copy) == f"No backup was written to {copy}: No such file or directory."


def test_without_a_database_there_is_no_copy_and_none_is_made(tmp_path: Path) -> None:
    database, copy = tmp_path / "hearsay.sqlite3", tmp_path / "copy"
    assert _refusal(database, copy) == (
        f"There is no database {database} yet: Hearsay makes it when it first starts."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_locked_database_is_said_after_some_patience(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.read_only.PATIENCE", 50)
    with closing(sqlite3.connect(database, isolation_level=None)) as locking:
        locking.execute("PRAGMA locking_mode=EXCLUSIVE")
        locking.execute("BEGIN EXCLUSIVE")
        assert _refusal(database, tmp_path / "copy").endswith("cannot be used: database is locked.")
    assert not (tmp_path / "copy").exists()


def test_of_a_damaged_database_no_copy_is_left(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE filler (words TEXT)")
        connection.executemany("INSERT INTO filler VALUES (?)", [("Lena Ort " * 300,)] * 200)
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'filler'").fetchone()
        (page,) = connection.execute("PRAGMA page_size").fetchone()
    with database.open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff" * page)
    refusal = _refusal(database, tmp_path / "copy")
    assert refusal.startswith(f"No backup was written to {tmp_path / 'copy'}: the database has a fault (")
    assert not (tmp_path / "copy").exists()


def test_of_what_is_no_database_there_is_no_copy(tmp_path: Path) -> None:
    database = tmp_path / "hearsay.sqlite3"
    database.write_text("this is no database, and long enough to be taken for one " * 20)
    assert "file is not a database" in _refusal(database, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_disk_that_is_full_leaves_no_half_of_a_copy(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE filler (words TEXT)")
        connection.executemany("INSERT INTO filler VALUES (?)", [("Lena Ort " * 300,)] * 500)
        connection.commit()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (database.stat().st_size // 2, hard))
    try:
        refusal = _refusal(database, tmp_path / "copy")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refusal.startswith(f"No backup was written to {tmp_path / 'copy'}: ")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hearsay.sqlite3"]
