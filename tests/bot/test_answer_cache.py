"""Answers that are remembered, and those that are put together again from what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answer_cache import Answer
from bot.history import Query
from bot.places import Person
from bot.replies import Action, Reply
from tests.bot.lined import buttons
from tests.bot.served import (
    CHANNEL,
    NOW,
    ROOM,
    Reports,
    Talk,
    Web,
    asked,
    automatic,
    heard,
    later,
    read_text,
    said,
    talk,
)
from tests.bot.written import bridge
from tests.fakes.clock import Hands
from tests.fakes.memory import memory as fake_memory
from tests.fakes.ports import FakeTextReader


async def test_only_so_many_answers_are_remembered() -> None:
    conversation = talk(remembered=2)
    first, second, third = [await conversation.told(asked("https://a.example/")) for _ in range(3)]
    assert conversation.recent_answers(ROOM) == (third, second)
    assert await conversation.press(first.id, Action.SOURCES) is None


async def test_details_of_an_answer_from_before_a_restart_come_from_the_kept_report() -> None:
    kept = await automatic()
    first = talk(memory=kept)
    answer = await heard(first, "https://a.example/")
    assert answer is not None
    again = later(kept, Reports(a=bridge()))
    for action in (Action.SOURCES, Action.HEDGES):
        assert said(await again.press(answer.id, action)) == said(await first.press(answer.id, action))
    assert said(await again.object(answer.id, Person("discord", "9"), "line 2")) == [
        "Thank you. I have noted this for review, and I never publish it."
    ]


@pytest.mark.parametrize("reports", [Reports(), Reports(lost=True)])
async def test_an_answer_whose_report_is_gone_is_no_longer_known(reports: Reports) -> None:
    kept = await automatic()
    answer = await heard(talk(memory=kept), "https://a.example/")
    assert answer is not None
    assert await later(kept, reports).press(answer.id, Action.SOURCES) is None
    assert await later(kept, reports).object(answer.id, None) is None


async def test_what_somebody_pasted_is_not_put_together_again() -> None:
    kept = await automatic()
    answer = await talk(memory=kept).answer_text(replace(asked(), room=CHANNEL), "The bridge reopened.")
    assert await later(kept, Reports(a=bridge())).press(answer.id, Action.SOURCES) is None


async def test_a_text_for_a_page_that_could_not_be_read_is_answered_to_who_pastes_it_alone() -> None:
    kept = await automatic()
    conversation = talk(memory=kept)
    failed = await heard(conversation, "https://c.example/", asked=True)
    assert failed is not None
    answer = await conversation.answer_pasted(
        failed.id, CHANNEL, Person("discord", "9"), "The bridge reopened."
    )
    assert "[Remove]" not in buttons(answer.reply)
    assert "[Show to everyone]" not in buttons(answer.reply)
    assert isinstance(await conversation.show(answer.id, CHANNEL), Reply)
    assert (await kept.history.search(CHANNEL, Query())).total == 0


async def test_a_page_is_not_read_again_in_the_same_breath() -> None:
    web = Web(a=bridge())
    clock = Hands(NOW)
    conversation = Talk(checker=web, text_reader=FakeTextReader(read_text), stores=fake_memory(), clock=clock)
    answer = await conversation.told(asked("https://a.example/"))
    for seconds in (0, 10, 30):
        clock.now += timedelta(seconds=seconds)
        await conversation.press(answer.id, Action.AGAIN)
    assert [again for _, again in web.checked] == [False, True, True]


async def test_what_one_person_was_told_is_not_pushed_out_by_a_busy_room() -> None:
    conversation = talk(memory=await automatic(person_cooldown_seconds=0, repeat_hours=0), remembered=2)
    private = await heard(conversation, "https://a.example/", asked=True, aside=True)
    assert private is not None
    for _ in range(5):
        await heard(conversation, "https://a.example/")
    assert isinstance(await conversation.show(private.id, CHANNEL), Answer)
