from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import open_engine
from tests.storage.databases import postgres, sqlite_template


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a database is: each test that asks for it runs on both kinds. It is empty, but where the test
    asks for an engine, too, which would migrate it: a copy takes a fraction of the time."""
    migrated = "engine" in request.fixturenames
    if request.param == "postgres":
        with postgres(migrated=migrated) as address:
            yield address
        return
    path = tmp_path / "hearsay.sqlite3"
    if migrated:
        shutil.copy(sqlite_template(), path)
    yield path


@pytest.fixture
async def engine(database: Path | str) -> AsyncIterator[AsyncEngine]:
    found = await open_engine(database)
    yield found
    await _wait_for_connections(found)
    await found.dispose()


async def _wait_for_connections(engine: AsyncEngine) -> None:
    """A transaction that was cancelled gives its connection back in a task of its own, a moment later."""
    pool = engine.pool
    for _ in range(200):
        if not isinstance(pool, QueuePool) or pool.checkedout() == 0:
            return
        await asyncio.sleep(0.01)
