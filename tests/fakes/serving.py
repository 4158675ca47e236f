"""A platform at work for as long as a test looks at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def serving(platform: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Runs it beside the test, then cancels it as a shutdown does; its own faults are the test's."""
    task = asyncio.create_task(platform)
    try:
        yield task
    finally:
        task.cancel()
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
    assert outcome is None or isinstance(outcome, asyncio.CancelledError), outcome
