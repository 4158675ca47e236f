"""Claims that were dated by a clock that has been set back since hold nobody up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dispatcher import Dispatcher
from storage.job_store import LONGEST_BACKOFF, SqlJobStore
from tests.fakes.clock import Hands
from tests.fakes.dispatching import resume
from tests.storage.test_job_store import NOW, SPAN, Answers, Chat, accepted

DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
def job_store(engine: AsyncEngine, clock: Hands) -> SqlJobStore:
    return SqlJobStore(engine, clock)


async def test_a_claim_of_a_dead_process_from_the_future_is_anybodys(
    job_store: SqlJobStore, clock: Hands
) -> None:
    job, chat = await accepted(Dispatcher(job_store, Answers(), clock)), Chat()
    clock.now += DAY
    assert await job_store.claim(job.id, "who is dead now", SPAN)
    clock.now -= DAY
    assert await resume(Dispatcher(job_store, Answers(), clock, claim_time=SPAN), "discord", chat) == 1
    assert len(chat.sent) == 1


async def test_a_claim_by_a_machine_whose_clock_is_a_little_early_stays(
    job_store: SqlJobStore, clock: Hands
) -> None:
    job = await accepted(Dispatcher(job_store, Answers(), clock))
    clock.now += SPAN
    assert await job_store.claim(job.id, "somebody", SPAN)
    clock.now -= SPAN
    assert await job_store.find_unclaimed("discord", SPAN) == ()
    assert await job_store.claim(job.id, "somebody else", SPAN) is None


async def test_a_rest_from_the_future_ends_at_once_and_the_longest_that_can_be_does_not(
    job_store: SqlJobStore, clock: Hands
) -> None:
    dispatcher, chat = (
        Dispatcher(job_store, Answers(), clock),
        Chat(*[RuntimeError("the platform is out")] * 2),
    )
    job = await accepted(dispatcher)
    clock.now += DAY
    assert await resume(dispatcher, "discord", chat) == 0
    assert await job_store.find_unclaimed("discord", SPAN) == ()
    clock.now -= DAY
    assert await job_store.find_unclaimed("discord", SPAN) == (job.id,)
    assert DAY / 10 < LONGEST_BACKOFF
