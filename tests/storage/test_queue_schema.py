"""The queue's tables, in databases of every age."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Connection, text

from storage import queue_schema
from storage.engine import CannotStore, opened
from storage.queue_schema import version
from tests.storage.databases import postgres
from tests.storage.test_migrating import within


@pytest.fixture
def database() -> Iterator[str]:
    with postgres() as address:
        yield address


def last(connection: Connection) -> str:
    return str(connection.execute(queue_schema._VERSION).scalar_one())


def holds(connection: Connection) -> set[str]:
    """All that the queue is made of, by name."""
    wanted = (
        "SELECT oid::regclass::text FROM pg_class WHERE relname LIKE '%procrastinate%'"
        " UNION SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate%'"
        " UNION SELECT oid::regtype::text FROM pg_type WHERE typname LIKE 'procrastinate%'"
    )
    return set(connection.execute(text(wanted)).scalars())


async def test_a_new_database_has_the_queue_of_the_installed_library(database: str) -> None:
    for _ in range(2):
        await (await opened(database)).dispose()
    assert await within(database, last) == version()
    assert "procrastinate_jobs" in await within(database, holds)


async def test_a_queue_of_an_older_library_is_made_anew_and_waits_for_nobody(database: str) -> None:
    await (await opened(database)).dispose()
    whole = await within(database, holds)
    flight = "INSERT INTO flights (id, key, url, asked, boarded, landed) VALUES"
    for one in (
        "COMMENT ON TABLE procrastinate_jobs IS '02.00.00_01_before'",
        "ALTER TABLE procrastinate_jobs RENAME COLUMN worker_id TO otherwise",
        "CREATE TABLE procrastinate_of_old (id int)",
        "CREATE FUNCTION procrastinate_of_old(n int) RETURNS int LANGUAGE sql AS 'SELECT n'",
        f"{flight} ('way', 'a', 'a', true, now(), NULL)",
        f"{flight} ('end', 'b', 'b', true, now(), now())",
    ):
        await within(database, partial(Connection.execute, statement=text(one)))
    await (await opened(database)).dispose()
    assert (await within(database, last), await within(database, holds)) == (version(), whole)
    flights = await within(
        database, lambda connection: connection.execute(text("SELECT id FROM flights")).scalars().all()
    )
    assert flights == ["end"]


async def test_a_queue_of_a_newer_library_is_left_alone(database: str) -> None:
    await (await opened(database)).dispose()
    newer = "COMMENT ON TABLE procrastinate_jobs IS '99.00.00_01_later'"
    await within(database, lambda connection: connection.execute(text(newer)))
    with pytest.raises(CannotStore, match="a newer Hearsay has written it; update Hearsay"):
        await opened(database)
