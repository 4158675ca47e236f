"""A web site sees one visitor, however many processes there are: on a real PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from time import monotonic
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import SiteBusy
from bot.fetching.host_rate_limiter import HostRateLimiter, RateLimits
from storage.engine import open_engine
from storage.host_slots import SqlHostSlots
from tests.storage.databases import postgres

HOST: Final = "news.example"
Process = Callable[..., SqlHostSlots]


@pytest.fixture
async def engine() -> AsyncIterator[AsyncEngine]:
    with postgres(migrated=True) as address:
        found = await open_engine(address)
        yield found
        await found.dispose()


@pytest.fixture
async def process(engine: AsyncEngine) -> AsyncIterator[Process]:
    """Makes what one process has."""
    async with AsyncExitStack() as stack:

        def made(*, at_once: int = 2, gap: float = 0.0, patience: float = 0.5) -> SqlHostSlots:
            found = SqlHostSlots(engine, at_once=at_once, gap=gap, patience=patience)
            stack.push_async_callback(found.aclose)
            return found

        yield made


async def told(engine: AsyncEngine, statement: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(statement))


async def test_two_pages_of_a_site_at_once_whoever_asks(process: Process) -> None:
    places, at_once, most = [process(patience=20.0) for _ in range(3)], 0, 0

    async def visit(place: SqlHostSlots) -> None:
        nonlocal at_once, most
        async with place.acquire(HOST):
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0.05)
            at_once -= 1

    await asyncio.gather(*(visit(place) for place in places for _ in range(3)))
    assert most == 2


async def test_who_waits_too_long_for_a_slow_site_is_told_so_and_others_do_not_wait(process: Process) -> None:
    first, second = process(), process()
    async with first.acquire(HOST), first.acquire(HOST):
        with pytest.raises(SiteBusy):
            async with second.acquire(HOST):
                raise AssertionError
        async with second.acquire("other.example"):
            pass
    async with second.acquire(HOST):
        pass


async def test_a_process_that_dies_holds_nothing(process: Process) -> None:
    first, second = process(at_once=1), process(at_once=1)
    async with first.acquire(HOST):
        await first.aclose()
        async with second.acquire(HOST):
            pass


async def test_one_page_a_second_whoever_asks(process: Process) -> None:
    places = [process(gap=0.3, patience=5.0) for _ in range(2)]
    began = monotonic()
    for _ in range(2):
        for place in places:
            async with place.acquire(HOST):
                pass
    assert monotonic() - began >= 0.9


async def test_what_would_wait_too_long_is_not_fetched_and_takes_nobodys_turn(process: Process) -> None:
    first, second = process(gap=1.0, patience=0.5), process(gap=1.0, patience=5.0)
    async with first.acquire(HOST):
        pass
    for _ in range(3):
        with pytest.raises(SiteBusy):
            async with first.acquire(HOST):
                raise AssertionError
    began = monotonic()
    async with second.acquire(HOST):
        pass
    assert monotonic() - began < 2.0


async def test_a_site_that_asks_one_process_for_rest_is_let_alone_by_all(process: Process) -> None:
    first, second = process(), process()
    await first.pause(HOST, 100.0)
    await first.pause(HOST, 1.0)
    with pytest.raises(SiteBusy):
        async with second.acquire(HOST):
            raise AssertionError


async def test_sites_that_may_be_asked_at_once_are_forgotten(process: Process, engine: AsyncEngine) -> None:
    place = process()
    async with place.acquire(HOST):
        pass
    await place.pause("tired.example", 100.0)
    assert await place.expire() == 0
    await told(engine, "UPDATE sites SET free = free - interval '2 minutes'")
    assert await place.expire() == 1


async def test_who_is_cancelled_at_any_moment_gives_the_turn_back(
    process: Process, engine: AsyncEngine
) -> None:
    place, other = process(at_once=1, patience=5.0), process(at_once=1, patience=5.0)

    async def visit() -> None:
        async with place.acquire(HOST):
            await asyncio.sleep(0.001)

    for number in range(40):
        visiting = asyncio.create_task(visit())
        await asyncio.sleep(0.0004 * number)
        visiting.cancel()
        await asyncio.gather(visiting, return_exceptions=True)
    for one in (other, place):
        async with one.acquire(HOST):
            pass
    await place.aclose()
    await other.aclose()
    async with engine.connect() as connection:
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        locks = text(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {here}")
        assert (await connection.execute(locks)).scalar_one() == 0


async def test_a_failure_within_gives_the_turn_back(process: Process) -> None:
    place = process(at_once=1)
    for _ in range(2):
        with pytest.raises(KeyError):
            async with place.acquire(HOST):
                raise KeyError


async def test_without_the_database_each_process_is_polite_alone(
    process: Process, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    place = process()
    async with place.acquire(HOST):
        ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        await told(engine, f"{ends} WHERE datname = current_database() AND pid <> pg_backend_pid()")
    async with place.acquire(HOST):
        pass
    await told(engine, "DROP TABLE sites")
    async with place.acquire(HOST):
        await place.pause(HOST, 100.0)
    assert any("other processes' visits cannot be known" in line for line in caplog.messages)
    assert any("asks for rest could not be noted" in line for line in caplog.messages)


async def test_fetching_asks_it_for_its_turns(process: Process) -> None:
    here = HostRateLimiter(RateLimits(gap=0.0), host_slots=process())
    there: Any = HostRateLimiter(RateLimits(gap=0.0), host_slots=process())
    await here.obey_retry_after(HOST, "100")
    with pytest.raises(SiteBusy):
        async with there.acquire(HOST):
            raise AssertionError
