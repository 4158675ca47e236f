"""Automatic mode on Discord, with the conversation behind it: what people paste and what they get."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from bot.commands import Commands
from bot.fetching.links import find_links
from bot.history import Query
from bot.job_store import Job
from bot.messages import CheckRequest
from bot.model import Link
from bot.places import Room
from bot.ports import StoredReport
from bot.rooms import DeliveryStyle, FindingKind, Mode
from handlers.discord.client import run
from handlers.load_shedding import LoadShedder
from tests.fakes import talking
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_objects import (
    BOT,
    CHANNEL,
    DIRECT,
    GUILD,
    MODERATOR,
    PERSON,
    PRIVATE_THREAD,
    STRANGER,
    THREAD,
)
from tests.fakes.dispatching import resume
from tests.fakes.serving import at_home, dispatcher, serving
from tests.fakes.talking import FLAGGED, ORDINARY, read, talk

at_work = partial(at_home, run)
automatic = partial(talking.automatic, "discord", CHANNEL)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(content_intent=True) as server:
        yield server


async def heard_out(fake: FakeDiscord, answers: int) -> None:
    """Everything that was said has been dealt with: a private question behind it is answered."""
    await fake.says_in_private(ORDINARY)
    await fake.answer(answers + 1)
    await asyncio.sleep(0.05)


async def test_a_pasted_link_with_a_finding_is_answered_under_it_and_no_other(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        asked = await fake.says(f"look {FLAGGED}")
        await fake.says(f"and {ORDINARY}", by=STRANGER)
        await heard_out(fake, 1)
    answer = next(sent for sent in fake.sent if sent.room == CHANNEL)
    assert answer.body["message_reference"]["message_id"] == asked
    assert "UNCONFIRMED: the article says so itself" in answer.text
    assert [sent.room for sent in fake.sent].count(CHANNEL) == 1
    assert CHANNEL not in fake.typing


async def test_a_thread_has_its_channels_settings_and_is_answered_where_it_is(fake: FakeDiscord) -> None:
    kept = await automatic()
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}", room=THREAD)
        answer = await fake.answer()
    assert answer.room == THREAD
    channel = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    (entry,) = (await kept.history.search(channel, Query())).entries
    assert entry.place == f"https://discord.com/channels/{GUILD}/{THREAD}/{answer.id}"


async def test_a_link_that_is_forwarded_counts(fake: FakeDiscord) -> None:
    snapshot: Any = {
        "message": {
            "content": f"read this {FLAGGED}",
            "embeds": [],
            "attachments": [],
            "timestamp": "2026-11-20T10:00:00.000000+00:00",
            "edited_timestamp": None,
            "flags": 0,
            "mentions": [],
            "mention_roles": [],
            "type": 0,
            "components": [],
        }
    }
    async with at_work(talk(await automatic()), fake):
        await fake.says("", message_snapshots=[snapshot])
        answer = await fake.answer()
    assert answer.room == CHANNEL


@pytest.mark.parametrize("how", ["bot", "webhook", "prefix", "brackets", "code", "ignored person", "off"])
async def test_what_is_left_alone_is_left_alone(fake: FakeDiscord, how: str) -> None:
    more: dict[str, Any] = {"people_ignored": frozenset({str(PERSON)})} if how == "ignored person" else {}
    more |= {"mode": Mode.ON_REQUEST} if how == "off" else {}
    kept = await automatic(**more)
    texts = {"prefix": f"!{FLAGGED}", "brackets": f"<{FLAGGED}>", "code": f"`{FLAGGED}`"}
    async with at_work(talk(kept), fake):
        extra: dict[str, Any] = {"by": 9200, "bot": True} if how == "bot" else {}
        extra |= {"webhook_id": "9201"} if how == "webhook" else {}
        await fake.says(texts.get(how, FLAGGED), **extra)
        await heard_out(fake, 0)
    assert [sent.room for sent in fake.sent] == [DIRECT]


async def test_two_links_that_a_webhook_posts_at_once_are_both_read(fake: FakeDiscord) -> None:
    findings = frozenset({FindingKind.EVERY_ARTICLE})
    kept = await automatic(bots_ignored=False, findings=findings, person_cooldown_seconds=30)
    async with at_work(talk(kept), fake):
        for page in (FLAGGED, ORDINARY):
            await fake.says(page, by=9201, webhook_id="9201")
        await fake.answer(2)


async def test_an_edit_to_a_link_without_a_finding_takes_the_answer_back(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        asked = await fake.says(FLAGGED)
        answer = await fake.answer()
        await fake.says(ORDINARY, edits=asked)
        await fake.watch.until(lambda: fake.deleted)
    assert fake.deleted == [answer.id]


async def test_an_answer_that_somebody_removed_costs_no_further_check_when_its_message_is_edited(
    fake: FakeDiscord,
) -> None:
    conversation = talk(await automatic())
    at = dispatcher(conversation)
    async with serving(run(conversation, at, fake.token, **fake.seams)):
        await fake.online()
        asked = await fake.says(FLAGGED)
        answer = await fake.answer()
        await fake.presses(answer, answer.buttons["Remove"], by=PERSON)
        await heard_out(fake, 1)
        await fake.says(f"{FLAGGED}?new", edits=asked)
        await heard_out(fake, 2)
    assert fake.deleted == [answer.id]
    (job,) = await at._job_store.find_by_message("discord", f"{CHANNEL} {asked}")
    assert (job.removed, job.revision) == (True, 1)


async def test_the_menu_of_a_message_asks_about_its_links_for_who_opened_it_alone(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        asked = await fake.picks("Check sources", f"see {FLAGGED}", of=STRANGER)
        answer = await fake.answer_to(asked)
    assert (asked.private, fake.sent) == (True, [])
    assert "Show to everyone" in answer.buttons


async def test_the_menu_of_a_message_without_a_link_says_so(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        answer = await fake.answer_to(await fake.picks("Check sources", "good morning"))
    assert answer.text == "I found no link in this message. Send me a link to a news article."


# ── where a room wants its answers ──────────────────────────────────────────────────────────────────


async def test_a_room_that_wants_threads_gets_the_answer_in_one_that_follows_edits(fake: FakeDiscord) -> None:
    kept = await automatic(style=DeliveryStyle.THREAD, findings=frozenset({FindingKind.EVERY_ARTICLE}))
    async with at_work(talk(kept), fake):
        asked = await fake.says(f"look {FLAGGED}")
        answer = await fake.answer()
        await fake.says(ORDINARY, edits=asked)
        await fake.watch.until(lambda: answer.edits)
        await fake.deletes(asked)
        await fake.watch.until(lambda: fake.deleted)
    assert (answer.room, fake.threads) == (asked, {asked: "Old bridge to close in May"})
    assert "message_reference" not in answer.body
    assert fake.deleted == [answer.id]


class AllThere(dict[int, str]):
    """A thread under every message."""

    def __contains__(self, message: object) -> bool:
        return True


@pytest.mark.parametrize("how", ["not allowed", "in a thread", "one is there"])
async def test_where_no_thread_can_be_made_the_answer_stands_where_it_can(
    fake: FakeDiscord, how: str
) -> None:
    fake.threads_allowed = how != "not allowed"
    async with at_work(talk(await automatic(style=DeliveryStyle.THREAD)), fake):
        if how == "one is there":
            fake.threads = AllThere()
        asked = await fake.says(f"look {FLAGGED}", room=THREAD if how == "in a thread" else CHANNEL)
        answer = await fake.answer()
    rooms = {"not allowed": CHANNEL, "in a thread": THREAD, "one is there": asked}
    assert answer.room == rooms[how]


async def test_answers_for_the_log_channel_alone_lead_to_their_message(fake: FakeDiscord) -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(THREAD))
    async with at_work(talk(kept), fake):
        asked = await fake.says(f"look {FLAGGED}")
        answer = await fake.answer()
    assert answer.room == THREAD
    assert answer.text.splitlines()[0] == (
        f"-# About [this message](https://discord.com/channels/{GUILD}/{CHANNEL}/{asked}):"
    )


async def test_what_stands_in_the_log_channel_alone_is_in_the_history_of_who_manages_the_server(
    fake: FakeDiscord,
) -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(THREAD))
    conversation = talk(kept)
    commands = Commands(kept)
    async with serving(
        run(conversation, dispatcher(conversation), fake.token, commands=commands, **fake.seams)
    ):
        await fake.online()
        await fake.says(f"look {FLAGGED}")
        await fake.answer()
        told = {by: await fake.answer_to(await fake.uses("history", by=by)) for by in (PERSON, MODERATOR)}
    assert told[PERSON].text == "I found no such check here."
    assert "Old bridge to close in May" in told[MODERATOR].text


async def test_without_a_log_channel_nothing_is_said_anywhere(fake: FakeDiscord) -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY)
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}")
        await heard_out(fake, 0)
    assert [sent.room for sent in fake.sent] == [DIRECT]
    channel = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    assert (await kept.history.search(channel, Query())).total == 0


async def test_of_fifty_links_three_are_read_and_the_others_counted(fake: FakeDiscord) -> None:
    kept = await automatic(findings=frozenset({FindingKind.EVERY_ARTICLE}))
    text = " ".join(f"https://{n}.example/" for n in range(50))
    async with at_work(talk(kept), fake):
        await fake.says(text)
        answer = await fake.answer()
    assert (len(fake.sent), "47 more" in answer.text) == (1, True)


async def test_an_address_of_four_thousand_letters_is_answered_in_a_sentence(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        answer = await fake.answer_to(await fake.checks("https://a.example/" + "x" * 4000))
    assert answer.text.count("\n") == 0


async def test_a_thousand_messages_in_one_channel_cost_nobody_who_asks_an_answer(fake: FakeDiscord) -> None:
    kept = await automatic(room_cooldown_seconds=0)
    fake.acknowledge_within = (
        60.0  # to hear a thousand messages takes a busy machine longer than Discord waits
    )
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}", by=10_000)
        for number in range(1, 1000):
            await fake.says(f"look {ORDINARY}", by=10_000 + number)
        await fake.answer_to(await fake.checks(ORDINARY))
        await heard_out(fake, 1)
    assert [sent.room for sent in fake.sent].count(CHANNEL) == 1


# ── what not everybody may know ─────────────────────────────────────────────────────────────────────


async def test_what_is_answered_in_a_private_thread_stays_there(fake: FakeDiscord) -> None:
    kept = await automatic()
    await kept.rooms.change("discord", str(GUILD), lambda now: now.with_value("mode", Mode.AUTOMATIC), None)
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}", room=PRIVATE_THREAD)
        await fake.answer()
        await fake.says(f"look {FLAGGED}")
        answer = await fake.answer(2)
    assert "Checked here" not in answer.text
    for room in (f"{CHANNEL}/{PRIVATE_THREAD}", str(CHANNEL)):
        there = Room("discord", room, private=False, server=str(GUILD))
        assert (await kept.history.search(there, Query())).total == 1


async def test_a_private_thread_takes_the_settings_of_its_channel(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic(domains_ignored=frozenset({"a.example"}))), fake):
        await fake.says(f"look {FLAGGED}", room=PRIVATE_THREAD)
        await fake.says(f"<@{BOT}> {FLAGGED}", room=PRIVATE_THREAD)
        answer = await fake.answer()
    assert (
        answer.text
        == "In this room I do not read links to a.example. Admins can change that in the settings."
    )


async def test_nobody_is_pointed_at_an_answer_that_was_deleted(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        await fake.says(f"look {FLAGGED}")
        answer = await fake.answer()
        await fake.deletes(answer.id)
        await fake.says(f"again {FLAGGED}")
        anew = await fake.answer(2)
    assert "Checked here" not in anew.text


async def test_who_posted_the_link_may_remove_what_somebody_else_has_shown(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        private = await fake.answer_to(await fake.picks("Check sources", FLAGGED, of=STRANGER))
        await fake.presses(private, private.buttons["Show to everyone"])
        shown = await fake.answer()
        await fake.presses(shown, shown.buttons["Remove"], by=STRANGER)
        await fake.watch.until(lambda: fake.deleted)
    assert fake.deleted == [shown.id]


async def test_an_answer_for_the_log_channel_that_another_process_left_arrives_there(
    fake: FakeDiscord,
) -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(THREAD))
    room = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    wanted = CheckRequest(room, str(PERSON), find_links(FLAGGED), unasked=True)
    conversation = talk(kept)
    at = dispatcher(conversation, Job("b1", "discord message 77", wanted, f"{CHANNEL} 77"))
    async with serving(run(conversation, at, fake.token, **fake.seams)):
        answer = await fake.answer()
    assert answer.room == THREAD


@pytest.mark.parametrize("channel", ["mods", "9" * 40, "0"])
async def test_a_log_channel_that_is_no_channel_is_no_retry_loop(fake: FakeDiscord, channel: str) -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=channel)
    conversation = talk(kept)
    at = dispatcher(conversation)
    async with serving(run(conversation, at, fake.token, **fake.seams)):
        await fake.online()
        await fake.says(f"look {FLAGGED}")
        await heard_out(fake, 0)
    assert [sent.room for sent in fake.sent] == [DIRECT]
    assert await resume(at, "discord", None) == 0  # type: ignore[arg-type]  # there is nothing to deliver


async def test_where_more_is_pasted_than_can_be_read_automatic_checks_are_dropped_and_counted(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("handlers.discord.client.LoadShedder", partial(LoadShedder, links=3))
    gate = asyncio.Event()

    async def slow(link: Link, **_: object) -> StoredReport:
        await gate.wait()
        return await read(link)

    kept = await automatic(findings=frozenset({FindingKind.EVERY_ARTICLE}))
    conversation = talk(kept, slow)
    async with at_work(conversation, fake):
        for number in range(9):
            await fake.says(f"look https://{number}.example/", by=10_000 + number)
        await asyncio.sleep(0.2)
        asked = await fake.checks(ORDINARY)
        gate.set()
        await fake.answer_to(asked)
        await fake.answer(3)
        await asyncio.sleep(0.05)
    assert len(fake.sent) == 3
    assert "automatic checks are dropped: more come than can be read" in capsys.readouterr().out


async def test_a_server_that_vanishes_during_a_check_is_finished_with(fake: FakeDiscord) -> None:
    gate, reading = asyncio.Event(), asyncio.Event()

    async def slow(link: Link, **_: object) -> StoredReport:
        reading.set()
        await gate.wait()
        return await read(link)

    kept = await automatic()
    conversation = talk(kept, slow)
    at = dispatcher(conversation)
    async with serving(run(conversation, at, fake.token, **fake.seams)):
        await fake.online()
        await fake.says(f"look {FLAGGED}")
        await reading.wait()
        await fake.turns_out(GUILD)
        fake.vanished.add(CHANNEL)
        gate.set()
        await heard_out(fake, 0)
    assert [sent.room for sent in fake.sent] == [DIRECT]
    assert await resume(at, "discord", None) == 0  # type: ignore[arg-type]  # there is nothing to deliver
    channel = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    assert (await kept.history.search(channel, Query())).total == 0
