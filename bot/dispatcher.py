"""The dispatcher of the job queue of accepted checks: each is answered once, whoever dies in between.

    accept() ─▶ a stored job ─▶ claim() ─▶ the conversation's answer ─▶ the platform's deliver() ─▶ finish()
    handle_edit(), handle_deletion() ─▶ the job anew ─▶ …the same, and the answer is edited, or deleted
    handle_removal() ─▶ the job says so ─▶ no edit brings the answer back

A process runs a job for as long as it renews its claim. When it dies, the claim runs out and another process
claims the job, sees what there is already (a placeholder, the key under which the answer is sent), and goes
on. Between a platform's taking of an answer and our noting of it, only the platform's own key keeps an
answer from being sent twice: `Job.key` is that key, wherever the platform takes one. A process that lives and
could not note it, because the database was away, remembers it, and notes it when the check comes up again.

An edit that comes while its job runs ends the claim: the old answer is not sent any more, or, where it just
was, edited.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Protocol
from weakref import WeakValueDictionary

from cachetools import FIFOCache

from bot.answer_cache import Answer
from bot.background import run_in_background
from bot.errors import ReaderKilled
from bot.job_store import Job, JobStore
from bot.log_context import bind_check_id
from bot.messages import CheckRequest, Message
from bot.ports import Clock
from bot.replying.failures import failure

CLAIM: Final = timedelta(seconds=60)  # the time of a claim without renewal
RENEWALS: Final = 3  # in that time
MAX_ATTEMPTS: Final = 2  # a link that kills its worker so often is not tried again
AT_ONCE: Final = 32  # jobs that were left, and run at the same time
UNRECORDED_SIZE: Final = 10_000  # answers that stand and are not noted
EDITS: Final = 5  # of one message that are followed; after that its answer goes, since edits cost nothing

BeginTask = Callable[[Coroutine[Any, Any, bool]], asyncio.Task[bool]]
RunningJobs = dict[str, asyncio.Task[bool]]  # by the ids of jobs

_log = logging.getLogger(__name__)


class Answerer(Protocol):
    """The conversation as the dispatcher sees it; None is silence."""

    async def answer(self, request: CheckRequest, *, answer_id: str | None = None) -> Answer | None: ...

    async def mark_sent(self, answer_id: str, place: str) -> None: ...

    async def retract(self, answer_id: str) -> None:
        """Forget an answer that was given before."""

    async def reread(self, message: Message, before: CheckRequest) -> CheckRequest:
        """Return the request of an edited message, without links where nothing is left of it."""


class Undeliverable(Exception):  # noqa: N818  # named for what it is; "Error" would add nothing
    """The platform will never take this answer: the room is gone, the bot may not write there, or somebody
    has removed the message that was to be edited."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """An answer in a chat: the platform edits or deletes it by `message`, people find it by `place`."""

    message: str
    place: str


class AnswerDelivery(Protocol):
    """A platform's delivery of answers."""

    async def deliver(self, job: Job, answer: Answer) -> SentMessage:
        """Send an answer into the placeholder, else as a new message under `job.key`. Raises
        Undeliverable."""

    async def delete(self, job: Job) -> bool:
        """Delete the placeholder. Return False where somebody has removed it already. Raises
        Undeliverable."""


class Dispatcher:
    """Accepts checks as jobs, and runs them."""

    def __init__(
        self,
        job_store: JobStore,
        answerer: Answerer,
        clock: Clock,
        *,
        claim_time: timedelta = CLAIM,
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._job_store = job_store
        self._answerer = answerer
        self._clock = clock
        self._claim_time = claim_time
        self._new_id = new_id
        self._owner = secrets.token_hex(16)
        self._unstored: dict[str, Job] = {}  # accepted while the store was away
        self._to_store: dict[str, Job] = {}  # failed since, and still to be stored
        self._unrecorded: FIFOCache[str, tuple[int, SentMessage]] = FIFOCache(UNRECORDED_SIZE)  # by revision
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def accept(self, origin: str, request: CheckRequest, where: str) -> Job | None:
        """Store a job, before anything is acknowledged; None where this event was accepted already. Where
        nothing can be stored, the check is answered as long as this process lives."""
        job = Job(self._new_id(), origin, request, where)
        with bind_check_id(job.id):
            try:
                return job if await self._job_store.accept(job) else None
            except OSError as problem:
                _log.warning("a check is accepted without a row: %s", problem)
                self._unstored[job.id] = job
                return job

    @asynccontextmanager
    async def lock_message(self, where: str) -> AsyncIterator[None]:
        """Handle one event of a message at a time, in the order in which they came. Accepting, editing and
        deleting happen under this lock."""
        async with self._locks.setdefault(f"message {where}", asyncio.Lock()):
            yield

    async def handle_edit(self, message: Message, where: str) -> tuple[str, ...] | None:
        """Return the jobs of an edited message that are to run anew; None where it has none, so that it
        counts as a new one. Called under its lock."""
        found = await self._find_jobs(message.room.platform, where)
        if not found:
            return None if found is not None else ()
        changed: list[str] = []
        for job in found:
            if job.removed:
                continue
            with bind_check_id(job.id):
                request = await self._answerer.reread(message, job.request)
            if request == job.request or job.revision > EDITS:
                continue
            changed += await self._revise(job, request if job.revision < EDITS else _withdraw(request))
        return tuple(changed)

    async def handle_deletion(self, platform: str, where: str) -> tuple[str, ...]:
        """Return the jobs of a deleted message; run, they delete their answers. Called under its lock."""
        changed: list[str] = []
        for job in await self._find_jobs(platform, where) or ():
            if not job.withdrawn or job.placeholder is not None:
                changed += await self._revise(job, _withdraw(job.request))
        return tuple(changed)

    async def handle_removal(self, answer: str) -> None:
        """Note that somebody removed an answer: it leaves the history, and no edit brings it back."""
        with bind_check_id(answer):
            try:
                await self._job_store.mark_removed(answer)
            except OSError as problem:
                _log.warning("that an answer was removed could not be noted: %s", problem)
            await self._answerer.retract(answer)

    async def has_accepted(self, origin: str) -> bool:
        """Return True if an event was accepted before; False where that cannot be known."""
        try:
            return await self._job_store.has_accepted(origin)
        except OSError as problem:
            _log.warning("whether an event came before could not be looked up: %s", problem)
            return False

    async def run_job(self, job_id: str, delivery: AnswerDelivery) -> bool:
        """Run a job, if no other process has it; return True if it is finished now. A job that this process
        runs already is waited for, so that an edit finds the answer that it changes."""
        with bind_check_id(job_id):
            async with self._locks.setdefault(job_id, asyncio.Lock()):
                loose = self._unstored.pop(job_id, None)
                if loose is not None:
                    await self._run_unstored(loose, delivery)
                    return True
                while (job := await self._job_store.claim(job_id, self._owner, self._claim_time)) is not None:
                    try:
                        async with run_in_background(self._keep_claim(job.id)):
                            ours = await self._run_once(job, delivery)
                    except Exception:
                        await self._release(job)
                        raise
                    if ours and await self._job_store.finish(job.id, self._owner, job.revision):
                        return True
                return False

    async def _run_unstored(self, job: Job, delivery: AnswerDelivery) -> None:
        """Run a job that could not be stored. Where that fails, it is stored as soon as possible."""
        try:
            answer = await self._answerer.answer(job.request, answer_id=job.id)
            sent = None if answer is None else await self._deliver(job, answer, delivery)
        except Exception:
            self._to_store[job.id] = job
            raise
        if sent is not None:
            self._remember(job, sent)  # where only the database's word got lost, there is a row
            await self._answerer.mark_sent(job.id, sent.place)

    async def poll(
        self, platform: str, delivery: AnswerDelivery, begin: BeginTask = asyncio.create_task
    ) -> None:
        """Poll the store for ever: jobs that other processes left are run as soon as their claims end. Once
        cancelled it begins nothing more; the tasks that `begin` has begun may be awaited."""
        running: RunningJobs = {}
        while True:
            try:
                await self._start_unclaimed(platform, delivery, begin, running)
            except OSError as problem:
                _log.warning("checks that were left could not be looked up: %s", problem)
            await asyncio.sleep(self._claim_time.total_seconds() / RENEWALS)

    async def _start_unclaimed(
        self, platform: str, delivery: AnswerDelivery, begin: BeginTask, running: RunningJobs
    ) -> list[asyncio.Task[bool]]:
        """Begin jobs that were left, a few at once: a page that hangs must not hold up every room."""
        begun = []
        for job in [job for job in self._to_store.values() if job.request.room.platform == platform]:
            await self._job_store.accept(job)
            self._to_store.pop(job.id, None)
        for job_id in await self._job_store.find_unclaimed(platform, self._claim_time):
            if len(running) >= AT_ONCE:
                await asyncio.wait(running.values(), return_when=asyncio.FIRST_COMPLETED)
            for ended in [one for one, task in running.items() if task.done()]:
                del running[ended]
            if job_id not in running:
                running[job_id] = begin(self._run_safely(job_id, delivery))
                begun.append(running[job_id])
        return begun

    async def _run_safely(self, job_id: str, delivery: AnswerDelivery) -> bool:
        try:
            return await self.run_job(job_id, delivery)
        except Exception:  # noqa: BLE001  # the next round tries again
            _log.exception("a check that was left could not be finished yet")
            return False

    async def _find_jobs(self, platform: str, where: str) -> tuple[Job, ...] | None:
        """Return the jobs of a message; None where they cannot be known."""
        try:
            return await self._job_store.find_by_message(platform, where)
        except OSError as problem:
            _log.warning("the checks of a message that has changed could not be looked up: %s", problem)
            return None

    async def _revise(self, job: Job, request: CheckRequest) -> list[str]:
        """Revise a job. Return its id if it was changed: another process may have been faster."""
        with bind_check_id(job.id):
            try:
                return [job.id] if await self._job_store.revise(job.id, job.revision, request) else []
            except OSError as problem:
                _log.warning("a message has changed, and its check could not be: %s", problem)
                return []

    async def _run_once(self, job: Job, delivery: AnswerDelivery) -> bool:
        """Run a claimed job. Return True if this process had it to the end. An earlier answer, by a process
        that died or before an edit, does not stay in the history."""
        revision, sent = self._unrecorded.get(job.id, (job.revision, None))
        if sent is not None:
            if revision == job.revision:
                await self._record_sent(job, sent, delivery)
                return True
            job = replace(job, placeholder=sent.message)
        if job.revision or not job.fresh:
            await self._answerer.retract(job.id)
        answer = None if job.withdrawn else await self._answer(job)
        renew = self._job_store.renew if _is_exhausted(job) else self._job_store.mark_survived
        if not await renew(job.id, self._owner, self._claim_time):
            return False
        if answer is not None:
            sent = await self._deliver(job, answer, delivery)
            if sent is not None:
                self._remember(job, sent)
                await self._record_sent(job, sent, delivery)
        elif job.placeholder is not None:
            await self._delete_answer(job, delivery)
            self._unrecorded.pop(job.id, None)
        return True

    async def _release(self, job: Job) -> None:
        """Release a job that failed for now, so that it is retried with backoff and not when its claim
        ends."""
        try:
            await self._job_store.release(job.id, self._owner)
        except OSError as problem:
            _log.warning("a claim could not be let go of: %s", problem)

    async def _record_sent(self, job: Job, sent: SentMessage, delivery: AnswerDelivery) -> None:
        """Note a sent answer. One beside another, because two processes were at work, is deleted again."""
        if await self._job_store.attach_message(job.id, job.revision, sent.message):
            await self._answerer.mark_sent(job.id, sent.place)
        else:
            await self._delete_answer(replace(job, placeholder=sent.message), delivery, held=False)
        self._unrecorded.pop(job.id, None)

    def _remember(self, job: Job, sent: SentMessage) -> None:
        self._unrecorded[job.id] = job.revision, sent

    async def _answer(self, job: Job) -> Answer | None:
        if _is_exhausted(job):
            _log.warning("the check %s has ended %d processes and is given up", job.id, job.attempts - 1)
            return None if job.request.unasked else Answer(job.id, failure(ReaderKilled()))
        return await self._answerer.answer(job.request, answer_id=job.id)

    async def _deliver(self, job: Job, answer: Answer, delivery: AnswerDelivery) -> SentMessage | None:
        """Deliver an answer; None where the platform would not take it."""
        try:
            return await delivery.deliver(job, answer)
        except Undeliverable as refused:
            _log.info("an answer could not be delivered: %s", refused)
            await self._answerer.retract(answer.id)
            return None

    async def _delete_answer(self, job: Job, delivery: AnswerDelivery, *, held: bool = True) -> None:
        try:
            gone = await delivery.delete(job)
        except Undeliverable as refused:
            _log.info("an answer could not be taken back: %s", refused)
            return
        if held and gone:  # what somebody removed does not come back by a later edit
            await self._job_store.detach_message(job.id)

    async def _keep_claim(self, job_id: str) -> None:
        """Renew a claim for ever, while the job runs."""
        while True:
            await asyncio.sleep(self._claim_time.total_seconds() / RENEWALS)
            try:
                await self._job_store.renew(job_id, self._owner, self._claim_time)
            except OSError as problem:
                _log.warning("a claim could not be renewed: %s", problem)


def _withdraw(request: CheckRequest) -> CheckRequest:
    return replace(request, links=(), more=0)


def _is_exhausted(job: Job) -> bool:
    return job.attempts > MAX_ATTEMPTS
