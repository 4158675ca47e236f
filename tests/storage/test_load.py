"""Many rooms at once, and many rows, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import Query
from storage.engine import open_engine
from storage.history import SqlHistory
from tests.benchmarks.store import DALE, LONG_AGO, crowd, remember_long
from tests.storage.databases import postgres


async def test_rooms_that_all_speak_at_once_get_each_answer_once(engine: AsyncEngine) -> None:
    found = await crowd(engine, rooms=8, messages=20)
    assert (found.lost, found.doubled, found.complaints) == (0, 0, ())


@contextmanager
def told(engine: AsyncEngine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that the database is told meanwhile, with their values."""
    found: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        found.append((statement, values))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def test_postgresql_finds_words_by_its_text_index() -> None:
    with postgres(migrated=True) as address:
        engine = await open_engine(address)
        await remember_long(engine, DALE, 8000)
        with told(engine) as statements:
            assert (await SqlHistory(engine).search(DALE, Query("lightho"))).total == LONG_AGO
        counted, values = next(one for one in statements if "count" in one[0])
        async with engine.connect() as connection:
            plan = [line for (line,) in await connection.exec_driver_sql(f"EXPLAIN {counted}", values)]
        await engine.dispose()
    assert any("Bitmap Index Scan on ft_history_words" in line for line in plan), plan
