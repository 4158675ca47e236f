"""The bot on Telegram, with a memory and commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.commands import Commands
from bot.notices import Notices
from bot.stores import Stores
from handlers.telegram.client import run
from tests.fakes.serving import dispatcher, serving
from tests.fakes.talking import read, talk
from tests.fakes.telegram import (
    GROUP,
    PERSON,
    FakeTelegram,
    Sent,
)


@asynccontextmanager
async def serve_telegram(
    fake: FakeTelegram, kept: Stores, check: Any = read, *, online: bool = True, **more: Any
) -> AsyncIterator[asyncio.Task[None]]:
    conversation, notices = talk(kept, check), Notices(kept)
    running = run(
        conversation,
        dispatcher(conversation),
        fake.token,
        commands=Commands(kept, notices),
        notices=notices,
        **{**fake.seams, **more},
    )
    async with serving(running) as task:
        if online:
            await fake.online()
        yield task


async def answer(fake: FakeTelegram, text: str, by: int = PERSON, chat: int = GROUP, **more: object) -> Sent:
    """What follows a message, which is the next thing that the bot says."""
    before = len(fake.sent)
    await fake.says(text, by=by, chat=chat, **more)  # type: ignore[arg-type]  # whatever `says` takes
    return await fake.answer(before + 1)


async def said(fake: FakeTelegram, text: str, by: int = PERSON, chat: int = GROUP, **more: object) -> str:
    return (await answer(fake, text, by, chat, **more)).text
