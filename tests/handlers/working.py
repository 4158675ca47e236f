"""Workers as processes of their own, on a database of the tests'."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import psycopg

PATIENCE: Final = 120.0  # seconds for a process to start on a busy machine
_ALIVE: Final = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '3 s'"


@asynccontextmanager
async def workers(
    address: str, count: int = 1, *, readers: int = 1, log: int = asyncio.subprocess.DEVNULL
) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """`hearsay worker`, so many times, once all have been heard from; killed at the end."""
    before = await alive(address)
    given = {
        "HEARSAY_DATABASE_URL": address,
        "HEARSAY_READERS": str(readers),
        "HEARSAY_ALLOW_LOOPBACK": "1",
        "HEARSAY_OPERATIONS_PORT": "0",
    }
    found = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from handlers.start import main; main()",
            "worker",
            env=os.environ | given,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=log,
        )
        for _ in range(count)
    ]
    try:
        async with asyncio.timeout(PATIENCE):
            while await alive(address) < before + count:  # noqa: ASYNC110  # only the database tells
                await asyncio.sleep(0.2)
        yield found
    finally:
        for process in found:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
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
