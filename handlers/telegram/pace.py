"""How fast messages leave: what Telegram's documentation allows, kept to before Telegram complains.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one message a second in a
chat, twenty a minute in a group, thirty a second in all.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram.ext import AIORateLimiter

IN_ALL: Final = 1 / 28  # seconds between two messages, wherever
IN_A_CHAT: Final = 1.05
IN_A_GROUP: Final = 3.05
RETRIES: Final = 5
REMEMBERED: Final = 10_000  # chats whose last message is known
_MESSAGES: Final = frozenset({"sendMessage", "sendDocument"})  # what counts against the limits of a chat

Callback = Callable[..., Coroutine[Any, Any, Any]]


class Gaps:
    """Turns with a least distance, for each of many queues."""

    def __init__(self) -> None:
        self._free: OrderedDict[object, float] = OrderedDict()  # from when on the next one may go

    async def turn(self, queue: object, gap: float) -> None:
        """Waits for one's turn; who came first goes first."""
        now = asyncio.get_running_loop().time()
        mine = max(now, self._free.get(queue, now))
        self._free[queue] = mine + gap
        self._free.move_to_end(queue)
        while len(self._free) > REMEMBERED:
            self._free.popitem(last=False)
        if mine > now:
            await asyncio.sleep(mine - now)


class Pace(AIORateLimiter):
    """The library's limiter, which waits where Telegram asks it to and tries again, behind even gaps: its own
    buckets let a burst through that breaks the limits of a second."""

    def __init__(
        self, *, in_all: float = IN_ALL, in_a_chat: float = IN_A_CHAT, in_a_group: float = IN_A_GROUP
    ) -> None:
        super().__init__(overall_max_rate=0, group_max_rate=0, max_retries=RETRIES)
        self._gaps = Gaps()
        self._in_all, self._in_a_chat, self._in_a_group = in_all, in_a_chat, in_a_group

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
            await self._gaps.turn(chat, self._in_a_chat if private else self._in_a_group)
        if chat is not None:
            await self._gaps.turn(None, self._in_all)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
