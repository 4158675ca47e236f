"""Exponential backoff (back-off): the wait before the next try doubles each time.

Of our own: the libraries for it (tenacity, stamina, backoff) try one call again. Two of the four loops that
use it serve a platform for weeks and start the count anew after a while, and one retries by what came back.
"""

from __future__ import annotations

import asyncio
from math import inf


class Backoff:
    """Waits `first` seconds, then twice that, and so on up to `longest`. `seconds`: the next wait."""

    def __init__(self, first: float, longest: float = inf) -> None:
        self._first, self._longest = first, longest
        self.seconds = first

    async def sleep(self) -> None:
        await asyncio.sleep(self.seconds)
        self.seconds = min(self.seconds * 2, self._longest)

    def reset(self) -> None:
        self.seconds = self._first
