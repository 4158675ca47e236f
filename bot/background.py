"""What goes on beside something else, and is told to end with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def running(*beside: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """However they end, nothing of it is raised here: each of them says for itself what went wrong."""
    tasks = [asyncio.create_task(one) for one in beside]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
