"""A copy of the SQLite database, made while Hearsay goes on writing to it.

The copy is one moment of the database and stands alone: nothing of it is in files beside it. It is there
whole and checked, or not at all.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.engine import CannotStore
from storage.read_only import open_snapshot


class CannotBackUp(CannotStore):
    """There is no copy; the message is one sentence with its name."""


def backup(database: Path, copy: Path) -> int:
    """Copy it into a new file, its owner's alone; how many bytes that has. Raises CannotStore."""
    # The reader has begun to read: a backup that begins itself waits for a locked database for ever.
    with closing(open_snapshot(database)) as source:
        try:
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            try:
                _copy_into(copy, source)
                return copy.stat().st_size
            except BaseException:
                copy.unlink(missing_ok=True)
                raise
        except FileExistsError as problem:
            raise CannotBackUp(
                f"{copy} is there already, and a backup is never written over it."
            ) from problem
        except (sqlite3.Error, OSError) as problem:
            why = getattr(problem, "strerror", None) or str(problem)
            raise CannotBackUp(f"No backup was written to {copy}: {why}.") from problem


def _copy_into(copy: Path, source: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # so that it needs no files beside it
        (found,) = target.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(f"the database has a fault ({found.splitlines()[-1]})")
