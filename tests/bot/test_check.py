from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.check import Check
from bot.errors import BadStatus, CannotCheck, TooShort
from bot.model import Link, NotModified, Page, Report, Version
from bot.ports import Kept
from bot.turns import Turn
from tests.bot.written import bridge, plain

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL: Final = "https://harbour-post.example/bridge"
KEY: Final = "harbour-post.example/bridge"
LINK = Link(f"{URL}?utm_source=1", KEY)
FIRST: Final = Version(URL, '"one"')
HOUR: Final = timedelta(hours=1)


class World:
    """A web with one page, a reader and a store, and what was asked of each. Held, it sends no page."""

    def __init__(self, *, status: int = 200, broken: bool = False, version: Version | None = None) -> None:
        self.status = status
        self.broken = broken
        self.version = version
        self.page_url = URL
        self.report = bridge()
        self.failure: CannotCheck | None = None  # of the reading
        self.now = NOW
        self.fetched: list[Version | None] = []  # one an attempt: the version that was said to be known
        self.began: list[datetime] = []
        self.turns: list[Turn] = []
        self.at_once, self.most_at_once, self.given_up, self.read_pages = 0, 0, 0, 0
        self.kept: dict[str, Kept] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.check = Check(self.fetch, self.read, self, lambda: self.now)

    def hold(self) -> None:
        self.open.clear()

    async def fetch(self, link: Link, known: Version | None = None) -> Any:  # noqa: ARG002  # one page
        self.fetched.append(known)
        self.began.append(self.now)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            await turns(5)  # a connection takes a moment to close
            self.given_up += 1
            raise
        finally:
            self.at_once -= 1
        if self.status != 200:
            raise BadStatus(self.status)
        if known and known == self.version:
            return NotModified()
        return Page(self.page_url, b"<p>The bridge</p>", version=self.version)

    async def read(self, page: Page, turn: Turn) -> Report:  # noqa: ARG002  # one page
        self.turns.append(turn)
        self.read_pages += 1
        if self.failure:
            raise self.failure
        return self.report

    async def get(self, key: str) -> Kept | None:
        if self.broken:
            raise OSError("no disk")
        return self.kept.get(key)

    async def keep(self, key: str, kept: Kept) -> None:
        if self.broken:
            raise OSError("no disk")
        self.kept[key] = kept


async def turns(count: int = 10) -> None:
    """Everybody who can go on goes on."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_an_unknown_link_is_fetched_read_and_kept_under_its_key() -> None:
    world = World(version=FIRST)
    assert await world.check(LINK) == Kept(bridge(), NOW, FIRST, KEY)
    assert world.fetched == [None]
    assert world.kept == {KEY: Kept(bridge(), NOW, FIRST, KEY)}


async def test_a_failure_is_raised_and_not_kept() -> None:
    world = World(status=403)
    with pytest.raises(BadStatus):
        await world.check(LINK)
    assert not world.kept


async def test_a_store_that_is_out_of_reach_does_not_cost_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert (await World(broken=True).check(LINK)).report == bridge()
    assert caplog.messages == [
        "a report could not be looked up: no disk",
        "a report could not be kept: no disk",
    ]


# ── how old a report may be ─────────────────────────────────────────────────────────────────────────


async def test_a_known_link_is_not_fetched_again() -> None:
    world = World()
    await world.check(LINK)
    world.now += 23 * HOUR
    assert (await world.check(LINK)).fetched == NOW
    assert len(world.fetched) == 1


async def test_a_report_of_yesterday_is_read_anew() -> None:
    world = World()
    await world.check(LINK)
    world.now += 24 * HOUR
    assert (await world.check(LINK)).fetched == world.now


async def test_what_counts_as_fresh_is_a_setting() -> None:
    world = World()
    check = Check(world.fetch, world.read, world, lambda: world.now, fresh=HOUR)
    await check(LINK)
    world.now += HOUR
    await check(LINK)
    assert len(world.fetched) == 2


@pytest.mark.parametrize(
    ("within", "age", "fetches"),
    [
        (2 * HOUR, 2 * HOUR - timedelta(seconds=1), 1),
        (2 * HOUR, 2 * HOUR, 2),
        (timedelta(0), timedelta(0), 2),
        (timedelta(days=7), 23 * HOUR, 1),
        (timedelta(days=7), 24 * HOUR, 2),
    ],
)
async def test_a_room_may_want_it_younger_and_never_older(
    within: timedelta, age: timedelta, fetches: int
) -> None:
    world = World()
    await world.check(LINK)
    world.now += age
    await world.check(LINK, within=within)
    assert len(world.fetched) == fetches


async def test_a_clock_that_was_a_year_ahead_does_not_keep_a_report_young() -> None:
    world = World()
    world.kept[KEY] = Kept(plain(), NOW + timedelta(days=365))
    assert await world.check(LINK) == Kept(bridge(), NOW, None, KEY)
    world.now -= timedelta(minutes=5)  # what two machines may differ by
    await world.check(LINK)
    assert len(world.fetched) == 1


# ── whether the page has changed ────────────────────────────────────────────────────────────────────


async def test_a_report_whose_page_has_not_changed_stands_and_is_young_again() -> None:
    world = World(version=FIRST)
    first = await world.check(LINK)
    world.report = plain()
    world.now += 25 * HOUR
    assert await world.check(LINK) == replace(first, fetched=world.now)
    assert world.kept == {KEY: replace(first, fetched=world.now)}
    assert world.fetched == [None, FIRST]
    assert world.read_pages == 1
    world.now += 23 * HOUR
    await world.check(LINK)
    assert len(world.fetched) == 2


async def test_a_page_that_has_changed_is_read_anew() -> None:
    world = World(version=FIRST)
    await world.check(LINK)
    world.version, world.report = replace(FIRST, etag='"two"'), plain()
    world.now += 25 * HOUR
    assert await world.check(LINK) == Kept(plain(), world.now, world.version, KEY)
    assert world.fetched == [None, FIRST]


async def test_a_page_without_a_version_is_asked_for_plainly() -> None:
    world = World()
    await world.check(LINK)
    world.now += 25 * HOUR
    await world.check(LINK)
    assert world.fetched == [None, None]
    assert world.read_pages == 2


async def test_who_asks_again_gets_the_page_read_anew_whatever_its_server_says_of_versions() -> None:
    world = World(version=FIRST)
    await world.check(LINK)
    world.report = plain()
    assert (await world.check(LINK, again=True)).report == plain()
    assert world.fetched == [None, None]


async def test_a_page_that_cannot_be_fetched_any_more_is_said_to_be_so_and_its_report_is_not_shown() -> None:
    world = World(version=FIRST)
    kept = await world.check(LINK)
    world.status, world.now = 410, NOW + 25 * HOUR
    with pytest.raises(BadStatus):
        await world.check(LINK)
    assert world.kept == {KEY: kept}  # not renewed either


async def test_a_page_that_cannot_be_read_any_more_is_said_to_be_so() -> None:
    world = World(version=FIRST)
    kept = await world.check(LINK)
    world.version, world.failure, world.now = None, TooShort(12), NOW + 25 * HOUR
    with pytest.raises(TooShort):
        await world.check(LINK)
    assert world.kept == {KEY: kept}


# ── what the page calls itself ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("found", "stated", "key"),
    [
        (URL, None, KEY),
        (
            URL,
            "https://www.harbour-post.example/2026/bridge?utm_source=x",
            "harbour-post.example/2026/bridge",
        ),
        (URL, "https://news.harbour-post.example/b", "news.harbour-post.example/b"),
        (URL, "https://dale-courier.example/bridge", KEY),
        (URL, "https://harbour-post.example.dale-courier.example/bridge", KEY),
        (URL, "https://harbour-post.example/", KEY),
        (URL, "http://10.0.0.1/bridge", KEY),
        ("https://evil.blogspot.com/x", "https://good.blogspot.com/x", "evil.blogspot.com/x"),
        ("https://dale-courier.example/b", URL, "dale-courier.example/b"),
        ("https://dale-courier.example/b", "https://dale-courier.example/c", "dale-courier.example/c"),
        ("https://dale-courier.example/" + "b" * 9000, "https://dale-courier.example/c", None),
    ],
)
async def test_a_page_may_name_its_own_key_and_none_of_another_site(
    found: str, stated: str | None, key: str | None
) -> None:
    world = World()
    world.page_url = found
    world.report = replace(bridge(), article=replace(bridge().article, canonical_url=stated))
    assert (await world.check(LINK)).canonical == key
    assert list(world.kept) == [KEY]


# ── one flight for all who ask ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("again", [False, True])
async def test_two_hundred_who_ask_at_once_cost_one_fetch_and_one_reading(
    *, broken: bool, again: bool
) -> None:
    world = World(broken=broken)
    links = [Link(f"{URL}?utm_source={n}", KEY) for n in range(200)]
    found = await asyncio.gather(*(world.check(link, again=again) for link in links))
    assert found == [Kept(bridge(), NOW, None, KEY)] * 200
    assert (len(world.fetched), world.read_pages) == (1, 1)


async def test_who_comes_later_joins_and_other_links_do_not_wait() -> None:
    world = World()
    world.hold()
    async with asyncio.TaskGroup() as askers:
        for n in range(3):
            askers.create_task(world.check(LINK))
            askers.create_task(world.check(Link("https://dale-courier.example/", "dale-courier.example")))
            await turns()
            assert (n, len(world.fetched)) == (n, 2)
        world.open.set()
    assert world.read_pages == 2


async def test_a_failure_is_shared_but_not_remembered() -> None:
    world = World(status=503)
    found = await asyncio.gather(*(world.check(LINK) for _ in range(20)), return_exceptions=True)
    assert found == [BadStatus(503)] * 20
    assert len(world.fetched) == 1
    world.status = 200
    assert (await world.check(LINK)).report == bridge()


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_who_is_cancelled_leaves_the_check_to_the_others(gone: int) -> None:
    world = World()
    world.hold()
    askers = [asyncio.create_task(world.check(LINK)) for _ in range(3)]
    await turns()
    askers[gone].cancel()
    await turns()
    assert askers[gone].cancelled()
    world.open.set()
    found = await asyncio.gather(*(asker for asker in askers if asker is not askers[gone]))
    assert found == [Kept(bridge(), NOW, None, KEY)] * 2
    assert (len(world.fetched), world.given_up) == (1, 0)


async def test_a_check_that_nobody_waits_for_any_more_is_given_up_before_the_last_one_is_gone() -> None:
    world = World()
    world.hold()
    askers = [asyncio.create_task(world.check(LINK)) for _ in range(3)]
    await turns()
    for asker in askers:
        asker.cancel()
    await asyncio.wait(askers)
    assert all(asker.cancelled() for asker in askers)
    assert (world.at_once, world.given_up, world.kept) == (0, 1, {})
    world.open.set()
    assert (await world.check(LINK)).report == bridge()


async def test_who_asks_while_an_abandoned_check_ends_starts_a_new_one_after_it() -> None:
    world = World()
    world.hold()
    first = asyncio.create_task(world.check(LINK))
    await turns()
    first.cancel()
    await turns(2)
    second = asyncio.create_task(world.check(LINK))
    await turns(20)
    world.open.set()
    assert (await second).report == bridge()
    assert (first.cancelled(), world.given_up) == (True, 1)
    assert (len(world.fetched), world.most_at_once) == (2, 1)


async def test_a_check_that_ends_in_a_fault_that_nobody_waits_for_says_nothing_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()

    async def stubborn(page: Page, turn: Turn) -> Report:  # noqa: ARG001  # as the port has it
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RuntimeError("the pipe is gone") from None
        return plain()

    check = Check(world.fetch, stubborn, world, lambda: NOW)
    asker = asyncio.create_task(check(LINK))
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
    usual = asyncio.create_task(world.check(LINK, again=first_again))
    await turns()
    again = [asyncio.create_task(world.check(LINK, again=True)) for _ in range(50)]
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
    again = asyncio.create_task(world.check(LINK, again=True))
    await turns()
    usual = [asyncio.create_task(world.check(LINK, within=within)) for within in (None, HOUR, HOUR * 0)]
    await turns()
    world.open.set()
    await asyncio.gather(again, *usual)
    assert len(world.fetched) == 1


async def test_a_room_that_wants_it_younger_does_not_take_what_another_one_found_young_enough() -> None:
    world = World(version=FIRST)
    await world.check(LINK)
    world.now += 2 * HOUR
    usual, younger = await asyncio.gather(world.check(LINK), world.check(LINK, within=HOUR))
    assert (usual.fetched, younger.fetched) == (NOW, world.now)
    assert world.fetched == [None, FIRST]


async def test_flights_that_have_landed_are_forgotten() -> None:
    world = World()
    for n in range(50):
        world.status = 200 if n % 2 else 500
        await asyncio.gather(*(world.check(Link(URL, f"{n}")) for _ in range(3)), return_exceptions=True)
    abandoned = asyncio.create_task(world.check(LINK))
    await turns(1)
    abandoned.cancel()
    await asyncio.wait({abandoned})
    assert world.check._flights == {}


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


async def played(world: World, events: Sequence[Event]) -> list[tuple[bool, datetime, asyncio.Task[Kept]]]:
    askers: list[tuple[bool, datetime, asyncio.Task[Kept]]] = []
    for what, how in events:
        world.now += timedelta(minutes=20)
        if what == "ask":
            again, hours = how
            within = None if hours is None else hours * HOUR
            asking = asyncio.create_task(world.check(LINK, again=again, within=within))
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
    assert world.check._flights == {}


async def test_a_page_that_somebody_asks_for_while_nobody_did_is_hastened() -> None:
    world = World()
    world.hold()
    unasked = asyncio.create_task(world.check(LINK, turn=Turn("a", asked=False)))
    await asyncio.sleep(0)
    asking = asyncio.create_task(world.check(LINK, turn=Turn("b")))
    await asyncio.sleep(0)
    world.open.set()
    await asyncio.gather(unasked, asking)
    (turn,) = world.turns
    assert (turn.room, turn.asked) == ("a", True)
