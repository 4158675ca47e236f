"""The database's engine and its settings, and what to say when the database cannot be used.

SQLite: write-ahead log, so that readers never wait; `BEGIN IMMEDIATE`, so that a transaction that reads
and then writes cannot lose to another one; five seconds of patience. FACTS.md has the measurements.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.tables import Base

PATIENCE: Final = 5000  # milliseconds
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    f"PRAGMA busy_timeout={PATIENCE}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
)


class CannotStore(OSError):  # noqa: N818  # named for what could not be done (DESIGN.md, "Names")
    """The database cannot be opened, read or written; the message is one sentence with its path."""


def sqlite_engine(path: Path) -> AsyncEngine:
    """An engine on a SQLite file, which is made with the first connection."""
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # so that the driver starts no transaction of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def said(place: object) -> Iterator[None]:
    """Turns what a driver raises into CannotStore about a place."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as problem:
        raise CannotStore(_sentence(place, problem)) from problem


def _sentence(place: object, problem: Exception) -> str:
    """The driver's own few words; never its SQL or its values."""
    cause = getattr(problem, "orig", None) or problem
    words = getattr(cause, "strerror", None) or str(cause).splitlines()[0]
    return f"The database {place} cannot be used: {words}."


async def opened(path: Path) -> AsyncEngine:
    """An engine whose schema is there and can be written to. Raises CannotStore."""
    with said(path):
        _make(path)
        probe(str(path))
    engine = sqlite_engine(path)
    with said(path):
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
    return engine


def _make(path: Path) -> None:
    """Its owner's alone; the files that SQLite puts beside it take the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def probe(place: str, *, uri: bool = False) -> None:
    """Opens the file and writes to it what it says already. Raises sqlite3.Error.

    Without a thread: aiosqlite's outlives a failure to connect and then speaks to a closed event loop.
    """
    connection = sqlite3.connect(place, timeout=PATIENCE / 1000, isolation_level=None, uri=uri)
    try:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version={version}")
        connection.execute("COMMIT")
    finally:
        connection.close()
