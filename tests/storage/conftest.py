from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engine import open_engine
from tests.storage.databases import postgres


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where an empty database is: each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        yield tmp_path / "hearsay.sqlite3"
    else:
        with postgres() as address:
            yield address


@pytest.fixture
async def engine(database: Path | str) -> AsyncIterator[AsyncEngine]:
    found = await open_engine(database)
    yield found
    await found.dispose()
