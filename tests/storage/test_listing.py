from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import HistoryEntry, Query
from bot.places import Person, Room
from bot.rooms import Mode
from storage.engine import CannotStore
from storage.history import SqlHistory
from storage.listing import ListedAnswer, ListedChange, ListedRoom, ListPage, SqlLists
from storage.rooms import SqlRooms
from storage.tables import AuditRow
from tests.bot.written import plain

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "100", private=False, server="1")
LAKELAND = Room("telegram", "-200/3", private=False, server="-200")
BRIDGE = HistoryEntry(
    NOW,
    "courier.example/b",
    "https://courier.example/b",
    "courier.example",
    "The bridge at Dale",
    "Dale Courier",
    flagged=True,
    sources=2,
    hedges=3,
    place="1",
)
FERRY = replace(
    BRIDGE, key="ports.example/f", domain="ports.example", title="The ferry, not the bridge", flagged=False
)


@pytest.fixture
async def lists(engine: AsyncEngine) -> SqlLists:
    rooms, history = SqlRooms(engine, lambda: NOW), SqlHistory(engine)
    await rooms.change("telegram", "-200/3", lambda now: now.with_value("retention_days", 3), None)
    await rooms.change("discord", "100", lambda now: now.with_value("mode", Mode.OFF), Person("discord", "7"))
    await rooms.change("discord", "100", lambda now: now.with_value("log_channel", None), None)
    await rooms.mark_left("telegram", "-200/3")
    await history.add(DALE, BRIDGE, plain(), "a1")
    await history.add(LAKELAND, FERRY, plain(), "a1")
    return SqlLists(engine)


async def test_rooms_are_listed_with_what_is_set_and_whether_they_were_left(lists: SqlLists) -> None:
    dale = ListedRoom("discord", "100", {"mode": "off", "log_channel": None}, NOW, None)
    lakeland = ListedRoom("telegram", "-200/3", {"retention_days": 3}, NOW, NOW)
    assert await lists.rooms() == ListPage((dale, lakeland), 2)
    assert await lists.rooms(page=1, size=1) == ListPage((lakeland,), 2)
    assert await lists.rooms(page=2, size=1) == ListPage((), 2)


async def test_changes_are_listed_of_all_rooms_or_of_one_newest_first(lists: SqlLists) -> None:
    assert await lists.changes(DALE) == ListPage(
        (
            ListedChange(NOW, "discord", "100", None, "log_channel", None, {"value": None}),
            ListedChange(NOW, "discord", "100", "7", "mode", None, {"value": "off"}),
        ),
        2,
    )
    everywhere = await lists.changes(size=1, page=2)
    assert everywhere == ListPage(
        (ListedChange(NOW, "telegram", "-200/3", None, "retention_days", None, {"value": 3}),), 3
    )


async def test_a_change_of_a_setting_that_is_no_more_is_listed_too(
    lists: SqlLists, engine: AsyncEngine
) -> None:
    row = {"at": NOW, "platform": "discord", "room": "9", "setting": "gossip", "old": None}
    async with engine.begin() as connection:
        await connection.execute(insert(AuditRow).values(row | {"new": {"value": "loud"}}))
    assert (await lists.changes()).entries[0].new == {"value": "loud"}


@pytest.mark.parametrize(
    ("query", "room", "titles"),
    [
        (Query(), None, ["The ferry, not the bridge", "The bridge at Dale"]),
        (Query("bri"), None, ["The ferry, not the bridge", "The bridge at Dale"]),
        (Query("bridge"), DALE, ["The bridge at Dale"]),
        (Query("ferry"), DALE, []),
        (Query(flagged=True), None, ["The bridge at Dale"]),
        (Query(domain="ports.example"), None, ["The ferry, not the bridge"]),
        (Query("👍"), None, []),
        (Query("' OR 1=1 --"), None, []),
        (Query(), Room("discord", "-200/3", private=False), []),
    ],
)
async def test_answers_are_searched_in_all_rooms_or_in_one(
    lists: SqlLists, query: Query, room: Room | None, titles: list[str]
) -> None:
    found = await lists.answers(query, room)
    assert [one.answered.title for one in found.entries] == titles
    assert found.total == len(titles)


async def test_an_answer_is_listed_with_its_room(lists: SqlLists) -> None:
    assert await lists.answers(Query(), page=1, size=1) == ListPage(
        (ListedAnswer("discord", "100", BRIDGE),), 2
    )


async def test_what_cannot_be_read_is_said(lists: SqlLists, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE rooms"))
    with pytest.raises(CannotStore, match="cannot be used"):
        await lists.rooms()
