"""A database that is there already, to read from: nothing is made, and no table is changed.

Unlike `storage.engine.open_engine` it takes no lock that a writer needs, and leaves an older schema as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine import PATIENCE, CannotStore, display_address, postgres_engine, translate_errors
from storage.migrate import is_current, scripts


class NotThere(CannotStore):
    """No database has been made yet, or none that this Hearsay can read."""


@asynccontextmanager
async def open_read_only(where: Path | str) -> AsyncIterator[AsyncEngine]:
    """An engine that reads, on a SQLite file (a Path) or a PostgreSQL address. Raises CannotStore."""
    if isinstance(where, str):
        engine = postgres_engine(where)
    else:
        open_snapshot(where).close()  # aiosqlite's thread would outlive a failure to connect
        engine = _sqlite_engine(where)
    try:
        with translate_errors(engine):
            async with engine.connect() as connection:
                ready = await connection.run_sync(is_current, scripts())
        if not ready:
            raise NotThere(
                f"The database {display_address(engine)} is not ready to be read:"
                " it is made, or brought up to date, when Hearsay starts."
            )
        yield engine
    finally:
        await engine.dispose()


def open_snapshot(path: Path) -> sqlite3.Connection:
    """A connection to a SQLite file that holds one moment of it. Raises CannotStore."""
    with translate_errors(path):
        there = path.exists()
    if not there:
        raise NotThere(f"There is no database {path} yet: Hearsay makes it when it first starts.")
    with translate_errors(path):
        connection = sqlite3.connect(_uri(path), timeout=PATIENCE / 1000, isolation_level=None, uri=True)
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def _sqlite_engine(path: Path) -> AsyncEngine:
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))

    def by_uri(_: Any, __: Any, args: list[Any], options: dict[str, Any]) -> None:
        args[:] = [_uri(path)]
        options["uri"] = True

    event.listen(engine.sync_engine, "do_connect", by_uri)
    return engine


def _uri(path: Path) -> str:
    """Return an address in a mode that makes no file, and that takes away what it put beside it, which "ro"
    would leave."""
    return f"{path.absolute().as_uri()}?mode=rw"
