"""Those who ask for one link in one room at the same time: one after the other, and none for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from bot.errors import CannotCheck


class RequestCoalescer:
    """The first of them has it read, and the others find what he found. Where it could not be had, they are
    told so at once, since nothing has changed for whoever was waiting already."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._failure: tuple[float, CannotCheck] | None = None

    @asynccontextmanager
    async def join(self) -> AsyncIterator[CannotCheck | None]:
        """One's turn, with what was found meanwhile to stand in the way."""
        came = monotonic()
        async with self._lock:
            yield self._failure[1] if self._failure is not None and self._failure[0] >= came else None

    def fail(self, problem: CannotCheck) -> None:
        """Said within one's turn."""
        self._failure = (monotonic(), problem)
