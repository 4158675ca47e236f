"""One round of what `Dispatcher.poll` does for ever."""

from __future__ import annotations

import asyncio

from bot.dispatcher import AnswerDelivery, Dispatcher


async def resume(dispatcher: Dispatcher, platform: str, delivery: AnswerDelivery) -> int:
    """See through what other processes left now; return how many were finished."""
    begun = await dispatcher._start_unclaimed(platform, delivery, asyncio.create_task, {})
    return sum(await asyncio.gather(*begun))
