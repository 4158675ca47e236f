"""Buttons on Telegram: who may press what, and what a forged press is worth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.errors import BadStatus
from bot.model import Link
from bot.ports import StoredReport
from bot.replies import Action, Button, Reply
from handlers.telegram.buttons import answer_keyboard
from handlers.telegram.client import run
from handlers.telegram.transport import TRIES
from tests.fakes.conversation import OneReply
from tests.fakes.memory import memory
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import at_home
from tests.fakes.talking import FLAGGED, having, read, talk
from tests.fakes.telegram import (
    ADMINISTRATOR,
    GROUP,
    PERSON,
    STRANGER,
    FakeTelegram,
    Sent,
)

at_work = partial(at_home, run)
FORGOTTEN = "I no longer have this answer. Send the link again to check it."


@asynccontextmanager
async def an_answer(fake: FakeTelegram, conversation: OneReply) -> AsyncIterator[None]:
    async with at_work(conversation, fake):
        await fake.says(f"/check {URL}")
        await fake.answer()
        yield


def answered(fake: FakeTelegram) -> AbstractAsyncContextManager[None]:
    return an_answer(fake, OneReply(ferry()))


async def test_the_buttons_open_the_article_and_remove_the_answer(fake: FakeTelegram) -> None:
    async with answered(fake):
        assert fake.sent[0].buttons == {"Remove": f"remove:a1:{PERSON}", "Open article": URL}


@pytest.mark.parametrize("remover", [PERSON, ADMINISTRATOR])
async def test_the_asker_and_administrators_remove_the_answer(fake: FakeTelegram, remover: int) -> None:
    async with an_answer(fake, conversation := OneReply(ferry())):
        query = await fake.answer_to(await fake.presses(fake.sent[0], f"remove:a1:{PERSON}", by=remover))
    assert (fake.deleted, query.told, conversation.known) == ([fake.sent[0].id], None, {})


async def test_anybody_else_is_told_who_may_remove_it(fake: FakeTelegram) -> None:
    async with answered(fake):
        query = await fake.answer_to(await fake.presses(fake.sent[0], f"remove:a1:{PERSON}", by=STRANGER))
    assert (fake.deleted, query.told) == (
        [],
        snapshot("Only the poster of the link, whoever asked and moderators can remove this answer."),
    )


async def test_where_telegram_will_not_say_who_moderates_nobody_does(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.telegram.transport.FIRST_BACKOFF", 0.01)
    async with answered(fake):
        fake.fail("getChatMember", TRIES)
        pressed = await fake.presses(fake.sent[0], f"remove:a1:{PERSON}", by=ADMINISTRATOR)
        await fake.answer_to(pressed)
    assert fake.deleted == []


async def test_the_poster_of_a_link_that_somebody_else_asked_about_removes_the_answer(
    fake: FakeTelegram,
) -> None:
    async with at_work(OneReply(ferry()), fake):
        posted = await fake.says(URL, by=STRANGER)
        await fake.says("/check", replies_to=posted)
        sent = await fake.answer()
        assert sent.buttons["Remove"] == f"remove:a1:{PERSON},{STRANGER}"
        await fake.answer_to(await fake.presses(sent, sent.buttons["Remove"], by=STRANGER))
    assert fake.deleted == [sent.id]


async def test_removing_twice_removes_once_and_both_presses_are_answered(fake: FakeTelegram) -> None:
    async with answered(fake):
        queries = [await fake.presses(fake.sent[0], f"remove:a1:{PERSON}") for _ in range(2)]
        told = {(await fake.answer_to(query)).told for query in queries}
    assert (fake.deleted, told) == (
        [fake.sent[0].id],
        {None, "Telegram does not let me remove this any more."},
    )


@pytest.mark.parametrize(
    "forged", [f"remove:a1:{STRANGER}", f"remove:a2:{STRANGER}", "remove", ":", "x" * 64]
)
async def test_data_that_the_message_does_not_carry_is_useless(fake: FakeTelegram, forged: str) -> None:
    async with answered(fake):
        query = await fake.answer_to(await fake.presses(fake.sent[0], forged, by=STRANGER))
    assert (fake.deleted, query.told) == (
        [],
        snapshot("I no longer have this answer. Send the link again to check it."),
    )


async def test_data_of_ones_own_answer_does_not_remove_anothers(fake: FakeTelegram) -> None:
    async with answered(fake):
        await fake.says(f"/check {URL}", by=STRANGER)
        await fake.answer(2)
        await fake.answer_to(await fake.presses(fake.sent[0], f"remove:a2:{STRANGER}", by=STRANGER))
    assert fake.deleted == []


async def test_a_message_too_old_for_telegram_to_show_is_not_removed(fake: FakeTelegram) -> None:
    async with answered(fake):
        pressed = await fake.presses(fake.sent[0], f"remove:a1:{PERSON}", too_old=True)
        query = await fake.answer_to(pressed)
    assert (fake.deleted, query.told) == (
        [],
        "I no longer have this answer. Send the link again to check it.",
    )


# ── Check again ─────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def a_pointer(fake: FakeTelegram, check: Any = read) -> AsyncIterator[Sent]:
    """A repeated link was asked about, and a pointer with [Check again] stands."""
    async with at_work(talk(await having("telegram", GROUP, person_cooldown_seconds=0), check), fake):
        for number in (1, 2):
            await fake.says(f"/check {FLAGGED}")
            await fake.answer(number)
            await asyncio.sleep(0.05)
        yield fake.sent[1]


async def test_check_again_reads_the_page_and_edits_the_answer_for_anybody(fake: FakeTelegram) -> None:
    async with a_pointer(fake) as pointer:
        before = pointer.buttons["Remove"]
        query = await fake.answer_to(await fake.presses(pointer, pointer.buttons["Check again"], by=STRANGER))
    assert (query.told, pointer.edits, len(fake.sent)) == (None, 1, 2)
    assert "UNCONFIRMED: the article says so itself" in pointer.text
    assert pointer.buttons["Remove"] == before


async def test_a_page_that_fails_this_time_takes_nothing_away(fake: FakeTelegram) -> None:
    readings = iter([read])

    async def once(link: Link, **more: object) -> StoredReport:
        for first in readings:
            return await first(link, **more)
        raise BadStatus(503)

    async with a_pointer(fake, once) as pointer:
        query = await fake.answer_to(await fake.presses(pointer, pointer.buttons["Check again"]))
    assert (pointer.edits, query.alert) == (0, True)
    assert "HTTP 503" in (query.told or "")


async def test_a_page_that_takes_long_is_said_to_be_read(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.telegram.buttons._AT_ONCE", 0.02)
    gate = asyncio.Event()
    gate.set()

    async def slow(link: Link, **more: object) -> StoredReport:
        await gate.wait()
        return await read(link, **more)

    async with a_pointer(fake, slow) as pointer:
        gate.clear()
        query = await fake.answer_to(await fake.presses(pointer, pointer.buttons["Check again"]))
        gate.set()
        await fake.watch.until(lambda: pointer.edits)
    assert query.told == "Reading the page again…"


async def test_an_answer_that_is_removed_meanwhile_or_whose_chat_is_gone_is_not_waited_for(
    fake: FakeTelegram,
) -> None:
    async with a_pointer(fake) as pointer:
        again = pointer.buttons["Check again"]
        fake.deleted.append(pointer.id)
        removed = await fake.answer_to(await fake.presses(pointer, again))
        fake.vanishes(GROUP)
        gone = await fake.answer_to(await fake.presses(pointer, again))
    assert (removed.told, gone.told) == (FORGOTTEN, FORGOTTEN)


async def test_an_answer_of_before_a_restart_is_told_to_be_forgotten(fake: FakeTelegram) -> None:
    async with a_pointer(fake) as pointer:
        pass
    async with at_work(talk(memory()), fake):
        query = await fake.answer_to(await fake.presses(pointer, pointer.buttons["Check again"]))
    assert (query.told, pointer.edits) == (FORGOTTEN, 0)


# ── what Telegram does not allow any more ───────────────────────────────────────────────────────────


async def test_an_answer_too_old_to_be_deleted_is_emptied(fake: FakeTelegram) -> None:
    async with an_answer(fake, conversation := OneReply(ferry())):
        fake.ages(fake.sent[0])
        query = await fake.answer_to(await fake.presses(fake.sent[0], f"remove:a1:{PERSON}"))
    assert (fake.deleted, query.told, conversation.known) == ([], None, {})
    assert (fake.sent[0].text, fake.sent[0].buttons) == ("This answer was removed.", {})


async def test_an_answer_in_a_chat_that_is_gone_is_told_to_stay(fake: FakeTelegram) -> None:
    async with an_answer(fake, conversation := OneReply(ferry())):
        fake.vanishes(GROUP)
        query = await fake.answer_to(await fake.presses(fake.sent[0], f"remove:a1:{PERSON}"))
    assert query.told == "Telegram does not let me remove this any more."
    assert list(conversation.known) == ["a1"]


@pytest.mark.parametrize("action", ["again", "wrong", "paste"])
async def test_a_press_on_a_message_too_old_to_be_shown_is_answered(fake: FakeTelegram, action: str) -> None:
    async with answered(fake):
        query = await fake.answer_to(await fake.presses(fake.sent[0], f"{action}:a1", too_old=True))
    assert (query.told, len(fake.sent), fake.sent[0].edits) == (FORGOTTEN, 1, 0)


# ── in private ──────────────────────────────────────────────────────────────────────────────────────


async def test_in_private_whoever_asked_removes_the_answer(fake: FakeTelegram) -> None:
    async with at_work(OneReply(ferry()), fake):
        await fake.says_in_private(URL)
        answer = await fake.answer()
        await fake.answer_to(await fake.presses(answer, answer.buttons["Remove"]))
    assert fake.deleted == [answer.id]


async def test_the_longest_ids_fit_into_every_button() -> None:
    buttons = tuple(Button(action, action) for action in Action)
    longest = (str(-(10**13)), str(2**52))
    rows = answer_keyboard(Reply((), buttons=buttons), "a" * 16, longest)
    assert rows is not None
    data = [str(one.callback_data) for row in rows.inline_keyboard for one in row]
    assert len(data) == 4
    assert max(len(one.encode()) for one in data) <= 64
