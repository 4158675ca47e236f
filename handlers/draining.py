"""Draining, for a graceful shutdown: answers that are begun are finished before a platform goes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import Context, copy_context
from typing import Any, Final, TypeVar

import structlog

DRAIN_SECONDS: Final = 23.0  # a check ends within 15 s of fetching and 5 s of reading
_GIVING_UP_SECONDS: Final = 1.0

_T = TypeVar("_T")

log = structlog.get_logger(__name__)


class PendingAnswers:
    """The answers that are begun. The platforms' libraries do not wait for what their handlers have begun, or
    not within limits."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._tasks: dict[asyncio.Task[Any], Context] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def add(self, answer: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        context = copy_context()
        task = asyncio.create_task(answer, context=context)
        self._tasks[task] = context
        task.add_done_callback(self._tasks.pop)
        return task

    async def drain(self, seconds: float) -> None:
        """Finish all of them, within so many seconds; the rest is given up, before what it uses is closed."""
        if not self._tasks:
            return
        _, unfinished = await asyncio.wait(self._tasks, timeout=seconds)
        for task in unfinished:
            # in its own context, which knows whose check it was
            self._tasks[task].run(log.warning, "an answer was given up at the end", platform=self._platform)
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished, timeout=_GIVING_UP_SECONDS)
