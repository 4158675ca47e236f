"""The use case: is the link's report known and young enough? Else fetch, read, keep: once for all who ask.

link ─ under way for its key ────────────────────────────▶ the same outcome for everybody
     └ not yet ─ known ─ young enough ───────────────────▶ the kept report
                    └ fetch ─ not modified ─▶ keep ──────▶ the kept report, its age renewed
                           └ a page ─ read ─▶ keep ──────▶ a new report
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from bot.errors import BadLink
from bot.fetching.keys import story_key
from bot.model import Link, NotModified, Page, Report
from bot.ports import Clock, Fetch, Kept, Read, Reports
from bot.turns import Turn

FRESH: Final = timedelta(hours=24)  # pages change: after that a server is asked whether this one has

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Flight:
    """A check under way for all who ask for its link; it ends early when the last of them has gone.

    `age`: how old a kept report may be; None: none will do.
    """

    age: timedelta | None
    turn: Turn
    task: asyncio.Task[Kept] = field(init=False)
    askers: int = 0
    begun: bool = False

    def serves(self, age: timedelta | None) -> bool:
        """Whether its outcome will do for somebody who asks now."""
        if self.task.cancelling():
            return False
        if age is None:
            return self.age is None and not self.begun
        return self.age is None or self.age <= age


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
        self._flights: dict[str, _Flight] = {}

    async def __call__(
        self, link: Link, *, again: bool = False, within: timedelta | None = None, turn: Turn | None = None
    ) -> Kept:
        """The report and when its page was fetched. Raises CannotCheck, to all who asked meanwhile.

        `turn`: whose it is, where many wait. `within`: how old it may be here, where that is less than what
        counts as fresh. `again`: read anew after this moment, whatever is known and whatever the server says
        of versions.
        """
        age = None if again else min(self._fresh, self._fresh if within is None else within)
        while (flight := self._flights.get(link.key)) and not flight.serves(age):
            await asyncio.wait({flight.task})  # what it finds may serve; two at once would ask a site twice
        turn = turn or Turn()
        if flight is not None and turn.asked:
            flight.turn.hasten()
        return await _outcome(flight or self._started(link, age, turn))

    # ── one flight for all who ask ──────────────────────────────────────────────────────────────────

    def _started(self, link: Link, age: timedelta | None, turn: Turn) -> _Flight:
        flight = _Flight(age, turn)

        def land(task: asyncio.Task[Kept]) -> None:
            del self._flights[link.key]
            if not task.cancelled():
                task.exception()  # nobody may be left to raise it to

        flight.task = asyncio.create_task(self._fly(link, flight))
        flight.task.add_done_callback(land)
        self._flights[link.key] = flight
        return flight

    # ── known, else fetch, read, keep ───────────────────────────────────────────────────────────────

    async def _fly(self, link: Link, flight: _Flight) -> Kept:
        flight.begun = True
        if flight.age is None:
            kept = await self._read_anew(await self._fetch(link), flight.turn)
        else:
            known = await self._known(link.key)
            # A report from the future tells of a clock that was set: it is not young for ever.
            if known and abs(self._clock() - known.fetched) < flight.age:
                return known
            kept = await self._refreshed(link, known, flight.turn)
        await self._keep(link.key, kept)
        return kept

    async def _refreshed(self, link: Link, known: Kept | None, turn: Turn) -> Kept:
        if known is None:
            return await self._read_anew(await self._fetch(link), turn)
        found = await self._fetch(link, known.version)
        if isinstance(found, NotModified):
            return replace(known, fetched=self._clock())
        return await self._read_anew(found, turn)

    async def _read_anew(self, page: Page, turn: Turn) -> Kept:
        fetched = self._clock()
        report = await self._read(page, turn)
        return Kept(report, fetched, page.version, _story(page, report))

    async def _known(self, key: str) -> Kept | None:
        try:
            return await self._reports.get(key)
        except OSError as problem:
            _log.warning("a report could not be looked up: %s", problem)
            return None

    async def _keep(self, key: str, kept: Kept) -> None:
        try:
            await self._reports.keep(key, kept)
        except OSError as problem:
            _log.warning("a report could not be kept: %s", problem)


async def _outcome(flight: _Flight) -> Kept:
    """Waits without holding it: who is cancelled leaves it to the others, and the last one ends it."""
    flight.askers += 1
    try:
        await asyncio.wait({flight.task})
    finally:
        flight.askers -= 1
        if not flight.askers and not flight.task.done():
            flight.task.cancel()
            await asyncio.wait({flight.task})  # nothing outlives those who wanted it
    return flight.task.result()


def _story(page: Page, report: Report) -> str | None:
    """The key under which the page itself may be asked for, never one of another owner's."""
    try:
        return story_key(page.url, report.article.canonical_url)
    except BadLink:  # an address that servers agreed on, and nobody could paste
        return None
