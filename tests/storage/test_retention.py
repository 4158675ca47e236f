from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import Query, make_entry
from bot.places import Room
from bot.ports import StoredReport
from bot.stores import Stores
from storage.history import SqlHistory
from storage.job_store import SqlJobStore
from storage.objections import SqlObjections
from storage.people import SqlPeople
from storage.reports import SqlReports
from storage.retention import Retention
from storage.rooms import SqlRooms
from tests.bot.written import plain
from tests.fakes.clock import Hands

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "5", private=False, server="1")
LAKE = Room("discord", "6", private=False, server="1")


class Kit:
    """Everything that forgets, on one engine and one clock."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.clock = Hands(NOW)
        self.rooms, self.history = SqlRooms(engine, self.clock, stale=0), SqlHistory(engine)
        self.reports, self.job_store = SqlReports(engine, self.clock), SqlJobStore(engine, self.clock)
        people, objections = SqlPeople(engine, self.clock), SqlObjections(engine, self.clock)
        self.memory = Stores(self.rooms, self.history, people, objections)

    def forgetting(self) -> Retention:
        return Retention(self.reports, self.rooms, self.history, self.job_store, self.memory, self.clock)

    async def checked(self, room: Room, days_ago: int) -> None:
        at = NOW - timedelta(days=days_ago)
        await self.history.add(room, make_entry(StoredReport(plain(), at), "a.example/", at), plain(), "a1")

    async def left(self, room: Room) -> int:
        return (await self.history.search(room, Query())).total


@pytest.fixture
def kit(engine: AsyncEngine) -> Kit:
    return Kit(engine)


async def test_each_room_keeps_its_history_as_long_as_it_wants(kit: Kit) -> None:
    await kit.rooms.change("discord", "5", lambda now: now.with_value("retention_days", 3), None)
    await kit.rooms.change("discord", "1", lambda now: now.with_value("retention_days", 10), None)
    for room in (DALE, LAKE):
        for days in (1, 5, 15):
            await kit.checked(room, days)
    await kit.forgetting().round()
    assert (await kit.left(DALE), await kit.left(LAKE)) == (1, 2)


async def test_what_belongs_to_a_room_that_was_left_goes_after_a_day(kit: Kit) -> None:
    await kit.checked(DALE, 0)
    await kit.rooms.mark_left("discord", "5")
    await kit.forgetting().round()
    assert await kit.left(DALE) == 1
    kit.clock.now += timedelta(hours=25)
    await kit.forgetting().round()
    assert await kit.left(DALE) == 0


async def test_when_the_time_of_day_jumps_nothing_goes_until_it_is_steady(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    await kit.checked(DALE, 0)
    forgetting = kit.forgetting()
    await forgetting.round()
    kit.clock.now += timedelta(days=400)
    await forgetting.round()
    assert await kit.left(DALE) == 1
    assert "the time of day has jumped" in caplog.text
    kit.clock.now -= timedelta(days=400)
    await forgetting.round()
    await forgetting.round()
    assert await kit.left(DALE) == 1


async def test_reports_go_too(kit: Kit) -> None:
    await kit.reports.save("a.example/", StoredReport(plain(), NOW - timedelta(days=40)))
    await kit.reports.save("b.example/", StoredReport(plain(), NOW))
    await kit.forgetting().round()
    assert await kit.reports.get("b.example/") is not None
    assert await kit.reports.expire() == 0
