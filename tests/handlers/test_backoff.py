"""Waits double up to a limit, and may start anew."""

from __future__ import annotations

import pytest

from handlers.backoff import Backoff


async def test_each_wait_is_twice_the_one_before_up_to_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("handlers.backoff.asyncio.sleep", sleep)
    backoff = Backoff(2.0, longest=10.0)
    for _ in range(4):
        await backoff.sleep()
    assert slept == [2.0, 4.0, 8.0, 10.0]
    backoff.reset()
    assert backoff.seconds == 2.0
