"""People meet Hearsay on Telegram: the real client library against a strict Bot API of the tests' own."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import pytest

from bot.commands import Commands
from bot.job_store import Job
from bot.messages import CheckRequest, Message
from bot.model import Link
from bot.notices import Notices
from bot.places import Person, Room
from handlers.telegram.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.dispatching import resume
from tests.fakes.memory import memory
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import at_home, dispatcher, serving
from tests.fakes.telegram import (
    ANONYMOUS_ADMIN,
    FORUM,
    GROUP,
    MOVED,
    MUTED,
    PERSON,
    PRIVATE,
    ROBOT,
    STRANGER,
    TOPIC,
    FakeTelegram,
)

at_work = partial(at_home, run)


def link_behind(words: str, text: str, url: str) -> list[dict[str, object]]:
    before = text[: text.index(words)].encode("utf-16-le")
    return [{"type": "text_link", "offset": len(before) // 2, "length": len(words), "url": url}]


# ── ways in ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_private_message_with_a_link_is_answered(fake: FakeTelegram) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says_in_private(f"what about {URL} ?")
        answer = await fake.answer()
    assert answer.chat == PRIVATE
    room, words = Room("telegram", str(PRIVATE), private=True), f"what about {URL} ?"
    assert conversation.heard == [Message(room, str(PERSON), URL, True, words=words)]
    assert conversation.asked[0].links == (Link(URL, URL),)


async def test_a_private_message_without_a_link_is_told_what_to_send(fake: FakeTelegram) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.says_in_private("hello")
        answer = await fake.answer()
    assert (answer.text, answer.buttons) == ("Send me a link to an article.", {})


async def test_a_caption_is_read(fake: FakeTelegram) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"look {URL}", chat=PRIVATE, under="caption")
        await fake.answer()
    assert conversation.heard[0].text == URL


async def test_a_link_behind_words_is_read_where_emoji_stand_before_it(fake: FakeTelegram) -> None:
    text = "😀😀 read this 😀"
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(text, chat=PRIVATE, entities=link_behind("this", text, URL))
        await fake.says(f"😀 {URL}", chat=PRIVATE)
        await fake.answer(2)
    assert [heard.text for heard in conversation.heard] == [URL, URL]


async def test_an_address_without_its_scheme_is_read(fake: FakeTelegram) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says_in_private("example.org/news")
        await fake.answer()
    assert conversation.heard[0].text == "https://example.org/news"


@pytest.mark.parametrize("around", ["code", "pre", "blockquote", "expandable_blockquote"])
async def test_links_in_code_and_quotes_are_not_read(fake: FakeTelegram, around: str) -> None:
    marks = [{"type": kind, "offset": 0, "length": len(URL)} for kind in ("url", around)]
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(URL, chat=PRIVATE, entities=marks)
        await fake.answer()
    assert conversation.heard[0].text == ""


async def test_a_spoilered_link_gets_an_answer_behind_spoilers(fake: FakeTelegram) -> None:
    marks = [{"type": kind, "offset": 0, "length": len(URL)} for kind in ("url", "spoiler")]
    async with at_work(conversation := OneReply(ferry(spoiler=True)), fake):
        await fake.says(URL, chat=PRIVATE, entities=marks)
        answer = await fake.answer()
    assert conversation.asked[0].links == (Link(URL, URL, spoiler=True),)
    hidden = [mark for mark in answer.entities if mark["type"] == "spoiler"]
    assert hidden[0] == {"type": "spoiler", "offset": 0, "length": 51}


@pytest.mark.parametrize("command", ["/check", "/check@hearsay_bot"])
async def test_a_command_with_a_link_is_answered_in_its_group(fake: FakeTelegram, command: str) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"{command} {URL}")
        answer = await fake.answer()
    assert answer.chat == GROUP
    assert conversation.heard[0].room == Room("telegram", str(GROUP), private=False, server=str(GROUP))


@pytest.mark.parametrize("under", ["text", "caption"])
async def test_a_command_in_reply_to_a_link_is_answered_under_the_link(
    fake: FakeTelegram, under: str
) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        posted = await fake.says(URL, by=STRANGER, under=under)
        await fake.says("/check", replies_to=posted)
        answer = await fake.answer()
    assert answer.body["reply_parameters"]["message_id"] == posted
    assert (conversation.heard[-1].text, conversation.heard[-1].sender) == (URL, str(PERSON))


async def test_what_is_for_another_bot_is_not_heard(fake: FakeTelegram) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says("without a link")
        await fake.says(f"/news {URL}")
        await fake.says(f"/check@another_bot {URL}")
        await fake.says(f"/check {URL}/last")
        await fake.answer()
    assert [heard.text for heard in conversation.heard] == [f"{URL}/last"]


async def test_other_bots_never_ask_and_hidden_administrators_do(fake: FakeTelegram) -> None:
    group = {"id": GROUP, "type": "supergroup", "title": "The newsroom"}
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"/check {URL}", by=ROBOT)
        await fake.says(f"/check {URL}", by=ANONYMOUS_ADMIN, sender_chat=group)
        await fake.answer()
    assert [(heard.sender, heard.asked, heard.bot) for heard in conversation.heard] == [
        (str(ROBOT), False, True),
        (str(GROUP), True, False),
    ]


# ── life ────────────────────────────────────────────────────────────────────────────────────────────


# The library warns of its own attribute whenever it raises RetryAfter.
@pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")
async def test_a_rate_limit_is_waited_out_and_the_answer_comes_once(fake: FakeTelegram) -> None:
    async with at_work(OneReply(ferry()), fake):
        fake.busy("sendMessage", retry_after=1)
        await fake.says_in_private(URL)
        await fake.answer()
    assert len(fake.sent) == 1


async def test_what_was_said_while_telegram_was_gone_is_answered(fake: FakeTelegram) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.down()
        await fake.says_in_private(URL)
        await fake.up()
        await fake.answer()


async def test_a_start_without_a_network_is_tried_again(fake: FakeTelegram) -> None:
    fake.fail("getMe")
    async with at_work(OneReply(ferry()), fake):
        await fake.says_in_private(URL)
        await fake.answer()


async def test_a_shutdown_waits_for_the_answers_that_are_owed(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    async with at_work(OneReply(ferry(), gate=gate), fake) as task:
        await fake.says_in_private(URL)
        await fake.watch.until(lambda: fake.actions)
        task.cancel()
        _, still_at_work = await asyncio.wait({task}, timeout=0.05)
        assert still_at_work
        gate.set()
        await fake.answer()


async def test_a_shutdown_does_not_wait_for_ever(fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.telegram.client._DRAIN_SECONDS", 0.05)
    async with at_work(OneReply(ferry(), gate=asyncio.Event()), fake) as task:
        await fake.says_in_private(URL)
        await fake.watch.until(lambda: fake.actions)
        task.cancel()
        await asyncio.wait({task}, timeout=2)
        assert task.cancelled()
    assert fake.sent == []


async def test_a_refused_token_ends_this_platform_quietly(fake: FakeTelegram) -> None:
    conversation = OneReply(ferry())
    refused = run(conversation, dispatcher(conversation), "900:wrong", base_url=fake.base_url)
    await asyncio.wait_for(refused, 60)
    assert fake.polls == 0


async def test_a_check_that_another_process_left_is_answered_in_its_topic(fake: FakeTelegram) -> None:
    room = Room("telegram", f"{FORUM}/{TOPIC}", private=False, server=str(FORUM))
    where = f"{FORUM} {TOPIC} 77"
    left = Job("b1", "telegram message 77", CheckRequest(room, str(PERSON), (Link(URL, URL),)), where)
    conversation = OneReply(ferry())
    async with serving(run(conversation, dispatcher(conversation, left), fake.token, **fake.seams)):
        answer = await fake.answer()
    assert (answer.chat, answer.body["message_thread_id"]) == (FORUM, TOPIC)
    assert answer.body["reply_parameters"]["message_id"] == 77
    assert list(conversation.places) == ["b1"]


# ── edits ───────────────────────────────────────────────────────────────────────────────────────────


async def test_an_answer_follows_the_link_of_its_message(fake: FakeTelegram) -> None:
    async with at_work(OneReply(ferry()), fake) as _:
        asked = await fake.says_in_private(URL)
        answer = await fake.answer()
        answer.text = "what the first link led to"
        await fake.says(f"{URL}/2", chat=PRIVATE, edits=asked)
        await fake.watch.until(lambda: answer.edits)
    assert len(fake.sent) == 1


async def test_an_answer_that_says_the_same_as_before_stays(fake: FakeTelegram) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        asked = await fake.says_in_private(URL)
        await fake.answer()
        await fake.says(f"{URL}/2", chat=PRIVATE, edits=asked)
        await fake.watch.until(lambda: len(conversation.asked) == 2)
    assert (len(fake.sent), list(conversation.places)) == (1, ["a1"])


async def test_an_answer_to_somebody_elses_link_goes_with_it(
    fake: FakeTelegram,
) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        posted = await fake.says(URL, by=STRANGER)
        await fake.says("/check", replies_to=posted)
        answer = await fake.answer()
        await fake.says("no link any more", by=STRANGER, edits=posted)
        await fake.watch.until(lambda: fake.deleted)
    assert (fake.deleted, conversation.known) == ([answer.id], {})


async def test_an_answer_that_was_removed_does_not_come_back_by_an_edit(fake: FakeTelegram) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        asked = await fake.says_in_private(URL)
        answer = await fake.answer()
        fake.deleted.append(answer.id)
        await fake.says(f"{URL}/2", chat=PRIVATE, edits=asked)
        await fake.watch.until(lambda: len(conversation.asked) == 2)
        await fake.says(URL, chat=PRIVATE, edits=asked)
        await fake.watch.until(lambda: len(conversation.asked) == 3)
    assert (len(fake.sent), answer.edits) == (1, 0)


@pytest.mark.parametrize(("age", "answered"), [(300, True), (200_000, False)])
async def test_a_private_message_that_gets_its_first_link_by_an_edit_asks_while_it_is_young(
    fake: FakeTelegram, age: int, *, answered: bool
) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.says(URL, chat=PRIVATE, edits=5, date=int(time.time()) - age)
        await fake.says(f"/check {URL}")
        await fake.answer(1 + answered)
        await asyncio.sleep(0.05)
    assert {sent.chat for sent in fake.sent} == {GROUP, *([PRIVATE] if answered else [])}


async def test_an_edit_without_a_link_is_no_question(fake: FakeTelegram) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.says("hello", chat=PRIVATE, edits=5, date=int(time.time()))
        await fake.says("hello!", chat=PRIVATE, edits=5, date=int(time.time()))
        await fake.says_in_private(URL)
        await fake.answer()
        await fake.all_seen()
    assert len(fake.sent) == 1


@pytest.mark.parametrize(("chat", "answers"), [(MUTED, 0), (MOVED, 1)])
async def test_a_group_that_takes_no_answer_or_has_moved_is_finished_with(
    fake: FakeTelegram, chat: int, answers: int
) -> None:
    conversation = OneReply(ferry())
    room = Room("telegram", str(chat), private=False, server=str(chat))
    left = Job(
        "b1", "telegram message 77", CheckRequest(room, str(PERSON), (Link(URL, URL),)), f"{chat} - 77"
    )
    at = dispatcher(conversation, left)
    async with serving(run(conversation, at, fake.token, **fake.seams)):
        await fake.online()
        await fake.watch.until(lambda: conversation.asked)
        await fake.says(f"/check {URL}")
        await fake.answer(answers + 1)
        await asyncio.sleep(0.05)
    assert await resume(at, "telegram", None) == 0  # type: ignore[arg-type]  # there is nothing to deliver
    assert (len(fake.sent), {sent.chat for sent in fake.sent}) == (answers + 1, {GROUP})


# ── log channels ────────────────────────────────────────────────────────────────────────────────────


async def test_a_topic_of_the_group_is_told_and_no_other_group(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    kept = memory()
    notices, conversation = Notices(kept), OneReply(ferry())
    here = Room("telegram", str(FORUM), private=False, server=str(FORUM))
    elsewhere = Room("telegram", "-1", private=False, server="-1")
    commands, admin = Commands(kept, notices), Person("telegram", str(PERSON))
    async with serving(
        run(conversation, dispatcher(conversation), fake.token, notices=notices, **fake.seams)
    ):
        await fake.online()
        await commands.set(here, "log_channel", f"{FORUM}/{TOPIC}", admin)
        await commands.set(elsewhere, "log_channel", str(GROUP), admin)
        told = await fake.answer()
    assert (told.chat, told.body["message_thread_id"], len(fake.sent)) == (FORUM, TOPIC, 1)
    assert told.text.startswith(f"Ada ({PERSON}) changed settings of The newsroom:")
    assert f"nobody administers both {GROUP} and the group -1" in caplog.text
