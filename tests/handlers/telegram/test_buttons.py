"""Buttons on Telegram: who may press what, and what a forged press is worth."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest
from inline_snapshot import snapshot

from handlers.telegram.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import at_home
from tests.fakes.telegram import (
    ADMINISTRATOR,
    PERSON,
    STRANGER,
    FakeTelegram,
)

at_work = partial(at_home, run)


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as telegram:
        yield telegram


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


async def test_where_telegram_will_not_say_who_moderates_nobody_does(fake: FakeTelegram) -> None:
    async with answered(fake):
        fake.fail("getChatMember")
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
