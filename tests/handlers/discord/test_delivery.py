"""Answers on Discord on their way: silent, once, and where they may stand."""

from __future__ import annotations

import asyncio
from functools import partial

from inline_snapshot import snapshot

from handlers.discord.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_limits import COMPONENTS_V2, SILENT
from tests.fakes.discord_objects import BOT, CHANNEL, DIRECT, LOCKED_CHANNEL
from tests.fakes.replies import URL, ferry, titled
from tests.fakes.serving import at_home

CALL = f"<@{BOT}>"

at_work = partial(at_home, run)


async def test_a_channel_answer_pings_nobody_and_is_silent_and_cannot_be_doubled(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry()), fake):
        question = await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
    body = {key: value for key, value in answer.body.items() if key != "components"}
    assert body.pop("message_reference")["message_id"] == question
    assert body == {
        "content": None,
        "tts": False,
        "nonce": "a1",
        "enforce_nonce": True,
        "flags": SILENT | COMPONENTS_V2,
        "allowed_mentions": {"parse": [], "replied_user": False},
    }


async def test_the_card_of_an_article(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
    assert answer.components == snapshot(
        [
            {
                "type": 17,
                "accent_color": None,
                "spoiler": False,
                "components": [
                    {
                        "type": 10,
                        "content": """\
### Ferry strike may be over by Monday, two sources say
-# C&S · lines with a bar are quoted

**UNCONFIRMED: the article says so itself**
> The report could not be confirmed on Friday night.

**What it reports**
> The strike is over, the Harbour Gazette reported, citing people close to the talks.

**Who says so**
C&S, quoting Harbour Gazette, citing “people close to the talks”. It names nobody as the origin.

-# 3 sources named · read from this page only; nothing was checked elsewhere\
""",
                    }
                ],
            },
            {
                "type": 1,
                "components": [
                    {
                        "type": 2,
                        "style": 2,
                        "disabled": False,
                        "label": "Sources (3)",
                        "custom_id": "hearsay:sources:a1",
                    },
                    {
                        "type": 2,
                        "style": 2,
                        "disabled": False,
                        "label": "Words of doubt (1)",
                        "custom_id": "hearsay:hedges:a1",
                    },
                    {
                        "type": 2,
                        "style": 2,
                        "disabled": False,
                        "label": "Remove",
                        "custom_id": "hearsay:remove:a1:9101",
                    },
                    {
                        "type": 2,
                        "style": 5,
                        "disabled": False,
                        "label": "Open article",
                        "url": "https://example.org/harbour/ferry-talks",
                    },
                ],
            },
        ]
    )


async def test_a_spoilered_link_gets_an_answer_behind_a_spoiler(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry(spoiler=True)), fake):
        await fake.says(f"{CALL} ||{URL}||")
        answer = await fake.answer()
    assert [part["spoiler"] for part in answer.components if part["type"] == 17] == [True]


async def test_a_hostile_title_is_only_words(fake: FakeDiscord) -> None:
    title = "@everyone <@9101> `rm` **b** [x](http://e.example) \u202egnp.exe"
    async with at_work(OneReply(titled(title)), fake):
        await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
    assert answer.text == snapshot("""\
### \\@everyone \\<\\@9101\\> \\`rm\\` \\*\\*b\\*\\* \\[x\\](http\\://e.example) gnp.exe
-# \\@everyone \\<\\@9101\\> \\`rm\\` \\*\\*b\\*\\* \\[x\\](http\\://e.example) gnp.exe \\*not\\* bold

> \\@everyone \\<\\@9101\\> \\`rm\\` \\*\\*b\\*\\* \\[x\\](http\\://e.example) gnp.exe

They say: “\\@everyone \\<\\@9101\\> \\`rm\\` \\*\\*b\\*\\* \\[x\\](http\\://e.example) gnp.exe”\
""")


async def test_it_shows_that_it_is_working(fake: FakeDiscord) -> None:
    gate = asyncio.Event()
    async with at_work(OneReply(ferry(), gate=gate), fake):
        await fake.says(f"{CALL} {URL}")
        await fake.watch.until(lambda: fake.typing)
        gate.set()
        await fake.answer()
    assert fake.typing == [CHANNEL]


async def test_where_it_may_not_write_it_stays_silent_and_goes_on_elsewhere(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"{CALL} {URL}", room=LOCKED_CHANNEL)
        await fake.says(f"{CALL} {URL}")
        await fake.answer()
    assert len(conversation.asked) == 2
    assert [sent.room for sent in fake.sent] == [CHANNEL]


async def test_a_private_answer_whose_token_has_expired_goes_by_direct_message(fake: FakeDiscord) -> None:
    gate = asyncio.Event()
    async with at_work(OneReply(ferry(), gate=gate), fake):
        asked = await fake.checks(URL)
        await fake.watch.until(lambda: asked.acknowledged)
        fake.expire(asked)
        gate.set()
        answer = await fake.answer()
    assert (answer.room, answer.body["nonce"]) == (DIRECT, str(asked.id))
