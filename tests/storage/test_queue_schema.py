"""The queue's tables, in databases of every age."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from storage import queue_schema
from storage.engine import CannotStore, open_engine
from storage.queue_schema import schema_version
from tests.storage.databases import postgres
from tests.storage.test_migrate import within


@pytest.fixture
def database() -> Iterator[str]:
    with postgres() as address:
        yield address


def last(connection: Connection) -> str:
    return str(connection.execute(queue_schema._VERSION).one()[1])


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
        await (await open_engine(database)).dispose()
    assert await within(database, last) == schema_version()
    assert "procrastinate_jobs" in await within(database, holds)


async def test_a_queue_of_an_older_library_is_made_anew_and_waits_for_nobody(database: str) -> None:
    await (await open_engine(database)).dispose()
    whole = await within(database, holds)
    flight = "INSERT INTO flights (id, key, url, asked, boarded, landed) VALUES"
    for one in (
        "COMMENT ON TABLE procrastinate_jobs IS 'of Hearsay, 02.00.00_01_before'",
        "ALTER TABLE procrastinate_jobs RENAME COLUMN worker_id TO otherwise",
        "CREATE TABLE procrastinate_of_old (id int)",
        "CREATE FUNCTION procrastinate_of_old(n int) RETURNS int LANGUAGE sql AS 'SELECT n'",
        f"{flight} ('way', 'a', 'a', true, now(), NULL)",
        f"{flight} ('end', 'b', 'b', true, now(), now())",
    ):
        await within(database, partial(Connection.execute, statement=text(one)))
    await (await open_engine(database)).dispose()
    assert (await within(database, last), await within(database, holds)) == (schema_version(), whole)
    flights = await within(
        database, lambda connection: connection.execute(text("SELECT id FROM flights")).scalars().all()
    )
    assert flights == ["end"]


async def test_a_queue_of_a_newer_library_is_left_alone(database: str) -> None:
    await (await open_engine(database)).dispose()
    newer = "COMMENT ON TABLE procrastinate_jobs IS 'of Hearsay, 99.00.00_01_later'"
    await within(database, lambda connection: connection.execute(text(newer)))
    with pytest.raises(CannotStore, match="a newer Hearsay has written it; update Hearsay"):
        await open_engine(database)


@pytest.mark.parametrize("comment", ["NULL", "'the jobs of a shop'"])
async def test_the_queue_of_another_application_is_left_alone(database: str, comment: str) -> None:
    def shop(connection: Connection) -> None:
        queue_schema._run(connection, SchemaManager.get_schema())
        connection.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS {comment}"))
        connection.execute(text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 't')"))

    await within(database, shop)
    with pytest.raises(CannotStore, match="another application keeps its queue in it; give Hearsay a data"):
        await open_engine(database)
    jobs = text("SELECT count(*) FROM procrastinate_jobs")
    assert await within(database, lambda connection: connection.execute(jobs).scalar_one()) == 1


async def test_workers_of_the_queue_before_keep_nobody_alive(database: str) -> None:
    await (await open_engine(database)).dispose()
    new = text("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert await within(database, lambda connection: connection.execute(new).scalar_one()) > 10**9
