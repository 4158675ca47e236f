"""How fast messages leave, whatever is asked of the bot at once."""

from __future__ import annotations

import pytest

from handlers.telegram.pace import A_MINUTE, IN_A_CHAT, IN_ALL, MINUTE, REMEMBERED, Gaps

PRIVATE_LIMIT, SECOND_LIMIT, GROUP_LIMIT = 1.0, 30, 20  # https://core.telegram.org/bots/faq


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each turn that had to wait would have waited; nobody really does."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("handlers.telegram.pace.asyncio.sleep", sleep)
    return waited


async def test_turns_keep_their_distance_and_their_order(waits: list[float]) -> None:
    gaps = Gaps()
    for _ in range(4):
        await gaps.turn("a chat", 10.0)
    assert waits == pytest.approx([10, 20, 30], abs=0.5)


async def test_one_queue_does_not_hold_up_another(waits: list[float]) -> None:
    gaps = Gaps()
    for queue in range(50):
        await gaps.turn(queue, 10.0)
    assert waits == []


async def test_a_group_answers_at_once_until_its_minute_is_used_up(waits: list[float]) -> None:
    gaps = Gaps()
    for _ in range(2 * A_MINUTE + 1):
        await gaps.turn(-1, IN_A_CHAT, A_MINUTE, MINUTE)
    times = [0.0, *waits]
    assert waits[0] == pytest.approx(IN_A_CHAT, abs=0.5)
    for first, at in enumerate(times):
        assert sum(at <= later < at + 60 for later in times[first:]) <= GROUP_LIMIT
    assert min(after - before for before, after in zip(times, waits, strict=False)) > PRIVATE_LIMIT


def test_the_distances_are_those_of_the_platform() -> None:
    assert 1 / IN_ALL < SECOND_LIMIT
    assert IN_A_CHAT > PRIVATE_LIMIT
    assert (A_MINUTE, MINUTE > 60) == (GROUP_LIMIT, True)


async def test_chats_that_were_long_silent_are_forgotten(waits: list[float]) -> None:
    gaps = Gaps()
    for queue in range(REMEMBERED + 10):
        await gaps.turn(queue, 10.0)
    assert len(gaps._turns) == REMEMBERED
    await gaps.turn(REMEMBERED, 10.0)
    assert len(waits) == 1
