"""The database's engine and its settings, and what to say when the database cannot be used.

SQLite: write-ahead log, so that readers never wait; `BEGIN IMMEDIATE`, so that a transaction that reads
and then writes cannot lose to another one; five seconds of patience. FACTS.md has the measurements.
PostgreSQL, where the setting names one: psycopg, with connections that are tried before they are used.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.migrating import NewerDatabase, migrate

PATIENCE: Final = 5000  # milliseconds
CONNECT_SECONDS: Final = 10
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    f"PRAGMA busy_timeout={PATIENCE}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
)
_POSTGRES: Final = "postgresql+psycopg"


class CannotStore(OSError):  # noqa: N818  # named for what could not be done (DESIGN.md, "Names")
    """The database cannot be opened, read or written; the message is one sentence with its place."""


# ── engines ─────────────────────────────────────────────────────────────────────────────────────────


def sqlite_engine(path: Path) -> AsyncEngine:
    """An engine on a SQLite file, which is made with the first connection."""
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def postgres_engine(address: str) -> AsyncEngine:
    """An engine on `postgresql://…`. Raises CannotStore for what is no such address."""
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "postgresql" or not url.database:
        raise CannotStore("The database address cannot be used: it must look like postgresql://host/name.")
    url = url.set(drivername=_POSTGRES).update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    return create_async_engine(url, pool_pre_ping=True)


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # so that the driver starts no transaction of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


# ── what to say ─────────────────────────────────────────────────────────────────────────────────────


def place(engine: AsyncEngine) -> str:
    """Where a database is, without any name or password."""
    url = engine.url
    return f"{url.host or 'localhost'}/{url.database}" if url.host or url.port else str(url.database)


@contextmanager
def said(where: object) -> Iterator[None]:
    """Turns what a driver raises into CannotStore about a place (an engine, or the words for one)."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, NewerDatabase, OSError) as problem:
        named = place(where) if isinstance(where, AsyncEngine) else where
        raise CannotStore(_sentence(named, problem)) from problem


def _sentence(where: object, problem: Exception) -> str:
    """The driver's own few words; never its SQL, its values or an address."""
    cause = getattr(problem, "orig", None) or problem
    words = getattr(cause, "strerror", None) or (str(cause).splitlines() or [type(cause).__name__])[0]
    if isinstance(cause, Exception) and type(cause).__module__.startswith("psycopg"):
        words = _psycopg_words(words)
    return f"The database {where} cannot be used: {words.rstrip('.')}."


def _psycopg_words(words: str) -> str:
    """Without the address, which stands before a colon where no connection could be made."""
    if words.startswith("connection"):
        return "no connection: " + words.rsplit(": ", 1)[-1]
    return words


# ── opening ─────────────────────────────────────────────────────────────────────────────────────────


async def opened(where: Path | str) -> AsyncEngine:
    """An engine on a SQLite file (a Path) or a PostgreSQL address, whose schema is today's and can be written
    to. Raises CannotStore."""
    if isinstance(where, str):
        engine = postgres_engine(where)
    else:
        with said(where):
            _make(where)
            probe(str(where))
        engine = sqlite_engine(where)
    try:
        with said(engine):
            async with engine.begin() as connection:
                await connection.run_sync(migrate)
    except BaseException:
        await engine.dispose()
        raise
    return engine


async def answers(engine: AsyncEngine) -> None:
    """Raises CannotStore where the database is out of reach."""
    with said(engine):
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))


def _make(path: Path) -> None:
    """Its owner's alone; the files that SQLite puts beside it take the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def probe(where: str, *, uri: bool = False) -> None:
    """Opens the file and writes to it what it says already. Raises sqlite3.Error.

    Without a thread: aiosqlite's outlives a failure to connect and then speaks to a closed event loop.
    """
    connection = sqlite3.connect(where, timeout=PATIENCE / 1000, isolation_level=None, uri=uri)
    try:
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version={version}")
        connection.execute("COMMIT")
    finally:
        connection.close()
