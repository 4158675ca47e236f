"""The bot on Discord, with commands, and an answer with buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.commands import Commands
from bot.notices import Notices
from bot.replies import Action, Button
from bot.stores import Stores
from handlers.discord.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_objects import BOT
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import at_home, dispatcher, serving


@asynccontextmanager
async def at_work(kept: Stores, *buttons: Button) -> AsyncIterator[FakeDiscord]:
    conversation, notices = OneReply(replace(ferry(), buttons=buttons)), Notices(kept)
    commands = Commands(kept, notices)
    async with FakeDiscord() as fake:
        running = run(
            conversation,
            dispatcher(conversation),
            fake.token,
            commands=commands,
            notices=notices,
            **fake.seams,
        )
        async with serving(running):
            await fake.online()
            yield fake


@asynccontextmanager
async def an_answer(fake: FakeDiscord, conversation: OneReply) -> AsyncIterator[None]:
    async with at_home(run, conversation, fake):
        await fake.says(f"<@{BOT}> {URL}")
        await fake.answer()
        yield


def with_buttons(*actions: Action) -> OneReply:
    return OneReply(replace(ferry(), buttons=tuple(Button(action, action.value) for action in actions)))
