"""Groups, topics and channels on Telegram: what people post there, and what the bot makes of it."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

import pytest

from bot.rooms import DeliveryStyle, FindingKind, Mode
from bot.stores import Stores
from handlers.telegram.client import run
from tests.fakes import talking
from tests.fakes.memory import memory
from tests.fakes.serving import at_home
from tests.fakes.talking import FLAGGED, ORDINARY, having, read, talk
from tests.fakes.telegram import (
    ADMINISTRATOR,
    BOT,
    CHANNEL,
    FORUM,
    GROUP,
    OTHER_TOPIC,
    PERSON,
    PRIVATE,
    ROBOT,
    STAFF,
    STRANGER,
    TOPIC,
    FakeTelegram,
)

at_work = partial(at_home, run)
MENTION = "@hearsay_bot"


async def automatic(chat: int = GROUP, kept: Stores | None = None, **more: Any) -> Stores:
    return await talking.automatic("telegram", chat, kept, **more)


async def heard_out(fake: FakeTelegram, answers: int) -> None:
    """Everything that was said has been dealt with: a private question behind it is answered."""
    await fake.says_in_private(ORDINARY)
    await fake.answer(answers + 1)
    await asyncio.sleep(0.05)


# ── automatic mode ──────────────────────────────────────────────────────────────────────────────────


async def test_a_pasted_link_with_a_finding_is_answered_under_it_and_no_other(fake: FakeTelegram) -> None:
    async with at_work(talk(await automatic()), fake):
        asked = await fake.says(f"look {FLAGGED}")
        await fake.says(f"and {ORDINARY}", by=STRANGER)
        await heard_out(fake, 1)
    answer = next(sent for sent in fake.sent if sent.chat == GROUP)
    assert "UNCONFIRMED: the article says so itself" in answer.text
    assert answer.body["reply_parameters"] == {
        "message_id": asked,
        "allow_sending_without_reply": True,
        "quote": FLAGGED,
    }
    assert [sent.chat for sent in fake.sent].count(GROUP) == 1
    assert [chat for chat, _ in fake.actions] == [PRIVATE]  # nobody waits for what nobody asked for


async def test_where_nobody_switched_it_on_pasted_links_are_left_alone(fake: FakeTelegram) -> None:
    async with at_work(talk(memory()), fake):
        await fake.says(f"look {FLAGGED}")
        await heard_out(fake, 0)
    assert [sent.chat for sent in fake.sent] == [PRIVATE]


async def test_a_topic_is_set_apart_from_its_group(fake: FakeTelegram) -> None:
    kept = await automatic(FORUM)
    await kept.rooms.change(
        "telegram", f"{FORUM}/{OTHER_TOPIC}", lambda o: o.with_value("mode", Mode.OFF), None
    )
    async with at_work(talk(kept), fake):
        for topic in (TOPIC, OTHER_TOPIC):
            await fake.says(f"look {FLAGGED}", chat=FORUM, topic=topic)
        await heard_out(fake, 1)
    answers = [sent for sent in fake.sent if sent.chat == FORUM]
    assert [sent.body["message_thread_id"] for sent in answers] == [TOPIC]


async def test_a_channel_that_the_bot_administers_is_read_and_answered(fake: FakeTelegram) -> None:
    async with at_work(talk(await automatic(CHANNEL)), fake):
        await fake.says(f"look {FLAGGED}", chat=CHANNEL)
        await fake.says(f"/check {ORDINARY}", chat=CHANNEL)
        await fake.answer(2)
    assert [sent.chat for sent in fake.sent] == [CHANNEL, CHANNEL]


@pytest.mark.parametrize("words", ["!news {}", "a spoiler: {}"])
async def test_messages_that_begin_so_or_hold_such_a_word_are_not_read(
    fake: FakeTelegram, words: str
) -> None:
    async with at_work(talk(await automatic(keywords_ignored=frozenset({"spoiler"}))), fake):
        await fake.says(words.format(FLAGGED))
        await heard_out(fake, 0)
    assert [sent.chat for sent in fake.sent] == [PRIVATE]


async def test_another_bots_links_are_read_where_that_is_set(fake: FakeTelegram) -> None:
    async with at_work(talk(await automatic(bots_ignored=False)), fake):
        await fake.says(f"look {FLAGGED}", by=ROBOT)
        answer = await fake.answer()
    assert answer.chat == GROUP


async def test_a_forward_and_a_caption_count(fake: FakeTelegram) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "someone", "date": 1_789_000_000}
    async with at_work(talk(await automatic(repeat_hours=0)), fake):
        await fake.says(f"look {FLAGGED}", forward_origin=origin)
        await fake.says(f"look {FLAGGED}", under="caption", by=STRANGER)
        await fake.answer(2)


async def test_a_repeated_link_gets_a_pointer(fake: FakeTelegram) -> None:
    async with at_work(talk(await automatic(chat=STAFF)), fake):
        await fake.says(f"look {FLAGGED}", chat=STAFF)
        await fake.answer()
        await asyncio.sleep(0.05)
        await fake.says(f"look {FLAGGED}", by=STRANGER, chat=STAFF)
        pointer = await fake.answer(2)
    assert pointer.text == "Checked here a moment ago: Old bridge to close in May"
    assert list(pointer.buttons) == ["Check again", "Remove"]


async def test_fifty_links_get_one_answer_about_three(fake: FakeTelegram) -> None:
    async with at_work(talk(await automatic()), fake):
        await fake.says(" ".join(f"https://n{number}.example/" for number in range(50)) + f" {FLAGGED}")
        await fake.says(" ".join([FLAGGED, *(f"https://n{number}.example/" for number in range(50))]))
        answer = await fake.answer()
        await heard_out(fake, 1)
    assert "and 48 more" in answer.text
    assert "quote" not in answer.body["reply_parameters"]


async def test_a_busy_group_drops_what_nobody_asked_for_and_says_so_in_the_log(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("handlers.telegram.updates._IN_A_ROOM", 2)
    gate = asyncio.Event()

    async def slow(link: Any, **more: object) -> Any:
        await gate.wait()
        return await read(link, **more)

    kept = await automatic(findings=frozenset({FindingKind.EVERY_ARTICLE}))
    async with at_work(talk(kept, slow), fake):
        for number in range(6):
            await fake.says(f"look https://n{number}.example/", by=10_000 + number)
        await fake.all_seen()
        gate.set()
        await fake.answer(2)
        await heard_out(fake, 2)
    assert [sent.chat for sent in fake.sent].count(GROUP) == 2
    assert "automatic checks are dropped" in capsys.readouterr().out


# ── asking ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_mention_asks_about_its_own_link_or_that_of_the_message_before(fake: FakeTelegram) -> None:
    async with at_work(talk(memory()), fake):
        await fake.says(f"{MENTION} {ORDINARY}")
        await fake.answer()
        posted = await fake.says(FLAGGED, by=STRANGER)
        await fake.says(f"{MENTION} what about this?", by=ADMINISTRATOR, replies_to=posted)
        about = await fake.answer(2)
    assert about.body["reply_parameters"]["message_id"] == posted
    assert about.buttons["Remove"].endswith(f":{ADMINISTRATOR},{STRANGER}")


async def test_a_mention_without_a_link_is_told_what_to_send_and_small_talk_is_not(
    fake: FakeTelegram,
) -> None:
    async with at_work(talk(memory()), fake):
        await fake.says(f"{MENTION} hello")
        told = await fake.answer()
        await fake.says("thank you", replies_to=told.id)
        await heard_out(fake, 1)
    assert told.text == "I found no link in this message. Send me a link to a news article."
    assert [sent.chat for sent in fake.sent].count(GROUP) == 1


async def test_a_reply_to_the_bot_with_a_link_asks(fake: FakeTelegram) -> None:
    async with at_work(talk(memory()), fake):
        await fake.says(f"/check {FLAGGED}")
        first = await fake.answer()
        await fake.says(f"and {ORDINARY}?", replies_to=first.id, by=STRANGER)
        second = await fake.answer(2)
    assert "No words of doubt and no unnamed sources" in second.text


async def test_a_mention_behind_other_words_asks(fake: FakeTelegram) -> None:
    user = {"id": BOT, "is_bot": True, "first_name": "Hearsay"}
    marks = [
        {"type": "text_mention", "offset": 0, "length": 3, "user": user},
        {"type": "url", "offset": 4, "length": len(FLAGGED)},
    ]
    async with at_work(talk(memory()), fake):
        await fake.says(f"you {FLAGGED}", entities=marks)
        await fake.answer()


async def test_in_privacy_mode_commands_and_replies_are_heard(fake: FakeTelegram) -> None:
    fake.reads_all = False
    async with at_work(talk(await automatic()), fake):
        await fake.says(f"look {FLAGGED}")
        await fake.says(f"/check {ORDINARY}")
        first = await fake.answer()
        await fake.says(f"and {FLAGGED}", replies_to=first.id)
        await fake.answer(2)
    assert len(fake.sent) == 2


async def test_an_event_that_comes_twice_is_answered_once(fake: FakeTelegram) -> None:
    async with at_work(talk(memory()), fake):
        asked = await fake.says(f"/check {FLAGGED}")
        await fake.answer()
        await fake._update("message", fake._seen[asked])
        await heard_out(fake, 1)
    assert [sent.chat for sent in fake.sent] == [GROUP, PRIVATE]


async def test_who_asks_too_soon_is_told_how_long_to_wait(fake: FakeTelegram) -> None:
    async with at_work(talk(memory()), fake):
        await fake.says(f"/check {FLAGGED}")
        await fake.answer()
        await fake.says(f"/check {ORDINARY}")
        told = await fake.answer(2)
    assert told.text.startswith("Please wait: the next check here can start in")


# ── edits ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("chat", [GROUP, CHANNEL])
async def test_an_automatic_answer_follows_its_link_and_goes_with_it(fake: FakeTelegram, chat: int) -> None:
    async with at_work(talk(await automatic(chat)), fake):
        asked = await fake.says(f"look {FLAGGED}", chat=chat)
        answer = await fake.answer()
        await fake.says(f"look {FLAGGED} and {ORDINARY}", chat=chat, edits=asked)
        await fake.watch.until(lambda: answer.edits)
        await fake.says("never mind", chat=chat, edits=asked)
        await fake.watch.until(lambda: fake.deleted)
    assert (fake.deleted, len(fake.sent)) == ([answer.id], 1)


async def test_a_post_that_gets_its_first_link_by_an_edit_is_read_while_it_is_young(
    fake: FakeTelegram,
) -> None:
    async with at_work(talk(await automatic()), fake):
        old, young = await fake.says("look"), await fake.says("look")
        await fake.says(f"look {FLAGGED}", edits=old)
        await fake.says(f"look {FLAGGED}", edits=young, date=int(time.time()))
        answer = await fake.answer()
        await heard_out(fake, 1)
    assert answer.body["reply_parameters"]["message_id"] == young
    assert [sent.chat for sent in fake.sent] == [GROUP, PRIVATE]


@pytest.mark.parametrize("words", ["/news", "/check@other_bot", "/history"])
async def test_a_command_that_asks_for_no_check_is_not_one_by_an_edit(fake: FakeTelegram, words: str) -> None:
    async with at_work(talk(await automatic()), fake):
        given = await fake.says(f"{words} {FLAGGED}")
        await fake.says(f"{words} {ORDINARY}", edits=given, date=int(time.time()))
        await heard_out(fake, 0)
    assert [sent.chat for sent in fake.sent] == [PRIVATE]


# ── the log channel ─────────────────────────────────────────────────────────────────────────────────


async def test_answers_for_the_log_channel_alone_stand_there_and_follow_their_link(
    fake: FakeTelegram,
) -> None:
    fake.makes_administrator(GROUP, ADMINISTRATOR)
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(STAFF))
    async with at_work(talk(kept), fake):
        asked = await fake.says(f"look {FLAGGED}")
        answer = await fake.answer()
        await fake.says("never mind", edits=asked)
        await fake.watch.until(lambda: fake.deleted)
    assert answer.chat == STAFF
    assert answer.text.splitlines()[0] == "About this message:"
    assert "reply_parameters" not in answer.body
    assert fake.deleted == [answer.id]


async def test_no_answer_stands_in_a_chat_of_others(fake: FakeTelegram) -> None:
    kept = await automatic(chat=-609, style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(STAFF))
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}", chat=-609)
        await heard_out(fake, 0)
    assert [sent.chat for sent in fake.sent] == [PRIVATE]


async def test_who_removes_an_answer_in_the_log_channel_is_said_by_the_group_that_it_is_about(
    fake: FakeTelegram,
) -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(STAFF))
    kept = await having("telegram", STAFF, kept, removers="moderators_only")
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}")
        answer = await fake.answer()
        await fake.answer_to(await fake.presses(answer, answer.buttons["Remove"], by=PERSON))
    assert fake.deleted == [answer.id]
