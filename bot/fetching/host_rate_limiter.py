"""Rate limiting per host: two pages of a site at once, one a second, and none while it asks for rest.

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
from bot.ports import HostSlots

REMEMBERED: Final = 10_000  # sites
LONGEST_REST: Final = 3600.0  # seconds; a site that asks for more is asked again after that


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Pages of one site `at_once` and of all sites `in_all`, seconds of the `gap` between two of one site,
    and how long one may have to wait."""

    at_once: int = 2
    in_all: int = 32
    gap: float = 1.0
    patience: float = 20.0


DEFAULT_LIMITS: Final = RateLimits()


@dataclass(slots=True)
class _HostState:
    turns: asyncio.Semaphore
    users: int = 0
    free: float = 0.0  # from when on the next page may be asked for
    rests: float = 0.0  # until when nothing is asked for


class HostRateLimiter:
    """Limits the rate of requests per host. `host_slots`: the limits that other processes share."""

    def __init__(
        self,
        rate_limits: RateLimits = DEFAULT_LIMITS,
        clock: Callable[[], float] = monotonic,
        host_slots: HostSlots | None = None,
    ) -> None:
        self._host_slots = host_slots
        self._rate_limits = rate_limits
        self._clock = clock
        self._sites: OrderedDict[str, _HostState] = OrderedDict()
        self._all = asyncio.Semaphore(
            rate_limits.in_all
        )  # each page may be two MiB, and take fifteen seconds

    @asynccontextmanager
    async def acquire(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and hold it.

        Raise SiteBusy where the host alone is to blame: it asks for a longer rest than patience lasts, or its
        own slots, its gap or the other processes make the wait too long. Raise CannotFetch where the slots of
        all hosts together stay taken.
        """
        site = self._get_state(host)
        site.users += 1
        try:
            if site.rests - self._clock() > self._rate_limits.patience:
                raise SiteBusy
            async with self._hold(site.turns, SiteBusy):
                now = self._clock()
                mine = max(now, site.free, site.rests)
                if mine - now > self._rate_limits.patience:
                    raise SiteBusy
                site.free = mine + self._rate_limits.gap
                if mine > now:
                    await asyncio.sleep(mine - now)
                shared = nullcontext() if self._host_slots is None else self._host_slots.acquire(host)
                async with shared, self._hold(self._all, CannotFetch):
                    yield
        finally:
            site.users -= 1

    @asynccontextmanager
    async def _hold(self, turns: asyncio.Semaphore, otherwise: type[CannotFetch]) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._rate_limits.patience):
                await turns.acquire()
        except TimeoutError:
            raise otherwise from None
        try:
            yield
        finally:
            turns.release()

    async def obey_retry_after(self, host: str, asked: str | None) -> None:
        """Obey a site that asks in its Retry-After header (RFC 9110, 10.2.3) to be left alone, for seconds or
        until a date."""
        seconds = _parse_seconds(asked)
        if seconds is not None:
            site, rest = self._get_state(host), min(seconds, LONGEST_REST)
            site.rests = max(site.rests, self._clock() + rest)
            if self._host_slots is not None:
                await self._host_slots.pause(host, rest)

    def _get_state(self, host: str) -> _HostState:
        site = self._sites.setdefault(host, _HostState(asyncio.Semaphore(self._rate_limits.at_once)))
        self._sites.move_to_end(host)
        while len(self._sites) > REMEMBERED:
            idle = next((one for one, other in self._sites.items() if not other.users and one != host), None)
            if idle is None:
                break
            del self._sites[idle]
        return site


def _parse_seconds(asked: str | None) -> float | None:
    """Parse the seconds of a Retry-After header; None for what is neither a number nor a date."""
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
