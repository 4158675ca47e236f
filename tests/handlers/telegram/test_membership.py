"""Chats that take the bot in, turn it out and move."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.places import Room
from bot.rooms import Mode
from bot.stores import Stores
from tests.fakes.memory import memory
from tests.fakes.talking import FLAGGED, ORDINARY, having, read
from tests.fakes.telegram import (
    BASIC,
    CHANNEL,
    FORUM,
    GROUP,
    LOCKED,
    MOVED,
    PRIVATE,
    STRANGER,
    SUPER,
    TOPIC,
    FakeTelegram,
)
from tests.handlers.telegram.running import serve_telegram


async def mode_of(kept: Stores, chat: int) -> Mode:
    room = Room("telegram", str(chat), private=False, server=str(chat))
    return (await kept.settings(room)).mode


async def departed(kept: Stores) -> tuple[str, ...]:
    return await kept.find_left_rooms("telegram") or ()


# ── taken in, turned out ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hears_all", [True, False])
async def test_a_group_that_takes_it_in_is_greeted_and_told_what_it_does_not_hear(
    fake: FakeTelegram, *, hears_all: bool
) -> None:
    fake.reads_all = hears_all
    async with serve_telegram(fake, memory()):
        await fake.stands(GROUP, "member")
        welcome = await fake.answer()
    assert (welcome.chat, welcome.body["disable_notification"]) == (GROUP, True)
    assert "I read links, not conversations." in welcome.text
    assert ("privacy mode" in welcome.text) is not hears_all


@pytest.mark.parametrize("chat", [CHANNEL, PRIVATE])
async def test_channels_and_people_are_not_greeted_unasked(fake: FakeTelegram, chat: int) -> None:
    async with serve_telegram(fake, memory()):
        await fake.stands(chat, "member" if chat == PRIVATE else "administrator", "kicked")
        await fake.says_in_private(ORDINARY)
        await fake.answer()
    assert len(fake.sent) == 1


async def test_a_group_that_turns_it_out_is_let_go_of_until_it_takes_it_back(fake: FakeTelegram) -> None:
    async with serve_telegram(fake, kept := memory()):
        await fake.stands(GROUP, "kicked", "member")
        await fake.all_seen()
        gone = await departed(kept)
        await fake.stands(GROUP, "member", "kicked")
        await fake.answer()
    assert (gone, await departed(kept)) == ((str(GROUP),), ())


async def test_a_group_that_is_heard_from_again_stays(fake: FakeTelegram) -> None:
    """It took the bot back while the bot was down, and Telegram has forgotten to say so."""
    kept = memory()
    await kept.mark_left([Room("telegram", str(GROUP), private=False, server=str(GROUP))])
    async with serve_telegram(fake, kept):
        await fake.says(f"/check {ORDINARY}")
        await fake.answer()
    assert await departed(kept) == ()


async def test_who_blocks_it_is_let_go_of_until_they_start_it_again(fake: FakeTelegram) -> None:
    async with serve_telegram(fake, kept := memory()):
        await fake.stands(PRIVATE, "kicked", "member")
        await fake.all_seen()
        gone = await departed(kept)
        await fake.says_in_private("/start")
        await fake.answer()
    assert (gone, await departed(kept)) == ((str(PRIVATE),), ())


async def test_who_blocks_it_during_a_check_gets_nothing_and_the_check_ends(fake: FakeTelegram) -> None:
    gate = asyncio.Event()

    async def slow(link: Any, **more: object) -> Any:
        await gate.wait()
        return await read(link, **more)

    async with serve_telegram(fake, kept := memory(), slow):
        await fake.says(FLAGGED, chat=STRANGER, by=STRANGER)
        await fake.watch.until(lambda: fake.actions)
        fake.block(STRANGER)
        gate.set()
        await fake.says_in_private(ORDINARY)
        await fake.answer()
        await fake.watch.until(lambda: fake.refused)
        await asyncio.sleep(0.05)
    assert [sent.chat for sent in fake.sent] == [PRIVATE]
    assert await departed(kept) == (str(STRANGER),)


async def test_a_group_that_turned_it_out_unseen_is_noticed_when_it_is_answered(fake: FakeTelegram) -> None:
    async with serve_telegram(fake, kept := memory()):
        await fake.says(f"/check {FLAGGED}", chat=LOCKED)
        await fake.watch.until(lambda: fake.refused)
        await fake.says_in_private(ORDINARY)
        await fake.answer()
    assert [sent.chat for sent in fake.sent] == [PRIVATE]
    assert await departed(kept) == (str(LOCKED),)


# ── moved ───────────────────────────────────────────────────────────────────────────────────────────


async def test_the_settings_of_a_group_follow_it_when_it_becomes_a_supergroup(fake: FakeTelegram) -> None:
    kept = await having("telegram", BASIC, mode=Mode.AUTOMATIC)
    async with serve_telegram(fake, kept):
        await fake.upgrades()
        await fake.says(f"look {FLAGGED}", chat=SUPER)
        answer = await fake.answer()
    assert answer.chat == SUPER
    assert await mode_of(kept, BASIC) is Mode.ON_REQUEST


async def test_a_move_that_is_only_seen_when_it_answers_takes_settings_and_answer_along(
    fake: FakeTelegram,
) -> None:
    kept = await having("telegram", MOVED, mode=Mode.AUTOMATIC)
    async with serve_telegram(fake, kept):
        await fake.says(f"look {FLAGGED}", chat=MOVED)
        answer = await fake.answer()
        await asyncio.sleep(0.05)
    assert (answer.chat, len(fake.sent)) == (GROUP, 1)
    assert await mode_of(kept, GROUP) is Mode.AUTOMATIC


@pytest.mark.parametrize("way", ["command", "automatic"])
async def test_topics_that_are_switched_off_in_between_are_answered_in_the_group(
    fake: FakeTelegram, way: str
) -> None:
    async with serve_telegram(fake, await having("telegram", FORUM, mode=Mode.AUTOMATIC)):
        fake.close_topics()
        await fake.says(f"{'/check' if way == 'command' else 'look'} {FLAGGED}", chat=FORUM, topic=TOPIC)
        answer = await fake.answer()
        await asyncio.sleep(0.05)
    assert (answer.chat, "message_thread_id" in answer.body, len(fake.sent)) == (FORUM, False, 1)
