"""Workers take links from the queue, see them through and outlive what goes wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from bot.background import run_in_background
from bot.errors import CannotCheck, ReaderKilled
from bot.fair_queue import Ticket
from bot.ports import StoredReport
from storage.engine import CannotStore
from tests.bot.written import bridge
from tests.storage.queued import HOUR, SOON, Forgetful, World, now, open_world


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with open_world(monkeypatch) as found:
        yield found


async def test_a_worker_that_cannot_store_tries_again(world: World) -> None:
    world.there.finds += [CannotStore("the disk"), CannotStore("the disk")]
    async with run_in_background(world.worker().run()):
        assert (await world.check()).report == bridge()
    assert len(world.there.checked) == 3
    await world.forgets()


async def test_a_worker_whose_own_machine_is_ill_does_not_try_for_ever(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.there.finds.append(OSError(24, "Too many open files"))
    async with run_in_background(world.worker().run()):
        with pytest.raises(CannotCheck):
            await world.check()
    assert len(world.there.checked) == 1
    assert "Too many open files" in caplog.text
    await world.forgets()


async def test_what_was_found_before_is_no_answer_to_who_asks_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.reports.save("news.example/a", StoredReport(bridge(), now() - timedelta(days=20)))
    monkeypatch.setattr(world.there, "reports", Forgetful())
    async with run_in_background(world.worker().run()):
        again = await world.check(age=None)
    assert now() - again.fetched < HOUR
    assert (world.there.checked, world.here.checked) == (["news.example/a"], ["news.example/a"])


async def test_a_raised_flight_is_read_once_by_however_many(world: World) -> None:
    ticket = Ticket("discord 1", asked=False)
    waiting = asyncio.create_task(world.check(ticket=ticket))
    await world.until(lambda: ticket.on_prioritize)
    ticket.prioritize()
    await world.until(lambda: not world.queued._priority_tasks)
    assert await world.told("SELECT count(*) FROM procrastinate_jobs") == 2
    async with run_in_background(world.worker().run(), world.worker().run()):
        assert (await waiting).report == bridge()
        await asyncio.sleep(0.5)
    assert world.there.checked == ["news.example/a"]
    await world.forgets()


async def test_who_asks_while_a_flight_is_queued_raises_its_priority_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, join = Ticket("discord 1", asked=False), world.flights.join

    async def slowly(*given: Any) -> Any:
        joined = await join(*given)
        ticket.prioritize()
        return joined

    monkeypatch.setattr(world.flights, "join", slowly)
    waiting = asyncio.create_task(world.check(ticket=ticket))
    await world.until(lambda: world.queued._waiters)
    await world.until(lambda: not world.queued._priority_tasks)
    assert await world.told("SELECT asked FROM flights") is True
    async with run_in_background(world.worker().run()):
        await waiting


async def test_a_worker_that_finishes_what_it_has_begun_is_not_taken_for_dead(world: World) -> None:
    world.there.open.clear()
    tasks = [asyncio.create_task(world.worker(grace=SOON).run()) for _ in range(2)]
    waiting = asyncio.create_task(world.check())
    await world.until(lambda: world.there.checked)
    for task in tasks:
        task.cancel()
    async with run_in_background(world.worker().run()):
        await asyncio.sleep(3.0)
        world.there.open.set()
        assert (await waiting).report == bridge()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert world.there.checked == ["news.example/a"]
    assert await world.told("SELECT deaths FROM flights") == 0
    await world.forgets()


async def test_a_worker_that_is_told_to_end_finishes_what_it_can_and_puts_back_the_rest(world: World) -> None:
    world.there.open.clear()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(run_in_background(world.worker(grace=0.1).run()))
        waiting = asyncio.create_task(world.check())
        await world.until(lambda: world.there.checked)
    world.there.open.set()
    async with run_in_background(world.worker().run()):
        assert (await waiting).report == bridge()
    assert world.there.checked == ["news.example/a"] * 2
    await world.forgets()


async def _left_by_the_dead(world: World) -> None:
    """The one job, as a worker grace it that died a minute ago."""
    await world.told(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
    )
    await world.told(
        "UPDATE procrastinate_jobs SET status = 'doing',"
        " worker_id = (SELECT max(id) FROM procrastinate_workers)"
    )


async def test_what_a_dead_worker_has_begun_is_taken_up_by_another(world: World) -> None:
    waiting = asyncio.create_task(world.check())
    await world.until(lambda: world.queued._waiters)
    await _left_by_the_dead(world)
    async with run_in_background(world.worker().run(), world.worker().run()):
        assert (await waiting).report == bridge()
        async with asyncio.timeout(SOON):  # the job is back before its death is counted
            while await world.told("SELECT deaths FROM flights") != 1:  # noqa: ASYNC110  # only the database tells
                await asyncio.sleep(0.02)
    assert world.there.checked == ["news.example/a"]
    await world.forgets()


async def test_a_link_that_has_ended_three_workers_is_given_up(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = asyncio.create_task(world.check())
    await world.until(lambda: world.queued._waiters)
    await world.told("UPDATE flights SET deaths = 2")
    await _left_by_the_dead(world)
    with caplog.at_level(logging.WARNING, "storage.queue_jobs"):
        async with run_in_background(world.worker().run()):
            with pytest.raises(ReaderKilled):
                await waiting
    assert world.there.checked == []
    assert "a link has ended 3 workers and is given up" in caplog.messages
