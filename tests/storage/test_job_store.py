from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.answer_cache import Answer
from bot.dispatcher import AT_ONCE, EDITS, MAX_ATTEMPTS, Dispatcher, SentMessage, Undeliverable
from bot.job_store import Job
from bot.messages import CheckRequest, Message
from bot.model import Link
from bot.places import Room
from bot.replying.failures import remark
from storage.job_store import SqlJobStore
from tests.bot.lined import lines
from tests.fakes.clock import Hands
from tests.fakes.dispatching import resume
from tests.fakes.memory import FakeJobStore, Reach
from tests.fakes.waiting import Watch

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DALE = Room("discord", "5", private=False, server="1")
ASKED = CheckRequest(DALE, "7", (Link("https://a.example/?x=1", "a.example", spoiler=True),), more=2)
SPAN = timedelta(seconds=60)
WHERE = "channel 5, message 1"


class Answers:
    """A conversation that says the same to all; `silent` where it says nothing."""

    def __init__(self, *, silent: bool = False) -> None:
        self.asked: list[CheckRequest] = []
        self.places: dict[str, str] = {}
        self.silent = silent

    async def answer(self, asked: CheckRequest, *, answer_id: str | None = None) -> Answer | None:
        self.asked.append(asked)
        return None if self.silent or answer_id is None else Answer(answer_id, remark("conversation.paste"))

    async def mark_sent(self, answer_id: str, place: str) -> None:
        self.places[answer_id] = place

    async def retract(self, answer_id: str) -> None:
        self.places.pop(answer_id, None)

    async def reread(self, message: Message, before: CheckRequest) -> CheckRequest:
        links = tuple(Link(word, word) for word in message.text.split())
        return replace(before, links=links, more=0)


class Chat:
    """Where answers end up: `sent` in order, `standing` by the message in which each stands now."""

    def __init__(self, *faults: Exception) -> None:
        self.sending: asyncio.Event | None = None  # where it is set, nothing is sent before
        self.sent: list[tuple[Job, Answer]] = []
        self.standing: dict[str, Job] = {}
        self.faults = list(faults)
        self.came = asyncio.Event()

    async def deliver(self, job: Job, answer: Answer) -> SentMessage:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((job, answer))
        if job.placeholder is not None and job.placeholder not in self.standing:
            raise Undeliverable("somebody has removed it")
        message = job.placeholder or f"message {len(self.sent)}"
        self.standing[message] = job
        self.came.set()
        return SentMessage(message, f"place of {job.id}")

    async def delete(self, job: Job) -> bool:
        assert job.placeholder is not None
        return self.standing.pop(job.placeholder, None) is not None


@pytest.fixture
def clock() -> Hands:
    return Hands(NOW)


@pytest.fixture
def job_store(engine: AsyncEngine, clock: Hands) -> SqlJobStore:
    return SqlJobStore(engine, clock)


async def accepted(dispatcher: Dispatcher, origin: str = "message 1") -> Job:
    job = await dispatcher.accept(origin, ASKED, WHERE)
    assert job is not None
    return job


async def test_a_check_is_answered_and_then_finished(job_store: SqlJobStore, clock: Hands) -> None:
    answers, chat = Answers(), Chat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    assert await dispatcher.run_job(job.id, chat)
    ((told, answer),) = chat.sent
    assert (told.request, told.where, told.placeholder) == (ASKED, "channel 5, message 1", None)
    assert answer.id == job.id
    assert answers.places == {job.id: f"place of {job.id}"}
    assert not await dispatcher.run_job(job.id, chat)
    assert await job_store.find_unclaimed("discord", SPAN) == ()


async def test_an_event_that_comes_twice_is_accepted_once(job_store: SqlJobStore, clock: Hands) -> None:
    dispatchers = [Dispatcher(job_store, Answers(), clock) for _ in range(2)]
    found = await asyncio.gather(
        *(dispatcher.accept("message 1", ASKED, "") for dispatcher in dispatchers * 4)
    )
    assert sum(job is not None for job in found) == 1


async def test_two_processes_do_not_answer_one_check(job_store: SqlJobStore, clock: Hands) -> None:
    chat = Chat()
    dispatchers = [Dispatcher(job_store, Answers(), clock) for _ in range(6)]
    job = await accepted(dispatchers[0])
    done = await asyncio.gather(*(dispatcher.run_job(job.id, chat) for dispatcher in dispatchers))
    assert sum(done) == 1
    assert len(chat.sent) == 1


async def test_what_a_dead_process_left_is_taken_up_when_its_claim_has_run_out(
    job_store: SqlJobStore, clock: Hands
) -> None:
    chat, dispatcher = Chat(), Dispatcher(job_store, Answers(), clock)
    job = await accepted(dispatcher)
    assert await job_store.claim(job.id, "a process that dies", SPAN) is not None
    assert await resume(dispatcher, "discord", chat) == 0
    assert await resume(dispatcher, "telegram", chat) == 0
    clock.now += SPAN
    assert await resume(dispatcher, "telegram", chat) == 0
    assert await resume(dispatcher, "discord", chat) == 1
    assert len(chat.sent) == 1


async def test_a_claim_that_is_renewed_stays(job_store: SqlJobStore, clock: Hands) -> None:
    job = await accepted(Dispatcher(job_store, Answers(), clock))
    await job_store.claim(job.id, "one", SPAN)
    clock.now += SPAN / 2
    assert await job_store.renew(job.id, "one", SPAN)
    assert not await job_store.renew(job.id, "another", SPAN)
    clock.now += SPAN * 3 / 4
    assert await job_store.claim(job.id, "another", SPAN) is None
    clock.now += SPAN
    assert await job_store.claim(job.id, "another", SPAN) is not None
    assert not await job_store.renew(job.id, "one", SPAN)


async def test_a_long_check_is_renewed_meanwhile(job_store: SqlJobStore) -> None:
    def now() -> datetime:
        return datetime.now(UTC)

    gate = asyncio.Event()

    class Slow(Answers):
        async def answer(self, asked: CheckRequest, *, answer_id: str | None = None) -> Answer | None:
            await gate.wait()
            return await super().answer(asked, answer_id=answer_id)

    job_store._clock = now
    span = timedelta(seconds=0.6)
    dispatcher = Dispatcher(job_store, Slow(), now, claim_time=span)
    job = await accepted(dispatcher)
    working = asyncio.create_task(dispatcher.run_job(job.id, Chat()))
    await asyncio.sleep(1.0)
    assert await job_store.find_unclaimed("discord", SPAN) == ()
    gate.set()
    assert await working


async def test_a_link_that_ends_its_processes_is_given_up_in_one_sentence(
    job_store: SqlJobStore, clock: Hands
) -> None:
    answers, chat = Answers(), Chat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    for n in range(MAX_ATTEMPTS):
        assert await job_store.claim(job.id, f"a process that dies {n}", SPAN) is not None
        clock.now += SPAN
    assert await resume(dispatcher, "discord", chat) == 1
    assert answers.asked == []
    ((_, answer),) = chat.sent
    assert lines(answer.reply) == ["This page took too much time or memory to read, so nothing was checked."]


async def test_a_platform_that_is_out_costs_no_link_its_answer(job_store: SqlJobStore, clock: Hands) -> None:
    chat = Chat(*[RuntimeError("the platform is out")] * (MAX_ATTEMPTS + 2))
    dispatcher = Dispatcher(job_store, Answers(), clock)
    await accepted(dispatcher)
    for _ in range(MAX_ATTEMPTS + 2):
        assert await resume(dispatcher, "discord", chat) == 0
        clock.now += SPAN
    assert await resume(dispatcher, "discord", chat) == 1
    ((_, answer),) = chat.sent
    assert lines(answer.reply) == ["Send me the article's text, and I check what you paste."]


async def test_what_failed_for_now_is_taken_up_in_the_next_round_by_whoever_comes(
    job_store: SqlJobStore, clock: Hands
) -> None:
    chat, dispatcher = Chat(RuntimeError("the platform is out")), Dispatcher(job_store, Answers(), clock)
    job = await accepted(dispatcher)
    with pytest.raises(RuntimeError):
        await dispatcher.run_job(job.id, chat)
    assert await job_store.find_unclaimed("discord", SPAN) == (job.id,)
    assert await resume(Dispatcher(job_store, Answers(), clock), "discord", chat) == 1
    assert len(chat.sent) == 1


async def test_what_fails_again_and_again_is_tried_ever_more_rarely(
    job_store: SqlJobStore, clock: Hands
) -> None:
    chat, dispatcher = (
        Chat(*[RuntimeError("the platform is out")] * 9999),
        Dispatcher(job_store, Answers(), clock),
    )
    await accepted(dispatcher)
    for _ in range(24 * 12):
        await resume(dispatcher, "discord", chat)
        clock.now += timedelta(minutes=5)
    assert 9999 - len(chat.faults) < 60


async def test_a_failure_that_a_process_outlives_is_none_of_those_that_end_processes(
    job_store: SqlJobStore, clock: Hands
) -> None:
    class Failing(Answers):
        async def answer(self, asked: CheckRequest, *, answer_id: str | None = None) -> Answer | None:
            raise RuntimeError((asked, answer_id))

    dispatcher, chat = Dispatcher(job_store, Failing(), clock), Chat()
    job = await accepted(dispatcher)
    for _ in range(MAX_ATTEMPTS + 1):
        assert await resume(dispatcher, "discord", chat) == 0
    claimed = await job_store.claim(job.id, "another", SPAN)
    assert claimed is not None
    assert claimed.attempts == 1


async def test_nobody_lets_go_of_what_is_somebody_elses(job_store: SqlJobStore, clock: Hands) -> None:
    job = await accepted(Dispatcher(job_store, Answers(), clock))
    await job_store.claim(job.id, "one", SPAN)
    await job_store.release(job.id, "another")
    assert await job_store.find_unclaimed("discord", SPAN) == ()


async def test_an_answer_that_nobody_takes_is_finished_with(job_store: SqlJobStore, clock: Hands) -> None:
    chat, answers = Chat(Undeliverable("the room is gone")), Answers()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    assert await dispatcher.run_job(job.id, chat)
    assert (chat.sent, answers.places) == ([], {})
    assert await resume(dispatcher, "discord", chat) == 0


async def test_silence_is_an_end_too(job_store: SqlJobStore, clock: Hands) -> None:
    chat = Chat()
    dispatcher = Dispatcher(job_store, Answers(silent=True), clock)
    job = await accepted(dispatcher)
    assert await dispatcher.run_job(job.id, chat)
    assert chat.sent == []


async def test_who_asked_is_let_go_of_in_time_and_an_answer_stays_with_its_message(
    job_store: SqlJobStore, clock: Hands
) -> None:
    answered, silent = (
        Dispatcher(job_store, Answers(), clock),
        Dispatcher(job_store, Answers(silent=True), clock),
    )
    done = await accepted(answered, "message 1")
    await answered.run_job(done.id, Chat())
    quiet = await accepted(silent, "message 2")
    await silent.run_job(quiet.id, Chat())
    clock.now += timedelta(days=2)
    await accepted(answered, "message 3")
    assert await job_store.clean_up(clock.now - timedelta(days=1)) == 2
    assert await job_store.clean_up(clock.now - timedelta(days=1)) == 0
    kept = {job.id: job.request.sender for job in await job_store.find_by_message("discord", WHERE)}
    assert kept.pop(done.id) == ""
    assert list(kept.values()) == ["7"]
    assert await job_store.rooms() == (DALE,)
    assert await job_store.expire(replace(DALE, id="6"), clock.now) == 0
    assert await job_store.expire(DALE, clock.now) == 1
    assert len(await job_store.find_unclaimed("discord", SPAN)) == 1


@pytest.mark.parametrize(
    "asked",
    [
        replace(ASKED, room=Room("telegram", "501", private=True), sender="501"),
        replace(ASKED, aside=True),
    ],
)
async def test_what_one_person_alone_sees_is_not_kept_longer_than_a_day(
    job_store: SqlJobStore, clock: Hands, asked: CheckRequest
) -> None:
    dispatcher = Dispatcher(job_store, Answers(), clock)
    job = await dispatcher.accept("message 501 10", asked, "501 10")
    assert job is not None
    await dispatcher.run_job(job.id, Chat())
    clock.now += timedelta(days=2)
    await job_store.clean_up(clock.now - timedelta(days=1))
    assert await job_store.find_by_message(asked.room.platform, "501 10") == ()


async def test_what_nobody_could_finish_for_a_day_is_given_up(job_store: SqlJobStore, clock: Hands) -> None:
    chat = Chat(*[RuntimeError("the platform is out")] * 9)
    dispatcher = Dispatcher(job_store, Answers(), clock)
    await accepted(dispatcher)
    for _ in range(3):
        assert await resume(dispatcher, "discord", chat) == 0
        clock.now += timedelta(hours=9)
    await job_store.clean_up(clock.now - timedelta(days=1))
    assert await job_store.find_unclaimed("discord", SPAN) == ()


async def test_a_row_gives_back_all_that_was_asked(job_store: SqlJobStore) -> None:
    asked = replace(ASKED, unasked=True, poster="8", aside=True)
    await job_store.accept(Job("a1", "message 1", asked, WHERE))
    job = await job_store.claim("a1", "somebody", SPAN)
    assert job == Job("a1", "message 1", asked, WHERE, attempts=1)


async def test_where_nothing_can_be_stored_who_asks_is_answered_all_the_same(clock: Hands) -> None:
    chat, answers = Chat(), Answers()
    dispatcher = Dispatcher(FakeJobStore(Reach(lost=True)), answers, clock)
    job = await accepted(dispatcher)
    assert await dispatcher.run_job(job.id, chat)
    assert [told.where for told, _ in chat.sent] == ["channel 5, message 1"]
    assert answers.places == {job.id: f"place of {job.id}"}


async def test_a_watch_takes_up_what_is_left_and_outlives_a_lost_database(
    job_store: SqlJobStore, clock: Hands
) -> None:
    dispatcher, chat = Dispatcher(job_store, Answers(), clock, claim_time=timedelta(seconds=0.3)), Chat()
    job = await accepted(dispatcher)
    lost = Dispatcher(FakeJobStore(Reach(lost=True)), Answers(), clock, claim_time=timedelta(seconds=0.01))
    watching = [asyncio.create_task(one.poll("discord", chat)) for one in (dispatcher, lost)]
    await asyncio.wait_for(chat.came.wait(), 60)
    assert [task.done() for task in watching] == [False, False]
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    assert [told.id for told, _ in chat.sent] == [job.id]


class Held(Answers):
    """Reads some links until it is told to go on; `most`: how many it has read at once."""

    def __init__(self, *held: str) -> None:
        super().__init__()
        self.held, self.gate, self.seen = held, asyncio.Event(), Watch()
        self.reading = self.most = 0

    async def answer(self, asked: CheckRequest, *, answer_id: str | None = None) -> Answer | None:
        self.reading += 1
        self.most = max(self.most, self.reading)
        await self.seen.tell()
        if asked.links[0].url in self.held:
            await self.gate.wait()
        self.reading -= 1
        return await super().answer(asked, answer_id=answer_id)


class Owed:
    """What a watch has begun, kept to be finished."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[bool]] = []
        self.seen = Watch()

    def __call__(self, check: Coroutine[Any, Any, bool]) -> asyncio.Task[bool]:
        async def done() -> bool:
            finished = await check
            await self.seen.tell()
            return finished

        self.tasks.append(asyncio.create_task(done()))
        return self.tasks[-1]


async def leave(job_store: SqlJobStore, clock: Hands, *links: str) -> None:
    """What another process has accepted and not begun."""
    dispatcher = Dispatcher(job_store, Answers(), clock)
    for link in links:
        where = f"channel 5, message {link}"
        assert await dispatcher.accept(where, replace(ASKED, links=(Link(link, link),)), where)


async def test_a_page_that_hangs_holds_up_nothing_else_that_was_left(
    job_store: SqlJobStore, clock: Hands
) -> None:
    answers, chat, owed = Held("0", "3"), Chat(), Owed()
    await leave(job_store, clock, *map(str, range(12)))
    dispatcher = Dispatcher(job_store, answers, clock, claim_time=timedelta(seconds=0.3))
    watching = asyncio.create_task(dispatcher.poll("discord", chat, owed))
    await owed.seen.until(lambda: len(chat.sent) == 10)
    await asyncio.sleep(0.25)  # two more rounds, in which nothing is begun again
    assert (len(owed.tasks), answers.reading) == (12, 2)
    assert answers.most <= AT_ONCE
    answers.gate.set()
    assert await asyncio.gather(*owed.tasks) == [True] * 12
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert len(chat.sent) == 12


async def test_a_watch_that_ends_begins_nothing_more_and_leaves_what_is_under_way_to_be_finished(
    job_store: SqlJobStore, clock: Hands
) -> None:
    links = [str(number) for number in range(AT_ONCE + 2)]
    answers, chat, owed = Held(*links), Chat(), Owed()
    await leave(job_store, clock, *links)
    watching = asyncio.create_task(Dispatcher(job_store, answers, clock).poll("discord", chat, owed))
    await answers.seen.until(lambda: answers.reading == AT_ONCE)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    answers.gate.set()
    assert await asyncio.gather(*owed.tasks) == [True] * AT_ONCE
    assert len(chat.sent) == AT_ONCE


# ── edits and deletes ───────────────────────────────────────────────────────────────────────────────


def written(text: str, sender: str = "7") -> Message:
    return Message(DALE, sender, text, asked=True)


async def test_an_answer_follows_the_links_of_its_message(job_store: SqlJobStore, clock: Hands) -> None:
    answers, chat = Answers(), Chat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    changed = await dispatcher.handle_edit(written("https://b.example/"), WHERE)
    assert changed == (job.id,)
    assert await dispatcher.run_job(job.id, chat)
    assert [told.placeholder for told, _ in chat.sent] == [None, "message 1"]
    assert [link.url for link in chat.standing["message 1"].request.links] == ["https://b.example/"]
    assert answers.places == {job.id: f"place of {job.id}"}
    assert await dispatcher.handle_edit(written("https://b.example/"), WHERE) == ()
    assert await dispatcher.handle_edit(written("https://b.example/"), "another message") is None


@pytest.mark.parametrize("how", ["link removed", "deleted"])
async def test_an_answer_goes_with_its_link(job_store: SqlJobStore, clock: Hands, how: str) -> None:
    answers, chat = Answers(), Chat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    gone = await (
        dispatcher.handle_edit(written(""), WHERE)
        if how == "link removed"
        else dispatcher.handle_deletion("discord", WHERE)
    )
    assert gone == (job.id,)
    assert await dispatcher.run_job(job.id, chat)
    assert (chat.standing, answers.places) == ({}, {})
    assert await dispatcher.handle_deletion("discord", WHERE) == ()


async def test_silence_about_the_new_link_takes_the_old_answer_back(
    job_store: SqlJobStore, clock: Hands
) -> None:
    chat, answers = Chat(), Answers()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    answers.silent = True
    await dispatcher.handle_edit(written("https://b.example/"), WHERE)
    assert await dispatcher.run_job(job.id, chat)
    assert chat.standing == {}


@pytest.mark.parametrize("text", ["https://b.example/", ""])
async def test_an_edit_in_the_middle_of_a_check_leaves_one_answer_to_the_last_text(
    job_store: SqlJobStore, clock: Hands, text: str
) -> None:
    gate, reading = asyncio.Event(), asyncio.Event()

    class Slow(Answers):
        async def answer(self, asked: CheckRequest, *, answer_id: str | None = None) -> Answer | None:
            reading.set()
            await gate.wait()
            return await super().answer(asked, answer_id=answer_id)

    chat = Chat()
    dispatcher = Dispatcher(job_store, Slow(), clock)
    job = await accepted(dispatcher)
    working = asyncio.create_task(dispatcher.run_job(job.id, chat))
    await reading.wait()
    changed = await dispatcher.handle_edit(written(text), WHERE)
    assert changed == (job.id,)
    following = asyncio.create_task(dispatcher.run_job(job.id, chat))
    gate.set()
    assert sorted(await asyncio.gather(working, following)) == [False, True]
    assert [link.url for told in chat.standing.values() for link in told.request.links] == text.split()
    assert len(chat.standing) == len(text.split()) == len(chat.sent)


async def test_an_edit_whose_process_dies_is_finished_by_another(
    job_store: SqlJobStore, clock: Hands
) -> None:
    chat, dispatcher = Chat(), Dispatcher(job_store, Answers(), clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    await dispatcher.handle_deletion("discord", WHERE)
    assert await resume(Dispatcher(job_store, Answers(), clock), "discord", chat) == 1
    assert chat.standing == {}


async def test_a_message_that_is_edited_over_and_over_loses_its_answer(
    job_store: SqlJobStore, clock: Hands
) -> None:
    chat, dispatcher = Chat(), Dispatcher(job_store, Answers(), clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    for number in range(EDITS):
        await dispatcher.handle_edit(written(f"https://b.example/{number}"), WHERE)
        await dispatcher.run_job(job.id, chat)
        assert len(chat.standing) == 1
    await dispatcher.handle_edit(written("https://b.example/last"), WHERE)
    await dispatcher.run_job(job.id, chat)
    assert chat.standing == {}


async def test_an_answer_that_somebody_removed_does_not_come_back(
    job_store: SqlJobStore, clock: Hands
) -> None:
    answers, chat = Answers(), Chat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    chat.faults.append(Undeliverable("the message is gone"))
    await dispatcher.handle_edit(written("https://b.example/"), WHERE)
    assert await dispatcher.run_job(job.id, chat)
    assert (len(chat.sent), answers.places) == (1, {})


@pytest.mark.parametrize("emptied", [True, False])
async def test_an_answer_that_somebody_took_away_does_not_come_back_even_where_it_was_only_emptied(
    job_store: SqlJobStore, clock: Hands, *, emptied: bool
) -> None:
    answers, chat = Answers(), Chat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    if not emptied:
        chat.standing.clear()
    await dispatcher.handle_removal(job.id)
    assert answers.places == {}
    for text in ("https://b.example/", "", "https://a.example/"):
        assert await dispatcher.handle_edit(written(text), WHERE) == ()
    assert await resume(dispatcher, "discord", chat) == 1
    assert await dispatcher.handle_deletion("discord", WHERE) == ()
    assert len(chat.sent) == 1


async def test_an_answer_that_is_taken_away_while_an_edit_of_it_is_sent_goes_again(
    job_store: SqlJobStore, clock: Hands
) -> None:
    began, gate = asyncio.Event(), asyncio.Event()

    class SlowChat(Chat):
        async def deliver(self, job: Job, answer: Answer) -> SentMessage:
            if job.revision:
                began.set()
                await gate.wait()
            return await super().deliver(job, answer)

    answers, chat = Answers(), SlowChat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    following = asyncio.create_task(follow(dispatcher, chat, "https://b.example/"))
    await began.wait()
    await Dispatcher(job_store, answers, clock).handle_removal(job.id)
    gate.set()
    await following
    assert (chat.standing, answers.places) == ({}, {})


async def test_what_has_no_row_is_taken_away_without_one(job_store: SqlJobStore, clock: Hands) -> None:
    answers = Answers()
    answers.places["a1"] = "place"
    await Dispatcher(job_store, answers, clock).handle_removal("a1")
    answers.places["a1"] = "place"
    await Dispatcher(FakeJobStore(Reach(lost=True)), answers, clock).handle_removal("a1")
    assert answers.places == {}


async def test_edits_without_a_database_change_nothing(clock: Hands) -> None:
    reach = Reach()
    dispatcher = Dispatcher(FakeJobStore(reach), Answers(), clock)
    await accepted(dispatcher)
    reach.lost = True
    assert await dispatcher.handle_edit(written(""), WHERE) == ()
    assert await dispatcher.handle_deletion("discord", WHERE) == ()


# ── two processes, or two events, at once ───────────────────────────────────────────────────────────


async def follow(dispatcher: Dispatcher, chat: Chat, text: str) -> None:
    async with dispatcher.lock_message(WHERE):
        changed = await dispatcher.handle_edit(written(text), WHERE)
    for check in changed or ():
        await dispatcher.run_job(check, chat)


class Gated(Answers):
    """A conversation that begins to read and goes on when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.gate = asyncio.Event(), asyncio.Event()

    async def answer(self, asked: CheckRequest, *, answer_id: str | None = None) -> Answer | None:
        self.began.set()
        await self.gate.wait()
        return await super().answer(asked, answer_id=answer_id)


async def test_a_process_that_has_lost_its_claim_ends_nobody_elses_check(
    job_store: SqlJobStore, clock: Hands
) -> None:
    slow, next_one, chat = Gated(), Gated(), Chat()
    one, other = Dispatcher(job_store, slow, clock), Dispatcher(job_store, next_one, clock)
    job = await accepted(one)
    first = asyncio.create_task(one.run_job(job.id, chat))
    await slow.began.wait()
    clock.now += SPAN
    second = asyncio.create_task(other.run_job(job.id, chat))
    await next_one.began.wait()
    slow.gate.set()
    assert not await first
    next_one.gate.set()
    assert await second
    assert len(chat.sent) == 1


@pytest.mark.parametrize("last", ["https://c.example/", ""])
async def test_events_of_one_message_take_turns(job_store: SqlJobStore, clock: Hands, last: str) -> None:
    gate = asyncio.Event()

    class Slow(Answers):
        async def reread(self, message: Message, before: CheckRequest) -> CheckRequest:
            if "b.example" in message.text:
                await gate.wait()
            return await super().reread(message, before)

    chat = Chat()
    dispatcher = Dispatcher(job_store, Slow(), clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    first = asyncio.create_task(follow(dispatcher, chat, "https://b.example/"))
    await asyncio.sleep(0)
    second = asyncio.create_task(follow(dispatcher, chat, last))
    await asyncio.sleep(0.05)
    gate.set()
    await asyncio.gather(first, second)
    assert [link.url for told in chat.standing.values() for link in told.request.links] == last.split()


async def test_a_delete_that_another_process_heard_of_while_the_answer_was_sent_takes_it_back(
    job_store: SqlJobStore, clock: Hands
) -> None:
    began, gate = asyncio.Event(), asyncio.Event()

    class SlowChat(Chat):
        async def deliver(self, job: Job, answer: Answer) -> SentMessage:
            began.set()
            await gate.wait()
            return await super().deliver(job, answer)

    chat = SlowChat()
    one, other = Dispatcher(job_store, Answers(), clock), Dispatcher(job_store, Answers(), clock)
    job = await accepted(one)
    working = asyncio.create_task(one.run_job(job.id, chat))
    await began.wait()
    for check in await other.handle_deletion("discord", WHERE):
        await other.run_job(check, chat)
    gate.set()
    assert await working
    assert chat.standing == {}


async def test_of_two_answers_that_two_processes_sent_one_goes_again(
    job_store: SqlJobStore, clock: Hands
) -> None:
    began, gate = asyncio.Event(), asyncio.Event()

    class SlowChat(Chat):
        async def deliver(self, job: Job, answer: Answer) -> SentMessage:
            if not job.revision:
                began.set()
                await gate.wait()
            return await super().deliver(job, answer)

    chat = SlowChat()
    one, other = Dispatcher(job_store, Answers(), clock), Dispatcher(job_store, Answers(), clock)
    job = await accepted(one)
    working = asyncio.create_task(one.run_job(job.id, chat))
    await began.wait()
    await follow(other, chat, "https://b.example/")
    gate.set()
    await working
    await resume(other, "discord", chat)
    assert [link.url for told in chat.standing.values() for link in told.request.links] == [
        "https://b.example/"
    ]


async def test_a_link_that_is_put_back_is_answered_again(job_store: SqlJobStore, clock: Hands) -> None:
    chat = Chat()
    dispatcher = Dispatcher(job_store, Answers(), clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    for text in ("", "https://b.example/"):
        await follow(dispatcher, chat, text)
    assert [told.key for told, _ in chat.sent] == [job.id[:16], f"{job.id[:16]}1"]
    assert len(chat.standing) == 1


async def test_a_finding_after_silence_is_answered_anew(job_store: SqlJobStore, clock: Hands) -> None:
    answers, chat = Answers(), Chat()
    dispatcher = Dispatcher(job_store, answers, clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, chat)
    answers.silent = True
    await follow(dispatcher, chat, "https://b.example/")
    answers.silent = False
    await follow(dispatcher, chat, "https://c.example/")
    assert [link.url for told in chat.standing.values() for link in told.request.links] == [
        "https://c.example/"
    ]


async def test_an_edit_tells_who_asked_only_where_nobody_knows_it(
    job_store: SqlJobStore, clock: Hands
) -> None:
    dispatcher = Dispatcher(job_store, Answers(), clock)
    job = await accepted(dispatcher)
    await dispatcher.run_job(job.id, Chat())
    await dispatcher.handle_edit(written("https://b.example/", sender="8"), WHERE)
    assert [one.request.sender for one in await job_store.find_by_message("discord", WHERE)] == ["7"]
    await dispatcher.run_job(job.id, Chat())
    clock.now += timedelta(days=2)
    await job_store.clean_up(clock.now - timedelta(days=1))
    await dispatcher.handle_deletion("discord", WHERE)
    assert [one.request.sender for one in await job_store.find_by_message("discord", WHERE)] == [""]
