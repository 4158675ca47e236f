from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import open_engine
from tests.benchmarks import virtual


def test_an_hour_that_is_only_waited_for_takes_no_time_and_ends_at_its_moment() -> None:
    async def hour() -> tuple[float, timedelta]:
        await asyncio.sleep(3600)
        return virtual.loop().time(), virtual.loop().now() - virtual.BEGINNING

    began = time.perf_counter()
    seconds, moment = virtual.run(hour())
    assert time.perf_counter() - began < 1
    assert 3600 <= seconds < 3601
    assert 3600 <= moment.total_seconds() < 3601


def test_those_who_wait_wake_in_the_order_of_their_moments() -> None:
    woken: list[int] = []

    async def sleeper(seconds: int) -> None:
        await asyncio.sleep(seconds)
        woken.append(seconds)

    async def several() -> None:
        await asyncio.gather(*map(sleeper, (900, 20, 3600, 1, 60)))

    virtual.run(several())
    assert woken == [1, 20, 60, 900, 3600]


def test_a_time_out_comes_at_its_moment() -> None:
    async def late() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(15):
                await asyncio.Event().wait()
        return virtual.loop().time()

    assert 15 <= virtual.run(late()) < 16


def computed(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_computing_takes_its_time() -> None:
    async def work() -> float:
        computed(0.05)
        return virtual.loop().time()

    assert 0.05 <= virtual.run(work()) < 1


def test_what_is_held_is_waited_for_and_nothing_is_skipped_meanwhile() -> None:
    async def thread() -> float:
        timer = asyncio.create_task(asyncio.sleep(1000))
        work = asyncio.ensure_future(asyncio.to_thread(computed, 0.05))
        virtual.loop().hold(until=work)
        await work
        timer.cancel()
        return virtual.loop().time()

    assert 0.05 <= virtual.run(thread()) < 1


def test_a_statement_on_sqlite_is_held(tmp_path: Path) -> None:
    """Counting takes a while, and an hour's timer stands beside it."""
    counting = """
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200000)
        SELECT count(*) FROM numbers
    """

    async def statement() -> float:
        timer = asyncio.create_task(asyncio.sleep(3600))
        engine = await open_engine(tmp_path / "h.sqlite3")
        async with engine.connect() as connection:
            assert await connection.scalar(text(counting)) == 200_000
        await engine.dispose()
        timer.cancel()
        return virtual.loop().time()

    assert virtual.run(statement()) < 60
