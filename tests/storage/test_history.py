from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import IN_THE_LOG, HistoryEntry, Query
from bot.places import Room
from storage.engine import CannotStore
from storage.history import AT_ONCE, SqlHistory
from tests.bot.written import bridge, plain

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "100", private=False, server="1")
LAKELAND = Room("discord", "200", private=False, server="1")


def answered(
    number: int, title: str, domain: str = "courier.example", *, flagged: bool = False
) -> HistoryEntry:
    key = f"{domain}/{number}"
    at = NOW + timedelta(minutes=number)
    return HistoryEntry(
        at, key, f"https://{key}", domain, title, "Dale Courier", flagged, 2, 3, place=str(number)
    )


@pytest.fixture
async def history(engine: AsyncEngine) -> SqlHistory:
    found = SqlHistory(engine)
    await found.add(DALE, answered(1, "The bridge at Dale has fallen"), bridge(), "a1")
    await found.add(DALE, answered(2, "A café in Lakeland", "news.lake.example", flagged=True), plain(), "a2")
    await found.add(LAKELAND, answered(3, "The bridge of another room"), plain(), "a3")
    return found


async def titles(history: SqlHistory, query: Query) -> list[str]:
    return [one.title for one in (await history.search(DALE, query)).entries]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), ["A café in Lakeland", "The bridge at Dale has fallen"]),
        (Query("bridge"), ["The bridge at Dale has fallen"]),
        (Query("BRI dal"), ["The bridge at Dale has fallen"]),
        (Query("bridge lakeland"), []),
        (Query("cafe"), ["A café in Lakeland"]),
        (Query("dale courier"), ["A café in Lakeland", "The bridge at Dale has fallen"]),
        (Query(domain="courier.example"), ["The bridge at Dale has fallen"]),
        (Query(domain="lake.example"), ["A café in Lakeland"]),
        (Query(domain="ake.example"), []),
        (Query(domain="%"), []),
        (Query(flagged=True), ["A café in Lakeland"]),
        (Query("bridge", flagged=True), []),
        (Query("👍"), []),
        (Query("' OR 1=1 --"), []),
        (Query('" NEAR( OR AND NOT *'), []),
        (Query("'); DROP TABLE history; --"), []),
    ],
)
async def test_a_search_finds_what_begins_so_in_this_room(
    history: SqlHistory, query: Query, found: list[str]
) -> None:
    assert await titles(history, query) == found


async def test_sources_are_searched_by_name(history: SqlHistory) -> None:
    name = bridge().sources[0].name.text
    assert await titles(history, Query(name)) == ["The bridge at Dale has fallen"]


async def test_an_entry_comes_back_as_it_was(history: SqlHistory) -> None:
    assert (await history.search(DALE, Query("cafe"))).entries == (
        answered(2, "A café in Lakeland", "news.lake.example", flagged=True),
    )


async def test_pages_follow_each_other_and_the_number_of_all_is_known(engine: AsyncEngine) -> None:
    history = SqlHistory(engine)
    for number in range(7):
        await history.add(DALE, answered(number, f"Story {number}"), plain(), "a1")
    pages = [await history.search(DALE, Query("story"), page=page, size=3) for page in range(4)]
    assert [[one.title[-1] for one in page.entries] for page in pages] == [
        ["6", "5", "4"],
        ["3", "2", "1"],
        ["0"],
        [],
    ]
    assert {page.total for page in pages} == {7}


async def test_the_latest_answer_about_a_link_is_the_one_to_point_at(history: SqlHistory) -> None:
    again = replace(answered(1, "The bridge at Dale has fallen"), at=NOW + timedelta(hours=1), place="9")
    await history.add(DALE, again, bridge(), "a1")
    assert await history.find_last(DALE, "courier.example/1", NOW) == again
    assert await history.find_last(DALE, "courier.example/1", NOW + timedelta(hours=2)) is None
    assert await history.find_last(LAKELAND, "courier.example/1", NOW) is None


async def test_what_was_removed_is_found_no_more(history: SqlHistory) -> None:
    for number in (4, 5):
        await history.add(DALE, answered(number, "A ferry"), plain(), "a4")
    assert await titles(history, Query("ferry")) == ["A ferry", "A ferry"]
    await history.remove("a4")
    assert await titles(history, Query("ferry")) == []
    assert await titles(history, Query("bridge")) == ["The bridge at Dale has fallen"]


async def test_where_an_answer_stands_is_known_once_it_was_sent(history: SqlHistory) -> None:
    await history.add(DALE, replace(answered(4, "A ferry"), place=None), plain(), "a4")
    await history.set_place("a4", "https://chat.example/4")
    (found,) = (await history.search(DALE, Query("ferry"))).entries
    assert found.place == "https://chat.example/4"


async def test_what_stands_in_the_log_channel_alone_is_for_who_may_see_it(engine: AsyncEngine) -> None:
    history = SqlHistory(engine)
    for number in range(7):
        there = IN_THE_LOG if number % 2 else None
        await history.add(DALE, replace(answered(number, f"Story {number}"), place=there), plain(), "a1")
    for query in (Query(), Query("story")):
        pages = [await history.search(DALE, query, page=page, size=3) for page in range(3)]
        assert [len(page.entries) for page in pages] == [3, 1, 0]
        assert {page.total for page in pages} == {4}
        assert (await history.search(DALE, query, logged=True)).total == 7
    assert [one.title[-1] async for one in history.iterate(DALE)] == ["6", "4", "2", "0"]
    assert len([one async for one in history.iterate(DALE, logged=True)]) == 7


async def test_what_stands_in_the_log_channel_stays_there_when_it_is_checked_again(
    history: SqlHistory,
) -> None:
    for place in (IN_THE_LOG, None):
        await history.add(DALE, replace(answered(4, "A ferry"), place=place), plain(), "a4")
    await history.set_place("a4", "https://chat.example/4")
    assert (await history.search(DALE, Query("ferry"))).total == 0
    assert (await history.search(DALE, Query("ferry"), logged=True)).total == 2


async def test_what_is_old_goes_by_room_and_everywhere(history: SqlHistory) -> None:
    assert await history.expire(DALE, NOW + timedelta(minutes=2)) == 1
    assert await history.expire(None, NOW + timedelta(days=1)) == 2
    assert (await history.search(DALE, Query())).total == 0


async def test_an_export_holds_everything_once(engine: AsyncEngine) -> None:
    history = SqlHistory(engine)
    columns = "at, platform, room, key, domain, title, outlet, flagged, pasted, sources, hedges, words"
    values = ":at, 'discord', '100', 'k', 'd', :title, '', :no, :no, 0, 0, ''"
    rows = [{"at": NOW.replace(tzinfo=None), "title": str(n), "no": False} for n in range(AT_ONCE + 1)]
    async with engine.begin() as connection:
        await connection.execute(text(f"INSERT INTO history ({columns}) VALUES ({values})"), rows)
    found = [one.title async for one in history.iterate(DALE)]
    assert found == [str(n) for n in reversed(range(AT_ONCE + 1))]


async def test_a_database_out_of_reach_is_said(engine: AsyncEngine, history: SqlHistory) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE history"))
    with pytest.raises(CannotStore):
        await history.search(DALE, Query("bridge"))


async def test_a_key_of_any_length_and_any_letters_is_found_again(history: SqlHistory) -> None:
    key = "courier.example/" + "ü" * 4000
    one = replace(answered(4, "A ferry"), key=key)
    await history.add(DALE, one, plain(), "a1")
    found = await history.find_last(DALE, key, NOW)
    assert found is not None
    assert found.title == "A ferry"


async def test_text_that_somebody_pasted_is_no_answer_about_the_page(history: SqlHistory) -> None:
    page, pasted = answered(5, "A ferry"), replace(answered(6, "A ferry sank"), pasted=True)
    for one in (page, replace(pasted, key=page.key)):
        await history.add(DALE, one, plain(), "a1")
    found = await history.find_last(DALE, page.key, NOW)
    assert found is not None
    assert found.title == "A ferry"
    assert (await history.search(DALE, Query("ferry"))).total == 2
