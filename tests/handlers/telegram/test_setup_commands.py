"""The list of commands that Telegram shows."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import pytest

from bot.commands import Commands
from bot.notices import Notices
from bot.stores import Stores
from handlers.telegram.client import run
from handlers.telegram.transport import TRIES
from tests.fakes.conversation import OneReply
from tests.fakes.memory import memory
from tests.fakes.replies import ferry
from tests.fakes.serving import at_home
from tests.fakes.telegram import (
    FakeTelegram,
)
from tests.handlers.telegram.running import said


def at_work(fake: FakeTelegram, kept: Stores) -> AbstractAsyncContextManager[object]:
    notices = Notices(kept)
    return at_home(run, OneReply(ferry()), fake, commands=Commands(kept, notices), notices=notices)


async def test_each_place_is_offered_the_commands_that_work_there(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        await fake.watch.until(lambda: len(fake.commands) == 3)
    everybody = ["check", "history", "privacy", "forget", "ignoreme", "heedme", "help"]
    admins = ["settings", "doctor", "audit", "export", "import", "copy", "reset"]
    assert fake.commands == {
        "all_private_chats": [*everybody, "start", *admins],
        "all_group_chats": everybody,
        "all_chat_administrators": [*everybody, *admins],
    }


async def test_where_commands_cannot_be_offered_they_work_all_the_same_and_are_offered_later(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.telegram.transport.FIRST_BACKOFF", 0.01)
    monkeypatch.setattr("handlers.telegram.client.OFFER_BACKOFF", 0.05)
    fake.fail("setMyCommands", TRIES)
    async with at_work(fake, memory()):
        assert "/history shows what was checked here" in await said(fake, "/help")
        await fake.watch.until(lambda: len(fake.commands) == 3)
