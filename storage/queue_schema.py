"""The tables of procrastinate's queue in PostgreSQL, brought to what the installed version wants.

The library ships its whole schema, for a database that has none, and the steps between its versions. Which
step was taken last stands in the comment of its table of jobs.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

TABLES: Final = "procrastinate"  # how their names begin
_LAST: Final = text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")
_THERE: Final = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")


class NewerQueue(Exception):  # noqa: N818  # said as a sentence by storage.migrating
    """A newer procrastinate has made the tables."""


def migrate_queue(connection: Connection) -> None:
    """Within the connection's transaction. Raises NewerQueue."""
    steps = _steps()
    newest = steps[-1].stem
    if not connection.execute(_THERE).scalar_one():
        _run(connection, SchemaManager.get_schema())
    else:
        last = connection.execute(_LAST).scalar_one() or ""
        if last > newest:
            raise NewerQueue
        for step in steps:
            if step.stem > last:
                _run(connection, step.read_text("utf-8"))
        if last == newest:
            return
    _run(connection, f"COMMENT ON TABLE procrastinate_jobs IS '{newest}'")


def _steps() -> list[Path]:
    """In the order in which they are taken, as the library names them."""
    with resources.as_file(resources.files("procrastinate.sql") / "migrations") as folder:
        return sorted(folder.glob("*.sql"))


def _run(connection: Connection, script: str) -> None:
    """Many statements, and `%` that stands for itself."""
    connection.execution_options(no_parameters=True).exec_driver_sql(script)
