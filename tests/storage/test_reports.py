from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.check import LinkChecker
from bot.fair_queue import Ticket
from bot.fetching.links import parse_link
from bot.model import Page, Report, Version
from bot.ports import StoredReport
from bot.report_json import to_json
from bot.single_flight import SingleFlight
from storage.engine import CannotStore, open_engine
from storage.reports import SqlReports
from storage.tables import ReportRow
from tests.bot.written import bridge, plain
from tests.fakes.clock import Hands
from tests.servers import PUBLIC, Answer, Internet, places, redirect, serve, versioned

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HERE: Final = "https://harbour-post.example/bridge"  # the address of the reports written by hand
VERSION: Final = Version(HERE, '"one"', "Mon, 23 Nov 2026 08:00:00 GMT")
STORY: Final = "harbour-post.example/bridge"


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
def reports(engine: AsyncEngine, clock: Hands) -> SqlReports:
    return SqlReports(engine, clock)


async def test_a_kept_report_comes_back_as_it_was(reports: SqlReports) -> None:
    await reports.save("a.example/x", StoredReport(bridge(), NOW))
    assert await reports.get("a.example/x") == StoredReport(bridge(), NOW)
    assert await reports.get("a.example/y") is None


async def test_a_report_outlives_the_process(database: Path | str, clock: Hands) -> None:
    for turn in range(2):
        engine = await open_engine(database)
        reports = SqlReports(engine, clock)
        assert (await reports.get("a") is None) == (turn == 0)
        await reports.save("a", StoredReport(bridge(), NOW))
        await engine.dispose()


async def test_a_newer_report_takes_the_place_of_the_older(reports: SqlReports) -> None:
    await reports.save("a", StoredReport(bridge(), NOW))
    await reports.save("a", StoredReport(plain(), NOW + timedelta(hours=1)))
    assert await reports.get("a") == StoredReport(plain(), NOW + timedelta(hours=1))


async def test_moments_come_back_in_utc_whatever_zone_they_had(reports: SqlReports) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    await reports.save("a", StoredReport(bridge(), there))
    kept = await reports.get("a")
    assert kept is not None
    assert kept.fetched == NOW
    assert kept.fetched.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(reports: SqlReports) -> None:
    with pytest.raises(CannotStore, match="without a zone"):
        await reports.save("a", StoredReport(bridge(), NOW.replace(tzinfo=None)))


async def test_a_report_is_kept_for_thirty_days_and_no_longer(reports: SqlReports, clock: Hands) -> None:
    await reports.save("a", StoredReport(bridge(), NOW))
    clock.now = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert await reports.get("a") is not None
    clock.now = NOW + timedelta(days=30)
    assert await reports.get("a") is None


async def test_what_is_over_is_deleted_and_not_only_hidden(
    reports: SqlReports, clock: Hands, engine: AsyncEngine
) -> None:
    await reports.save("a", StoredReport(bridge(), NOW))
    clock.now = NOW + timedelta(days=31)
    await reports.save("b", StoredReport(bridge(), clock.now))
    assert await reports.expire() == 1
    assert await reports.expire() == 0
    async with engine.connect() as connection:
        assert [row.key for row in await connection.execute(select(ReportRow.key))] == ["b"]


async def test_a_report_that_somebody_changed_is_not_given_out(
    reports: SqlReports, engine: AsyncEngine
) -> None:
    await reports.save("a", StoredReport(bridge(), NOW))
    async with engine.begin() as connection:
        await connection.execute(update(ReportRow).values(report={"schema": 1, "error": None}))
    assert await reports.get("a") is None


@pytest.mark.parametrize("key", ["a" * 5000, "a\ud800", "a\0b", "ключ.example/статья"])
async def test_any_key_is_kept(reports: SqlReports, key: str) -> None:
    await reports.save(key, StoredReport(plain(), NOW))
    assert await reports.get(key) == StoredReport(plain(), NOW)


async def test_many_at_once_do_not_lose_to_each_other(reports: SqlReports) -> None:
    async def one(number: int) -> None:
        key = f"key {number % 5}"
        await reports.get(key)
        await reports.save(key, StoredReport(plain(), NOW))
        assert await reports.get(key) is not None

    await asyncio.gather(*(one(n) for n in range(25)))


# ── the version and the page's own key ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "version", [VERSION, replace(VERSION, etag=None), replace(VERSION, modified=None), None]
)
async def test_a_report_comes_back_with_its_version_and_its_page_s_own_key(
    reports: SqlReports, version: Version | None
) -> None:
    kept = StoredReport(bridge(), NOW, version, STORY)
    await reports.save("harbour-post.example/b", kept)
    assert await reports.get("harbour-post.example/b") == kept


async def test_a_report_from_before_there_were_versions_is_read(
    reports: SqlReports, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        row = {"key": "a", "fetched": NOW, "report": to_json(bridge())}
        await connection.execute(insert(ReportRow).values(**row))
    assert await reports.get("a") == StoredReport(bridge(), NOW)


async def test_a_newer_report_brings_its_own_version_or_none(reports: SqlReports) -> None:
    await reports.save("a", StoredReport(bridge(), NOW, VERSION, STORY))
    await reports.save("a", StoredReport(plain(), NOW))
    assert await reports.get("a") == StoredReport(plain(), NOW)


@pytest.mark.parametrize("url", ["https://elsewhere.example/", None])
async def test_a_version_of_another_address_than_the_report_s_is_let_go_of(
    reports: SqlReports, url: str | None
) -> None:
    await reports.save("a", StoredReport(bridge(url=url), NOW, Version("https://other.example/", '"one"')))
    assert await reports.get("a") == StoredReport(bridge(url=url), NOW)


async def test_a_report_is_found_by_the_key_that_its_page_names(reports: SqlReports) -> None:
    kept = StoredReport(bridge(), NOW, canonical=STORY)
    await reports.save("short.example/x", kept)
    assert await reports.get(STORY) == kept
    assert await reports.get("harbour-post.example/other") is None


async def test_what_stands_under_a_key_itself_comes_before_any_page_that_names_it(
    reports: SqlReports,
) -> None:
    await reports.save(STORY, StoredReport(bridge(), NOW - timedelta(days=2)))
    await reports.save("harbour-post.example/other", StoredReport(plain(), NOW, canonical=STORY))
    assert await reports.get(STORY) == StoredReport(bridge(), NOW - timedelta(days=2))


async def test_of_several_pages_that_name_a_key_the_newest_answers(reports: SqlReports) -> None:
    for key, hours in (("a", 1), ("b", 3), ("c", 2)):
        await reports.save(key, StoredReport(plain(), NOW + timedelta(hours=hours), canonical=STORY))
    found = await reports.get(STORY)
    assert found is not None
    assert found.fetched == NOW + timedelta(hours=3)


async def test_a_page_s_own_key_is_forgotten_with_its_report(reports: SqlReports, clock: Hands) -> None:
    await reports.save("a", StoredReport(bridge(), NOW, canonical=STORY))
    clock.now = NOW + timedelta(days=30)
    assert await reports.get(STORY) is None


async def test_a_report_that_is_kept_anew_lives_for_thirty_days_more(
    reports: SqlReports, clock: Hands
) -> None:
    kept = StoredReport(bridge(), NOW, VERSION, STORY)
    await reports.save("a", kept)
    clock.now = NOW + timedelta(days=29)
    await reports.save("a", replace(kept, fetched=clock.now))
    clock.now = NOW + timedelta(days=58)
    found = await reports.get("a")
    assert found is not None
    assert found == replace(kept, fetched=NOW + timedelta(days=29))


@pytest.mark.parametrize("key", ["a" * 5000, "a\ud800", "a\0b", "ключ.example/статья"])
async def test_any_key_that_a_page_names_is_found(reports: SqlReports, key: str) -> None:
    await reports.save("a", StoredReport(plain(), NOW, canonical=key))
    found = await reports.get(key)
    assert found is not None
    await reports.save("b", replace(found, fetched=NOW + timedelta(hours=1)))
    assert await reports.get(key) == replace(found, fetched=NOW + timedelta(hours=1))


PRINTED: Final = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example is a write to a database, all to the same one
@given(
    key=st.text(max_size=40),
    version=st.builds(Version, st.just(HERE), PRINTED, st.none() | PRINTED),
    canonical=st.none() | st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), max_size=60),
    moment=st.datetimes(datetime(2026, 11, 1), datetime(2026, 11, 25), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
)
async def test_whatever_is_kept_comes_back(
    reports: SqlReports, key: str, version: Version, canonical: str | None, moment: datetime
) -> None:
    kept = StoredReport(plain(), moment, version, canonical)
    await reports.save(key, kept)
    assert await reports.get(key) == kept


# ── in a check, with pages from a server ────────────────────────────────────────────────────────────

NAMES: Final = {name: [PUBLIC] for name in ("news.example", "m.news.example", "evil.example")}


class Reader:
    """Reads a page as its own address: what the page holds is the address that it calls canonical."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    async def read(self, page: Page, ticket: Ticket) -> Report:  # noqa: ARG002  # as the port has it
        self.addresses.append(page.url)
        found = bridge(url=page.url)
        return replace(found, article=replace(found.article, canonical_url=page.body.decode()))


async def checked(
    reports: SqlReports, clock: Hands, answers: dict[str, Answer], *urls: str, later: timedelta
) -> tuple[list[StoredReport], list[str], list[str]]:
    """The reports on these addresses, one after the other, what was asked for and what was read."""
    reader = Reader()
    async with serve(places(answers)) as site, Internet(NAMES, http=site).fetcher() as fetch:
        check = SingleFlight(LinkChecker(fetch, reader, reports, clock))
        found = []
        for url in urls:
            found.append(await check.check(parse_link(url)))
            clock.now += later
        return found, [asked.place for asked in site.asked], reader.addresses


async def test_a_page_that_has_not_changed_is_asked_for_each_day_and_read_once(
    reports: SqlReports, clock: Hands
) -> None:
    answers = {"news.example/a": versioned("-", '"one"', VERSION.modified)}
    day = timedelta(days=1)
    found, asked, read = await checked(reports, clock, answers, *["http://news.example/a"] * 40, later=day)
    assert [kept.fetched for kept in found] == [NOW + n * day for n in range(40)]
    assert (len(asked), len(read)) == (40, 1)


async def test_two_links_to_one_story_share_its_report(reports: SqlReports, clock: Hands) -> None:
    answers = {"m.news.example/s?id=7": versioned("http://news.example/bridge")}
    urls = "http://m.news.example/s?id=7", "http://news.example/bridge"
    found, asked, _ = await checked(reports, clock, answers, *urls, later=timedelta(0))
    assert asked == ["m.news.example/s?id=7"]
    assert found[0] == found[1]


async def test_no_page_answers_for_a_link_of_another_site(reports: SqlReports, clock: Hands) -> None:
    answers = {
        "evil.example/x": versioned("http://news.example/bridge"),
        "news.example/out": redirect("http://evil.example/y"),
        "evil.example/y": versioned("http://news.example/bridge"),
        "news.example/bridge": versioned("http://evil.example/x"),
    }
    urls = [f"http://{place}" for place in ("evil.example/x", "news.example/out", "news.example/bridge")]
    _, asked, read = await checked(reports, clock, answers, *urls, urls[0], later=timedelta(0))
    assert asked == ["evil.example/x", "news.example/out", "evil.example/y", "news.example/bridge"]
    assert read == ["http://evil.example/x", "http://evil.example/y", "http://news.example/bridge"]
    kept = await reports.get("news.example/bridge")
    assert kept is not None
    assert kept.report.article.url == "http://news.example/bridge"


async def test_two_hundred_who_ask_at_once_cost_one_request(reports: SqlReports, clock: Hands) -> None:
    reader = Reader()
    async with (
        serve(versioned("-")) as site,
        Internet(NAMES, http=site).fetcher() as fetch,
    ):
        check = SingleFlight(LinkChecker(fetch, reader, reports, clock))
        found = await asyncio.gather(
            *(check.check(parse_link(f"http://news.example/a?utm_id={n}")) for n in range(200))
        )
    assert len(set(map(id, found))) == 1
    assert (len(site.asked), len(reader.addresses)) == (1, 1)
