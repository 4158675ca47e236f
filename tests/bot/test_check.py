from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.check import LinkChecker
from bot.errors import BadStatus, TooShort
from bot.ports import StoredReport
from bot.single_flight import SingleFlight
from tests.bot.worlds import FIRST, HOUR, KEY, LINK, NOW, URL, World
from tests.bot.written import bridge, plain


async def test_an_unknown_link_is_fetched_read_and_kept_under_its_key() -> None:
    world = World(version=FIRST)
    assert await world.checker.check(LINK) == StoredReport(bridge(), NOW, FIRST, KEY)
    assert world.fetched == [None]
    assert world.kept == {KEY: StoredReport(bridge(), NOW, FIRST, KEY)}


async def test_a_failure_is_raised_and_not_kept() -> None:
    world = World(status=403)
    with pytest.raises(BadStatus):
        await world.checker.check(LINK)
    assert not world.kept


async def test_a_store_that_is_out_of_reach_does_not_cost_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert (await World(broken=True).checker.check(LINK)).report == bridge()
    assert caplog.messages == [
        "a report could not be looked up: no disk",
        "a report could not be kept: no disk",
    ]


# ── how old a report may be ─────────────────────────────────────────────────────────────────────────


async def test_a_known_link_is_not_fetched_again() -> None:
    world = World()
    await world.checker.check(LINK)
    world.now += 23 * HOUR
    assert (await world.checker.check(LINK)).fetched == NOW
    assert len(world.fetched) == 1


async def test_a_report_of_yesterday_is_read_anew() -> None:
    world = World()
    await world.checker.check(LINK)
    world.now += 24 * HOUR
    assert (await world.checker.check(LINK)).fetched == world.now


async def test_what_counts_as_fresh_is_a_setting() -> None:
    world = World()
    check = SingleFlight(LinkChecker(world, world, world, lambda: world.now), fresh=HOUR)
    await check.check(LINK)
    world.now += HOUR
    await check.check(LINK)
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
    await world.checker.check(LINK)
    world.now += age
    await world.checker.check(LINK, within=within)
    assert len(world.fetched) == fetches


async def test_a_clock_that_was_a_year_ahead_does_not_keep_a_report_young() -> None:
    world = World()
    world.kept[KEY] = StoredReport(plain(), NOW + timedelta(days=365))
    assert await world.checker.check(LINK) == StoredReport(bridge(), NOW, None, KEY)
    world.now -= timedelta(minutes=5)  # what two machines may differ by
    await world.checker.check(LINK)
    assert len(world.fetched) == 1


# ── whether the page has changed ────────────────────────────────────────────────────────────────────


async def test_a_report_whose_page_has_not_changed_stands_and_is_young_again() -> None:
    world = World(version=FIRST)
    first = await world.checker.check(LINK)
    world.report = plain()
    world.now += 25 * HOUR
    assert await world.checker.check(LINK) == replace(first, fetched=world.now)
    assert world.kept == {KEY: replace(first, fetched=world.now)}
    assert world.fetched == [None, FIRST]
    assert world.read_pages == 1
    world.now += 23 * HOUR
    await world.checker.check(LINK)
    assert len(world.fetched) == 2


async def test_a_page_that_has_changed_is_read_anew() -> None:
    world = World(version=FIRST)
    await world.checker.check(LINK)
    world.version, world.report = replace(FIRST, etag='"two"'), plain()
    world.now += 25 * HOUR
    assert await world.checker.check(LINK) == StoredReport(plain(), world.now, world.version, KEY)
    assert world.fetched == [None, FIRST]


async def test_a_page_without_a_version_is_asked_for_plainly() -> None:
    world = World()
    await world.checker.check(LINK)
    world.now += 25 * HOUR
    await world.checker.check(LINK)
    assert world.fetched == [None, None]
    assert world.read_pages == 2


async def test_who_asks_again_gets_the_page_read_anew_whatever_its_server_says_of_versions() -> None:
    world = World(version=FIRST)
    await world.checker.check(LINK)
    world.report = plain()
    assert (await world.checker.check(LINK, again=True)).report == plain()
    assert world.fetched == [None, None]


async def test_a_page_that_cannot_be_fetched_any_more_is_said_to_be_so_and_its_report_is_not_shown() -> None:
    world = World(version=FIRST)
    kept = await world.checker.check(LINK)
    world.status, world.now = 410, NOW + 25 * HOUR
    with pytest.raises(BadStatus):
        await world.checker.check(LINK)
    assert world.kept == {KEY: kept}  # not renewed either


async def test_a_page_that_cannot_be_read_any_more_is_said_to_be_so() -> None:
    world = World(version=FIRST)
    kept = await world.checker.check(LINK)
    world.version, world.failure, world.now = None, TooShort(12), NOW + 25 * HOUR
    with pytest.raises(TooShort):
        await world.checker.check(LINK)
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
    assert (await world.checker.check(LINK)).canonical == key
    assert list(world.kept) == [KEY]
