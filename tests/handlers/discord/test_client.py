"""People meet Hearsay on Discord: the real client library against a strict Discord of the tests' own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from inline_snapshot import snapshot

from bot.conversation import Conversation, Message, Room
from bot.model import Link
from handlers.discord.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_limits import COMPONENTS_V2, EPHEMERAL, SILENT
from tests.fakes.discord_objects import BOT, CHANNEL, DIRECT, LOCKED_CHANNEL, MODERATOR, PERSON, STRANGER
from tests.fakes.replies import URL, ferry, titled
from tests.fakes.serving import serving

CALL = f"<@{BOT}>"


@asynccontextmanager
async def at_work(conversation: Conversation, fake: FakeDiscord) -> AsyncIterator[asyncio.Task[None]]:
    async with serving(run(conversation, fake.token, pause=0.01, guild_ready_timeout=0.05)) as task:
        await fake.online()
        yield task


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as discord:
        yield discord


# ── ways in ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_private_message_with_a_link_is_answered_where_it_was_sent(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says_in_private(URL)
        answer = await fake.answer()
    assert answer.room == DIRECT
    assert conversation.heard == [Message(Room("discord", str(DIRECT), private=True), str(PERSON), URL, True)]
    assert conversation.asked[0].links == (Link(URL, URL),)


async def test_a_mention_with_a_link_is_answered_in_its_channel(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"{CALL} look: {URL}")
        answer = await fake.answer()
    assert answer.room == CHANNEL
    assert conversation.heard[0].room == Room("discord", str(CHANNEL), private=False)


async def test_a_command_is_acknowledged_at_once_and_answered_privately(fake: FakeDiscord) -> None:
    gate = asyncio.Event()
    async with at_work(OneReply(ferry(), gate=gate), fake):
        asked = await fake.checks(URL)
        await fake.watch.until(lambda: asked.acknowledged)
        assert (asked.acknowledged, asked.private, asked.answer) == (5, True, None)
        gate.set()
        answer = await fake.answer_to(asked)
    assert answer.text.startswith("### Ferry strike")
    assert fake.sent == []


async def test_a_command_reads_a_link_between_angle_brackets(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.answer_to(await fake.checks(f"<{URL}>"))
    assert conversation.heard[0].text == URL


async def test_a_command_without_a_link_is_told_so(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry()), fake):
        answer = await fake.answer_to(await fake.checks("the news"))
    assert answer.text == "Send me a link to an article."
    assert answer.buttons == {}


async def test_a_reply_to_an_answer_is_read_when_it_holds_a_link_and_left_alone_otherwise(
    fake: FakeDiscord,
) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.says(f"{CALL} {URL}")
        first = await fake.answer()
        await fake.says("thank you", replies_to=first)
        await fake.says(f"and this one? {URL}", replies_to=first)
        second = await fake.answer(2)
    assert second.body["message_reference"]["message_id"] != first.body["message_reference"]["message_id"]
    assert len(fake.sent) == 2


async def test_what_is_not_addressed_to_the_bot_is_not_heard(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(URL)
        await fake.says(f"<@{STRANGER}> {URL}")
        await fake.says(f"{CALL} {URL} at last")
        await fake.answer()
    assert [heard.text for heard in conversation.heard] == [f"{CALL} {URL} at last"]


async def test_bots_webhooks_and_the_bot_itself_are_not_heard(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"{CALL} {URL}", by=9200, bot=True)
        await fake.says(f"{CALL} {URL}", by=9201, webhook_id="9201")
        await fake.says(f"{CALL} {URL}", by=BOT)
        await fake.says(f"{CALL} {URL} from a person")
        await fake.answer()
    assert [heard.text for heard in conversation.heard] == [f"{CALL} {URL} from a person"]


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_channel_answer_pings_nobody_and_is_silent_and_cannot_be_doubled(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry()), fake):
        question = await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
    body = {key: value for key, value in answer.body.items() if key != "components"}
    assert body.pop("message_reference")["message_id"] == question
    assert body == {
        "content": None,
        "tts": False,
        "nonce": str(question),
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
-# C&S · every line marked with a bar is quoted from the page

**UNCONFIRMED: the article says so itself**
> The report could not be confirmed on Friday night.

**What it reports**
> The strike is over, the Harbour Gazette reported, citing people close to the talks.

**Who says so**
C&S, quoting Harbour Gazette, citing “people close to the talks”. No one is named at the end of the chain.

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
                        "label": "Hedges (1)",
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


# ── buttons ─────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def an_answer(fake: FakeDiscord, conversation: OneReply) -> AsyncIterator[None]:
    async with at_work(conversation, fake):
        await fake.says(f"{CALL} {URL}")
        await fake.answer()
        yield


def answered(fake: FakeDiscord) -> AbstractAsyncContextManager[None]:
    return an_answer(fake, OneReply(ferry()))


async def test_the_buttons_carry_the_answer_and_the_asker(fake: FakeDiscord) -> None:
    async with answered(fake):
        assert fake.sent[0].buttons == {
            "Sources (3)": "hearsay:sources:a1",
            "Hedges (1)": "hearsay:hedges:a1",
            "Remove": f"hearsay:remove:a1:{PERSON}",
            "Open article": URL,
        }


async def test_details_are_shown_to_whoever_presses_and_to_nobody_else(fake: FakeDiscord) -> None:
    async with answered(fake):
        pressed = await fake.presses(fake.sent[0], "hearsay:sources:a1", by=STRANGER)
        panel = await fake.answer_to(pressed)
    assert (pressed.acknowledged, pressed.private, len(fake.sent)) == (5, True, 1)
    assert panel.text == snapshot("""\
**Named**
Harbour Gazette (outlet)
> the Harbour Gazette reported

the crews’ union (organisation)
> union said that nothing has been signed

Ines Holm (person)
> said Ines Holm, a ship’s mate\
""")


async def test_hedges_have_their_own_button(fake: FakeDiscord) -> None:
    async with answered(fake):
        panel = await fake.answer_to(await fake.presses(fake.sent[0], "hearsay:hedges:a1"))
    assert panel.text == snapshot("""\
**In the report**
“may be over”
> Ferry strike may be over by …\
""")


async def test_a_button_of_an_answer_from_before_a_restart_still_works(fake: FakeDiscord) -> None:
    conversation = OneReply(ferry())
    async with an_answer(fake, conversation):
        pass
    async with serving(run(conversation, fake.token, guild_ready_timeout=0.05)):
        await fake.online(identified=2)
        panel = await fake.answer_to(await fake.presses(fake.sent[0], "hearsay:hedges:a1"))
    assert panel.text.startswith("**In the report**")


async def test_a_button_of_a_forgotten_answer_says_so_privately(fake: FakeDiscord) -> None:
    conversation = OneReply(ferry())
    async with an_answer(fake, conversation):
        conversation.known.clear()
        pressed = await fake.presses(fake.sent[0], "hearsay:sources:a1")
        panel = await fake.answer_to(pressed)
    assert pressed.private
    assert panel.text == snapshot("-# I no longer have this answer. Send the link again to check it.")


@pytest.mark.parametrize("remover", [PERSON, MODERATOR])
async def test_the_asker_and_moderators_remove_an_answer(fake: FakeDiscord, remover: int) -> None:
    async with an_answer(fake, conversation := OneReply(ferry())):
        await fake.presses(fake.sent[0], f"hearsay:remove:a1:{PERSON}", by=remover)
        await fake.watch.until(lambda: fake.deleted)
    assert (fake.deleted, conversation.known) == ([fake.sent[0].id], {})


async def test_anybody_else_is_told_privately_who_may_remove_it(fake: FakeDiscord) -> None:
    async with answered(fake):
        pressed = await fake.presses(fake.sent[0], f"hearsay:remove:a1:{PERSON}", by=STRANGER)
        told = await fake.answer_to(pressed)
    assert (fake.deleted, pressed.private) == ([], True)
    assert told.text == snapshot("-# Only the person who asked and moderators can remove this answer.")


async def test_removing_twice_at_once_removes_once(fake: FakeDiscord) -> None:
    async with answered(fake):
        presses = [await fake.presses(fake.sent[0], f"hearsay:remove:a1:{PERSON}") for _ in range(2)]
        await fake.watch.until(lambda: all(press.acknowledged for press in presses))
    assert fake.deleted == [fake.sent[0].id]


@pytest.mark.parametrize(
    "forged",
    [
        "hearsay:remove:a1:9102",
        "hearsay:sources:../../etc",
        "hearsay:open:a1",
        "other:sources:a1",
        "hearsay:remove:a1:",
    ],
)
async def test_a_button_that_the_answer_does_not_carry_does_nothing(fake: FakeDiscord, forged: str) -> None:
    async with answered(fake):
        pressed = await fake.presses(fake.sent[0], forged, by=STRANGER)
        await fake.answer_to(await fake.presses(fake.sent[0], "hearsay:hedges:a1"))
    assert (pressed.acknowledged, fake.deleted) == (None, [])


# ── life ────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_was_said_while_the_gateway_was_gone_is_answered(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.drop()
        await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
    assert (answer.room, fake.resumed, fake.identified) == (CHANNEL, 1, 1)


async def test_an_event_that_the_library_cannot_parse_costs_a_reconnect_and_no_answer(
    fake: FakeDiscord,
) -> None:
    gate = asyncio.Event()
    async with at_work(OneReply(ferry(), gate=gate), fake):
        await fake.says(f"{CALL} {URL}")
        await fake.watch.until(lambda: fake.typing)
        await fake.garbage()
        gate.set()
        await fake.answer()
        await fake.online(identified=2)
        await fake.says(f"{CALL} {URL} again")
        await fake.answer(2)


async def test_a_first_connection_that_fails_is_tried_again(fake: FakeDiscord) -> None:
    fake.refuse_gateway(times=1)
    async with at_work(OneReply(ferry()), fake):
        assert fake.turned_away == 1
        await fake.says_in_private(URL)
        await fake.answer()


async def test_a_rate_limit_is_waited_out_and_the_answer_comes_once(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry()), fake):
        fake.busy("POST messages", retry_after=0.2)
        await fake.says(f"{CALL} {URL}")
        await fake.answer()
    assert len(fake.sent) == 1


async def test_a_shutdown_waits_for_the_answers_that_are_owed(fake: FakeDiscord) -> None:
    gate = asyncio.Event()
    async with at_work(OneReply(ferry(), gate=gate), fake) as task:
        await fake.says(f"{CALL} {URL}")
        await fake.watch.until(lambda: fake.typing)
        task.cancel()
        _, still_at_work = await asyncio.wait({task}, timeout=0.05)
        assert still_at_work
        gate.set()
        await fake.answer()


async def test_a_shutdown_does_not_wait_for_ever(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.discord.client._DRAIN_SECONDS", 0.05)
    async with at_work(OneReply(ferry(), gate=asyncio.Event()), fake) as task:
        await fake.says_in_private(URL)
        await fake.watch.until(lambda: fake.typing)
        task.cancel()
        await asyncio.wait({task}, timeout=2)
        assert task.cancelled()
    assert fake.sent == []


async def test_a_refused_token_ends_this_platform_quietly(fake: FakeDiscord) -> None:
    await asyncio.wait_for(run(OneReply(ferry()), "wrong"), 5)
    assert fake.identified == 0


async def test_it_asks_for_no_privileged_intent(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry()), fake):
        assert (fake.refused, fake.identified) == (0, 1)


async def test_private_flags_are_set_on_private_answers_alone(fake: FakeDiscord) -> None:
    async with answered(fake):
        assert not fake.sent[0].body["flags"] & EPHEMERAL
