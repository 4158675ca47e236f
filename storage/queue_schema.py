"""The tables of procrastinate's queue in PostgreSQL, as the installed version wants them.

They are made anew for another version of the library rather than taken through its steps, some of which must
be committed before the next: nothing is lost, since a job holds the id of a flight and nothing else, and who
waits for a flight that is gone has its check made where he is. The version stands in the comment of the table
of jobs, by the name of the library's last step.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, delete, text

from storage.tables import FlightRow

_OURS: Final = "of Hearsay, "  # how the comment begins
_VERSION: Final = text("""
SELECT to_regclass('procrastinate_jobs') IS NOT NULL,
obj_description(to_regclass('procrastinate_jobs'), 'pg_class')""")
# Workers of the queue that was there before may live, and give signs of life by their numbers.
_NUMBERS: Final = text("""
SELECT setval(pg_get_serial_sequence('procrastinate_workers', 'id'), extract(epoch FROM now())::bigint)""")
_DROP: Final = """
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'r'
        AND relname LIKE 'procrastinate\\_%' AND relnamespace = current_schema()::regnamespace LOOP
        EXECUTE 'DROP TABLE ' || one.name || ' CASCADE';
    END LOOP;
    FOR one IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate\\_%'
        AND pronamespace = current_schema()::regnamespace LOOP
        EXECUTE 'DROP FUNCTION ' || one.name || ' CASCADE';
    END LOOP;
    FOR one IN SELECT oid::regtype AS name FROM pg_type WHERE typtype IN ('c', 'e')
        AND typname LIKE 'procrastinate\\_%' AND typnamespace = current_schema()::regnamespace LOOP
        EXECUTE 'DROP TYPE ' || one.name || ' CASCADE';
    END LOOP;
END;
$$
"""


class NewerQueue(Exception):  # noqa: N818  # said as a sentence by storage.migrate
    """A newer procrastinate has made the tables."""


class ForeignQueue(Exception):  # noqa: N818  # as above
    """Another application's."""


def migrate_queue(connection: Connection) -> None:
    """Bring the queue to the library's version within the connection's transaction. Raises NewerQueue,
    ForeignQueue."""
    there, found = connection.execute(_VERSION).one()
    wanted = schema_version()
    if found == wanted:
        return
    if there and not str(found).startswith(_OURS):
        raise ForeignQueue
    if there and found > wanted:
        raise NewerQueue
    # First, because older processes hold a flight while they wait for the queue.
    connection.execute(delete(FlightRow).where(FlightRow.landed.is_(None)))
    _run(connection, _DROP)
    _run(connection, SchemaManager.get_schema())
    connection.execute(_NUMBERS)
    _run(connection, f"COMMENT ON TABLE procrastinate_jobs IS '{wanted}'")


def schema_version() -> str:
    """Return the last step between versions that the installed library knows; their names are in order."""
    steps = resources.files("procrastinate.sql") / "migrations"
    names = (step.name.removesuffix(".sql") for step in steps.iterdir() if step.name.endswith(".sql"))
    return _OURS + max(names)


def _run(connection: Connection, script: str) -> None:
    """Run many statements, in which `%` stands for itself."""
    connection.execution_options(no_parameters=True).exec_driver_sql(script)
