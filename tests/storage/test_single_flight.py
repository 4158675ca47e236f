"""One flight to a link for every process, in a real PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import BadStatus, NotAnArticle, ReaderKilled, make_error
from bot.fair_queue import QueueFull, Ticket
from bot.log_context import bind_check_id
from bot.model import Link
from storage.engine import CannotStore, open_engine, postgres_engine
from storage.queue_jobs import JobQueuer, connect, connection_string
from storage.single_flight import (
    GIVEN_UP,
    KEPT,
    FlightLimits,
    FlightOutcome,
    QueueStats,
    SqlFlights,
    count_workers,
    find_completed,
)
from tests.fakes.clock import Hands
from tests.storage.databases import postgres

NOW: Final = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
UNASKED: Final = Ticket("discord 1", asked=False)


def link(name: str) -> Link:
    return Link(f"https://news.example/{name}?from=chat", f"news.example/{name}")


class World:
    """A database, a clock, and the jobs in the order in which workers would take them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.clock = Hands(NOW)
        self.flights = SqlFlights(engine, self.clock, FlightLimits(asked=6, unasked=4))
        self.defer = JobQueuer().defer

    async def join(self, name: str, age: timedelta | None = HOUR, ticket: Ticket | None = None) -> str:
        joined = await self.flights.join(link(name), age, ticket or Ticket("discord 1"), self.defer)
        return joined.id if joined.is_fresh_enough else ""

    async def completed(self, *flights: str) -> set[str]:
        async with await connect(self.engine) as connection:
            return await find_completed(connection, flights)

    async def jobs(self) -> list[str]:
        wanted = text("SELECT args->>'flight' FROM procrastinate_jobs ORDER BY priority DESC, id")
        async with self.engine.connect() as connection:
            return list((await connection.execute(wanted)).scalars())


@pytest.fixture
async def world() -> AsyncIterator[World]:
    with postgres(migrated=True) as address:
        engine = await open_engine(address)
        yield World(engine)
        await engine.dispose()


async def test_a_job_holds_the_flights_id_alone_and_the_row_all_that_a_worker_needs(world: World) -> None:
    with bind_check_id("check7"):
        flight = await world.join("a", HOUR, UNASKED)
    async with world.engine.connect() as connection:
        rows = await connection.execute(text("SELECT args, queue_name, lock FROM procrastinate_jobs"))
        assert [tuple(row) for row in rows] == [({"flight": flight}, "links", flight)]
    begun = await world.flights.start(flight)
    assert begun is not None
    assert (begun.link, begun.age, begun.check, begun.deaths) == (link("a"), HOUR, "check7", 0)
    assert (begun.ticket.room, begun.ticket.asked) == ("discord 1", False)


async def test_a_job_that_cannot_be_deferred_leaves_no_flight(world: World) -> None:
    async def broken(connection: AsyncConnection, flight: str, priority: int) -> None:
        await world.defer(connection, flight, priority)
        raise OSError("the power went")

    with pytest.raises(CannotStore):
        await world.flights.join(link("a"), HOUR, Ticket(), broken)
    assert (await world.jobs(), await world.flights.queue_stats()) == ([], QueueStats(0, 0, None))


async def test_who_comes_while_a_flight_is_under_way_joins_it_from_whichever_process(world: World) -> None:
    others = [SqlFlights(world.engine, world.clock) for _ in range(20)]
    joined = await asyncio.gather(*(one.join(link("a"), HOUR, Ticket(), world.defer) for one in others))
    assert len({one.id for one in joined}) == 1
    assert all(one.is_fresh_enough for one in joined)
    assert await world.jobs() == [joined[0].id]


@pytest.mark.parametrize(
    ("first", "begun", "second", "joins"),
    [
        (HOUR, True, HOUR, True),
        (HOUR, True, 2 * HOUR, True),
        (2 * HOUR, False, HOUR, False),  # it may come back with what is too old
        (None, True, HOUR, True),
        (None, False, None, True),
        (None, True, None, False),  # who asks again wants it read after this moment
        (HOUR, False, None, False),
    ],
)
async def test_a_flight_serves_only_whom_its_outcome_will_do(
    world: World, first: timedelta | None, second: timedelta | None, *, begun: bool, joins: bool
) -> None:
    flight = await world.join("a", first)
    if begun:
        await world.flights.start(flight)
    assert await world.join("a", second) == (flight if joins else "")
    assert len(await world.jobs()) == 1


async def test_who_asks_goes_first_and_rooms_take_turns(world: World) -> None:
    names: dict[str, str] = {}
    for name, ticket in (
        ("auto 1", UNASKED),
        ("auto 2", UNASKED),
        ("auto other room", Ticket("discord 2", asked=False)),
        ("asked 1", Ticket("telegram 5")),
        ("asked 2", Ticket("telegram 5")),
        ("asked other room", Ticket("telegram 6")),
    ):
        names[await world.join(name, ticket=ticket)] = name
    assert [names[job] for job in await world.jobs()] == [
        "asked 1",
        "asked other room",
        "asked 2",
        "auto 1",
        "auto other room",
        "auto 2",
    ]


@pytest.mark.parametrize("later", [False, True])
async def test_a_flight_that_somebody_asks_for_now_is_raised_once(world: World, *, later: bool) -> None:
    for name in ("a", "b"):
        await world.join(name, ticket=UNASKED)
    (first, second) = await world.jobs()
    for _ in range(2):
        if later:
            await world.flights.raise_priority(second, world.defer)
        else:
            assert await world.join("b", ticket=Ticket("telegram 5")) == second
    assert await world.jobs() == [second, first, second]
    begun = await world.flights.start(second)
    assert begun is not None
    assert begun.ticket.asked


async def test_links_that_nobody_asked_for_are_turned_away_first(world: World) -> None:
    for number in range(4):
        await world.join(f"auto {number}", ticket=UNASKED)
    with pytest.raises(QueueFull):
        await world.join("auto 4", ticket=UNASKED)
    for number in range(2):
        await world.join(f"asked {number}")
    with pytest.raises(QueueFull):
        await world.join("asked 2")
    assert await world.join("auto 1", ticket=UNASKED)  # is under way already
    assert len(await world.jobs()) == 6


async def test_one_room_cannot_fill_the_queue(world: World) -> None:
    world.flights = SqlFlights(world.engine, world.clock, FlightLimits(in_a_room=2))
    for number in range(2):
        await world.join(f"mine {number}")
    with pytest.raises(QueueFull):
        await world.join("mine 2")
    assert await world.join("another's", ticket=Ticket("telegram 5"))
    assert await world.join("mine 1")  # is under way already


@pytest.mark.parametrize("error", [None, BadStatus(403), NotAnArticle("video"), ReaderKilled()])
async def test_the_first_completion_counts(world: World, error: BadStatus | None) -> None:
    flight = await world.join("a")
    assert await world.flights.outcome(flight) is None
    assert await world.completed(flight, "gone") == {"gone"}
    await world.flights.start(flight)
    ended = FlightOutcome(error, None if error else NOW)
    await world.flights.complete(flight, ended)
    await world.flights.complete(flight, FlightOutcome(BadStatus(500)))
    assert await world.completed(flight) == {flight}
    assert await world.flights.outcome(flight) == ended
    assert await world.flights.start(flight) is None
    assert await world.join("a") not in {flight, ""}  # the next one flies anew


async def test_what_is_over_is_forgotten_and_names_no_room_until_then(world: World) -> None:
    flight = await world.join("a")
    stuck = await world.join("b")
    await world.flights.complete(flight, FlightOutcome(fetched=NOW))
    async with world.engine.connect() as connection:
        rooms = (await connection.execute(text("SELECT room FROM flights ORDER BY key"))).scalars().all()
    assert rooms == [None, "discord 1"]
    world.clock.now += KEPT + timedelta(seconds=1)
    assert (await world.flights.expire(), await world.flights.outcome(flight)) == (1, None)
    assert await world.completed(stuck) == set()
    assert await world.jobs() == [stuck]
    world.clock.now += GIVEN_UP
    assert (await world.flights.expire(), await world.completed(stuck)) == (1, {stuck})
    assert await world.jobs() == []


async def test_the_queue_tells_how_long_and_how_old_it_is(world: World) -> None:
    first = await world.join("a")
    world.clock.now += HOUR
    await world.join("b")
    assert await world.flights.queue_stats() == QueueStats(2, 2, NOW)
    await world.flights.start(first)
    assert await world.flights.queue_stats() == QueueStats(2, 1, NOW + HOUR)
    async with world.engine.begin() as changed:
        await changed.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    async with await connect(world.engine) as connection:
        assert await count_workers(connection, 10.0) == await world.flights.count_workers(10.0) == 1
        assert await count_workers(connection, 0.0) == await world.flights.count_workers(0.0) == 0


async def test_a_flight_that_is_begun_needs_no_second_job(world: World) -> None:
    flight = await world.join("a", ticket=UNASKED)
    await world.flights.start(flight)
    assert await world.join("a", ticket=Ticket("telegram 5")) == flight
    assert await world.jobs() == [flight]


@pytest.mark.parametrize("password", ["plain", "my pw", "a@b:c/d?e=f&g%20'h\\"])
def test_whatever_a_password_holds_reaches_the_server(password: str) -> None:
    url = URL.create("postgresql", "me", password, "127.0.0.1", 5432, "name")
    engine = postgres_engine(url.render_as_string(hide_password=False))
    found = conninfo_to_dict(connection_string(engine))
    assert {found[name] for name in ("host", "dbname", "user")} == {"127.0.0.1", "name", "me"}
    assert found["password"] == password


async def test_an_error_of_a_newer_hearsay_is_a_check_that_failed() -> None:
    assert [
        repr(make_error(kind, facts)) for kind, facts in (("bad_status", [404]), ("not_known", [1, 2]))
    ] == [
        "BadStatus(404)",
        "CannotCheck()",
    ]
    assert repr(make_error("bad_status", [])) == "CannotCheck()"
