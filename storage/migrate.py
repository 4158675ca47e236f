"""Migrations at the start: the schema becomes today's, however old the database is and whoever else starts.

The whole way runs in one transaction: of two processes that start at once, the second waits and finds
nothing left to do; a failure leaves everything as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.tables import Base

_SCRIPTS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 7_224_957  # any number that is ours alone: it names the lock under which PostgreSQL migrates
_FIRST: Final = "0001"  # what a database holds that was made before there were migrations


class NewerDatabase(Exception):  # noqa: N818  # said as a sentence by storage.engine
    """The database was written by a newer Hearsay."""

    def __init__(self) -> None:
        super().__init__("a newer Hearsay has written it; update Hearsay, or use another database")


class ForeignDatabase(Exception):  # noqa: N818  # as above
    """Another application has its queue in it."""

    def __init__(self) -> None:
        super().__init__("another application keeps its queue in it; give Hearsay a database of its own")


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return ScriptDirectory.from_config(config)


def migrate(connection: Connection) -> None:
    """Bring the schema to today's within the connection's transaction. Raises NewerDatabase."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    known = scripts()
    tables = inspect(connection).get_table_names()
    if "reports" in tables and "alembic_version" not in tables:  # from before there were migrations
        MigrationContext.configure(connection).stamp(known, _FIRST)
    if not is_current(connection, known):
        _run(connection, known)
    if connection.dialect.name == "postgresql":
        from storage.queue_schema import ForeignQueue, NewerQueue, migrate_queue  # noqa: PLC0415  # SQLite does without

        try:
            migrate_queue(connection)
        except NewerQueue:
            raise NewerDatabase from None
        except ForeignQueue:
            raise ForeignDatabase from None


def is_current(connection: Connection, known: ScriptDirectory) -> bool:
    """Return True if the schema is the one that tables.py describes. Raises NewerDatabase."""
    now = MigrationContext.configure(connection).get_current_revision()
    if now is not None and now not in {script.revision for script in known.walk_revisions()}:
        raise NewerDatabase
    return now == known.get_current_head()


def _run(connection: Connection, known: ScriptDirectory) -> None:
    def upgrade(revision: Any, _: Any) -> Any:
        return known._upgrade_revs("head", revision)  # noqa: SLF001  # Alembic's own way to embed it

    with EnvironmentContext(Config(), known, fn=upgrade) as environment:
        environment.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        environment.run_migrations()
