"""Links that are handed on: two sides of one PostgreSQL database, and what becomes of those who wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import storage.queue
import storage.worker
from bot.background import run_in_background
from bot.errors import BadStatus, CannotCheck, CannotRead, ReaderKilled
from bot.fair_queue import Ticket
from bot.model import Link
from bot.ports import StoredReport
from bot.single_flight import FRESH
from storage.engine import CannotStore, open_engine
from storage.queue import JobQueue
from storage.reports import SqlReports
from storage.single_flight import FlightLimits, SqlFlights
from storage.worker import Worker
from tests.bot.written import bridge
from tests.storage.databases import postgres

HOUR: Final = timedelta(hours=1)
SOON: Final = 20.0  # seconds; far more than anything here takes


def now() -> datetime:
    return datetime.now(UTC)


def link(name: str = "a") -> Link:
    return Link(f"https://news.example/{name}", f"news.example/{name}")


class Place:
    """A process that checks links: it finds the bridge in each, or what it is told to find."""

    def __init__(self, reports: SqlReports) -> None:
        self.reports = reports
        self.checked: list[str] = []
        self.finds: list[BaseException] = []
        self.open = asyncio.Event()
        self.open.set()

    async def check(self, link: Link, age: timedelta | None, ticket: Ticket) -> StoredReport:  # noqa: ARG002  # as it is called
        self.checked.append(link.key)
        await self.open.wait()
        if self.finds:
            raise self.finds.pop(0)
        kept = StoredReport(bridge(), now())
        await self.reports.keep(link.key, kept)
        return kept


class World:
    """A bot process and the beginnings of workers, on one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.reports = SqlReports(engine, now)
        self.flights = SqlFlights(engine, now, FlightLimits(asked=4, unasked=2))
        self.here, self.there = Place(self.reports), Place(self.reports)
        self.queued = JobQueue(engine, self.flights, self.reports, self._known, self.here)

    async def _known(self, link: Link, age: timedelta | None) -> StoredReport | None:
        return None if age is None else await self.reports.get(link.key)

    async def check(
        self, name: str = "a", age: timedelta | None = FRESH, ticket: Ticket | None = None
    ) -> StoredReport:
        return await asyncio.wait_for(self.queued.check(link(name), age, ticket or Ticket("discord 1")), SOON)

    async def until(self, true: Callable[[], Any]) -> None:
        async with asyncio.timeout(SOON):
            while not true():  # noqa: ASYNC110  # rows and other tasks change, and nobody tells
                await asyncio.sleep(0.02)

    async def told(self, statement: str) -> Any:
        async with self.engine.begin() as connection:
            found = await connection.execute(text(statement))
            return found.scalar() if found.returns_rows else None

    async def forgets(self) -> None:
        """All that stands in the queue when nothing is under way."""
        assert await self.told("SELECT count(*) FROM procrastinate_jobs") == 0
        assert (await self.flights.queue_stats()).under_way == 0

    def worker(self, grace: float = 0.2) -> Worker:
        return Worker(self.engine, self.flights, self.there, grace=grace)


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(storage.queue, "POLL_SECONDS", 0.2)
    monkeypatch.setattr(storage.worker, "HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr(storage.worker, "STALLED", 1.0)
    with postgres(migrated=True) as address:
        engine = await open_engine(address)
        found = World(engine)
        async with run_in_background(found.queued.run()):
            yield found
        await engine.dispose()


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
        assert (await again).fetched > (await first).fetched
    assert world.there.checked == ["news.example/a"] * 2


async def test_what_somebody_asks_for_now_is_hastened(world: World) -> None:
    ticket = Ticket("discord 1", asked=False)
    waiting = [asyncio.create_task(world.check("first", ticket=Ticket("discord 1", asked=False)))]
    await world.until(lambda: len(world.queued._waiters) == 1)
    waiting.append(asyncio.create_task(world.check("second", ticket=ticket)))
    await world.until(lambda: ticket.on_prioritize)
    ticket.prioritize()
    await world.until(lambda: not world.queued._hastening)
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


async def test_a_landing_that_no_notification_told_of_is_seen(
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
    monkeypatch.setattr(world.here.reports, "keep", lost_quietly)
    assert (await world.check()).report == bridge()
    assert world.here.checked == ["news.example/a"]


async def lost_quietly(*_: object) -> None:
    return None


class Forgetful:
    """Reports that cannot be kept, of which a check says nothing."""

    async def keep(self, *_: object) -> None:
        return None


async def test_a_report_that_is_gone_when_it_is_fetched_is_read_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.there.reports, "keep", lost_quietly)
    async with run_in_background(world.worker().run()):
        assert (await world.check()).report == bridge()
    assert (world.there.checked, world.here.checked) == (["news.example/a"], ["news.example/a"])


# ── workers ─────────────────────────────────────────────────────────────────────────────────────────


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
    await world.reports.keep("news.example/a", StoredReport(bridge(), now() - timedelta(days=20)))
    monkeypatch.setattr(world.there, "reports", Forgetful())
    async with run_in_background(world.worker().run()):
        again = await world.check(age=None)
    assert now() - again.fetched < HOUR
    assert (world.there.checked, world.here.checked) == (["news.example/a"], ["news.example/a"])


async def test_a_hastened_flight_is_read_once_by_however_many(world: World) -> None:
    ticket = Ticket("discord 1", asked=False)
    waiting = asyncio.create_task(world.check(ticket=ticket))
    await world.until(lambda: ticket.on_prioritize)
    ticket.prioritize()
    await world.until(lambda: not world.queued._hastening)
    assert await world.told("SELECT count(*) FROM procrastinate_jobs") == 2
    async with run_in_background(world.worker().run(), world.worker().run()):
        assert (await waiting).report == bridge()
        await asyncio.sleep(0.5)
    assert world.there.checked == ["news.example/a"]
    await world.forgets()


async def test_who_asks_while_a_flight_is_boarded_hastens_it_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, board = Ticket("discord 1", asked=False), world.flights.join

    async def slowly(*given: Any) -> Any:
        boarded = await board(*given)
        ticket.prioritize()
        return boarded

    monkeypatch.setattr(world.flights, "join", slowly)
    waiting = asyncio.create_task(world.check(ticket=ticket))
    await world.until(lambda: world.queued._waiters)
    await world.until(lambda: not world.queued._hastening)
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
    """The one job, as a worker leaves it that died a minute ago."""
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
    assert world.there.checked == ["news.example/a"]
    assert await world.told("SELECT deaths FROM flights") == 1
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
