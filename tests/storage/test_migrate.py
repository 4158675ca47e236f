from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import StoredReport
from bot.report_json import to_json
from storage import migrate
from storage.engine import CannotStore, open_engine, postgres_engine, sqlite_engine
from storage.reports import SqlReports
from storage.tables import Base
from tests.bot.written import bridge

FETCHED = datetime(2026, 11, 20, 12, tzinfo=UTC)


def bare(where: Path | str) -> AsyncEngine:
    """An engine that migrates nothing."""
    return postgres_engine(where) if isinstance(where, str) else sqlite_engine(where)


async def within(where: Path | str, act: Callable[[Connection], Any]) -> Any:
    engine = bare(where)
    async with engine.begin() as connection:
        found = await connection.run_sync(act)
    await engine.dispose()
    return found


NOT_DESCRIBED: Final = {  # not described by tables.py
    "table": ("history_fts", "procrastinate"),
    "index": ("ft_",),
    "column": ("ft_",),
}


def is_described(name: str | None, kind: str, _: object) -> bool:
    return name is None or not name.startswith(NOT_DESCRIBED.get(kind, ("\0",)))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migrations_lead_to_the_tables_that_the_code_describes(engine: AsyncEngine) -> None:
    options = {"include_name": is_described, "compare_type": True}
    async with engine.connect() as connection:
        drift = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain, opts=options), Base.metadata)
        )
    assert drift == []


async def test_a_second_start_finds_nothing_to_do(database: Path | str) -> None:
    for _ in range(2):
        engine = await open_engine(database)
        await engine.dispose()
    assert "history" in await within(database, tables)


async def test_a_database_from_before_there_were_migrations_keeps_what_it_holds(database: Path | str) -> None:
    def old(connection: Connection) -> None:
        connection.execute(
            text(
                "CREATE TABLE reports (key VARCHAR(2048) NOT NULL CONSTRAINT pk_reports PRIMARY KEY, "
                "fetched TIMESTAMP WITH TIME ZONE NOT NULL, report JSON NOT NULL)"
            )
        )
        connection.execute(text("CREATE INDEX ix_reports_fetched ON reports (fetched)"))
        row = {"report": json.dumps(to_json(bridge())), "at": FETCHED.isoformat(" ")[:-6]}
        connection.execute(text("INSERT INTO reports VALUES ('a.example/x', :at, :report)"), row)

    await within(database, old)
    engine = await open_engine(database)
    kept = await SqlReports(engine, lambda: FETCHED).get("a.example/x")
    await engine.dispose()
    assert kept == StoredReport(bridge(), FETCHED)


async def test_a_database_of_a_newer_hearsay_is_left_alone(database: Path | str) -> None:
    await (await open_engine(database)).dispose()
    await within(database, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(CannotStore, match="a newer Hearsay has written it; update Hearsay"):
        await open_engine(database)


async def test_a_migration_that_fails_changes_nothing(
    database: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: Connection) -> None:
        migrate.migrate(connection)
        connection.execute(text("SELECT no_such_thing FROM history"))

    monkeypatch.setattr("storage.engine.migrate", broken)
    with pytest.raises(CannotStore, match="no_such_thing"):
        await open_engine(database)
    assert await within(database, tables) == set()


START = """
import asyncio, sys
from pathlib import Path
from storage.engine import open_engine
where = sys.argv[1] if sys.argv[1].startswith("postgresql") else Path(sys.argv[1])
async def main():
    await (await open_engine(where)).dispose()
asyncio.run(main())
"""


async def test_processes_that_start_at_once_do_not_hinder_each_other(database: Path | str) -> None:
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, str(database), stderr=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    ended = [(await one.communicate())[1].decode()[-400:] for one in started]
    assert [one.returncode for one in started] == [0] * 4, ended
    assert "history" in await within(database, tables)


async def test_a_search_index_follows_what_the_history_holds(tmp_path: Path) -> None:
    await (await open_engine(tmp_path / "a.sqlite3")).dispose()
    with sqlite3.connect(tmp_path / "a.sqlite3") as plain:
        columns = "at, platform, room, key, domain, title, outlet, flagged, pasted, sources, hedges, words"
        plain.execute(f"INSERT INTO history ({columns}) VALUES (1,'t','1','k','d','','',0,0,0,0,'bridge')")
        found = "SELECT rowid FROM history_fts WHERE history_fts MATCH ?"
        assert plain.execute(found, ("bridge",)).fetchall() == [(1,)]
        plain.execute("UPDATE history SET words = 'ferry'")
        assert plain.execute(found, ("bridge",)).fetchall() == []
        plain.execute("DELETE FROM history")
        assert plain.execute(found, ("ferry",)).fetchall() == []
