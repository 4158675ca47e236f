"""Answers on Telegram on their way: under what they answer, and where they may stand."""

from __future__ import annotations

import asyncio
from functools import partial

from inline_snapshot import snapshot

from bot.places import Room
from handlers.telegram.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.replies import URL, ferry, titled
from tests.fakes.serving import at_home
from tests.fakes.telegram import (
    FORUM,
    GROUP,
    LOCKED,
    PRIVATE,
    TOPIC,
    FakeTelegram,
)

at_work = partial(at_home, run)


async def test_the_message_about_an_article(fake: FakeTelegram) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.says_in_private(URL)
        answer = await fake.answer()
    assert answer.body == snapshot(
        {
            "chat_id": 501,
            "text": """\
<b>Ferry strike may be over by Monday, two sources say</b>
<i>C&amp;S · lines with a bar are quoted</i>

<b>UNCONFIRMED: the article says so itself</b>
<blockquote>The report could not be confirmed on Friday night.</blockquote>

<b>What it reports</b>
<blockquote>The strike is over, the Harbour Gazette reported, citing people close to the talks.</blockquote>

<b>Who says so</b>
C&amp;S, quoting Harbour Gazette, citing “people close to the talks”. It names nobody as the origin.

<i>3 sources named · read from this page only; nothing was checked elsewhere</i>

<blockquote expandable><b>Sources (3)</b>
<b>Named</b>
• Harbour Gazette (outlet)
▎the Harbour Gazette reported

• the crews’ union (organisation)
▎union said that nothing has been signed

• Ines Holm (person)
▎said Ines Holm, a ship’s mate</blockquote>

<blockquote expandable><b>Words of doubt (1)</b>
<b>In the report</b>
• “may be over”
▎Ferry strike may be over by …</blockquote>\
""",
            "disable_notification": True,
            "link_preview_options": {"is_disabled": True},
            "parse_mode": "HTML",
            "reply_markup": {
                "inline_keyboard": [
                    [
                        {"text": "Open article", "url": "https://example.org/harbour/ferry-talks"},
                        {"callback_data": "remove:a1:501", "text": "Remove"},
                    ]
                ]
            },
            "reply_parameters": {
                "allow_sending_without_reply": True,
                "message_id": 10,
                "quote": "https://example.org/harbour/ferry-talks",
            },
        }
    )


async def test_a_hostile_title_is_only_words(fake: FakeTelegram) -> None:
    title = "@ada_l <script> &amp; \u202egnp.exe"
    async with at_work(OneReply(titled(title)), fake):
        await fake.says_in_private(URL)
        answer = await fake.answer()
    assert answer.body["text"] == snapshot("""\
<b>@\u2060ada_l &lt;script&gt; &amp;amp; gnp.\u2060exe</b>
<i><a href="https://example.org/a_%28b%29">@\u2060ada_l &lt;script&gt; &amp;amp; gnp.\u2060exe</a> *not* bold</i>

<blockquote>@\u2060ada_l &lt;script&gt; &amp;amp; gnp.\u2060exe</blockquote>

They say: “<a href="https://e.example/?y=1&amp;z=%3C2%3E">@\u2060ada_l &lt;script&gt; &amp;amp; gnp.\u2060exe</a>”\
""")  # noqa: E501


async def test_it_shows_that_it_is_working(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    async with at_work(OneReply(ferry(), gate=gate), fake):
        await fake.says_in_private(URL)
        await fake.watch.until(lambda: fake.actions)
        gate.set()
        await fake.answer()
    assert fake.actions == [(PRIVATE, "typing")]


async def test_a_topic_is_a_room_and_is_answered_in_itself(fake: FakeTelegram) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"/check {URL}", chat=FORUM, topic=TOPIC)
        answer = await fake.answer()
    assert answer.body["message_thread_id"] == TOPIC
    assert conversation.heard[0].room == Room(
        "telegram", f"{FORUM}/{TOPIC}", private=False, server=str(FORUM)
    )


async def test_a_topic_that_is_gone_is_answered_in_the_group(fake: FakeTelegram) -> None:
    async with at_work(OneReply(ferry()), fake):
        fake.close_topics()
        await fake.says(f"/check {URL}", chat=FORUM, topic=TOPIC)
        answer = await fake.answer()
    assert "message_thread_id" not in answer.body


async def test_a_question_that_was_deleted_meanwhile_is_still_answered(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    async with at_work(OneReply(ferry(), gate=gate), fake):
        question = await fake.says_in_private(URL)
        await fake.watch.until(lambda: fake.actions)
        fake.forget(question)
        gate.set()
        await fake.answer()


async def test_where_it_may_not_write_it_stays_silent_and_goes_on_elsewhere(fake: FakeTelegram) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"/check {URL}", chat=LOCKED)
        await fake.says(f"/check {URL}")
        await fake.answer()
    assert len(conversation.asked) == 2
    assert [sent.chat for sent in fake.sent] == [GROUP]


async def test_a_slow_check_does_not_hold_up_the_next(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    async with at_work(conversation := OneReply(ferry(), gate=gate), fake):
        await fake.says_in_private(URL)
        await fake.watch.until(lambda: conversation.asked)
        await fake.says_in_private("hello")
        assert (await fake.answer()).text == "Send me a link to an article."
        gate.set()
        await fake.answer(2)
