"""The rate limiter: keeps to what Telegram's documentation allows before Telegram complains.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one message a second in a
chat, twenty a minute in a group, thirty a second in all.
"""

from __future__ import annotations

import asyncio
import warnings
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog
from cachetools import LRUCache
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

IN_ALL: Final = 1 / 28  # seconds between two messages, wherever
IN_A_CHAT: Final = 1.05
MINUTE: Final = 62.0  # seconds in which a group takes so many; a little more, as the way there is not even
A_MINUTE: Final = 20
WAITS: Final = 5  # so often it is waited as long as Telegram asks for
REMEMBERED: Final = 10_000  # chats whose last message is known
_ALLOWED_FOR: Final = 30.0  # seconds
_MESSAGES: Final = frozenset({"sendMessage", "sendDocument"})  # what counts against the limits of a chat

Callback = Callable[..., Coroutine[Any, Any, Any]]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _MessageQueue:
    """The messages to one chat. `went`: when the latest ones went, as many as count."""

    went: deque[float]
    door: asyncio.Lock = field(default_factory=asyncio.Lock)  # first come, first served
    held: float = 0.0  # nothing moves until then


class QueueGaps:
    """Turns with a least distance, and at most so many within a time, for each of many queues."""

    def __init__(self) -> None:
        self._queues: LRUCache[object, _MessageQueue] = LRUCache(REMEMBERED)

    async def wait_turn(
        self,
        queue: object,
        gap: float,
        most: int = 1,
        within: float = 0.0,
        *,
        last: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Wait for one's turn; the first to come goes first. `last`: what is waited for after that, so that
        the distance is kept between those that really go."""
        line = self._queue(queue, most)
        async with line.door:
            while (wait := self._wait(line, gap, most, within)) > 0:  # noqa: ASYNC110  # time is waited for
                await asyncio.sleep(wait)
            if last is not None:
                await last()
            line.went.append(_now())

    def _wait(self, line: _MessageQueue, gap: float, most: int, within: float) -> float:
        until = line.held
        if line.went:
            until = max(until, line.went[-1] + gap)
        if len(line.went) == most:
            until = max(until, line.went[0] + within)
        return until - _now()

    async def wait_hold(self, queue: object) -> None:
        """Wait as long as nothing moves there."""
        while (line := self._queues.get(queue)) and (held := line.held - _now()) > 0:  # noqa: ASYNC110  # as above
            await asyncio.sleep(held)

    def hold(self, queue: object, seconds: float) -> None:
        """Let nothing move there for so long."""
        line = self._queue(queue, 1)
        line.held = max(line.held, _now() + seconds)

    def _queue(self, queue: object, most: int) -> _MessageQueue:
        line = self._queues.setdefault(queue, _MessageQueue(deque(maxlen=most)))
        if line.went.maxlen != most:
            line.went = deque(line.went, maxlen=max(most, line.went.maxlen or 1))
        return line


def _now() -> float:
    return asyncio.get_running_loop().time()


class LineQuota:
    """A rate limit of at most so many in half a minute, for each of many."""

    def __init__(self) -> None:
        self._taken: LRUCache[object, deque[float]] = LRUCache(REMEMBERED)

    def take(self, whose: object, most: int) -> bool:
        """Take one, if there is one left; return True if there was."""
        now = asyncio.get_running_loop().time()
        taken = self._taken.setdefault(whose, deque())
        while taken and taken[0] <= now - _ALLOWED_FOR:
            taken.popleft()
        if len(taken) >= most:
            return False
        taken.append(now)
        return True


class MessageRateLimiter(BaseRateLimiter[int]):
    """Rate limiting by even gaps before each message. The library's own limiter lets a burst through that
    breaks the limits of a second, stops every chat when one has to wait, and lets all that waited go at
    once."""

    def __init__(
        self,
        *,
        in_all: float = IN_ALL,
        in_a_chat: float = IN_A_CHAT,
        minute: float = MINUTE,
    ) -> None:
        self._gaps = QueueGaps()
        self._in_all, self._in_a_chat, self._minute = in_all, in_a_chat, minute

    async def initialize(self) -> None:
        """Do nothing: there is nothing to prepare."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to let go of."""

    async def process_request(  # noqa: PLR0917  # as the library calls it
        self,
        callback: Callback,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002  # as above
    ) -> Any:
        """Wait for this message's turn, then send it. Where Telegram asks to wait, retry, a few times."""
        chat, waited = data.get("chat_id"), 0
        while True:
            await self._wait_turn(endpoint, chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as told:
                waited += 1
                if waited > WAITS:
                    raise
                seconds = _retry_seconds(told)
                log.info("telegram asks to wait", seconds=seconds)
                if chat is None:  # about this one call; no message need wait for that
                    await asyncio.sleep(seconds)
                else:
                    self._gaps.hold(chat, seconds)

    async def _wait_turn(self, endpoint: str, chat: object) -> None:
        if chat is None:
            return
        in_all = partial(self._gaps.wait_turn, None, self._in_all)
        if endpoint in _MESSAGES:
            private = isinstance(chat, int) and chat > 0
            limits = () if private else (A_MINUTE, self._minute)
            await self._gaps.wait_turn(chat, self._in_a_chat, *limits, last=in_all)
        else:
            await self._gaps.wait_hold(chat)
            await in_all()


def _retry_seconds(told: RetryAfter) -> float:
    with warnings.catch_warnings():  # it will be a timedelta one day, of which the library warns
        warnings.simplefilter("ignore")
        wait = told.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
