from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.check import LinkChecker
from bot.errors import BadStatus
from bot.fair_queue import Ticket
from bot.model import Link, Page, Report
from bot.ports import StoredReport
from bot.single_flight import SingleFlight
from tests.bot.worlds import FIRST, HOUR, KEY, LINK, NOW, URL, World, turns
from tests.bot.written import bridge, plain
from tests.fakes.ports import FakeReader


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("again", [False, True])
async def test_two_hundred_who_ask_at_once_cost_one_fetch_and_one_reading(
    *, broken: bool, again: bool
) -> None:
    world = World(broken=broken)
    links = [Link(f"{URL}?utm_source={n}", KEY) for n in range(200)]
    found = await asyncio.gather(*(world.checker.check(link, again=again) for link in links))
    assert found == [StoredReport(bridge(), NOW, None, KEY)] * 200
    assert (len(world.fetched), world.read_pages) == (1, 1)


async def test_who_comes_later_joins_and_other_links_do_not_wait() -> None:
    world = World()
    world.hold()
    async with asyncio.TaskGroup() as askers:
        for n in range(3):
            askers.create_task(world.checker.check(LINK))
            askers.create_task(
                world.checker.check(Link("https://dale-courier.example/", "dale-courier.example"))
            )
            await turns()
            assert (n, len(world.fetched)) == (n, 2)
        world.open.set()
    assert world.read_pages == 2


async def test_a_failure_is_shared_but_not_remembered() -> None:
    world = World(status=503)
    found = await asyncio.gather(*(world.checker.check(LINK) for _ in range(20)), return_exceptions=True)
    assert found == [BadStatus(503)] * 20
    assert len(world.fetched) == 1
    world.status = 200
    assert (await world.checker.check(LINK)).report == bridge()


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_who_is_cancelled_leaves_the_check_to_the_others(gone: int) -> None:
    world = World()
    world.hold()
    askers = [asyncio.create_task(world.checker.check(LINK)) for _ in range(3)]
    await turns()
    askers[gone].cancel()
    await turns()
    assert askers[gone].cancelled()
    world.open.set()
    found = await asyncio.gather(*(asker for asker in askers if asker is not askers[gone]))
    assert found == [StoredReport(bridge(), NOW, None, KEY)] * 2
    assert (len(world.fetched), world.given_up) == (1, 0)


async def test_a_check_that_nobody_waits_for_any_more_is_given_up_before_the_last_one_is_gone() -> None:
    world = World()
    world.hold()
    askers = [asyncio.create_task(world.checker.check(LINK)) for _ in range(3)]
    await turns()
    for asker in askers:
        asker.cancel()
    await asyncio.wait(askers)
    assert all(asker.cancelled() for asker in askers)
    assert (world.at_once, world.given_up, world.kept) == (0, 1, {})
    world.open.set()
    assert (await world.checker.check(LINK)).report == bridge()


async def test_who_asks_while_an_abandoned_check_ends_starts_a_new_one_after_it() -> None:
    world = World()
    world.hold()
    first = asyncio.create_task(world.checker.check(LINK))
    await turns()
    first.cancel()
    await turns(2)
    second = asyncio.create_task(world.checker.check(LINK))
    await turns(20)
    world.open.set()
    assert (await second).report == bridge()
    assert (first.cancelled(), world.given_up) == (True, 1)
    assert (len(world.fetched), world.most_at_once) == (2, 1)


async def test_a_check_that_ends_in_a_fault_that_nobody_waits_for_says_nothing_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()

    async def stubborn(page: Page) -> Report:  # noqa: ARG001  # as the port has it
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RuntimeError("the pipe is gone") from None
        return plain()

    check = SingleFlight(LinkChecker(world, FakeReader(stubborn), world, lambda: NOW))
    asker = asyncio.create_task(check.check(LINK))
    await turns()
    asker.cancel()
    await asyncio.wait({asker})
    del check, asker
    gc.collect()
    assert caplog.messages == []


@pytest.mark.parametrize("first_again", [False, True])
async def test_who_asks_again_does_not_join_what_was_begun_before(*, first_again: bool) -> None:
    world = World()
    world.hold()
    usual = asyncio.create_task(world.checker.check(LINK, again=first_again))
    await turns()
    again = [asyncio.create_task(world.checker.check(LINK, again=True)) for _ in range(50)]
    await turns()
    assert len(world.fetched) == 1
    world.report = plain()
    world.open.set()
    await usual
    assert {(await one).report for one in again} == {plain()}
    assert (len(world.fetched), world.most_at_once) == (2, 1)


async def test_whoever_asks_joins_one_who_asked_again() -> None:
    world = World()
    world.hold()
    again = asyncio.create_task(world.checker.check(LINK, again=True))
    await turns()
    usual = [
        asyncio.create_task(world.checker.check(LINK, within=within)) for within in (None, HOUR, HOUR * 0)
    ]
    await turns()
    world.open.set()
    await asyncio.gather(again, *usual)
    assert len(world.fetched) == 1


async def test_a_room_that_wants_it_younger_does_not_take_what_another_one_found_young_enough() -> None:
    world = World(version=FIRST)
    await world.checker.check(LINK)
    world.now += 2 * HOUR
    usual, younger = await asyncio.gather(world.checker.check(LINK), world.checker.check(LINK, within=HOUR))
    assert (usual.fetched, younger.fetched) == (NOW, world.now)
    assert world.fetched == [None, FIRST]


async def test_flights_that_are_completed_are_forgotten() -> None:
    world = World()
    for n in range(50):
        world.status = 200 if n % 2 else 500
        await asyncio.gather(
            *(world.checker.check(Link(URL, f"{n}")) for _ in range(3)), return_exceptions=True
        )
    abandoned = asyncio.create_task(world.checker.check(LINK))
    await turns(1)
    abandoned.cancel()
    await asyncio.wait({abandoned})
    assert world.checker._flights == {}


# What happens, in any order: somebody asks (again? within how many hours?), the n-th who asked goes away, the
# site stops or goes on answering, or breaks, and everybody has some turns.
Event = tuple[str, Any]
EVENTS: Final[st.SearchStrategy[Event]] = (
    st.tuples(st.just("ask"), st.tuples(st.booleans(), st.none() | st.integers(0, 3)))
    | st.tuples(st.just("leave"), st.integers(0, 9))
    | st.tuples(st.just("open"), st.booleans())
    | st.tuples(st.just("status"), st.sampled_from([200, 503]))
    | st.tuples(st.just("turns"), st.integers(1, 9))
)


async def played(
    world: World, events: Sequence[Event]
) -> list[tuple[bool, datetime, asyncio.Task[StoredReport]]]:
    askers: list[tuple[bool, datetime, asyncio.Task[StoredReport]]] = []
    for what, how in events:
        world.now += timedelta(minutes=20)
        if what == "ask":
            again, hours = how
            within = None if hours is None else hours * HOUR
            asking = asyncio.create_task(world.checker.check(LINK, again=again, within=within))
            askers.append((again, world.now, asking))
            await turns(1)
        elif what == "leave" and how < len(askers):
            askers[how][2].cancel()
        elif what == "open":
            (world.open.set if how else world.open.clear)()
        elif what == "status":
            world.status = how
        elif what == "turns":
            await turns(how)
    world.open.set()
    if askers:
        await asyncio.wait({asking for _, _, asking in askers}, timeout=5)
    return askers


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=30))
async def test_in_whatever_order_things_happen_everybody_who_stays_is_answered(events: list[Event]) -> None:
    world = World(version=FIRST)
    world.hold()
    askers = await played(world, events)
    leaving = {how for what, how in events if what == "leave"}
    for n, (again, asked, asking) in enumerate(askers):
        assert asking.done()
        if asking.cancelled():
            assert n in leaving
        elif asking.exception():
            assert asking.exception() == BadStatus(503)
        elif again:
            assert asking.result().fetched >= asked
            assert any(begun >= asked for begun in world.began)
    assert world.most_at_once <= 1
    assert world.at_once == 0
    assert world.checker._flights == {}


async def test_a_page_that_somebody_asks_for_while_nobody_did_goes_first() -> None:
    world = World()
    world.hold()
    unasked = asyncio.create_task(world.checker.check(LINK, ticket=Ticket("a", asked=False)))
    await asyncio.sleep(0)
    asking = asyncio.create_task(world.checker.check(LINK, ticket=Ticket("b")))
    await asyncio.sleep(0)
    world.open.set()
    await asyncio.gather(unasked, asking)
    (ticket,) = world.tickets
    assert (ticket.room, ticket.asked) == ("a", True)
