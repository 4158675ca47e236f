"""A platform at work for as long as a test looks at it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.conversation import Conversation
from bot.dispatcher import Answerer, Dispatcher
from bot.job_store import Job
from tests.fakes.memory import FakeJobStore


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


class Talks(Conversation, Answerer, Protocol):
    """What a platform asks and what a dispatcher does, in one."""


def dispatcher(conversation: Answerer, *left: Job) -> Dispatcher:
    """A dispatcher in memory, on which checks are called a1, a2, …; `left`: what another process left on
    it."""
    names = (f"a{number}" for number in itertools.count(1))
    job_store = FakeJobStore(rows={job.id: job for job in left})
    return Dispatcher(job_store, conversation, lambda: datetime.now(UTC), new_id=lambda: next(names))


@asynccontextmanager
async def at_home(
    run: Callable[..., Coroutine[Any, Any, None]], conversation: Talks, fake: Home, **parts: Any
) -> AsyncIterator[asyncio.Task[None]]:
    """The platform's `run` at the fake with whatever other parts, once it has arrived there."""
    async with serving(
        run(conversation, dispatcher(conversation), fake.token, **fake.seams, **parts)
    ) as task:
        await fake.online()
        yield task
