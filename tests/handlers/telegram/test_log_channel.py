"""Answers that stand in a log channel."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.commands import Commands
from bot.history import IN_THE_LOG, Query
from bot.notices import Notices
from bot.places import Room
from bot.rooms import DeliveryStyle
from bot.stores import Stores
from handlers.telegram.client import run
from tests.fakes import talking
from tests.fakes.serving import at_home
from tests.fakes.talking import FLAGGED, ORDINARY, talk
from tests.fakes.telegram import (
    ADMINISTRATOR,
    BASIC,
    FORUM,
    GROUP,
    LOCKED,
    MOVED,
    STAFF,
    STRANGER,
    SUPER,
    TOPIC,
    FakeTelegram,
)

HERE = Room("telegram", str(GROUP), private=False, server=str(GROUP))


def at_work(fake: FakeTelegram, kept: Stores) -> Any:
    notices = Notices(kept)
    return at_home(run, talk(kept), fake, commands=Commands(kept, notices), notices=notices)


async def automatic(chat: int = GROUP, kept: Stores | None = None, **more: Any) -> Stores:
    return await talking.automatic("telegram", chat, kept, **more)


async def heard_out(fake: FakeTelegram, answers: int) -> None:
    """Everything that was said has been dealt with: a private question behind it is answered."""
    await fake.says_in_private(ORDINARY)
    await fake.answer(answers + 1)
    await asyncio.sleep(0.05)


async def logging(**more: Any) -> Stores:
    return await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, **more)


async def test_who_asks_where_answers_stand_in_the_log_channel_is_told_so(fake: FakeTelegram) -> None:
    fake.makes_administrator(GROUP, ADMINISTRATOR)
    async with at_work(fake, await logging(log_channel=str(STAFF))):
        asked = await fake.says(f"/check {FLAGGED}")
        answer, told = await fake.answer(), await fake.answer(2)
    assert (answer.chat, told.chat, told.text) == (
        STAFF,
        GROUP,
        "I have read it. In this room my answers go only to the log channel.",
    )
    assert told.body["reply_parameters"]["message_id"] == asked


async def test_what_stands_in_the_log_channel_alone_is_shown_to_no_group(fake: FakeTelegram) -> None:
    async with at_work(fake, await logging(log_channel=str(STAFF))):
        await fake.says(f"look {FLAGGED}")
        await fake.answer()
        await asyncio.sleep(0.05)
        for number, who in enumerate((STRANGER, ADMINISTRATOR)):
            await fake.says("/history", by=who)
            shown = await fake.answer(2 + number)
            assert shown.text == "I found no such check here."


async def test_check_again_in_the_log_channel_keeps_what_it_is_about_and_where_it_stands(
    fake: FakeTelegram,
) -> None:
    kept = await logging(log_channel=str(STAFF))
    async with at_work(fake, kept):
        await fake.says(f"look {FLAGGED}")
        await fake.answer()
        await asyncio.sleep(0.05)
        await fake.says(f"look {FLAGGED}", by=STRANGER)
        pointer = await fake.answer(2)
        assert pointer.text.startswith("About this message:\n\nChecked here")
        await fake.answer_to(await fake.presses(pointer, pointer.buttons["Check again"], by=ADMINISTRATOR))
    assert pointer.text.startswith("About this message:\n\nOld bridge")
    assert pointer.edits == 1
    found = await kept.history.search(HERE, Query(), logged=True)
    assert {one.place for one in found.entries} == {IN_THE_LOG}


async def test_a_log_channel_that_turns_the_bot_out_takes_no_group_with_it(fake: FakeTelegram) -> None:
    fake.makes_administrator(LOCKED, ADMINISTRATOR)
    kept = await logging(log_channel=str(LOCKED))
    async with at_work(fake, kept):
        await fake.says(f"look {FLAGGED}")
        await fake.watch.until(lambda: fake.refused)
        await heard_out(fake, 0)
    assert await kept.find_left_rooms("telegram") == ()


async def test_where_the_log_channel_takes_nothing_who_asks_is_told_so(fake: FakeTelegram) -> None:
    async with at_work(fake, await logging(log_channel="-609")):
        await fake.says(f"/check {FLAGGED}")
        told = await fake.answer()
    assert told.text == (
        "In this room my answers go only to the log channel, and I cannot write there. "
        "/doctor tells an administrator why."
    )


async def test_a_log_topic_that_is_gone_makes_no_answer_public(fake: FakeTelegram) -> None:
    kept = await automatic(FORUM, style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=f"{FORUM}/{TOPIC}")
    async with at_work(fake, kept):
        fake.close_topics()
        await fake.says(f"/check {FLAGGED}", chat=FORUM)
        told = await fake.answer()
    assert told.text.startswith(
        "In this room my answers go only to the log channel, and I cannot write there."
    )
    assert len(fake.sent) == 1


@pytest.mark.parametrize("seen", ["by both groups", "by an answer"])
async def test_a_log_channel_follows_its_group(fake: FakeTelegram, seen: str) -> None:
    fake.moved_to = SUPER
    for chat in (GROUP, BASIC, MOVED, SUPER):
        fake.makes_administrator(chat, ADMINISTRATOR)
    old = BASIC if seen == "by both groups" else MOVED
    async with at_work(fake, await logging(log_channel=str(old))):
        if old == BASIC:
            await fake.upgrades()
            await fake.all_seen()
            fake.vanishes(BASIC)
        await fake.says(f"look {FLAGGED}")
        answer = await fake.answer()
    assert answer.chat == SUPER


async def test_an_answer_in_the_log_channel_is_noted_before_who_asked_is_told(fake: FakeTelegram) -> None:
    told = fake.hold("sendMessage")
    told.set()
    async with at_work(fake, kept := await logging(log_channel=str(STAFF))):
        await fake.says(f"/check {FLAGGED}")
        await fake.answer()
        gate = fake.hold("sendMessage")
        await asyncio.sleep(0.05)
        found = await kept.history.search(HERE, Query(), logged=True)
        assert [one.place for one in found.entries] == [IN_THE_LOG]
        gate.set()
        await fake.answer(2)
