"""The databases of the tests: a SQLite file always, PostgreSQL where a server answers.

`docker run -e POSTGRES_HOST_AUTH_METHOD=trust -p 5432:5432 postgres`, or
`pg_ctlcluster 15 main start` on Debian, starts one; HEARSAY_TEST_POSTGRES names
another than that of 127.0.0.1. In CI its absence is a failure.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import psycopg
from psycopg import sql

from tests.absence import absent

SERVER: Final = os.environ.get("HEARSAY_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@cache
def absence() -> str:
    """Why there is no PostgreSQL server, or an empty string."""
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.Error as problem:
        return str(problem).splitlines()[0]
    return ""


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    if why := absence():
        absent(f"no PostgreSQL server answers (start one as tests/storage/databases.py says): {why}")
    name = f"hearsay_test_{secrets.token_hex(6)}"
    _tell("CREATE DATABASE {}", name)
    try:
        yield SERVER.rpartition("/")[0] + f"/{name}"
    finally:
        _tell("DROP DATABASE {} WITH (FORCE)", name)


def _tell(statement: str, name: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
