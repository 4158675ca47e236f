"""What people tell the bot in private about an answer: what is wrong in it, and the text of a page."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from bot.commands import Commands
from bot.errors import BadStatus
from bot.model import Link, Report
from bot.places import Person, Room
from bot.ports import StoredReport
from bot.replies import Action, Button
from bot.service import ConversationService
from handlers.telegram.client import run
from tests.bot.written import bridge
from tests.fakes.conversation import OneReply
from tests.fakes.memory import memory
from tests.fakes.ports import FakeChecker, FakeTextReader
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import Talks, at_home
from tests.fakes.talking import NOW
from tests.fakes.telegram import FORUM, GROUP, PERSON, PRIVATE, STRANGER, TOPIC, FakeTelegram, Sent

ME = Person("telegram", str(PERSON))
ALONE = Room("telegram", str(PRIVATE), private=True)
FORGOTTEN = "I no longer have this answer. Send the link again to check it."
ASKS = (Button(Action.WRONG, "Wrong?"), Button(Action.PASTE, "Paste the text"))


def talking() -> OneReply:
    return OneReply(replace(ferry(), buttons=ASKS))


def at_work(fake: FakeTelegram, conversation: Talks, **more: Any) -> AbstractAsyncContextManager[object]:
    return at_home(run, conversation, fake, commands=Commands(memory()), **{"parts_within": 0.05, **more})


async def asked(fake: FakeTelegram, start: str) -> Sent:
    """The question that a link with these words asks."""
    before = len(fake.sent)
    await fake.says_in_private(f"/start {start}")
    return await fake.answer(before + 1)


async def told(fake: FakeTelegram, text: str, **more: Any) -> Sent:
    before = len(fake.sent)
    await fake.says(text, **{"chat": PRIVATE, **more})
    return await fake.answer(before + 1)


async def quiet(fake: FakeTelegram, sent: int) -> None:
    """Nothing more than this was sent."""
    await fake.all_seen()
    await asyncio.sleep(0.1)
    assert len(fake.sent) == sent


# ── asked ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("label", "action", "words"),
    [("Wrong?", "wrong", "What is wrong in this answer?"), ("Paste the text", "paste", "Send me the text")],
)
async def test_under_a_private_answer_a_button_asks_there(
    fake: FakeTelegram, label: str, action: str, words: str
) -> None:
    async with at_work(fake, talking()):
        answer = await told(fake, URL)
        query = await fake.answer_to(await fake.presses(answer, answer.buttons[label]))
        question = await fake.answer(2)
    assert (query.told, query.url) == (None, None)
    assert question.text.startswith(words)
    assert question.body["reply_markup"] == {"force_reply": True}
    there = f"https://t.me/hearsay_bot?start={action}_a1"
    assert [mark["url"] for mark in question.entities if mark["type"] == "text_link"] == [there]


@pytest.mark.parametrize("chat", [GROUP, FORUM])
async def test_in_a_group_a_button_leads_to_the_private_chat_which_asks(
    fake: FakeTelegram, chat: int
) -> None:
    async with at_work(fake, talking()):
        answer = await told(fake, f"/check {URL}", chat=chat, topic=TOPIC if chat == FORUM else None)
        query = await fake.answer_to(await fake.presses(answer, answer.buttons["Wrong?"], by=STRANGER))
        assert query.url == "https://t.me/hearsay_bot?start=wrong_a1"
        question = await asked(fake, query.url.partition("start=")[2])
    assert (question.chat, question.text[:13]) == (PRIVATE, "What is wrong")


# ── what is wrong ───────────────────────────────────────────────────────────────────────────────────


async def test_the_next_private_message_says_what_is_wrong(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "wrong_a1")
        thanks = await told(fake, "The second line: nobody said that.")
    assert conversation.objections == [("a1", ME, "The second line: nobody said that.")]
    assert (thanks.chat, thanks.text) == (PRIVATE, "Thank you.")


async def test_a_reply_to_the_question_counts_after_a_restart(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        question = await asked(fake, "wrong_a1")
    async with at_work(fake, conversation):
        await told(fake, "Nobody said that.", replies_to=question.id)
    assert conversation.objections == [("a1", ME, "Nobody said that.")]


async def test_one_message_answers_and_the_next_is_a_question_again(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "wrong_a1")
        await told(fake, "Nobody said that.")
        hint = await told(fake, "And so on.")
    assert (len(conversation.objections), hint.text) == (1, "Send me a link to an article.")


async def test_a_long_note_is_cut(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "wrong_a1")
        await told(fake, "x" * 4096)
    assert conversation.objections[0][2] == "x" * 500


async def test_whoever_goes_on_to_something_else_has_said_nothing(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "wrong_a1")
        await told(fake, "/privacy")
        hint = await told(fake, "hello")
    assert (conversation.objections, hint.text) == ([], "Send me a link to an article.")


@pytest.mark.parametrize("action", ["wrong", "paste"])
@pytest.mark.parametrize("command", ["", "/check "])
async def test_a_link_alone_is_a_new_question_and_no_answer_to_one(
    fake: FakeTelegram, action: str, command: str
) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, f"{action}_a1")
        await told(fake, f"{command}{URL}/2")
        hint = await told(fake, "hello")
    assert (conversation.objections, conversation.pasted) == ([], [])
    assert [str(one.links[0].url) for one in conversation.asked] == [URL, f"{URL}/2"]
    assert hint.text == "Send me a link to an article."


async def test_a_link_in_reply_to_the_question_is_an_answer(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        question = await asked(fake, "wrong_a1")
        await told(fake, f"{URL}/original", replies_to=question.id)
    assert conversation.objections == [("a1", ME, f"{URL}/original")]


async def test_a_question_is_open_for_a_while_only(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.telegram.prompts.PROMPT_SECONDS", 0.0)
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "wrong_a1")
        hint = await told(fake, "hello")
    assert (conversation.objections, hint.text) == ([], "Send me a link to an article.")


async def test_everybody_is_asked_for_himself(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "wrong_a1")
        hint = await told(fake, "hello", chat=STRANGER, by=STRANGER)
    assert (hint.chat, conversation.objections) == (STRANGER, [])


async def test_what_is_said_in_a_group_answers_nothing(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "wrong_a1")
        await fake.says("Nobody said that.", chat=GROUP)
        await told(fake, "The second line.")
    assert conversation.objections == [("a1", ME, "The second line.")]


# ── the text of a page ──────────────────────────────────────────────────────────────────────────────


async def test_a_pasted_text_is_checked_in_private(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "paste_a1")
        answer = await told(fake, "The ferry sails, says the captain.")
    assert conversation.pasted == [("a1", ALONE, ME, "The ferry sails, says the captain.")]
    assert answer.chat == PRIVATE
    assert answer.buttons["Wrong?"] == "wrong:pa1"


async def test_the_parts_of_a_long_text_are_put_together(fake: FakeTelegram) -> None:
    parts = ["a" * 4096, "b" * 4096, "the end"]
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        question = await asked(fake, "paste_a1")
        for number, part in enumerate(parts):
            await fake.says(part, chat=PRIVATE, replies_to=question.id if number == 0 else None)
        await fake.answer(3)
        await quiet(fake, 3)
    assert [text for *_, text in conversation.pasted] == ["\n".join(parts)]


async def test_the_parts_of_a_long_text_are_put_together_after_a_restart(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        question = await asked(fake, "paste_a1")
    async with at_work(fake, conversation):
        await fake.says("One.", chat=PRIVATE, replies_to=question.id)
        await fake.says("Two.", chat=PRIVATE)
        await fake.answer(3)
    assert [text for *_, text in conversation.pasted] == ["One.\nTwo."]


async def test_a_text_without_end_is_cut(fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.telegram.prompts.MOST_PARTS", 2)
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "paste_a1")
        for part in ("One.", "Two.", "Three."):
            await fake.says_in_private(part)
        await fake.answer(3)
    assert [text for *_, text in conversation.pasted] == ["One.\nTwo."]


async def test_a_command_right_behind_a_text_takes_nothing_away_of_it(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "paste_a1")
        await fake.says_in_private("One.")
        await told(fake, "/privacy")
        await fake.watch.until(lambda: conversation.pasted)
    assert [text for *_, text in conversation.pasted] == ["One."]


@pytest.mark.parametrize("words", ["/members", "#1: /members"])
async def test_a_text_may_begin_like_a_command(fake: FakeTelegram, words: str) -> None:
    async with at_work(fake, conversation := talking()):
        await told(fake, f"/check {URL}", chat=GROUP)
        await asked(fake, "paste_a1")
        await told(fake, f"{words} of the crew say so.")
    assert [text for *_, text in conversation.pasted] == [f"{words} of the crew say so."]


async def test_the_text_of_a_page_that_cannot_be_read_is_checked_and_said_to_be_pasted(
    fake: FakeTelegram,
) -> None:
    async def unreadable(link: Link, **_: object) -> StoredReport:  # noqa: ARG001  # as it is called
        raise BadStatus(403)

    async def pasted(text: str) -> Report:  # noqa: ARG001  # as above
        return replace(bridge(), article=replace(bridge().article, url=None, pasted=True))

    conversation = ConversationService(
        checker=FakeChecker(unreadable),
        text_reader=FakeTextReader(pasted),
        stores=memory(),
        clock=lambda: NOW,
    )
    async with at_work(fake, conversation):
        lost = await told(fake, f"/check {URL}", chat=GROUP)
        assert lost.text == "I could not read this page (HTTP 403), so nothing was checked."
        query = await fake.answer_to(await fake.presses(lost, lost.buttons["Paste the text"]))
        await asked(fake, (query.url or "").partition("start=")[2])
        answer = await told(fake, "The old bridge closes in May, said the mayor.")
    assert answer.chat == PRIVATE
    assert "read from text that you pasted" in answer.text


# ── what is not there ───────────────────────────────────────────────────────────────────────────────


async def test_what_is_wrong_with_an_answer_that_is_no_more_is_not_kept(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await asked(fake, "wrong_a7")
        refused = await told(fake, "Nobody said that.")
    assert (refused.text, conversation.objections) == (FORGOTTEN, [])


async def test_a_text_for_an_answer_that_is_no_more_is_checked(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        await asked(fake, "paste_a7")
        answer = await told(fake, "The ferry sails.")
    assert answer.buttons["Wrong?"] == "wrong:pa7"
    assert conversation.pasted[0][1] == ALONE


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/?start=wrong_a1",
        "https://t.me/other_bot?start=wrong_a1",
        "https://t.me/hearsay_bot?start=wrong_A",
    ],
)
async def test_a_link_in_a_message_of_the_bots_asks_nothing_by_itself(fake: FakeTelegram, url: str) -> None:
    async with at_work(fake, conversation := talking()):
        answer = await told(fake, URL)
        link = {"type": "text_link", "offset": 0, "length": 3, "url": url}
        fake._seen[answer.id]["entities"] = [link]
        hint = await told(fake, "hello", replies_to=answer.id)
    assert (hint.text, conversation.objections) == ("Send me a link to an article.", [])


async def test_an_original_on_a_card_is_no_question_even_if_it_leads_to_one(fake: FakeTelegram) -> None:
    async with at_work(fake, conversation := talking()):
        answer = await told(fake, URL)
        there = "https://t.me/hearsay_bot?start=wrong_a1"
        fake._seen[answer.id]["entities"] = [{"type": "text_link", "offset": 0, "length": 3, "url": there}]
        hint = await told(fake, "hello", replies_to=answer.id)
    assert (hint.text, conversation.objections) == ("Send me a link to an article.", [])


async def test_a_question_of_somebody_elses_is_no_question(fake: FakeTelegram) -> None:
    there = {"type": "text_link", "offset": 0, "length": 3, "url": "https://t.me/hearsay_bot?start=wrong_a1"}
    async with at_work(fake, conversation := talking()):
        await told(fake, URL)
        mine = await fake.says("see this", chat=PRIVATE, entities=[there])
        await fake.answer(2)
        await fake.says("hello", chat=PRIVATE, replies_to=mine)
        await fake.answer(3)
    assert conversation.objections == []


async def test_an_unknown_answer_asks_nothing_of_a_group(fake: FakeTelegram) -> None:
    """The next message of a group is nobody's note, whatever was forged."""
    async with at_work(fake, conversation := talking()):
        await fake.says("/start wrong_a1", chat=GROUP)
        await fake.answer()
        await fake.says("hello", chat=GROUP)
        await quiet(fake, 1)
    assert conversation.objections == []
