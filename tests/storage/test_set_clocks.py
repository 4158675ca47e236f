"""Claims that were dated by a clock that has been set back since hold nobody up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dispatcher import Desk
from storage.job_store import LONGEST_REST, SqlLedger
from tests.fakes.clock import Hands
from tests.storage.test_job_store import NOW, SPAN, Answers, Chat, accepted

DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
def ledger(engine: AsyncEngine, clock: Hands) -> SqlLedger:
    return SqlLedger(engine, clock)


async def test_a_claim_of_a_dead_process_from_the_future_is_anybodys(ledger: SqlLedger, clock: Hands) -> None:
    due, chat = await accepted(Desk(ledger, Answers(), clock)), Chat()
    clock.now += DAY
    assert await ledger.claim(due.id, "who is dead now", SPAN)
    clock.now -= DAY
    assert await Desk(ledger, Answers(), clock, span=SPAN).resume("discord", chat) == 1
    assert len(chat.sent) == 1


async def test_a_claim_by_a_machine_whose_clock_is_a_little_early_stays(
    ledger: SqlLedger, clock: Hands
) -> None:
    due = await accepted(Desk(ledger, Answers(), clock))
    clock.now += SPAN
    assert await ledger.claim(due.id, "somebody", SPAN)
    clock.now -= SPAN
    assert await ledger.waiting("discord", SPAN) == ()
    assert await ledger.claim(due.id, "somebody else", SPAN) is None


async def test_a_rest_from_the_future_ends_at_once_and_the_longest_that_can_be_does_not(
    ledger: SqlLedger, clock: Hands
) -> None:
    desk, chat = Desk(ledger, Answers(), clock), Chat(*[RuntimeError("the platform is out")] * 2)
    due = await accepted(desk)
    clock.now += DAY
    assert await desk.resume("discord", chat) == 0
    assert await ledger.waiting("discord", SPAN) == ()
    clock.now -= DAY
    assert await ledger.waiting("discord", SPAN) == (due.id,)
    assert DAY / 10 < LONGEST_REST
