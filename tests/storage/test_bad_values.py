"""Ids, numbers and clocks that nobody expects in a store."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.history import HistoryEntry, Query
from bot.places import Person, Room
from bot.ports import StoredReport
from bot.rooms import Mode
from storage.engine import CannotStore
from storage.history import SqlHistory
from storage.people import SqlPeople
from storage.reports import SqlReports
from storage.rooms import SqlRooms
from tests.bot.written import plain
from tests.storage.refusals import DALE, NOW, STORY, answers, clock, titles
from tests.storage.test_history import answered

# ── ids out of range ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "strange", ["9" * 65, "1\0", "\ud800", "", "-0", "'; DROP TABLE history; --", "👍", "%", "a" * 100_000]
)
async def test_a_strange_id_is_kept_or_refused_and_nobody_goes_unanswered(
    engine: AsyncEngine, strange: str
) -> None:
    await SqlHistory(engine).add(DALE, answered(1, "Story 1"), plain(), "a1")
    room, person = Room("discord", strange, private=False, server=strange), Person("discord", strange)
    history, rooms, people = SqlHistory(engine), SqlRooms(engine, clock), SqlPeople(engine, clock)
    for act in (
        history.add(room, answered(2, "Story 2"), plain(), "a1"),
        history.search(room, Query("story", domain=strange)),
        history.find_last(room, strange, NOW),
        history.set_place("a1", strange),
        history.set_place(strange, "x"),
        history.remove(strange),
        rooms.change("discord", strange, lambda now: now.with_value("mode", Mode.AUTOMATIC), person),
        rooms.overrides("discord", strange),
        rooms.audit("discord", strange),
        people.ignore(person),
        people.is_ignored(person),
        people.forget(person),
        SqlReports(engine, clock).save(strange, STORY),
        rooms.mark_left("discord", strange),
    ):
        try:
            await act
        except CannotStore as refused:
            assert re.fullmatch(r"The database \S+ cannot be used: [^\n]{,100}\.", str(refused))  # noqa: PT017
    assert await answers(engine, room, strange)
    assert await titles(engine) == ["Story 1"]
    assert await SqlReports(engine, clock).get(strange) == STORY


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 2**70, -(2**70)])
async def test_a_number_out_of_range_finds_nothing_or_is_refused(engine: AsyncEngine, number: int) -> None:
    history = SqlHistory(engine)
    await history.add(DALE, answered(1, "Story 1"), plain(), "a1")
    for act in (
        history.search(DALE, Query(), page=number),
        SqlRooms(engine, clock).audit("discord", "100", page=number),
    ):
        try:
            await act
        except CannotStore as refused:
            assert re.fullmatch(r"The database \S+ cannot be used: [^\n]{,100}\.", str(refused))  # noqa: PT017
    assert await titles(engine) == ["Story 1"]


# ── a clock that goes back ──────────────────────────────────────────────────────────────────────────


async def test_a_clock_that_goes_back_makes_no_report_old_and_none_immortal(engine: AsyncEngine) -> None:
    hands = [NOW]
    reports = SqlReports(engine, lambda: hands[0])
    await reports.save("a", STORY)
    hands[0] = NOW - timedelta(days=40)
    assert await reports.expire() == 0
    assert await reports.get("a") == STORY
    later = StoredReport(plain(), hands[0])
    await reports.save("a", later)  # what is read now is newer, whatever its hour says
    assert await reports.get("a") == later
    hands[0] += timedelta(days=30)
    assert await reports.get("a") is None


async def test_the_latest_answer_is_the_one_that_was_given_last_whatever_the_clock_said(
    engine: AsyncEngine,
) -> None:
    history = SqlHistory(engine)
    for at, title in ((NOW, "before"), (NOW - timedelta(hours=2), "after")):
        await history.add(DALE, HistoryEntry(at, "k", None, "", title, "", False, 0, 0), plain(), "a1")
    latest = await history.find_last(DALE, "k", NOW - timedelta(hours=26))
    assert latest is not None
    assert latest.title == "after"
    assert [one.title for one in (await history.search(DALE, Query())).entries] == ["after", "before"]
