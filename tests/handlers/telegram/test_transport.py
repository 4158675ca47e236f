"""Telegram is reached again where it got nothing; a strange update and an end cost and double nothing."""

from __future__ import annotations

import asyncio
import itertools
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.commands import Commands
from handlers.telegram.client import run
from handlers.telegram.transport import TRIES
from tests.fakes.conversation import OneReply
from tests.fakes.memory import memory
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import at_home
from tests.fakes.talking import FLAGGED, ORDINARY, talk
from tests.fakes.telegram import GROUP, PERSON, FakeTelegram, Refused
from tests.handlers.telegram.running import serve_telegram

at_work = partial(at_home, run)

STRANGE: dict[str, Any] = {
    "message_id": 5,
    "date": 1,
    "chat": {"id": GROUP, "type": "supergroup", "title": "The newsroom"},
    "from": {"id": PERSON, "is_bot": False, "first_name": "Ada"},
    "text": "a private word",
    "reply_markup": {"a_new_kind_of_keyboard": []},
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.telegram.transport.FIRST_BACKOFF", 0.01)


@pytest.mark.parametrize("words", ["/help", FLAGGED, "hello"])
async def test_a_gateway_that_has_lost_telegram_costs_no_answer_and_doubles_none(
    fake: FakeTelegram, words: str
) -> None:
    kept = memory()
    async with at_work(talk(kept), fake, commands=Commands(kept)):
        fake.fail("sendMessage", TRIES - 1)
        await fake.says_in_private(words)
        await fake.answer()
        await asyncio.sleep(0.1)
    assert len(fake.sent) == 1


async def test_what_may_have_arrived_is_not_sent_again(fake: FakeTelegram) -> None:
    async with at_work(talk(memory()), fake):
        fake.cut("sendMessage")
        await fake.says_in_private("hello")
        await fake.answer()
        await asyncio.sleep(0.1)
    assert len(fake.sent) == 1


async def test_an_update_that_the_library_cannot_read_costs_no_other_and_shows_nobodys_words(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logs:
        async with at_work(talk(memory()), fake):
            await fake._update("message", STRANGE)
            await fake.all_seen()
            polls = fake.polls
            await fake._update("message", STRANGE)
            await fake.says_in_private(ORDINARY)
            await fake.answer()
            await fake.all_seen()
    assert len(fake.sent) == 1
    assert fake.polls - polls < 6
    assert [entry["event"] for entry in logs].count(
        "an update of telegram cannot be read and is left out"
    ) >= 2
    assert "a private word" not in caplog.text + str(logs)


async def test_an_end_in_the_middle_of_a_batch_doubles_no_command_and_loses_nothing(
    fake: FakeTelegram,
) -> None:
    conversation, gate = OneReply(ferry()), asyncio.Event()
    hear = conversation.hear

    async def slow(said: Any) -> Any:
        await gate.wait()
        return await hear(said)

    conversation.hear = slow  # type: ignore[method-assign, assignment]
    await fake.says("/help")
    asked = await fake.says(f"/check {URL}")
    kept = memory()
    async with at_work(conversation, fake, commands=Commands(kept)) as task:
        await fake.answer()
        task.cancel()
        await asyncio.sleep(0.05)
        gate.set()
        await fake.says("/help")
        await asyncio.wait({task})
    async with at_work(conversation, fake, commands=Commands(kept)):
        await fake.answer(3)
        await asyncio.sleep(0.1)
    helps = [sent for sent in fake.sent if sent.text.startswith("Send /check with a link")]
    answers = [sent for sent in fake.sent if sent.body["reply_parameters"]["message_id"] == asked]
    assert (len(helps), len(answers), len(fake.sent)) == (2, 1, 3)


async def test_after_a_quiet_week_numbers_begin_anew_and_nothing_is_answered_twice(
    fake: FakeTelegram,
) -> None:
    fake._ids = itertools.count(1_000_000)
    async with at_work(talk(memory()), fake):
        await fake.says_in_private("hello")
        await fake.answer()
        await fake.all_seen()
        fake.counts_anew()
        await fake.says_in_private("hello again")
        await fake.answer(2)
        await fake.all_seen()
        await asyncio.sleep(0.1)
    assert len(fake.sent) == 2


async def test_an_odd_answer_to_a_poll_makes_it_neither_deaf_nor_stop(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, door = [1], fake._at_the_door

    def stray(token: str, method: str, said: dict[str, Any]) -> None:
        if method == "getUpdates" and odd:
            odd.pop()
            raise Refused(404, "Not Found")
        door(token, method, said)

    async with at_work(talk(memory()), fake) as task:
        monkeypatch.setattr(fake, "_at_the_door", stray)
        await fake.says_in_private("hello")
        await fake.answer()
        await fake.says_in_private("hello again")
        await fake.answer(2)
        assert not task.done()
    assert not odd


async def test_a_token_that_a_poll_finds_revoked_ends_this_platform_in_order(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    conversation = OneReply(ferry(), gate=gate)
    async with at_work(conversation, fake) as task:
        await fake.says_in_private(URL)
        await fake.watch.until(lambda: fake.actions)
        fake.revoke()
        await fake.watch.tell()
        gate.set()
        await asyncio.wait_for(task, 60)


# ── tokens ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_second_process_with_the_token_is_said_and_this_one_stops(fake: FakeTelegram) -> None:
    with capture_logs() as logs:
        async with serve_telegram(fake, memory()) as task:
            fake.steal(4)
            await fake.says_in_private(ORDINARY)
            await asyncio.wait_for(task, 60)
    (said,) = [entry["event"] for entry in logs if entry["log_level"] == "error"]
    assert said.startswith("another process fetches the updates of this telegram token, so this one stops;")


async def test_one_conflict_as_at_a_restart_is_waited_out(fake: FakeTelegram) -> None:
    async with serve_telegram(fake, memory()):
        fake.steal(1)
        await fake.says_in_private(ORDINARY)
        await fake.answer()


async def test_a_token_that_is_revoked_meanwhile_ends_this_platform(fake: FakeTelegram) -> None:
    with capture_logs() as logs:
        async with serve_telegram(fake, memory(), heartbeat=0.05) as task:
            fake.revoke()
            await asyncio.wait_for(task, 60)
    assert "telegram refuses to let me in: it does not know this token" in [entry["event"] for entry in logs]
    assert fake.token not in str(logs)
