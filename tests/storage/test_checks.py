from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation import Answer
from bot.desk import TRIES, Desk, Undeliverable
from bot.ledger import Due
from bot.messages import Asked
from bot.model import Link
from bot.places import Room
from bot.replying.failures import remark
from storage.checks import SqlLedger
from tests.bot.lined import lines
from tests.fakes.clock import Hands
from tests.fakes.memory import FakeLedger, Reach

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "5", private=False, server="1")
ASKED = Asked(DALE, "7", (Link("https://a.example/?x=1", "a.example", spoiler=True),), more=2)
SPAN = timedelta(seconds=60)


class Answers:
    """A conversation that says the same to all; `silent` where it says nothing."""

    def __init__(self, *, silent: bool = False) -> None:
        self.asked: list[Asked] = []
        self.places: dict[str, str] = {}
        self.silent = silent

    async def answer(self, asked: Asked, *, ident: str | None = None) -> Answer | None:
        self.asked.append(asked)
        return None if self.silent or ident is None else Answer(ident, remark("conversation.paste"))

    async def sent(self, answer_id: str, place: str) -> None:
        self.places[answer_id] = place


class Chat:
    """Where answers end up."""

    def __init__(self, *faults: Exception) -> None:
        self.sent: list[tuple[Due, Answer]] = []
        self.faults = list(faults)
        self.came = asyncio.Event()

    async def __call__(self, due: Due, answer: Answer) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((due, answer))
        self.came.set()
        return f"place of {due.id}"


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
def ledger(engine: AsyncEngine, clock: Hands) -> SqlLedger:
    return SqlLedger(engine, clock)


async def accepted(desk: Desk, origin: str = "message 1") -> Due:
    due = await desk.accept(origin, ASKED, "channel 5, message 1")
    assert due is not None
    return due


async def test_a_check_is_answered_and_then_finished(ledger: SqlLedger, clock: Hands) -> None:
    answers, chat = Answers(), Chat()
    desk = Desk(ledger, answers, clock)
    due = await accepted(desk)
    await desk.hold(due, "message 2")
    assert await desk.see_through(due.id, chat)
    ((told, answer),) = chat.sent
    assert (told.asked, told.where, told.placeholder) == (ASKED, "channel 5, message 1", "message 2")
    assert answer.id == due.id
    assert answers.places == {due.id: f"place of {due.id}"}
    assert not await desk.see_through(due.id, chat)
    assert await ledger.waiting("discord") == ()


async def test_an_event_that_comes_twice_is_accepted_once(ledger: SqlLedger, clock: Hands) -> None:
    desks = [Desk(ledger, Answers(), clock) for _ in range(2)]
    found = await asyncio.gather(*(desk.accept("message 1", ASKED, "") for desk in desks * 4))
    assert sum(due is not None for due in found) == 1


async def test_two_processes_do_not_answer_one_check(ledger: SqlLedger, clock: Hands) -> None:
    chat = Chat()
    desks = [Desk(ledger, Answers(), clock) for _ in range(6)]
    due = await accepted(desks[0])
    done = await asyncio.gather(*(desk.see_through(due.id, chat) for desk in desks))
    assert sum(done) == 1
    assert len(chat.sent) == 1


async def test_what_a_dead_process_left_is_taken_up_when_its_claim_has_run_out(
    ledger: SqlLedger, clock: Hands
) -> None:
    chat, desk = Chat(), Desk(ledger, Answers(), clock)
    due = await accepted(desk)
    assert await ledger.claim(due.id, "a process that dies", SPAN) is not None
    assert await desk.resume("discord", chat) == 0
    assert await desk.resume("telegram", chat) == 0
    clock.now += SPAN
    assert await desk.resume("telegram", chat) == 0
    assert await desk.resume("discord", chat) == 1
    assert len(chat.sent) == 1


async def test_a_claim_that_is_renewed_stays(ledger: SqlLedger, clock: Hands) -> None:
    due = await accepted(Desk(ledger, Answers(), clock))
    await ledger.claim(due.id, "one", SPAN)
    clock.now += SPAN / 2
    assert await ledger.renew(due.id, "one", SPAN)
    assert not await ledger.renew(due.id, "another", SPAN)
    clock.now += SPAN * 3 / 4
    assert await ledger.claim(due.id, "another", SPAN) is None
    clock.now += SPAN
    assert await ledger.claim(due.id, "another", SPAN) is not None
    assert not await ledger.renew(due.id, "one", SPAN)


async def test_a_long_check_is_renewed_meanwhile(ledger: SqlLedger) -> None:
    def now() -> datetime:
        return datetime.now(UTC)

    gate = asyncio.Event()

    class Slow(Answers):
        async def answer(self, asked: Asked, *, ident: str | None = None) -> Answer | None:
            await gate.wait()
            return await super().answer(asked, ident=ident)

    ledger._clock = now
    span = timedelta(seconds=0.6)
    desk = Desk(ledger, Slow(), now, span=span)
    due = await accepted(desk)
    working = asyncio.create_task(desk.see_through(due.id, Chat()))
    await asyncio.sleep(1.0)
    assert await ledger.waiting("discord") == ()
    gate.set()
    assert await working


async def test_a_link_that_ends_its_processes_is_given_up_in_one_sentence(
    ledger: SqlLedger, clock: Hands
) -> None:
    answers, chat = Answers(), Chat()
    desk = Desk(ledger, answers, clock)
    due = await accepted(desk)
    for n in range(TRIES):
        assert await ledger.claim(due.id, f"a process that dies {n}", SPAN) is not None
        clock.now += SPAN
    assert await desk.resume("discord", chat) == 1
    assert answers.asked == []
    ((_, answer),) = chat.sent
    assert lines(answer.reply) == ["This page took too much time or memory to read, so nothing was checked."]


async def test_a_platform_that_is_out_costs_no_link_its_answer(ledger: SqlLedger, clock: Hands) -> None:
    chat = Chat(*[RuntimeError("the platform is out")] * (TRIES + 2))
    desk = Desk(ledger, Answers(), clock)
    await accepted(desk)
    for _ in range(TRIES + 2):
        assert await desk.resume("discord", chat) == 0
        clock.now += SPAN
    assert await desk.resume("discord", chat) == 1
    ((_, answer),) = chat.sent
    assert lines(answer.reply) == ["Send me the article's text, and I check what you paste."]


async def test_an_answer_that_nobody_takes_is_finished_with(ledger: SqlLedger, clock: Hands) -> None:
    chat, answers = Chat(Undeliverable("the room is gone")), Answers()
    desk = Desk(ledger, answers, clock)
    due = await accepted(desk)
    assert await desk.see_through(due.id, chat)
    assert (chat.sent, answers.places) == ([], {})
    assert await desk.resume("discord", chat) == 0


async def test_silence_is_an_end_too(ledger: SqlLedger, clock: Hands) -> None:
    chat = Chat()
    desk = Desk(ledger, Answers(silent=True), clock)
    due = await accepted(desk)
    assert await desk.see_through(due.id, chat)
    assert chat.sent == []


async def test_what_is_finished_goes_in_time_and_what_is_not_stays(ledger: SqlLedger, clock: Hands) -> None:
    desk = Desk(ledger, Answers(), clock)
    done = await accepted(desk, "message 1")
    await accepted(desk, "message 2")
    await desk.see_through(done.id, Chat())
    clock.now += timedelta(days=2)
    assert await ledger.expire(clock.now - timedelta(days=1)) == 1
    assert len(await ledger.waiting("discord")) == 1


async def test_where_nothing_can_be_stored_who_asks_is_answered_all_the_same(clock: Hands) -> None:
    chat, answers = Chat(), Answers()
    desk = Desk(FakeLedger(Reach(lost=True)), answers, clock)
    due = await accepted(desk)
    assert await desk.see_through(due.id, chat)
    assert [told.where for told, _ in chat.sent] == ["channel 5, message 1"]
    assert answers.places == {due.id: f"place of {due.id}"}


async def test_a_watch_takes_up_what_is_left_and_outlives_a_lost_database(
    ledger: SqlLedger, clock: Hands
) -> None:
    desk, chat = Desk(ledger, Answers(), clock, span=timedelta(seconds=0.3)), Chat()
    due = await accepted(desk)
    lost = Desk(FakeLedger(Reach(lost=True)), Answers(), clock, span=timedelta(seconds=0.01))
    watching = [asyncio.create_task(one.watch("discord", chat)) for one in (desk, lost)]
    await asyncio.wait_for(chat.came.wait(), 5)
    assert [task.done() for task in watching] == [False, False]
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    assert [told.id for told, _ in chat.sent] == [due.id]
