"""Links that are handed on: two sides of one PostgreSQL database, and what becomes of those who wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

import storage.queue
import storage.worker
from bot.background import run_in_background
from bot.errors import BadStatus, CannotCheck, CannotRead, ReaderKilled
from bot.fair_queue import Ticket
from tests.bot.written import bridge
from tests.storage.queued import World, open_world


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with open_world(monkeypatch) as found:
        yield found


# ── handed on ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_link_is_checked_by_a_worker_and_then_known(world: World) -> None:
    async with run_in_background(world.worker().run()):
        assert (await world.check()).report == bridge()
        assert (await world.check()).report == bridge()
    assert (world.there.checked, world.here.checked) == (["news.example/a"], [])
    await world.forgets()


async def test_who_asks_again_is_not_given_what_is_known(world: World) -> None:
    async with run_in_background(world.worker().run()):
        first = await world.check()
        again = await world.check(age=None)
    assert again.fetched > first.fetched
    assert world.there.checked == ["news.example/a"] * 2


@pytest.mark.parametrize("error", [BadStatus(403), ReaderKilled()])
async def test_a_failure_comes_back_as_it_was(world: World, error: CannotCheck) -> None:
    world.there.finds.append(error)
    async with run_in_background(world.worker().run()):
        with pytest.raises(type(error)) as raised:
            await world.check()
    assert raised.value == error
    await world.forgets()


async def test_a_bug_in_a_worker_is_logged_there_and_said_to_be_our_own_fault(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.there.finds.append(KeyError("why"))
    async with run_in_background(world.worker().run()):
        with pytest.raises(CannotCheck) as raised:
            await world.check()
    assert raised.value == CannotCheck()
    assert "KeyError: 'why'" in caplog.text


async def test_two_processes_wait_for_one_flight(world: World) -> None:
    other = World(world.engine)
    world.there.open.clear()
    async with run_in_background(world.worker().run(), other.queued.run()):
        both = asyncio.gather(world.check(), other.check())
        await world.until(lambda: world.there.checked)
        world.there.open.set()
        assert [kept.report for kept in await both] == [bridge()] * 2
    assert world.there.checked == ["news.example/a"]


async def test_who_asks_again_waits_for_what_was_begun_before_and_has_it_read_after_it(world: World) -> None:
    world.there.open.clear()
    async with run_in_background(world.worker().run()):
        first = asyncio.create_task(world.check())
        await world.until(lambda: world.there.checked)
        again = asyncio.create_task(world.check(age=None))
        await world.until(lambda: [len(waits) for waits in world.queued._waiters.values()] == [2])
        world.there.open.set()
        # Who asked first may be given the younger report, too: it looks only once it is woken.
        assert (await first).fetched in {found.fetched for found in world.there.found}
        assert (await again).fetched == world.there.found[-1].fetched
    assert world.there.checked == ["news.example/a"] * 2


async def test_what_somebody_asks_for_now_goes_first(world: World) -> None:
    ticket = Ticket("discord 1", asked=False)
    waiting = [asyncio.create_task(world.check("first", ticket=Ticket("discord 1", asked=False)))]
    await world.until(lambda: len(world.queued._waiters) == 1)
    waiting.append(asyncio.create_task(world.check("second", ticket=ticket)))
    await world.until(lambda: ticket.on_prioritize)
    ticket.prioritize()
    await world.until(lambda: not world.queued._priority_tasks)
    async with run_in_background(world.worker().run()):
        await asyncio.gather(*waiting)
    assert world.there.checked == ["news.example/second", "news.example/first"]


async def test_links_without_room_are_turned_away_those_that_nobody_asked_for_first(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = [
        asyncio.create_task(world.check(f"auto {n}", ticket=Ticket("discord 1", asked=False)))
        for n in range(2)
    ]
    await world.until(lambda: len(world.queued._waiters) == 2)
    with pytest.raises(CannotRead):
        await world.check("auto 3", ticket=Ticket("discord 1", asked=False))
    waiting += [asyncio.create_task(world.check(f"asked {n}")) for n in range(2)]
    await world.until(lambda: len(world.queued._waiters) == 4)
    with pytest.raises(CannotRead):
        await world.check("asked 3")
    assert world.queued.shed_count == 2
    assert caplog.messages == [
        "a link that nobody asked for was turned away: the queue is full",
        "a link that somebody asked for was turned away: the queue is full",
    ]
    async with run_in_background(world.worker().run()):
        await asyncio.gather(*waiting)


async def test_who_has_gone_leaves_nothing_behind(world: World) -> None:
    waiting = asyncio.create_task(world.check())
    await world.until(lambda: world.queued._waiters)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert world.queued._waiters == {}
    async with run_in_background(world.worker().run()):
        await world.until(lambda: world.there.checked)
        assert (await world.check()).report == bridge()


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────


async def test_a_completion_that_no_notification_told_of_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.single_flight.CHANNEL", "somewhere_else")
    async with run_in_background(world.worker().run()):
        assert (await world.check()).report == bridge()


async def test_connections_that_the_server_ends_are_made_anew(world: World) -> None:
    async with run_in_background(world.worker().run()):
        assert (await world.check()).report == bridge()
        await world.told(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        for number in range(3):
            assert (await world.check(f"later {number}")).report == bridge()


async def test_where_no_worker_is_the_check_is_made_here_and_others_learn_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(storage.queue, "WITHOUT_WORKERS", 0.5)
    other = World(world.engine)
    world.here.finds.append(BadStatus(404))
    waiting = asyncio.create_task(world.check())
    await world.until(lambda: world.queued._waiters)
    monkeypatch.setattr(other.queued, "_fall_back", lambda: None)
    async with run_in_background(other.queued.run()):
        for failing in (waiting, asyncio.create_task(other.check())):
            with pytest.raises(BadStatus):
                await failing
    assert (world.here.checked, other.here.checked) == (["news.example/a"], [])
    assert "no worker is there" in caplog.text


async def test_where_the_database_is_away_the_check_is_made_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> None:
        raise OSError("the cable")

    monkeypatch.setattr(world.flights, "join", lost)
    monkeypatch.setattr(world.here.reports, "save", lost_quietly)
    assert (await world.check()).report == bridge()
    assert world.here.checked == ["news.example/a"]


async def lost_quietly(*_: object) -> None:
    return None


async def test_a_report_that_is_gone_when_it_is_fetched_is_read_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.there.reports, "save", lost_quietly)
    async with run_in_background(world.worker().run()):
        assert (await world.check()).report == bridge()
    assert (world.there.checked, world.here.checked) == (["news.example/a"], ["news.example/a"])
