"""How often one web site is asked: two pages at once, one a second, and none while it asks for rest.

A site does not know that a hundred rooms have pasted its links; it sees one visitor. What would have to wait
too long is not fetched.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Final

from bot.errors import CannotFetch, SiteBusy
from bot.ports import Visits

REMEMBERED: Final = 10_000  # sites
LONGEST_REST: Final = 3600.0  # seconds; a site that asks for more is asked again after that


@dataclass(frozen=True, slots=True)
class Manners:
    """Pages of one site `at_once` and of all sites `in_all`, seconds of the `gap` between two of one site,
    and how long one may have to wait."""

    at_once: int = 2
    in_all: int = 32
    gap: float = 1.0
    patience: float = 20.0


USUAL: Final = Manners()


@dataclass(slots=True)
class _Site:
    turns: asyncio.Semaphore
    users: int = 0
    free: float = 0.0  # from when on the next page may be asked for
    rests: float = 0.0  # until when nothing is asked for


class Politeness:
    """Turns at web sites, by their hosts. Raises SiteBusy for what would wait longer than patience lasts.
    `visits`: those of other processes, too."""

    def __init__(
        self,
        manners: Manners = USUAL,
        clock: Callable[[], float] = monotonic,
        visits: Visits | None = None,
    ) -> None:
        self._visits = visits
        self._manners = manners
        self._clock = clock
        self._sites: OrderedDict[str, _Site] = OrderedDict()
        self._all = asyncio.Semaphore(manners.in_all)  # each page may be two MiB, and take fifteen seconds

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        site = self._site(host)
        site.users += 1
        try:
            if site.rests - self._clock() > self._manners.patience:
                raise SiteBusy
            async with self._acquired(site.turns, SiteBusy):
                await self._gap(site)
                shared = nullcontext() if self._visits is None else self._visits.turn(host)
                async with shared, self._acquired(self._all, CannotFetch):
                    yield
        finally:
            site.users -= 1

    @asynccontextmanager
    async def _acquired(self, turns: asyncio.Semaphore, otherwise: type[CannotFetch]) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._manners.patience):
                await turns.acquire()
        except TimeoutError:
            raise otherwise from None
        try:
            yield
        finally:
            turns.release()

    async def told_to_rest(self, host: str, asked: str | None) -> None:
        """A site asks in its Retry-After header (RFC 9110, 10.2.3) to be left alone: seconds, or a date."""
        seconds = _seconds(asked)
        if seconds is not None:
            site, rest = self._site(host), min(seconds, LONGEST_REST)
            site.rests = max(site.rests, self._clock() + rest)
            if self._visits is not None:
                await self._visits.rest(host, rest)

    async def _gap(self, site: _Site) -> None:
        now = self._clock()
        mine = max(now, site.free, site.rests)
        if mine - now > self._manners.patience:
            raise SiteBusy
        site.free = mine + self._manners.gap
        if mine > now:
            await asyncio.sleep(mine - now)

    def _site(self, host: str) -> _Site:
        site = self._sites.setdefault(host, _Site(asyncio.Semaphore(self._manners.at_once)))
        self._sites.move_to_end(host)
        while len(self._sites) > REMEMBERED:
            idle = next((one for one, other in self._sites.items() if not other.users and one != host), None)
            if idle is None:
                break
            del self._sites[idle]
        return site


def _seconds(asked: str | None) -> float | None:
    """None for what is neither a number nor a date."""
    if asked is None:
        return None
    if asked.strip().isdecimal() and asked.isascii():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
    except (ValueError, TypeError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
