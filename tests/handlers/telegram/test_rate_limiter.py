"""How fast messages leave, whatever is asked of the bot at once."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from telegram.error import RetryAfter

from handlers.telegram.rate_limiter import (
    A_MINUTE,
    IN_A_CHAT,
    IN_ALL,
    MINUTE,
    REMEMBERED,
    MessageRateLimiter,
    QueueGaps,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")

PRIVATE_LIMIT, SECOND_LIMIT, GROUP_LIMIT = 1.0, 30, 20  # https://core.telegram.org/bots/faq


class Clock:
    """Time goes by when somebody sleeps, and at no other time."""

    def __init__(self) -> None:
        self.now = 1000.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("handlers.telegram.rate_limiter._now", lambda: clock.now)
    monkeypatch.setattr("handlers.telegram.rate_limiter.asyncio.sleep", clock.sleep)
    return clock


async def times(clock: Clock, gaps: QueueGaps, number: int, queue: object = "a", *limits: Any) -> list[float]:
    """When each of so many went."""
    went = []
    for _ in range(number):
        await gaps.wait_turn(queue, *limits)
        went.append(clock.now - 1000)
    return went


async def test_turns_keep_their_distance(clock: Clock) -> None:
    assert await times(clock, QueueGaps(), 4, "a", 10.0) == [0, 10, 20, 30]


async def test_one_queue_does_not_hold_up_another(clock: Clock) -> None:
    gaps = QueueGaps()
    for queue in range(50):
        await gaps.wait_turn(queue, 10.0)
    assert clock.now == 1000


async def test_a_group_is_answered_at_once_until_its_minute_is_used_up(clock: Clock) -> None:
    went = await times(clock, QueueGaps(), 2 * A_MINUTE + 1, -1, IN_A_CHAT, A_MINUTE, MINUTE)
    assert went[1] == pytest.approx(IN_A_CHAT)
    for at in went:
        assert sum(at <= later < at + 60 for later in went) <= GROUP_LIMIT
    assert min(after - before for before, after in pairwise(went)) > PRIVATE_LIMIT


async def test_what_is_held_waits_with_all_behind_it_and_forgets_no_minute(clock: Clock) -> None:
    gaps = QueueGaps()
    went = await times(clock, gaps, 15, -1, 1.0, 20, 60.0)
    gaps.hold(-1, 5.0)
    went += await times(clock, gaps, 15, -1, 1.0, 20, 60.0)
    assert went[15] == went[14] + 5
    assert max(sum(at <= later < at + 59 for later in went) for at in went) <= 20


async def test_what_is_no_message_rests_too_and_takes_no_turn(clock: Clock) -> None:
    gaps = QueueGaps()
    await gaps.wait_hold("a")
    gaps.hold("a", 5.0)
    await gaps.wait_hold("a")
    assert clock.now == 1005
    assert await times(clock, gaps, 1, "a", 10.0) == [5]


async def test_the_distance_is_kept_between_those_that_really_go(clock: Clock) -> None:
    """A chat's turn counts from when the turn of all has come, too."""
    gaps, went = QueueGaps(), []
    for delay in (5.0, 0.0):
        await gaps.wait_turn("chat", 1.0, last=lambda seconds=delay: clock.sleep(seconds))  # type: ignore[misc]
        went.append(clock.now)
    assert went == [1005, 1006]


async def test_who_came_first_goes_first() -> None:
    gaps, went = QueueGaps(), []

    async def go(name: str) -> None:
        await gaps.wait_turn("a", 0.01)
        went.append(name)

    await asyncio.gather(*(go(name) for name in "abcde"))
    assert went == list("abcde")


async def test_a_429_for_what_is_of_no_chat_holds_up_no_message(clock: Clock) -> None:
    pace, told = MessageRateLimiter(), [RetryAfter(6)]

    async def call() -> bool:
        if told:
            raise told.pop()
        return True

    assert await pace.process_request(call, (), {}, "setMyCommands", {}, None)
    assert clock.now == 1006
    await pace.process_request(call, (), {}, "sendMessage", {"chat_id": 5}, None)
    assert clock.now == 1006


async def test_an_edit_waits_as_long_as_telegram_asks(clock: Clock) -> None:
    pace, told = MessageRateLimiter(), [RetryAfter(2), RetryAfter(3)]

    async def call() -> bool:
        if told:
            raise told.pop()
        return True

    assert await pace.process_request(call, (), {}, "editMessageText", {"chat_id": 5}, None)
    assert clock.now == pytest.approx(1005, abs=0.2)


def test_the_distances_are_those_of_the_platform() -> None:
    assert 1 / IN_ALL < SECOND_LIMIT
    assert IN_A_CHAT > PRIVATE_LIMIT
    assert (A_MINUTE, MINUTE > 60) == (GROUP_LIMIT, True)


async def test_chats_that_were_long_silent_are_forgotten(clock: Clock) -> None:
    gaps = QueueGaps()
    for queue in range(REMEMBERED + 10):
        await gaps.wait_turn(queue, 10.0)
    assert len(gaps._queues) == REMEMBERED
    await gaps.wait_turn(REMEMBERED, 10.0)
    assert clock.now == 1010
