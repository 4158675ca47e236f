from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import Query
from bot.places import Person, Room
from bot.room_settings.definitions import BadSetting
from bot.room_settings.overrides import NOT_SET, Change, Overrides
from bot.rooms import Mode
from bot.stores import Edit
from storage.engine import CannotStore, open_engine
from storage.history import SqlHistory
from storage.objections import SqlObjections
from storage.rooms import SqlRooms
from tests.bot.written import plain
from tests.fakes.clock import Hands
from tests.storage.test_history import answered

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
OWEN = Person("discord", "7")


def having(name: str, value: object) -> Edit:
    return lambda now: now.with_value(name, value)  # type: ignore[arg-type]  # the tests give wrong ones, too


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
def rooms(engine: AsyncEngine, clock: Hands) -> SqlRooms:
    return SqlRooms(engine, clock)


async def test_nothing_is_set_where_nobody_has_set_anything(rooms: SqlRooms) -> None:
    assert await rooms.overrides("discord", "1") == Overrides()


async def test_what_is_set_is_kept_and_on_record(rooms: SqlRooms, clock: Hands) -> None:
    await rooms.change("discord", "1", having("mode", Mode.AUTOMATIC), OWEN)
    clock.now += timedelta(minutes=1)
    await rooms.change("discord", "1", having("log_channel", "55"), None)
    await rooms.change("discord", "1", lambda now: now.without("mode"), OWEN)
    assert await rooms.overrides("discord", "1") == Overrides.of({"log_channel": "55"})
    assert await rooms.overrides("telegram", "1") == Overrides()
    assert [(one.at, one.who, one.change) for one in await rooms.audit("discord", "1")] == [
        (clock.now, "7", Change("mode", Mode.AUTOMATIC, NOT_SET)),
        (clock.now, None, Change("log_channel", NOT_SET, "55")),
        (NOW, "7", Change("mode", NOT_SET, Mode.AUTOMATIC)),
    ]


async def test_set_to_none_and_not_set_differ_on_record(rooms: SqlRooms) -> None:
    await rooms.change("discord", "1", having("log_channel", None), OWEN)
    (one,) = await rooms.audit("discord", "1")
    assert one.change == Change("log_channel", NOT_SET, None)


async def test_an_edit_that_changes_nothing_leaves_no_record(rooms: SqlRooms) -> None:
    await rooms.change("discord", "1", having("mode", Mode.OFF), OWEN)
    assert await rooms.change("discord", "1", having("mode", Mode.OFF), OWEN) == ()
    assert len(await rooms.audit("discord", "1")) == 1


async def test_an_edit_that_is_refused_changes_nothing(rooms: SqlRooms) -> None:
    await rooms.change("discord", "1", having("mode", Mode.OFF), OWEN)
    with pytest.raises(BadSetting):
        await rooms.change("discord", "1", having("retention_days", -1), OWEN)
    assert await rooms.overrides("discord", "1") == Overrides.of({"mode": Mode.OFF})
    assert len(await rooms.audit("discord", "1")) == 1


async def test_admins_who_change_different_settings_at_once_both_get_theirs(
    database: Path | str, engine: AsyncEngine, clock: Hands
) -> None:
    other = await open_engine(database)
    both = [SqlRooms(engine, clock, stale=0), SqlRooms(other, clock, stale=0)]
    edits: list[tuple[str, object]] = [("repeat_hours", n) for n in range(1, 9)]
    edits += [("person_cooldown_seconds", n) for n in range(1, 9)]
    await asyncio.gather(
        *(both[n % 2].change("discord", "1", having(*edit), OWEN) for n, edit in enumerate(edits))
    )
    found = await both[0].overrides("discord", "1")
    assert set(found) == {"repeat_hours", "person_cooldown_seconds"}
    changes = [one.change for one in await both[1].audit("discord", "1", size=50)]
    assert len(changes) == len(edits)
    for name in found:  # each change begins where the one before it ended
        told = [c for c in reversed(changes) if c.name == name]
        assert [c.old for c in told] == [NOT_SET, *(c.new for c in told[:-1])]
    await other.dispose()


async def test_settings_come_from_memory_and_are_read_again_in_time(
    database: Path | str, engine: AsyncEngine, clock: Hands
) -> None:
    other = await open_engine(database)
    here, there = SqlRooms(engine, clock, stale=0.2), SqlRooms(other, clock)
    assert await here.overrides("discord", "1") == Overrides()
    await there.change("discord", "1", having("mode", Mode.OFF), OWEN)
    assert await here.overrides("discord", "1") == Overrides()
    await asyncio.sleep(0.25)
    assert await here.overrides("discord", "1") == Overrides.of({"mode": Mode.OFF})
    await other.dispose()


async def test_a_setting_that_a_newer_hearsay_wrote_is_passed_over(
    engine: AsyncEngine, rooms: SqlRooms, caplog: pytest.LogCaptureFixture
) -> None:
    await rooms.change("discord", "1", having("mode", Mode.OFF), OWEN)
    async with engine.begin() as connection:
        settings = '{"mode": "off", "colour": "red", "repeat_hours": "many"}'
        await connection.execute(text("UPDATE rooms SET settings = :it"), {"it": settings})
    assert await SqlRooms(engine, rooms._clock).overrides("discord", "1") == Overrides.of({"mode": Mode.OFF})
    assert "colour" in caplog.text
    assert "red" not in caplog.text


async def test_a_server_goes_with_the_rooms_that_are_set(
    engine: AsyncEngine, rooms: SqlRooms, clock: Hands
) -> None:
    history, objections = SqlHistory(engine), SqlObjections(engine, clock)
    for room, owner in (("19", "1"), ("29", "2")):
        await objections.add(Room("discord", room, private=False, server=owner), OWEN, "a.example/x", "no")
    for place, server in (("1", None), ("11", "1"), ("12", "1"), ("2", None), ("21", "2")):
        await rooms.change("discord", place, having("mode", Mode.OFF), OWEN, server=server)
    there = Room("discord", "31", private=False, server="3")
    await history.add(there, answered(1, "Story"), plain(), "a1")
    assert await rooms.find_servers("discord") == {"1", "2", "3"}
    assert await rooms.find_servers("telegram") == frozenset()
    await rooms.mark_left("discord", "1")
    assert await rooms.purge(datetime.max.replace(tzinfo=UTC)) == 1
    for place, stays in (("1", 0), ("11", 0), ("12", 0), ("2", 1), ("21", 1)):
        assert len(await rooms.overrides("discord", place)) == stays, place
        assert len(await rooms.audit("discord", place)) == stays, place
    assert await rooms.find_servers("discord") == {"2", "3"}
    assert [one.room for one in await objections.latest()] == ["29"]


async def test_an_answer_is_found_by_where_it_stands(engine: AsyncEngine) -> None:
    history, room = SqlHistory(engine), Room("discord", "31", private=False, server="3")
    for number, place in enumerate(("https://d/3/31/1", "https://d/3/31/12", "https://d/3/32/1"), start=1):
        await history.add(room, answered(number, "Story"), plain(), f"a{number}")
        await history.set_place(f"a{number}", place)
    assert await history.find_at_place("discord", "https://d/3/31/1") == ("a1",)
    assert await history.find_at_place("discord", "https://d/3/31/", below=True) == ("a1", "a2")
    assert await history.find_at_place("telegram", "https://d/3/31/1") == ()


GROUP, SUPER = Room("telegram", "-5", private=False), Room("telegram", "-1005", private=False)


async def test_a_group_that_becomes_another_keeps_what_it_had(engine: AsyncEngine, rooms: SqlRooms) -> None:
    history = SqlHistory(engine)
    for place in ("-5", "-5/9", "-55"):
        await rooms.change("telegram", place, having("mode", Mode.OFF), OWEN, server="-5")
        await history.add(replace(GROUP, id=place), answered(1, "Story"), plain(), "a1")
    await rooms.move_room(GROUP, SUPER)
    await rooms.move_room(GROUP, SUPER)  # both groups tell of it
    for place, there in (("-1005", 1), ("-1005/9", 1), ("-55", 1), ("-5", 0), ("-5/9", 0)):
        assert len(await rooms.overrides("telegram", place)) == there, place
        assert len(await rooms.audit("telegram", place)) == there, place
        assert (await history.search(replace(GROUP, id=place), Query())).total == there, place
    assert await rooms.find_servers("telegram") == {"-1005"}


async def test_rooms_whose_log_channel_becomes_another_have_it_still(rooms: SqlRooms) -> None:
    channels = {"-5": "-5", "-7": "-5/9", "-8": "-55", "-9": "-9", "-10": None}
    for place, channel in channels.items():
        await rooms.change("telegram", place, having("log_channel", channel), OWEN)
    await rooms.move_room(GROUP, SUPER)
    after = {"-1005": "-1005", "-7": "-1005/9", "-8": "-55", "-9": "-9", "-10": None}
    found = {place: (await rooms.overrides("telegram", place)).get("log_channel", None) for place in after}
    assert found == after


async def test_a_room_that_was_left_goes_after_its_time_with_all_that_it_held(
    engine: AsyncEngine, rooms: SqlRooms, clock: Hands
) -> None:
    history = SqlHistory(engine)
    for place in ("-5", "-5/9", "-55"):
        await rooms.change("telegram", place, having("mode", Mode.OFF), OWEN)
        await history.add(replace(GROUP, id=place), answered(1, "Story"), plain(), "a1")
    await rooms.mark_left("telegram", "-5")
    clock.now += timedelta(hours=25)
    await rooms.mark_left("telegram", "-5")
    assert await rooms.purge(clock.now - timedelta(days=2)) == 0
    assert await rooms.purge(clock.now - timedelta(days=1)) == 1
    for place, there in (("-5", 0), ("-5/9", 0), ("-55", 1)):
        assert len(await rooms.overrides("telegram", place)) == there, place
        assert len(await rooms.audit("telegram", place)) == there, place
        assert (await history.search(replace(GROUP, id=place), Query())).total == there, place


async def test_a_room_that_the_bot_came_back_to_stays(rooms: SqlRooms, clock: Hands) -> None:
    await rooms.change("telegram", "-5", having("mode", Mode.OFF), OWEN)
    await rooms.mark_left("telegram", "-5")
    await rooms.mark_rejoined("telegram", "-5")
    assert await rooms.purge(clock.now + timedelta(days=9)) == 0
    assert await rooms.overrides("telegram", "-5") == Overrides.of({"mode": Mode.OFF})


@pytest.mark.parametrize(
    "act",
    [
        lambda rooms: rooms.change("discord", "1", having("mode", Mode.OFF), OWEN),
        lambda rooms: rooms.overrides("discord", "1"),
        lambda rooms: rooms.mark_left("discord", "1"),
    ],
)
async def test_a_database_out_of_reach_is_said(
    engine: AsyncEngine, rooms: SqlRooms, act: Callable[[SqlRooms], Awaitable[object]]
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE rooms"))
    with pytest.raises(CannotStore):
        await act(rooms)
