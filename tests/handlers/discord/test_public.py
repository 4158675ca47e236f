"""What becomes public on Discord, and what must not: shown answers, pointers, removals, things said twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.dispatcher import Dispatcher
from bot.errors import CannotFetch
from bot.job_store import Job
from bot.model import Link
from bot.ports import StoredReport
from bot.room_settings.overrides import Overrides
from bot.rooms import DeliveryStyle, Mode, Removers
from handlers.discord.client import run
from handlers.load_shedding import LoadShedder
from tests.bot.written import bridge
from tests.fakes import discord_objects as objects
from tests.fakes import talking
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_limits import EPHEMERAL
from tests.fakes.discord_objects import (
    BOT,
    CHANNEL,
    DIRECT,
    GUILD,
    LOCKED_CHANNEL,
    MODERATOR,
    PERSON,
    READER,
    STRANGER,
    THREAD,
)
from tests.fakes.memory import FakeJobStore, Reach, memory
from tests.fakes.serving import at_home, dispatcher, serving
from tests.fakes.talking import FLAGGED, NOW, ORDINARY, having, read, talk


@dataclass
class Unreachable(FakeJobStore):
    """Out of reach when a check is to be claimed, `times` times."""

    times: int = 1

    async def claim(self, check: str, owner: str, span: timedelta) -> Job | None:
        if self.times:
            self.times -= 1
            raise OSError("the database is out of reach")
        return await super().claim(check, owner, span)


at_work = partial(at_home, run)
automatic = partial(talking.automatic, "discord", CHANNEL)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(content_intent=True) as server:
        yield server


async def test_nothing_is_shown_in_a_channel_where_the_bot_may_not_write(fake: FakeDiscord) -> None:
    """Follow-ups of an interaction pass the bot's own channel permissions by."""
    async with at_work(talk(memory()), fake):
        private = await fake.answer_to(await fake.checks(FLAGGED, room=LOCKED_CHANNEL))
        pressed = await fake.presses(private, private.buttons["Show to everyone"])
        await fake.watch.until(lambda: pressed.acknowledged)
        await asyncio.sleep(0.2)
    assert [sent.room for sent in fake.sent] == []


async def test_who_may_not_write_in_a_channel_makes_the_bot_write_nothing_there(fake: FakeDiscord) -> None:
    async with at_work(talk(memory()), fake):
        private = await fake.answer_to(await fake.checks(FLAGGED, by=READER))
        pressed = await fake.presses(private, private.buttons["Show to everyone"], by=READER)
        await fake.answer_to(pressed)
    assert [sent.room for sent in fake.sent] == []


@pytest.mark.parametrize("hours", [24, 0])
async def test_showing_twice_at_once_shows_once(fake: FakeDiscord, hours: int) -> None:
    class Away:
        """A database that answers a moment later, as every database does."""

        def __init__(self, rooms: Any) -> None:
            self.rooms = rooms

        async def overrides(self, platform: str, place: str) -> Overrides:
            await asyncio.sleep(0.02)
            found: Overrides = await self.rooms.overrides(platform, place)
            return found

        def __getattr__(self, name: str) -> Any:
            return getattr(self.rooms, name)

    kept = await having("discord", CHANNEL, repeat_hours=hours)
    kept = replace(kept, rooms=Away(kept.rooms))
    async with at_work(talk(kept), fake):
        private = await fake.answer_to(await fake.checks(FLAGGED))
        for _ in range(2):
            await fake.presses(private, private.buttons["Show to everyone"])
        await asyncio.sleep(0.6)
    assert len(fake.sent) == 1


async def test_nobody_is_pointed_at_a_shown_answer_that_a_moderator_deleted(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        private = await fake.answer_to(await fake.checks(FLAGGED))
        await fake.presses(private, private.buttons["Show to everyone"])
        shown = await fake.answer()
        await asyncio.sleep(0.1)
        await fake.deletes(shown.id)  # by Discord's own menu
        await asyncio.sleep(0.1)
        await fake.says(f"look {FLAGGED}", by=STRANGER)
        anew = await fake.answer(2)
    assert "Checked here" not in anew.text


async def test_what_a_moderator_removed_is_not_shown_again_by_its_asker(fake: FakeDiscord) -> None:
    async with at_work(talk(memory()), fake):
        private = await fake.answer_to(await fake.checks(FLAGGED))
        await fake.presses(private, private.buttons["Show to everyone"])
        shown = await fake.answer()
        await fake.presses(shown, shown.buttons["Remove"], by=MODERATOR)
        await fake.watch.until(lambda: fake.deleted)
        await asyncio.sleep(0.1)
        await fake.presses(private, private.buttons["Show to everyone"])
        await asyncio.sleep(0.3)
    assert len(fake.sent) == 1


async def test_a_mention_that_comes_twice_is_not_told_to_wait(fake: FakeDiscord) -> None:
    async with at_work(talk(memory()), fake):
        await fake.says(f"<@{BOT}> {FLAGGED}")
        await fake.repeats()
        await fake.answer()
        await asyncio.sleep(0.3)
        await fake.repeats()
        await asyncio.sleep(0.3)
    assert [sent.text.splitlines()[0] for sent in fake.sent][1:] == []


async def test_a_command_that_comes_twice_keeps_its_answer(fake: FakeDiscord) -> None:
    async with at_work(talk(memory()), fake):
        asked = await fake.checks(FLAGGED)
        await fake.repeats()
        await fake.answer_to(asked)
        await asyncio.sleep(0.5)
        assert asked.answer is not None
        assert "UNCONFIRMED" in asked.answer.text


@pytest.mark.parametrize("why", ["cooldown", "off", "domain"])
async def test_who_replies_to_an_answer_with_a_link_is_told_why_it_is_not_read(
    fake: FakeDiscord, why: str
) -> None:
    kept = memory()
    async with at_work(talk(kept), fake):
        await fake.says(f"<@{BOT}> {FLAGGED}")
        first = await fake.answer()
        if why != "cooldown":
            values: Any = {"off": {"mode": Mode.OFF}, "domain": {"domains_ignored": frozenset({"b.example"})}}
            await having("discord", CHANNEL, kept, **values[why], person_cooldown_seconds=0)
        await fake.says(
            f"and this one? {ORDINARY}", replies_to=first, by=STRANGER if why != "cooldown" else PERSON
        )
        await asyncio.sleep(0.3)
    assert len(fake.sent) == 2


async def test_after_reading_again_people_are_led_to_the_answer(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        await fake.says(f"look {FLAGGED}")
        await fake.answer()
        await fake.says(f"look {FLAGGED}", by=STRANGER)
        pointer = await fake.answer(2)
        assert "Checked here" in pointer.text
        assert "https://discord.com" in pointer.text
        pressed = await fake.presses(pointer, pointer.buttons["Check again"])
        await fake.answer_to(pressed)
        await asyncio.sleep(0.1)
        await fake.says(f"look {FLAGGED}", by=STRANGER)
        last = await fake.answer(3)
    assert "Checked here" in last.text
    assert f"https://discord.com/channels/{GUILD}/{CHANNEL}/" in last.text


async def test_a_page_that_fails_when_read_again_does_not_take_the_finding_away(fake: FakeDiscord) -> None:
    down = False
    hour = [NOW]

    async def failing(link: Link, **_: object) -> StoredReport:
        if down:
            raise CannotFetch
        return await read(link)

    kept = await automatic(repeat_hours=72)
    async with at_work(talk(kept, failing, lambda: hour[0]), fake):
        await fake.says(f"look {FLAGGED}")
        await fake.answer()
        hour[0] = NOW + timedelta(hours=30)
        await fake.says(f"look {FLAGGED}", by=STRANGER)
        pointer = await fake.answer(2)
        again = await fake.answer_to(await fake.presses(pointer, pointer.buttons["Check again"]))
        assert "UNCONFIRMED" in again.text, again.text
        down = True
        hour[0] += timedelta(hours=30)
        lost = await fake.answer_to(await fake.presses(pointer, pointer.buttons["Check again"], by=STRANGER))
    assert lost.text.endswith("The answer stays as it is.")
    assert lost.body["flags"] & EPHEMERAL


async def test_a_spoiler_stays_one_when_an_answer_from_before_a_restart_is_read_again(
    fake: FakeDiscord,
) -> None:
    kept = await automatic(repeat_hours=0)
    old = NOW - timedelta(hours=30)

    async def stale(_: Link, **__: object) -> StoredReport:
        return StoredReport(bridge(), old)

    async def report(_: str) -> StoredReport:
        return StoredReport(bridge(), old)

    async with at_work(talk(kept, stale, look_up_report=report), fake):
        await fake.says(f"look ||{FLAGGED}||")
        answer = await fake.answer()
        await asyncio.sleep(0.1)
    assert [part["spoiler"] for part in answer.components if part["type"] == 17] == [True]
    conversation = talk(kept, stale, look_up_report=report)
    async with serving(run(conversation, dispatcher(conversation), fake.token, **fake.seams)):
        await fake.online(identified=2)
        again = await fake.answer_to(await fake.presses(answer, answer.buttons["Check again"]))
    assert [part["spoiler"] for part in again.components if part["type"] == 17] == [True]


async def test_an_answer_in_the_log_channel_leads_to_its_message_after_an_edit(
    fake: FakeDiscord,
) -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(THREAD))
    async with at_work(talk(kept), fake):
        asked = await fake.says(f"look {FLAGGED}")
        answer = await fake.answer()
        assert "About" in answer.text.splitlines()[0]
        await fake.says(f"look {FLAGGED} and {ORDINARY}", edits=asked)
        await fake.watch.until(lambda: answer.edits)
    assert "About" in answer.text.splitlines()[0]


async def test_who_may_remove_an_answer_in_the_log_channel_is_the_setting_of_the_room_that_it_is_about(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = 8102
    monkeypatch.setattr(objects, "CHANNELS", {CHANNEL, log}, raising=False)
    kept = await automatic(
        style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(log), removers=Removers.MODERATORS_ONLY
    )
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}")
        answer = await fake.answer()
        pressed = await fake.presses(answer, answer.buttons["Remove"], by=PERSON)
        await fake.watch.until(lambda: pressed.acknowledged)
        await asyncio.sleep(0.2)
    assert fake.deleted == []


async def test_nobody_is_pointed_into_a_thread_that_is_gone(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        await fake.says(f"look {FLAGGED}", room=THREAD)
        await fake.answer()
        await asyncio.sleep(0.1)
        gone = {"id": str(THREAD), "guild_id": str(GUILD), "parent_id": str(CHANNEL), "type": 11}
        await fake._dispatch("THREAD_DELETE", gone)
        await asyncio.sleep(0.1)
        await fake.says(f"look {FLAGGED}", by=STRANGER)
        anew = await fake.answer(2)
    assert "Checked here" not in anew.text


async def test_who_asks_where_answers_go_to_a_log_channel_that_is_not_there_is_told(
    fake: FakeDiscord,
) -> None:
    kept = await having("discord", CHANNEL, style=DeliveryStyle.LOG_CHANNEL_ONLY)
    async with at_work(talk(kept), fake):
        await fake.says(f"<@{BOT}> {FLAGGED}")
        await asyncio.sleep(0.4)
    assert [sent.room for sent in fake.sent] == [CHANNEL]


async def test_what_is_dropped_costs_nobody_a_turn(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.discord.client.LoadShedder", partial(LoadShedder, links=0))
    kept = await automatic(person_cooldown_seconds=60)
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}")
        await asyncio.sleep(0.1)
        answer = await fake.answer_to(await fake.checks(FLAGGED))
    assert "UNCONFIRMED" in answer.text


async def test_a_log_only_room_that_becomes_a_card_room_does_not_point_into_the_log_channel(
    fake: FakeDiscord,
) -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel=str(THREAD))
    async with at_work(talk(kept), fake):
        await fake.says(f"look {FLAGGED}")
        await fake.answer()
        await asyncio.sleep(0.1)
        await having("discord", CHANNEL, kept, mode=Mode.AUTOMATIC, person_cooldown_seconds=0)
        await fake.says(f"look {FLAGGED}", by=STRANGER)
        anew = await fake.answer(2)
    assert anew.room == CHANNEL
    assert f"/{THREAD}/" not in anew.text


BROKEN = "https://a.example/?%a0"


async def test_a_command_about_an_address_that_is_no_utf8_is_answered(fake: FakeDiscord) -> None:
    async with at_work(talk(memory()), fake):
        asked = await fake.checks(BROKEN)
        await fake.watch.until(lambda: asked.acknowledged)
        await asyncio.sleep(0.5)
    assert asked.answer is not None


async def test_a_mention_with_an_address_that_is_no_utf8_is_answered(fake: FakeDiscord) -> None:
    async with at_work(talk(memory()), fake):
        await fake.says(f"<@{BOT}> {FLAGGED} {BROKEN}")
        await asyncio.sleep(0.5)
    assert len(fake.sent) == 1


async def test_a_link_that_is_no_utf8_hides_no_other_from_automatic_mode(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        await fake.says(f"look {FLAGGED} {BROKEN}")
        await asyncio.sleep(0.5)
    assert len(fake.sent) == 1


async def test_an_answer_goes_with_its_link_whatever_stands_beside(fake: FakeDiscord) -> None:
    async with at_work(talk(await automatic()), fake):
        asked = await fake.says(f"look {FLAGGED}")
        await fake.answer()
        await fake.says(f"look {BROKEN}", edits=asked)
        await asyncio.sleep(0.5)
    assert fake.deleted


async def test_a_fault_while_a_command_is_heard_is_told(fake: FakeDiscord) -> None:
    """Whatever else may break there one day: the asker must not look at “thinking …” for ever."""
    conversation = talk(memory())

    async def broken(_: object) -> None:
        raise ValueError

    conversation.hear = broken  # type: ignore[method-assign,assignment]
    async with at_work(conversation, fake):
        asked = await fake.checks(FLAGGED)
        await fake.watch.until(lambda: asked.acknowledged)
        await asyncio.sleep(0.5)
    assert asked.answer is not None


async def test_nobody_is_told_of_a_failure_that_is_tried_again(fake: FakeDiscord) -> None:
    job_store, conversation = Unreachable(), talk(memory())
    at_the_dispatcher = Dispatcher(job_store, conversation, lambda: NOW, claim_time=timedelta(seconds=0.3))
    async with serving(run(conversation, at_the_dispatcher, fake.token, **fake.seams)):
        await fake.online()
        asked = await fake.checks(FLAGGED)
        await fake.answer_to(asked)
    assert (job_store.times, asked.more) == (0, [])


async def test_a_command_that_is_acknowledged_too_late_is_answered_by_direct_message(
    fake: FakeDiscord,
) -> None:
    conversation = talk(memory())
    at_the_dispatcher = Dispatcher(FakeJobStore(Reach(lost=True)), conversation, lambda: NOW)
    async with serving(run(conversation, at_the_dispatcher, fake.token, **fake.seams)):
        await fake.online()
        asked = await fake.checks(FLAGGED)
        asked.began -= 10
        await fake.answer()
    assert ([sent.room for sent in fake.sent], asked.answer) == ([DIRECT], None)
