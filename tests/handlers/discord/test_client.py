"""People meet Hearsay on Discord: the real client library against a strict Discord of the tests' own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import discord
import pytest

from bot.answer_cache import Answer
from bot.commands import Commands
from bot.job_store import Job
from bot.messages import CheckRequest, Message
from bot.model import Link
from bot.notices import Notices
from bot.places import Person, Room
from bot.replies import Reply
from handlers.discord.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_limits import SILENT
from tests.fakes.discord_objects import BOT, CHANNEL, DIRECT, GUILD, PERSON, STRANGER
from tests.fakes.memory import memory
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import at_home, dispatcher, serving

CALL = f"<@{BOT}>"

at_work = partial(at_home, run)


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
    assert conversation.heard[0].room == Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    assert list(conversation.places.values()) == [
        f"https://discord.com/channels/{GUILD}/{CHANNEL}/{answer.id}"
    ]


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


async def test_bots_and_webhooks_ask_nothing_and_the_bot_itself_is_not_heard(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"{CALL} {URL}", by=9200, bot=True)
        await fake.says(f"{CALL} {URL}", by=9201, webhook_id="9201")
        await fake.says(f"{CALL} {URL}", by=BOT)
        await fake.says(f"{CALL} {URL} from a person")
        await fake.answer()
    assert [(heard.sender, heard.asked, heard.bot) for heard in conversation.heard] == [
        ("9200", False, True),
        ("9201", False, True),
        (str(PERSON), True, False),
    ]


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


async def test_a_shutdown_waits_for_what_other_processes_left_and_it_has_begun(fake: FakeDiscord) -> None:
    began, gate = asyncio.Event(), asyncio.Event()

    class Slow(OneReply):
        async def answer(self, *given: Any, **more: Any) -> Answer | None:
            began.set()
            return await super().answer(*given, **more)

    conversation = Slow(ferry(), gate=gate)
    room = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    left = Job(
        "b1", "discord message 77", CheckRequest(room, str(PERSON), (Link(URL, URL),)), f"{CHANNEL} 77"
    )
    async with serving(run(conversation, dispatcher(conversation, left), fake.token, **fake.seams)) as task:
        await asyncio.wait_for(began.wait(), 60)
        task.cancel()
        _, still_at_work = await asyncio.wait({task}, timeout=0.05)
        assert still_at_work
        gate.set()
        await fake.answer()
    assert len(fake.sent) == 1


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
    await asyncio.wait_for(run(conversation := OneReply(ferry()), dispatcher(conversation), "wrong"), 60)
    assert fake.identified == 0


async def test_without_the_content_intent_it_goes_on_without(
    fake: FakeDiscord, capsys: pytest.CaptureFixture[str]
) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        assert (fake.refused, fake.identified) == (1, 1)
        await fake.says(f"look {URL}")
        await fake.says_in_private(URL)
        await fake.answer()
    assert [heard.room.private for heard in conversation.heard] == [True]
    assert "no message-content intent" in capsys.readouterr().out + capsys.readouterr().err


async def test_a_check_that_another_process_left_is_answered_under_its_message(fake: FakeDiscord) -> None:
    room = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    left = Job(
        "b1", "discord message 77", CheckRequest(room, str(PERSON), (Link(URL, URL),)), f"{CHANNEL} 77"
    )
    conversation = OneReply(ferry())
    async with serving(run(conversation, dispatcher(conversation, left), fake.token, **fake.seams)):
        answer = await fake.answer()
        await asyncio.sleep(0.05)
    assert (answer.room, answer.body["nonce"]) == (CHANNEL, "b1")
    assert answer.body["message_reference"]["message_id"] == 77
    assert list(conversation.places) == ["b1"]


async def test_a_command_that_another_process_left_is_answered_where_it_was_given(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.discord.client._DRAIN_SECONDS", 0.1)
    async with at_work(OneReply(ferry(), gate=asyncio.Event()), fake) as task:
        asked = await fake.checks(URL)
        await fake.watch.until(lambda: asked.acknowledged)
        task.cancel()
    room = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    wanted = CheckRequest(room, str(PERSON), (Link(URL, URL),), aside=True)
    left = Job("b1", f"discord interaction {asked.id}", wanted, f"aside {BOT} {asked.id} {asked.token}")
    conversation = OneReply(ferry())
    async with serving(run(conversation, dispatcher(conversation, left), fake.token, **fake.seams)):
        await fake.answer_to(asked)
    assert fake.sent == []


async def test_an_event_that_comes_twice_is_answered_once(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        await fake.says(f"{CALL} {URL}")
        await fake.repeats()
        await fake.answer()
        await fake.repeats()
        await fake.says_in_private(URL)
        await fake.answer(2)
    assert (len(fake.sent), len(conversation.asked)) == (2, 2)


# ── edits and deletes ───────────────────────────────────────────────────────────────────────────────


async def test_an_answer_follows_the_link_of_its_message(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        asked = await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
        await fake.says(f"{CALL} {URL}/2", edits=asked)
        await fake.watch.until(lambda: answer.edits)
    assert [[link.url for link in one.links] for one in conversation.asked] == [[URL], [f"{URL}/2"]]
    assert len(fake.sent) == 1


async def test_an_embed_that_unfolds_is_no_edit(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        asked = await fake.says(f"{CALL} {URL}")
        await fake.answer()
        await fake.says("", edits=asked, edited_timestamp=None)
        await fake.says(f"{CALL} {URL}")
        await fake.answer(2)
    assert (len(conversation.heard), fake.deleted) == (2, [])


@pytest.mark.parametrize("how", ["link removed", "deleted", "deleted with others"])
async def test_an_answer_goes_with_its_link(fake: FakeDiscord, how: str) -> None:
    async with at_work(conversation := OneReply(ferry()), fake):
        asked = await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
        if how == "link removed":
            await fake.says(f"{CALL} never mind", edits=asked)
        else:
            await fake.deletes(asked, *([12345] if how == "deleted with others" else []))
        await fake.watch.until(lambda: fake.deleted)
    assert (fake.deleted, conversation.known) == ([answer.id], {})


async def test_an_answer_that_was_removed_does_not_come_back_by_an_edit(fake: FakeDiscord) -> None:
    async with at_work(OneReply(ferry()), fake):
        asked = await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
        fake.deleted.append(answer.id)
        await fake.says(f"{CALL} {URL}/2", edits=asked)
        await fake.says(f"{CALL} {URL}")
        await fake.answer(2)
    assert answer.edits == 0


@pytest.mark.parametrize(("age", "answered"), [(timedelta(minutes=5), True), (timedelta(days=2), False)])
async def test_a_message_that_gets_its_first_link_by_an_edit_asks_while_it_is_young(
    fake: FakeDiscord, age: timedelta, *, answered: bool
) -> None:
    ident = discord.utils.time_snowflake(discord.utils.utcnow() - age)
    stamp = (discord.utils.utcnow() - age).isoformat()
    async with at_work(OneReply(ferry()), fake):
        await fake.says(f"{CALL} {URL}", edits=ident, timestamp=stamp)
        await fake.says_in_private(URL)
        await fake.answer(1 + answered)
        await asyncio.sleep(0.05)
    assert {sent.room for sent in fake.sent} == {DIRECT, *([CHANNEL] if answered else [])}


async def test_a_check_that_another_process_left_in_the_middle_of_an_edit_is_finished(
    fake: FakeDiscord,
) -> None:
    async with at_work(OneReply(ferry()), fake):
        asked = await fake.says(f"{CALL} {URL}")
        answer = await fake.answer()
    room = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    wanted = CheckRequest(room, str(PERSON), (Link(URL, URL),))
    left = Job("a1", f"discord message {asked}", wanted, f"{CHANNEL} {asked}", revision=1)
    conversation = OneReply(ferry())
    async with serving(run(conversation, dispatcher(conversation, left), fake.token, **fake.seams)):
        await fake.watch.until(lambda: answer.edits)
    assert len(fake.sent) == 1


class Slow(OneReply):
    """Thinks a moment about what it hears."""

    async def hear(self, message: Message) -> CheckRequest | Reply | None:
        await asyncio.sleep(0.02)
        return await super().hear(message)


async def test_what_happens_to_a_message_while_it_is_heard_is_not_lost(fake: FakeDiscord) -> None:
    async with at_work(conversation := Slow(ferry()), fake):
        edited = await fake.says(f"{CALL} {URL}")
        await fake.says(f"{CALL} {URL}/2", edits=edited)
        gone = await fake.says(f"{CALL} {URL}")
        await fake.deletes(gone)
        await fake.watch.until(lambda: any(f"{URL}/2" == a.links[0].url for a in conversation.asked))
        await fake.says_in_private(URL)
        await fake.watch.until(lambda: any(sent.room == DIRECT for sent in fake.sent))
        await asyncio.sleep(0.1)
    standing = [sent for sent in fake.sent if sent.id not in fake.deleted and sent.room == CHANNEL]
    assert [sent.body["message_reference"]["message_id"] for sent in standing] == [edited]


async def test_a_link_that_is_added_after_being_asked_for_is_answered(fake: FakeDiscord) -> None:
    ident = discord.utils.time_snowflake(discord.utils.utcnow())
    async with at_work(OneReply(ferry()), fake):
        await fake.says("look at this", room=DIRECT, edits=ident)
        assert (await fake.answer()).text == "Send me a link to an article."
        await fake.says(f"look at {URL}", room=DIRECT, edits=ident)
        answer = await fake.answer(2)
    assert answer.buttons["Remove"].endswith(f":{PERSON}")


# ── log channels ────────────────────────────────────────────────────────────────────────────────────


async def test_a_log_channel_of_the_server_is_told_and_no_other(
    fake: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    kept = memory()
    notices, conversation = Notices(kept), OneReply(ferry())
    here = Room("discord", "5", private=False, server=str(GUILD))
    elsewhere = Room("discord", "6", private=False, server="1")
    commands = Commands(kept, notices)
    async with serving(
        run(conversation, dispatcher(conversation), fake.token, notices=notices, **fake.seams)
    ):
        await fake.online()
        await fake.says(f"{CALL} {URL}")  # answered once the server is known
        await fake.answer()
        await commands.set(here, "log_channel", str(CHANNEL), Person("discord", str(PERSON)))
        await commands.set(elsewhere, "log_channel", str(CHANNEL), Person("discord", str(STRANGER)))
        told = await fake.answer(2)
    assert (told.room, told.text.splitlines()[0], len(fake.sent)) == (
        CHANNEL,
        f"ada ({PERSON}) changed settings of 5:",
        2,
    )
    assert told.body["flags"] & SILENT
    assert f"there is no channel {CHANNEL} in the server 1" in caplog.text
