"""The databases of the tests: a SQLite file always, PostgreSQL where there is one.

The tests start a PostgreSQL server of their own, which need not outlive the machine and is fast for it
(Debian: `apt install postgresql`). Where none can be started, or HEARSAY_TEST_POSTGRES names another, they
use that one, else that of 127.0.0.1, which `docker run -e POSTGRES_HOST_AUTH_METHOD=trust -p 5432:5432
postgres` starts. In CI the absence of all is a failure.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import secrets
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from storage.engine import open_engine
from tests.absence import absent
from tests.storage import clusters

SERVER: Final = os.environ.get("HEARSAY_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")

_kept: Final = ExitStack()  # what all tests of a process share
atexit.register(_kept.close)


@cache
def server() -> str:
    """The address of the tests' own server, else of the one that is there."""
    if "HEARSAY_TEST_POSTGRES" in os.environ or clusters.absence():
        return SERVER
    return _kept.enter_context(clusters.running()).address


@cache
def absence(address: str) -> str:
    """Why a PostgreSQL server does not answer, or an empty string."""
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.Error as problem:
        return str(problem).splitlines()[0]
    return ""


@contextmanager
def postgres(address: str | None = None, *, migrated: bool = False) -> Iterator[str]:
    """The address of a database, empty or as Hearsay makes it, that is gone afterwards; on the tests' server,
    or on another."""
    address = address or server()
    if why := absence(address):
        absent(f"no PostgreSQL server answers (start one as tests/storage/databases.py says): {why}")
    template = _template(address) if migrated else "template1"
    with _database(address, template) as name:
        yield _address(address, name)


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    name = f"hearsay_test_{secrets.token_hex(6)}"
    _tell(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield name
    finally:
        _tell(server, "DROP DATABASE {} WITH (FORCE)", name)


@cache
def _template(server: str) -> str:
    name = _kept.enter_context(_database(server, "template1"))
    _migrate(_address(server, name))
    return name


@cache
def sqlite_template() -> Path:
    """A file to copy, as Hearsay makes it."""
    folder = _kept.enter_context(tempfile.TemporaryDirectory(prefix="hearsay-template-"))
    path = Path(folder) / "hearsay.sqlite3"
    _migrate(path)
    return path


def _migrate(where: Path | str) -> None:
    """In a thread of its own, because the caller's may have an event loop that runs."""

    async def migrate() -> None:
        await (await open_engine(where)).dispose()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate()).result()


def _address(server: str, name: str) -> str:
    return server.rpartition("/")[0] + f"/{name}"


def _tell(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
