"""Request coalescing: requests for one link in one room pass one by one, and those that wait share a failure.

The first has the link checked, and the others find its answer in the cache.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from bot.errors import CannotCheck


class RequestCoalescer:
    """Lets requests through one after the other: the first has the link checked, the others find its answer.
    A failure is shared with the requests that were waiting already, since nothing has changed for them."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._failure: tuple[float, CannotCheck] | None = None

    @asynccontextmanager
    async def join(self) -> AsyncIterator[CannotCheck | None]:
        """Wait for the requests before this one; yield the failure of one that ended meanwhile, if any."""
        came = monotonic()
        async with self._lock:
            yield self._failure[1] if self._failure is not None and self._failure[0] >= came else None

    def fail(self, problem: CannotCheck) -> None:
        """Share a failure; called inside `join`."""
        self._failure = (monotonic(), problem)
