"""What a dispatcher does when the database fails it in the middle; all else about it is in test_checks.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.dispatcher import Dispatcher
from bot.job_store import Job
from tests.fakes.dispatching import resume
from tests.fakes.memory import FakeJobStore, Reach
from tests.storage.test_job_store import Answers, Chat, accepted, written


def clock() -> datetime:
    return datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass
class Forgetful(FakeJobStore):
    """A row is made, and the connection lost before anybody hears of it."""

    lost: bool = field(default=True)

    async def accept(self, job: Job) -> bool:
        new = await super().accept(job)
        if self.lost:
            self.lost = False
            raise OSError("the connection was lost")
        return new


@dataclass
class Unnoting(FakeJobStore):
    """Out of reach just when an answer stands, `times` times."""

    times: int = 1

    async def attach_message(self, check: str, revision: int, placeholder: str) -> bool:
        if self.times:
            self.times -= 1
            raise OSError("the database is out of reach")
        return await super().attach_message(check, revision, placeholder)


async def left_unnoted(dispatcher: Dispatcher, chat: Chat) -> Job:
    job = await accepted(dispatcher)
    with pytest.raises(OSError, match="out of reach"):
        await dispatcher.run_job(job.id, chat)
    return job


async def test_an_answer_that_could_not_be_noted_is_noted_later_and_not_sent_twice() -> None:
    job_store, answers, chat = Unnoting(times=3), Answers(), Chat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await left_unnoted(dispatcher, chat)
    assert [await resume(dispatcher, "discord", chat) for _ in range(3)] == [0, 0, 1]
    assert len(chat.sent) == len(answers.asked) == 1
    assert job_store.rows[job.id].placeholder == "message 1"
    assert answers.places == {job.id: f"place of {job.id}"}


async def test_an_edit_finds_the_answer_that_could_not_be_noted() -> None:
    job_store, chat = Unnoting(), Chat()
    dispatcher = Dispatcher(job_store, Answers(), clock)
    job = await left_unnoted(dispatcher, chat)
    assert await dispatcher.handle_edit(written("https://b.example/"), job.where) == (job.id,)
    assert await resume(dispatcher, "discord", chat) == 1
    assert (list(chat.standing), len(chat.sent)) == (["message 1"], 2)


async def test_an_answer_that_could_not_be_noted_goes_with_its_message_and_comes_back_with_its_link() -> None:
    job_store, chat = Unnoting(), Chat()
    dispatcher = Dispatcher(job_store, Answers(), clock)
    job = await left_unnoted(dispatcher, chat)
    assert await dispatcher.handle_edit(written(""), job.where) == (job.id,)
    assert await resume(dispatcher, "discord", chat) == 1
    assert chat.standing == {}
    assert await dispatcher.handle_edit(written("https://b.example/"), job.where) == (job.id,)
    assert await resume(dispatcher, "discord", chat) == 1
    assert list(chat.standing) == ["message 2"]


async def test_a_row_of_which_the_database_could_not_tell_is_not_answered_twice() -> None:
    job_store, chat = Forgetful(), Chat()
    dispatcher = Dispatcher(job_store, Answers(), clock)
    job = await accepted(dispatcher)
    assert await dispatcher.run_job(job.id, chat)
    assert await resume(dispatcher, "discord", chat) == 1
    assert len(chat.sent) == 1
    assert job_store.finished == [job.id]


async def test_what_has_no_row_and_cannot_be_delivered_gets_a_row_when_there_can_be_one() -> None:
    reach, chat = Reach(lost=True), Chat(RuntimeError("the platform is out"))
    dispatcher = Dispatcher(FakeJobStore(reach), Answers(), clock)
    job = await accepted(dispatcher)
    with pytest.raises(RuntimeError):
        await dispatcher.run_job(job.id, chat)
    with pytest.raises(OSError, match="out of reach"):
        await resume(dispatcher, "discord", chat)
    reach.lost = False
    assert await resume(dispatcher, "discord", chat) == 1
    assert await resume(dispatcher, "discord", chat) == 0
    assert [told.id for told, _ in chat.sent] == [job.id]
