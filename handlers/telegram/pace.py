"""How fast messages leave: what Telegram's documentation allows, kept to before Telegram complains.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one message a second in a
chat, twenty a minute in a group, thirty a second in all.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram.ext import AIORateLimiter

IN_ALL: Final = 1 / 28  # seconds between two messages, wherever
IN_A_CHAT: Final = 1.05
MINUTE: Final = 62.0  # seconds in which a group takes so many; a little more, as the way there is not even
A_MINUTE: Final = 20
RETRIES: Final = 5
REMEMBERED: Final = 10_000  # chats whose last message is known
_MESSAGES: Final = frozenset({"sendMessage", "sendDocument"})  # what counts against the limits of a chat

Callback = Callable[..., Coroutine[Any, Any, Any]]


class Gaps:
    """Turns with a least distance, and at most so many within a time, for each of many queues."""

    def __init__(self) -> None:
        self._turns: OrderedDict[object, deque[float]] = (
            OrderedDict()
        )  # when the latest ones were, or will be

    async def turn(self, queue: object, gap: float, most: int = 1, within: float = 0.0) -> None:
        """Waits for one's turn; who came first goes first."""
        now = asyncio.get_running_loop().time()
        turns = self._turns.setdefault(queue, deque(maxlen=most))
        mine = max(now, turns[-1] + gap) if turns else now
        if len(turns) == most:
            mine = max(mine, turns[0] + within)
        turns.append(mine)
        self._turns.move_to_end(queue)
        while len(self._turns) > REMEMBERED:
            self._turns.popitem(last=False)
        if mine > now:
            await asyncio.sleep(mine - now)


class Pace(AIORateLimiter):
    """The library's limiter, which waits where Telegram asks it to and tries again, behind even gaps: its own
    buckets let a burst through that breaks the limits of a second."""

    def __init__(
        self, *, in_all: float = IN_ALL, in_a_chat: float = IN_A_CHAT, minute: float = MINUTE
    ) -> None:
        super().__init__(overall_max_rate=0, group_max_rate=0, max_retries=RETRIES)
        self._gaps = Gaps()
        self._in_all, self._in_a_chat, self._minute = in_all, in_a_chat, minute

    async def process_request(  # noqa: PLR0917  # as the library calls it
        self,
        callback: Callback,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        chat = data.get("chat_id")
        if endpoint in _MESSAGES:
            private = isinstance(chat, int) and chat > 0
            limits = () if private else (A_MINUTE, self._minute)
            await self._gaps.turn(chat, self._in_a_chat, *limits)
        if chat is not None:
            await self._gaps.turn(None, self._in_all)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
