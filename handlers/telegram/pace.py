"""How fast messages leave: what Telegram's documentation allows, kept to before Telegram complains.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one message a second in a
chat, twenty a minute in a group, thirty a second in all.
"""

from __future__ import annotations

import asyncio
import warnings
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

import structlog
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


class Gaps:
    """Turns with a least distance, and at most so many within a time, for each of many queues."""

    def __init__(self) -> None:
        self._turns: OrderedDict[object, deque[float]] = (
            OrderedDict()
        )  # when the latest ones were, or will be
        self._held: dict[object, float] = {}  # queues in which nothing moves until then

    async def turn(self, queue: object, gap: float, most: int = 1, within: float = 0.0) -> None:
        """Waits for one's turn; who came first goes first."""
        loop = asyncio.get_running_loop()
        while True:
            mine = self._next(queue, loop.time(), gap, most, within)
            if mine > loop.time():
                await asyncio.sleep(mine - loop.time())
            if self._held.get(queue, 0.0) <= mine:
                return

    def _next(self, queue: object, now: float, gap: float, most: int, within: float) -> float:
        turns = self._turns.setdefault(queue, deque(maxlen=most))
        mine = max(now, self._held.get(queue, now), turns[-1] + gap if turns else now)
        if len(turns) == most:
            mine = max(mine, turns[0] + within)
        turns.append(mine)
        self._turns.move_to_end(queue)
        while len(self._turns) > REMEMBERED:
            self._turns.popitem(last=False)
        return mine

    def hold(self, queue: object, seconds: float) -> None:
        """Nothing moves for so long. Whoever has a turn in that time takes another one behind it."""
        now = asyncio.get_running_loop().time()
        self._held = {one: until for one, until in self._held.items() if until > now}
        self._held[queue] = now + seconds
        if (turns := self._turns.get(queue)) is not None:
            self._turns[queue] = deque((at for at in turns if at <= now), maxlen=turns.maxlen)


class Allowance:
    """At most so many in half a minute, for each of many."""

    def __init__(self) -> None:
        self._taken: OrderedDict[object, deque[float]] = OrderedDict()

    def takes(self, whose: object, most: int) -> bool:
        """Whether there is one left, which is taken."""
        now = asyncio.get_running_loop().time()
        taken = self._taken.setdefault(whose, deque())
        self._taken.move_to_end(whose)
        while taken and taken[0] <= now - _ALLOWED_FOR:
            taken.popleft()
        while len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        if len(taken) >= most:
            return False
        taken.append(now)
        return True


class Pace(BaseRateLimiter[int]):
    """Even gaps before each message. The library's own limiter lets a burst through that breaks the limits of
    a second, stops every chat when one has to wait, and lets all that waited go at once."""

    def __init__(
        self,
        *,
        in_all: float = IN_ALL,
        in_a_chat: float = IN_A_CHAT,
        minute: float = MINUTE,
    ) -> None:
        self._gaps = Gaps()
        self._in_all, self._in_a_chat, self._minute = in_all, in_a_chat, minute

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to let go of."""

    async def process_request(  # noqa: PLR0917  # as the library calls it
        self,
        callback: Callback,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002  # as above
    ) -> Any:
        """Waits where Telegram asks for it, then tries again."""
        chat, waited = data.get("chat_id"), 0
        while True:
            await self._turn(endpoint, chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as told:
                waited += 1
                if waited > WAITS:
                    raise
                seconds = _asked_for(told)
                log.info("telegram asks to wait", seconds=seconds)
                self._gaps.hold(chat, seconds)
                if chat is None:
                    await asyncio.sleep(seconds)

    async def _turn(self, endpoint: str, chat: object) -> None:
        if endpoint in _MESSAGES:
            private = isinstance(chat, int) and chat > 0
            limits = () if private else (A_MINUTE, self._minute)
            await self._gaps.turn(chat, self._in_a_chat, *limits)
        if chat is not None:
            await self._gaps.turn(None, self._in_all)


def _asked_for(told: RetryAfter) -> float:
    with warnings.catch_warnings():  # it will be a timedelta one day, of which the library warns
        warnings.simplefilter("ignore")
        wait = told.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
