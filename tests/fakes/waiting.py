"""Waiting for what a fake will see, without guessing how long it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


class Watch:
    """Wakes those who wait whenever something happened; a minute without it is a failure."""

    def __init__(self) -> None:
        self._happened = asyncio.Condition()

    async def tell(self) -> None:
        async with self._happened:
            self._happened.notify_all()

    async def until(self, look: Callable[[], Seen | None], seconds: float = 60) -> Seen:
        """The first thing that `look` finds (neither None, False nor empty)."""
        async with asyncio.timeout(seconds), self._happened:
            while not (seen := look()):
                await self._happened.wait()
            return seen
