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
        self._turn = asyncio.Lock()
        self._failed: tuple[float, CannotCheck] | None = None

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[CannotCheck | None]:
        """One's turn, with what was found meanwhile to stand in the way."""
        came = monotonic()
        async with self._turn:
            yield self._failed[1] if self._failed is not None and self._failed[0] >= came else None

    def failed(self, problem: CannotCheck) -> None:
        """Said within one's turn."""
        self._failed = (monotonic(), problem)
