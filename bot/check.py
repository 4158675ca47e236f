"""The use case: is the link's report known? Else fetch, read, keep."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from bot.model import Link
from bot.ports import Clock, Fetch, Kept, Read, Reports

FRESH: Final = timedelta(hours=24)  # pages change: an older report is read anew

_log = logging.getLogger(__name__)


class Check:
    """A link's report. A store that is out of reach costs the memory, never the answer."""

    def __init__(
        self, fetch: Fetch, read: Read, reports: Reports, clock: Clock, fresh: timedelta = FRESH
    ) -> None:
        self._fetch = fetch
        self._read = read
        self._reports = reports
        self._clock = clock
        self._fresh = fresh

    async def __call__(self, link: Link, *, again: bool = False) -> Kept:
        """The report and when its page was fetched; `again`: even if it is known. Raises CannotCheck."""
        known = None if again else await self._known(link)
        return known or await self._read_anew(link)

    async def _known(self, link: Link) -> Kept | None:
        try:
            kept = await self._reports.get(link.key)
        except OSError as problem:
            _log.warning("a report could not be looked up: %s", problem)
            return None
        return kept if kept and self._clock() - kept.fetched < self._fresh else None

    async def _read_anew(self, link: Link) -> Kept:
        page = await self._fetch(link)
        kept = Kept(await self._read(page), self._clock())
        try:
            await self._reports.keep(link.key, kept)
        except OSError as problem:
            _log.warning("a report could not be kept: %s", problem)
        return kept
