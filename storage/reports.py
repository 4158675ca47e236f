"""Reports in a database: `SqlReports` is bot's port, kept for some days and proved at each reading."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.interchange import NotProved, from_json, to_json
from bot.ports import Clock, Kept
from storage.engine import said
from storage.tables import ReportRow

RETENTION: Final = timedelta(days=30)
LONGEST_KEY: Final = 1000  # characters; a longer or unprintable key is kept as its digest

_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_log = logging.getLogger(__name__)


class SqlReports:
    """Reports by the key of their link. Every method raises CannotStore when the database is out of reach."""

    def __init__(self, engine: AsyncEngine, clock: Clock, retention: timedelta = RETENTION) -> None:
        self._engine = engine
        self._clock = clock
        self._retention = retention

    async def get(self, key: str) -> Kept | None:
        """The report, unless its time is over or its words no longer fit its text."""
        wanted = select(ReportRow.report, ReportRow.fetched).where(
            ReportRow.key == _short(key), ReportRow.fetched > self._oldest()
        )
        with said(self._engine):
            async with self._engine.connect() as connection:
                row = (await connection.execute(wanted)).one_or_none()
        return None if row is None else _kept(row.report, row.fetched)

    async def keep(self, key: str, kept: Kept) -> None:
        """Keep it, in the place of an earlier one, and let go of those whose time is over."""
        with said(self._engine):
            async with self._engine.begin() as connection:
                await _upsert(connection, _short(key), kept)
                await connection.execute(delete(ReportRow).where(ReportRow.fetched <= self._oldest()))

    async def expire(self) -> int:
        """Delete what has been kept long enough; how many there were."""
        with said(self._engine):
            async with self._engine.begin() as connection:
                found = await connection.execute(delete(ReportRow).where(ReportRow.fetched <= self._oldest()))
        return found.rowcount

    def _oldest(self) -> datetime:
        return self._clock() - self._retention


async def _upsert(connection: AsyncConnection, key: str, kept: Kept) -> None:
    row = {"fetched": kept.fetched, "report": to_json(kept.report)}
    insert = _INSERT[connection.dialect.name](ReportRow).values(key=key, **row)
    await connection.execute(insert.on_conflict_do_update(index_elements=[ReportRow.key], set_=row))


def _kept(report: dict[str, Any], fetched: datetime) -> Kept | None:
    try:
        return Kept(from_json(report), fetched)
    except NotProved as problem:
        _log.warning("a kept report is not used: %s", problem)
        return None


def _short(key: str) -> str:
    if len(key) <= LONGEST_KEY and key.isprintable():
        return key
    return "sha256:" + sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
