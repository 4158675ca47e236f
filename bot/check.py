"""Checks of links: the stored report where it is young enough, else fetch, read, store.

link ─ known ─ young enough ─────────────────▶ the kept report
         └ fetch ─ not modified ─▶ keep ─────▶ the kept report, its age renewed
                └ a page ─ read ─▶ keep ─────▶ a new report
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from bot.errors import BadLink
from bot.fair_queue import Ticket
from bot.fetching.dedup_keys import make_story_key
from bot.model import Link, NotModified, Page
from bot.ports import Clock, Fetcher, Reader, Reports, StoredReport

_log = logging.getLogger(__name__)


class LinkChecker:
    """Return a link's report; implements bot.single_flight.CheckEngine.

    A store that is out of reach costs the memory, never the answer.
    """

    def __init__(self, fetcher: Fetcher, reader: Reader, reports: Reports, clock: Clock) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._reports = reports
        self._clock = clock

    async def check(self, link: Link, age: timedelta | None, ticket: Ticket) -> StoredReport:
        """Return the report and when its page was fetched. Raises CannotCheck."""
        known = None if age is None else await self._find(link.key)
        if known and age is not None and self._is_young(known, age):
            return known
        if known is None:
            kept = await self._read_anew(await self._fetcher.fetch(link), ticket)
        elif isinstance(found := await self._fetcher.fetch(link, known.version), NotModified):
            kept = replace(known, fetched=self._clock())
        else:
            kept = await self._read_anew(found, ticket)
        try:
            await self._reports.save(link.key, kept)
        except OSError as problem:
            _log.warning("a report could not be kept: %s", problem)
        return kept

    async def find_stored(self, link: Link, age: timedelta | None) -> StoredReport | None:
        """Return the stored report if it is young enough."""
        kept = None if age is None else await self._find(link.key)
        return kept if kept and age is not None and self._is_young(kept, age) else None

    def _is_young(self, kept: StoredReport, age: timedelta) -> bool:
        """Return True unless the report is too old. One from the future tells of a clock that was set."""
        return abs(self._clock() - kept.fetched) < age

    async def _read_anew(self, page: Page, ticket: Ticket) -> StoredReport:
        fetched = self._clock()
        report = await self._reader.read(page, ticket)
        try:
            story_key = make_story_key(page.url, report.article.canonical_url)
        except BadLink:  # an address that servers agreed on, and nobody could paste
            story_key = None
        return StoredReport(report, fetched, page.version, story_key)

    async def _find(self, key: str) -> StoredReport | None:
        try:
            return await self._reports.get(key)
        except OSError as problem:
            _log.warning("a report could not be looked up: %s", problem)
            return None
