"""The database's engine and its settings, and what to say when the database cannot be used.

SQLite: write-ahead log, so that who reads (`engine.connect()`) never waits; `BEGIN IMMEDIATE` for who writes
(`engine.begin()`), so that a transaction that reads and then writes cannot lose to another one; five seconds
of patience. FACTS.md has the measurements. PostgreSQL, where the setting names one: psycopg, with connections
that are tried before they are used, and the same patience with locks.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Final

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.room_settings.definitions import BadSetting
from storage.migrate import ForeignDatabase, NewerDatabase, migrate

PATIENCE: Final = 5000  # milliseconds
CONNECT_SECONDS: Final = 10
SILENCE: Final = 15_000  # milliseconds after which a server that takes nothing any more is gone
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    f"PRAGMA busy_timeout={PATIENCE}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=NORMAL",
)
_POSTGRES: Final = "postgresql+psycopg"
_WRITES: Final = "writes"
_TRANSLATED: Final = (
    SQLAlchemyError, sqlite3.Error, NewerDatabase, ForeignDatabase, OSError, ValueError, OverflowError,
)  # fmt: skip


class CannotStore(OSError):  # noqa: N818  # named for what could not be done
    """The database cannot be opened, read or written; the message is one sentence with its place."""


# ── engines ─────────────────────────────────────────────────────────────────────────────────────────


class SqliteEngine(AsyncEngine):
    """Let writers wait in line. SQLite's own waiting knows no order, and of many writers it passes one over
    until its busy timeout ends (on a busy machine 4.9 of the 5 seconds were measured)."""

    def __init__(self, path: Path) -> None:
        url = URL.create("sqlite+aiosqlite", database=str(path))
        super().__init__(create_async_engine(url, hide_parameters=True).sync_engine)
        event.listen(self.sync_engine, "begin", self._begin)

        @event.listens_for(self.sync_engine, "connect")
        def set_pragmas(connection: Any, _: object) -> None:
            connection.isolation_level = None  # so that the driver starts no transaction of its own
            cursor = connection.cursor()
            for pragma in _PRAGMAS:
                cursor.execute(pragma)
            cursor.close()

        self._write_lock = asyncio.Lock()
        self._last_timeout = (0.0, "")  # when patience ended last, and why

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        joined = monotonic()
        async with self._write_lock:
            at, why = self._last_timeout
            if joined < at:  # or a lasting lock would let each of them wait anew, one after the other
                raise sqlite3.OperationalError(why)
            async with self.connect() as connection:
                await connection.execution_options(**{_WRITES: True})
                async with connection.begin():
                    yield connection

    def _begin(self, connection: Connection) -> None:
        if not connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql("BEGIN")
            return
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as problem:
            self._last_timeout = (monotonic(), str(problem.orig))
            raise


def sqlite_engine(path: Path) -> AsyncEngine:
    """An engine on a SQLite file, which is made with the first connection."""
    return SqliteEngine(path)


def postgres_engine(address: str) -> AsyncEngine:
    """An engine on `postgresql://…`. Raises CannotStore for what is no such address."""
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "postgresql" or not url.database:
        raise CannotStore("The database address cannot be used: it must look like postgresql://host/name.")
    limits = {"connect_timeout": str(CONNECT_SECONDS), "tcp_user_timeout": str(SILENCE)}
    url = url.set(drivername=_POSTGRES).update_query_dict(limits)
    engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def set_lock_timeout(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {PATIENCE}")
        cursor.close()
        connection.commit()  # what is set within a transaction goes with it

    return engine


# ── what to say ─────────────────────────────────────────────────────────────────────────────────────


def display_address(engine: AsyncEngine) -> str:
    """Return the database's address without any name or password."""
    url = engine.url
    return f"{url.host or 'localhost'}/{url.database}" if url.host or url.port else str(url.database)


@contextmanager
def translate_errors(where: object) -> Iterator[None]:
    """Turn what a driver raises into CannotStore about a place (an engine, or the words for one)."""
    try:
        yield
    except BadSetting:
        raise  # an admin's edit is refused, by nobody's fault but its own
    except _TRANSLATED as problem:
        named = display_address(where) if isinstance(where, AsyncEngine) else where
        why = _describe(problem).rstrip(".")
        raise CannotStore(f"The database {named} cannot be used: {why}.") from problem


def _describe(problem: Exception) -> str:
    """Return the driver's own few words; never its SQL, its values or an address."""
    if isinstance(problem, UnicodeEncodeError | OverflowError):
        return "it cannot store this value"
    if isinstance(problem, ValueError):  # bytes, JSON or a date that somebody or something has spoilt
        return "some of its data cannot be read"
    if isinstance(problem, NoConnection):
        return "it is busy with too many requests"
    cause = getattr(problem, "orig", None) or problem
    words = getattr(cause, "strerror", None) or (str(cause).splitlines() or [type(cause).__name__])[0]
    by_psycopg = isinstance(cause, Exception) and type(cause).__module__.startswith("psycopg")
    if by_psycopg and words.startswith("connection"):  # an address stands before a colon
        return "no connection: " + words.rsplit(": ", 1)[-1]
    return words


# ── opening ─────────────────────────────────────────────────────────────────────────────────────────


async def open_engine(where: Path | str) -> AsyncEngine:
    """Return an engine on a SQLite file (a Path) or a PostgreSQL address, whose schema is migrated and can be
    written to. Raises CannotStore."""
    if isinstance(where, str):
        engine = postgres_engine(where)
    else:
        with translate_errors(where):
            _create_file(where)
            probe(str(where))
        engine = sqlite_engine(where)
    try:
        with translate_errors(engine):
            async with engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    await connection.execute(text("SET LOCAL lock_timeout = 0"))  # another may be migrating
                await connection.run_sync(migrate)
    except BaseException:
        await engine.dispose()
        raise
    return engine


async def ping(engine: AsyncEngine) -> None:
    """Raise CannotStore where the database is out of reach."""
    with translate_errors(engine):
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))


def _create_file(path: Path) -> None:
    """Create a file that is its owner's alone; those that SQLite puts beside it take the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def probe(where: str, *, uri: bool = False) -> None:
    """Open the file and write to it what it says already. Raises sqlite3.Error.

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
