from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.messages import CheckRequest
from bot.model import Link, Report
from bot.places import Person, Room
from bot.ports import StoredReport
from bot.replies import Action
from bot.service import ConversationService
from bot.stores import Stores
from storage.engine import CannotStore
from storage.history import SqlHistory
from storage.objections import Objection, SqlObjections
from storage.people import SqlPeople
from storage.rooms import SqlRooms
from tests.bot.lined import lines
from tests.bot.written import plain
from tests.fakes.ports import FakeChecker, FakeTextReader

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "100", private=False, server="1")
OWEN = Person("discord", "7")


@pytest.fixture
def objections(engine: AsyncEngine) -> SqlObjections:
    ticks = iter(range(100))
    return SqlObjections(engine, lambda: NOW + timedelta(minutes=next(ticks)))


async def test_objections_are_listed_newest_first_a_page_at_a_time(objections: SqlObjections) -> None:
    await objections.add(DALE, OWEN, "courier.example/bridge", "Mara Venn never said so")
    await objections.add(DALE, None, "ports.example/quay")
    assert await objections.latest(0, 1) == (
        Objection(NOW + timedelta(minutes=1), "discord", "100", None, "ports.example/quay", ""),
    )
    assert await objections.latest(1, 1) == (
        Objection(NOW, "discord", "100", "7", "courier.example/bridge", "Mara Venn never said so"),
    )
    assert await objections.latest(2, 1) == ()
    assert await objections.count() == 2


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("x" * 1001, "x" * 1000),
        ("\x1b" * 5000 + "x" * 1001, "x" * 1000),
        ("the\nmayor\t\x1b[31mis\x00 wrong\r\n", "the mayor [31mis wrong"),
        ("half \ud83d a letter 👍", "half  a letter 👍"),
        (" \n", ""),
    ],
)
async def test_a_note_is_one_line_of_a_thousand_letters_without_controls(
    objections: SqlObjections, note: str, kept: str
) -> None:
    await objections.add(DALE, None, "courier.example/", note)
    assert [one.note for one in await objections.latest()] == [kept]


async def test_a_link_longer_than_its_column_is_cut(objections: SqlObjections) -> None:
    await objections.add(DALE, None, "courier.example/" + "x" * 5000)
    assert [len(one.key) for one in await objections.latest()] == [2048]


async def test_what_cannot_be_kept_is_said(objections: SqlObjections, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE wrong"))
    for broken in (objections.add(DALE, None, "k"), objections.latest(), objections.count()):
        with pytest.raises(CannotStore, match="cannot be used"):
            await broken


# ── a reader presses “Wrong?” ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def talk(engine: AsyncEngine, objections: SqlObjections) -> ConversationService:
    async def check(link: Link, **_: object) -> StoredReport:  # noqa: ARG001  # every page is the same
        return StoredReport(plain(), NOW)

    async def read_text(text: str) -> Report:  # noqa: ARG001  # nobody pastes here
        return plain(pasted=True)

    rooms, people = SqlRooms(engine, lambda: NOW), SqlPeople(engine, lambda: NOW)
    memory = Stores(rooms, SqlHistory(engine), people, objections)
    return ConversationService(
        checker=FakeChecker(check), text_reader=FakeTextReader(read_text), stores=memory, clock=lambda: NOW
    )


async def pressed(talk: ConversationService, *urls: str) -> list[str]:
    links = tuple(Link(url, url.removeprefix("https://")) for url in urls)
    answer = await talk.answer(CheckRequest(DALE, "7", links))
    assert answer is not None
    reply = await talk.press(answer.id, Action.WRONG)
    assert reply is not None
    return lines(reply)


THANKS = ["Thank you. I have noted this for review, and I never publish it."]


async def test_each_link_of_an_answer_that_is_called_wrong_is_kept_without_the_reader(
    talk: ConversationService, objections: SqlObjections
) -> None:
    assert await pressed(talk, "https://courier.example/a", "https://ports.example/b") == THANKS
    assert [(one.room, one.who, one.key, one.note) for one in await objections.latest()] == [
        ("100", None, "ports.example/b", ""),
        ("100", None, "courier.example/a", ""),
    ]


async def test_a_reader_is_thanked_while_the_memory_is_out_of_reach(
    talk: ConversationService, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE wrong"))
    assert await pressed(talk, "https://courier.example/secret") == THANKS
    assert "an objection could not be kept: The database " in caplog.text
    assert "secret" not in caplog.text
