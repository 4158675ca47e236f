"""Workers as processes of their own, on a database of the tests'."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from tests.handlers.forks import Forked
from tests.handlers.living import Life

PATIENCE: Final = 120.0  # seconds for a process to start on a busy machine
_ALIVE: Final = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '3 s'"


@asynccontextmanager
async def workers(address: str, count: int = 1, *, readers: int = 1) -> AsyncIterator[list[Forked]]:
    """`hearsay worker`, so many times, once all have been heard from; killed at the end."""
    before = await alive(address)
    told = Life(address, settings={"readers": str(readers)}, worker=True).told()
    with Path(os.devnull).open("ab") as nowhere:  # noqa: ASYNC230  # which blocks nobody
        found = [await Forked.begin(told, nowhere) for _ in range(count)]
    try:
        async with asyncio.timeout(PATIENCE):
            while await alive(address) < before + count:  # noqa: ASYNC110  # only the database tells
                await asyncio.sleep(0.2)
        yield found
    finally:
        for process in found:
            process.kill()
            await process.wait()


async def alive(address: str) -> int:
    """How many workers the database has heard from."""
    async with await psycopg.AsyncConnection.connect(address) as connection:
        (table,) = await one(connection, "SELECT to_regclass('procrastinate_workers')")
        return 0 if table is None else int((await one(connection, _ALIVE))[0])


async def one(connection: psycopg.AsyncConnection[Any], statement: str) -> Any:
    found = await (await connection.execute(statement)).fetchone()
    assert found is not None
    return found
