"""Reports in a database: `SqlReports` is bot's port, kept for some days and proved at each reading.

A report is written under the key of the link that was pasted and under no other. The key that its page names
as its own only lets it be found where nothing stands under that key itself.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.model import Version
from bot.ports import Clock, StoredReport
from bot.report_json import InvalidReport, from_json, to_json
from storage.engine import translate_errors
from storage.keys import shorten_key
from storage.tables import ReportRow

RETENTION: Final = timedelta(days=30)

_INSERT: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_log = logging.getLogger(__name__)


class SqlReports:
    """Reports by the keys of their link and of their page. Every method raises CannotStore when the database
    is out of reach."""

    def __init__(self, engine: AsyncEngine, clock: Clock, retention: timedelta = RETENTION) -> None:
        self._engine = engine
        self._clock = clock
        self._retention = retention

    async def get(self, key: str) -> StoredReport | None:
        """The report kept under this key, else the newest of a page that names it, unless its time is over or
        its words no longer fit its text."""
        here = ReportRow.key == shorten_key(key)
        found = (
            select(ReportRow.key)
            .where(or_(here, ReportRow.canonical == shorten_key(key)), ReportRow.fetched > self._oldest())
            .order_by(here.desc(), ReportRow.fetched.desc(), ReportRow.key)
            .limit(1)
        )
        columns = (
            ReportRow.report,
            ReportRow.fetched,
            ReportRow.canonical,
            ReportRow.etag,
            ReportRow.modified,
        )
        wanted = select(*columns).where(ReportRow.key == found.scalar_subquery())
        with translate_errors(self._engine):
            async with self._engine.connect() as connection:
                row = (await connection.execute(wanted)).one_or_none()
        return None if row is None else _from_row(row)

    async def save(self, key: str, kept: StoredReport) -> None:
        """Keep it, in the place of an earlier one."""
        version = kept.version
        if version and version.url != kept.report.article.url:  # it is that of another address
            version = None
        row = {
            "fetched": kept.fetched,
            "report": to_json(kept.report),
            "canonical": None if kept.canonical is None else shorten_key(kept.canonical),
            "etag": version and version.etag,
            "modified": version and version.modified,
        }
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                insert = _INSERT[connection.dialect.name](ReportRow).values(key=shorten_key(key), **row)
                upsert = insert.on_conflict_do_update(index_elements=[ReportRow.key], set_=row)
                await connection.execute(upsert)

    async def expire(self) -> int:
        """Delete what has been kept long enough; how many there were."""
        with translate_errors(self._engine):
            async with self._engine.begin() as connection:
                found = await connection.execute(delete(ReportRow).where(ReportRow.fetched <= self._oldest()))
        return found.rowcount

    def _oldest(self) -> datetime:
        return self._clock() - self._retention


def _from_row(row: Row[Any]) -> StoredReport | None:
    try:
        report = from_json(row.report)
    except InvalidReport as problem:
        _log.warning("a kept report is not used: %s", problem)
        return None
    url = report.article.url
    version = Version(url, row.etag, row.modified) if url and (row.etag or row.modified) else None
    return StoredReport(report, row.fetched, version, row.canonical)
