"""The permissions to set things."""

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
    ADMINISTRATOR,
    ANONYMOUS_ADMIN,
    CHANNEL,
    GROUP,
    OWNER,
    PRIVATE,
    STAFF,
    STRANGER,
    FakeTelegram,
)
from tests.handlers.telegram.running import said

NOT_YOURS = "Settings are for the creator and the administrators of a group."
THE_GROUP = {"id": GROUP, "type": "supergroup", "title": "The newsroom"}


def at_work(fake: FakeTelegram, kept: Stores) -> AbstractAsyncContextManager[object]:
    notices = Notices(kept)
    return at_home(run, OneReply(ferry()), fake, commands=Commands(kept, notices), notices=notices)


ADMINS = ["settings", "doctor", "audit", "export", "import", "copy group", "reset"]


@pytest.mark.parametrize("command", ADMINS)
async def test_who_administers_nothing_changes_and_sees_nothing(fake: FakeTelegram, command: str) -> None:
    async with at_work(fake, memory()):
        assert await said(fake, f"/{command}") == NOT_YOURS
        assert await said(fake, f"/{command}", by=STRANGER, sender_chat={**THE_GROUP, "id": STAFF}) == (
            NOT_YOURS
        )


@pytest.mark.parametrize("command", ADMINS)
async def test_administrators_the_creator_and_who_hides_behind_the_group_may(
    fake: FakeTelegram, command: str
) -> None:
    async with at_work(fake, memory()):
        for by in (ADMINISTRATOR, OWNER):
            assert await said(fake, f"/{command}", by=by) != NOT_YOURS
        assert await said(fake, f"/{command}", by=ANONYMOUS_ADMIN, sender_chat=THE_GROUP) != NOT_YOURS


async def test_where_telegram_will_not_say_who_administers_nobody_does(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.telegram.transport.FIRST_BACKOFF", 0.01)
    async with at_work(fake, memory()):
        fake.fail("getChatMember", TRIES)
        assert await said(fake, "/settings", by=ADMINISTRATOR) == NOT_YOURS


async def test_in_private_and_in_ones_own_channel_settings_are_ones_own(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        for chat in (PRIVATE, CHANNEL):
            assert (await said(fake, "/settings", chat=chat)).startswith("Settings of ")
