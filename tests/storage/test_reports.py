from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import Kept
from storage.engine import CannotStore, opened
from storage.reports import SqlReports
from storage.tables import ReportRow
from tests.bot.written import bridge, plain

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def reports(engine: AsyncEngine, clock: Hands) -> SqlReports:
    return SqlReports(engine, clock)


async def test_a_kept_report_comes_back_as_it_was(reports: SqlReports) -> None:
    await reports.keep("a.example/x", Kept(bridge(), NOW))
    assert await reports.get("a.example/x") == Kept(bridge(), NOW)
    assert await reports.get("a.example/y") is None


async def test_a_report_outlives_the_process(database: Path | str, clock: Hands) -> None:
    for turn in range(2):
        engine = await opened(database)
        reports = SqlReports(engine, clock)
        assert (await reports.get("a") is None) == (turn == 0)
        await reports.keep("a", Kept(bridge(), NOW))
        await engine.dispose()


async def test_a_newer_report_takes_the_place_of_the_older(reports: SqlReports) -> None:
    await reports.keep("a", Kept(bridge(), NOW))
    await reports.keep("a", Kept(plain(), NOW + timedelta(hours=1)))
    assert await reports.get("a") == Kept(plain(), NOW + timedelta(hours=1))


async def test_moments_come_back_in_utc_whatever_zone_they_had(reports: SqlReports) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    await reports.keep("a", Kept(bridge(), there))
    kept = await reports.get("a")
    assert kept is not None
    assert kept.fetched == NOW
    assert kept.fetched.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(reports: SqlReports) -> None:
    with pytest.raises(CannotStore, match="without a zone"):
        await reports.keep("a", Kept(bridge(), NOW.replace(tzinfo=None)))


async def test_a_report_is_kept_for_thirty_days_and_no_longer(reports: SqlReports, clock: Hands) -> None:
    await reports.keep("a", Kept(bridge(), NOW))
    clock.now = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert await reports.get("a") is not None
    clock.now = NOW + timedelta(days=30)
    assert await reports.get("a") is None


async def test_what_is_over_is_deleted_and_not_only_hidden(
    reports: SqlReports, clock: Hands, engine: AsyncEngine
) -> None:
    await reports.keep("a", Kept(bridge(), NOW))
    clock.now = NOW + timedelta(days=31)
    await reports.keep("b", Kept(bridge(), clock.now))
    async with engine.connect() as connection:
        assert [row.key for row in await connection.execute(select(ReportRow.key))] == ["b"]
    clock.now += timedelta(days=31)
    assert await reports.expire() == 1
    assert await reports.expire() == 0


async def test_a_report_that_somebody_changed_is_not_given_out(
    reports: SqlReports, engine: AsyncEngine
) -> None:
    await reports.keep("a", Kept(bridge(), NOW))
    async with engine.begin() as connection:
        await connection.execute(update(ReportRow).values(report={"schema": 1, "error": None}))
    assert await reports.get("a") is None


@pytest.mark.parametrize("key", ["a" * 5000, "a\ud800", "a\0b", "ключ.example/статья"])
async def test_any_key_is_kept(reports: SqlReports, key: str) -> None:
    await reports.keep(key, Kept(plain(), NOW))
    assert await reports.get(key) == Kept(plain(), NOW)


async def test_many_at_once_do_not_lose_to_each_other(reports: SqlReports) -> None:
    async def one(number: int) -> None:
        key = f"key {number % 5}"
        await reports.get(key)
        await reports.keep(key, Kept(plain(), NOW))
        assert await reports.get(key) is not None

    await asyncio.gather(*(one(n) for n in range(25)))
