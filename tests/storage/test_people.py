from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.job_store import Job
from bot.messages import CheckRequest
from bot.places import Person, Room
from storage.job_store import SqlJobStore
from storage.people import SqlPeople
from storage.tables import AuditRow, PersonRow, WrongRow

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
OWEN, LENA = Person("discord", "7"), Person("discord", "8")


@pytest.fixture
async def people(engine: AsyncEngine) -> SqlPeople:
    change = {"at": NOW, "platform": "discord", "room": "1", "setting": "mode", "old": None, "new": "off"}
    objection = {"at": NOW, "platform": "discord", "room": "1", "key": "k", "note": "no"}
    async with engine.begin() as connection:
        await connection.execute(insert(AuditRow), [change | {"who": "7"}, change | {"who": "8"}])
        await connection.execute(insert(AuditRow), [change | {"platform": "telegram", "who": "7"}])
        await connection.execute(insert(WrongRow), [objection | {"who": "7"}])
    job_store = SqlJobStore(engine, lambda: NOW)
    for number, who in enumerate(("7", "7", "8")):
        asked = CheckRequest(Room("discord", "1", private=False), who, ())
        await job_store.accept(Job(f"a{number}", f"message {number}", asked, "here"))
    await job_store.claim("a0", "somebody", timedelta(seconds=60))
    await job_store.finish("a0", "somebody", 0)
    return SqlPeople(engine, lambda: NOW)


async def test_a_wish_to_be_ignored_is_kept_until_it_is_taken_back(people: SqlPeople) -> None:
    assert not await people.is_ignored(OWEN)
    for _ in range(2):
        await people.ignore(OWEN)
    assert await people.is_ignored(OWEN)
    assert not await people.is_ignored(LENA)
    assert not await people.is_ignored(Person("telegram", "7"))
    await people.stop_ignoring(OWEN)
    assert not await people.is_ignored(OWEN)


async def test_who_is_forgotten_is_nowhere_but_in_his_wish(people: SqlPeople, engine: AsyncEngine) -> None:
    await people.ignore(OWEN)
    assert await people.count_kept(OWEN) == {"changes": 1, "objections": 1, "checks": 1, "wishes": 1}
    assert await people.forget(OWEN) == 3
    assert await people.count_kept(OWEN) == {"changes": 0, "objections": 0, "checks": 0, "wishes": 1}
    assert await people.is_ignored(OWEN)
    async with engine.connect() as connection:
        changes = (await connection.execute(select(AuditRow.platform, AuditRow.who))).all()
        assert sorted(changes, key=str) == [("discord", "8"), ("discord", None), ("telegram", "7")]
        assert await connection.scalar(select(WrongRow.note)) == "no"
        assert await connection.scalar(select(PersonRow.since)) == NOW
