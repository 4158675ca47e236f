"""A platform at work for as long as a test looks at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol

from bot.conversation import Conversation


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


class Home(Protocol):
    """A fake platform that a bot can come to."""

    token: str

    @property
    def seams(self) -> dict[str, Any]: ...

    async def online(self) -> None: ...


@asynccontextmanager
async def at_home(
    run: Callable[..., Coroutine[Any, Any, None]], conversation: Conversation, fake: Home
) -> AsyncIterator[asyncio.Task[None]]:
    """The platform's `run` at the fake, once it has arrived there."""
    async with serving(run(conversation, fake.token, **fake.seams)) as task:
        await fake.online()
        yield task
