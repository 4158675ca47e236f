"""Checks that survive: what was accepted is answered once, whichever process dies in between.

    accept() ─▶ a durable row ─▶ claim() ─▶ the conversation's answer ─▶ the platform's put() ─▶ finish()
    edited(), deleted() ─▶ the row anew ─▶ …the same, and the answer is edited, or taken back
    removed() ─▶ the row says so ─▶ no edit brings the answer back

A process works on a check for as long as it renews its claim. When it dies, the claim runs out and another
takes the check up, sees what there is already (a placeholder, the key under which the answer is sent), and
goes on. Between a platform's taking of an answer and our noting of it, only the platform's own key keeps an
answer from being sent twice: `Job.id` is that key, wherever the platform takes one. A process that lives and
could not note it, because the database was away, remembers it, and notes it when the check comes up again.

An edit that comes while its check is being worked on takes the check away from whoever works on it; the old
answer is not sent any more, or, where it just was, edited.
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
from bot.messages import Asked, Message
from bot.ports import Clock
from bot.replies import Reply
from bot.replying.failures import failure

CLAIM: Final = timedelta(seconds=60)  # how long a check is somebody's without renewal
RENEWALS: Final = 3  # in that time
MAX_ATTEMPTS: Final = 2  # a link that kills its worker so often is not tried again
AT_ONCE: Final = 32  # checks that were left, and are seen through at the same time
REMEMBERED: Final = 10_000  # answers that stand and are not noted
EDITS: Final = 5  # of one message that are followed; after that its answer goes, since edits cost nothing

Begins = Callable[[Coroutine[Any, Any, bool]], asyncio.Task[bool]]
UnderWay = dict[str, asyncio.Task[bool]]  # by the ids of checks

_log = logging.getLogger(__name__)


class Answerer(Protocol):
    """What the conversation does with a check; None is silence."""

    async def answer(self, asked: Asked, *, answer_id: str | None = None) -> Answer | None: ...

    async def mark_sent(self, answer_id: str, place: str) -> None: ...

    async def retract(self, answer_id: str) -> None:
        """Nothing is left of what was answered before."""

    async def reread(self, message: Message, before: Asked) -> Asked:
        """What an edited message asks now, without links where nothing is left of it."""


class Undeliverable(Exception):  # noqa: N818  # named for what it is (DESIGN.md, "Names")
    """The platform will never take this answer: the room is gone, the bot may not write there, or somebody
    has removed the message that was to be edited."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """An answer that stands in a chat: `message` is what the platform needs to edit or delete it, `place`
    what people need to find it."""

    message: str
    place: str


class AnswerDelivery(Protocol):
    """A platform's way to put an answer where it belongs."""

    async def deliver(self, job: Job, answer: Answer) -> SentMessage:
        """Into the placeholder, else as a new message under the key `job.id`. Raises Undeliverable."""

    async def delete(self, job: Job) -> bool:
        """The placeholder goes; False where somebody has removed it already. Raises Undeliverable."""


class Dispatcher:
    """Accepts checks and sees them through."""

    def __init__(
        self,
        job_store: JobStore,
        answers: Answerer,
        clock: Clock,
        *,
        claim_time: timedelta = CLAIM,
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._job_store = job_store
        self._answerer = answers
        self._clock = clock
        self._claim_time = claim_time
        self._new_id = new_id
        self._owner = secrets.token_hex(16)
        self._unstored: dict[str, Job] = {}  # without a row
        self._to_store: dict[str, Job] = {}  # to get one yet
        self._unrecorded: FIFOCache[str, tuple[int, SentMessage]] = FIFOCache(REMEMBERED)  # by revision
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def accept(self, origin: str, asked: Asked, where: str) -> Job | None:
        """A durable row, before anything is acknowledged; None where this event was accepted already. Where
        nothing can be stored, the check is answered as long as this process lives."""
        job = Job(self._new_id(), origin, asked, where)
        with bind_check_id(job.id):
            try:
                return job if await self._job_store.accept(job) else None
            except OSError as problem:
                _log.warning("a check is accepted without a row: %s", problem)
                self._unstored[job.id] = job
                return job

    @asynccontextmanager
    async def lock_message(self, where: str) -> AsyncIterator[None]:
        """One event of a message at a time, in the order in which they came: what it asks is accepted, edited
        or deleted within its turn."""
        async with self._locks.setdefault(f"message {where}", asyncio.Lock()):
            yield

    async def handle_edit(self, message: Message, where: str) -> tuple[str, ...] | None:
        """The checks of an edited message that are to be seen through anew; None where it has none, so that
        it counts as a new one. Within its turn."""
        found = await self._find_jobs(message.room.platform, where)
        if not found:
            return None if found is not None else ()
        changed: list[str] = []
        for job in found:
            if job.removed:
                continue
            with bind_check_id(job.id):
                asked = await self._answerer.reread(message, job.asked)
            if asked == job.asked or job.revision > EDITS:
                continue
            changed += await self._revise(job, asked if job.revision < EDITS else _none(asked))
        return tuple(changed)

    async def handle_deletion(self, platform: str, where: str) -> tuple[str, ...]:
        """The checks of a message that is gone; seen through, they take their answers back. Within its
        turn."""
        changed: list[str] = []
        for job in await self._find_jobs(platform, where) or ():
            if not job.withdrawn or job.placeholder is not None:
                changed += await self._revise(job, _none(job.asked))
        return tuple(changed)

    async def handle_removal(self, answer: str) -> None:
        """Somebody took an answer away, and its message is gone or emptied: it leaves the history, and no
        edit brings it back."""
        with bind_check_id(answer):
            try:
                await self._job_store.mark_removed(answer)
            except OSError as problem:
                _log.warning("that an answer was removed could not be noted: %s", problem)
            await self._answerer.retract(answer)

    async def has_accepted(self, origin: str) -> bool:
        """Whether an event was accepted before; where that cannot be known, it was not."""
        try:
            return await self._job_store.has_accepted(origin)
        except OSError as problem:
            _log.warning("whether an event came before could not be looked up: %s", problem)
            return False

    async def run_job(self, check: str, delivery: AnswerDelivery) -> bool:
        """Answer a check, if it is nobody else's; whether it is finished now. What this process is at work on
        already is waited for, so that an edit finds the answer that it changes."""
        with bind_check_id(check):
            async with self._locks.setdefault(check, asyncio.Lock()):
                return await self._run_claimed(check, delivery)

    async def _run_claimed(self, check: str, delivery: AnswerDelivery) -> bool:
        loose = self._unstored.pop(check, None)
        if loose is not None:
            await self._run_unstored(loose, delivery)
            return True
        while (job := await self._job_store.claim(check, self._owner, self._claim_time)) is not None:
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
        """What fails without a row gets one as soon as there can be one."""
        try:
            answer = await self._answerer.answer(job.asked, answer_id=job.id)
            standing = None if answer is None else await self._deliver(job, answer, delivery)
        except Exception:
            self._to_store[job.id] = job
            raise
        if standing is not None:
            self._remember(job, standing)  # where only the database's word got lost, there is a row
            await self._answerer.mark_sent(job.id, standing.place)

    async def poll(
        self, platform: str, delivery: AnswerDelivery, begin: Begins = asyncio.create_task
    ) -> None:
        """For ever: what other processes left is taken up as soon as it is nobody's. Once cancelled it begins
        nothing more; whoever keeps what `begin` has begun may see it to its end."""
        under_way: UnderWay = {}
        while True:
            try:
                await self._start_unclaimed(platform, delivery, begin, under_way)
            except OSError as problem:
                _log.warning("checks that were left could not be looked up: %s", problem)
            await asyncio.sleep(self._claim_time.total_seconds() / RENEWALS)

    async def resume(self, platform: str, delivery: AnswerDelivery) -> int:
        """See through what other processes left now; how many were finished."""
        begun = await self._start_unclaimed(platform, delivery, asyncio.create_task, {})
        return sum(await asyncio.gather(*begun))

    async def _start_unclaimed(
        self, platform: str, delivery: AnswerDelivery, begin: Begins, under_way: UnderWay
    ) -> list[asyncio.Task[bool]]:
        """Begin what was left, a few checks at once: a page that hangs must not hold up every room."""
        begun = []
        await self._accept_late(platform)
        for check in await self._job_store.find_unclaimed(platform, self._claim_time):
            await _fewer(under_way)
            if check not in under_way:
                under_way[check] = begin(self._run_safely(check, delivery))
                begun.append(under_way[check])
        return begun

    async def _accept_late(self, platform: str) -> None:
        for job in [job for job in self._to_store.values() if job.asked.room.platform == platform]:
            await self._job_store.accept(job)
            self._to_store.pop(job.id, None)

    async def _run_safely(self, check: str, delivery: AnswerDelivery) -> bool:
        try:
            return await self.run_job(check, delivery)
        except Exception:  # noqa: BLE001  # the next round tries again
            _log.exception("a check that was left could not be finished yet")
            return False

    async def _find_jobs(self, platform: str, where: str) -> tuple[Job, ...] | None:
        """None where that cannot be known."""
        try:
            return await self._job_store.find_by_message(platform, where)
        except OSError as problem:
            _log.warning("the checks of a message that has changed could not be looked up: %s", problem)
            return None

    async def _revise(self, job: Job, asked: Asked) -> list[str]:
        """The check, if it was changed: another process may have been faster."""
        with bind_check_id(job.id):
            try:
                return [job.id] if await self._job_store.revise(job.id, job.revision, asked) else []
            except OSError as problem:
                _log.warning("a message has changed, and its check could not be: %s", problem)
                return []

    async def _run_once(self, job: Job, delivery: AnswerDelivery) -> bool:
        """Whether the check was this process's to the end. What was answered before, by a process that died
        or before an edit, is not remembered twice."""
        revision, standing = self._unrecorded.get(job.id, (job.revision, None))
        if standing is not None:
            if revision == job.revision:
                await self._record_sent(job, standing, delivery)
                return True
            job = replace(job, placeholder=standing.message)
        if job.revision or not job.fresh:
            await self._answerer.retract(job.id)
        answer = None if job.withdrawn else await self._answer(job)
        renew = self._job_store.renew if _worn(job) else self._job_store.mark_survived
        if not await renew(job.id, self._owner, self._claim_time):
            return False
        if answer is not None:
            standing = await self._deliver(job, answer, delivery)
            if standing is not None:
                self._remember(job, standing)
                await self._record_sent(job, standing, delivery)
        elif job.placeholder is not None:
            await self._delete_answer(job, delivery)
            self._unrecorded.pop(job.id, None)
        return True

    async def _release(self, job: Job) -> None:
        """What failed for now, as where the platform is out, waits for the next round and not for its claim
        to run out."""
        try:
            await self._job_store.release(job.id, self._owner)
        except OSError as problem:
            _log.warning("a claim could not be let go of: %s", problem)

    async def _record_sent(self, job: Job, standing: SentMessage, delivery: AnswerDelivery) -> None:
        """An answer that stands beside another one, because two processes were at work, goes again."""
        if await self._job_store.attach_message(job.id, job.revision, standing.message):
            await self._answerer.mark_sent(job.id, standing.place)
        else:
            await self._delete_answer(replace(job, placeholder=standing.message), delivery, held=False)
        self._unrecorded.pop(job.id, None)

    def _remember(self, job: Job, standing: SentMessage) -> None:
        self._unrecorded[job.id] = job.revision, standing

    async def _answer(self, job: Job) -> Answer | None:
        if _worn(job):
            _log.warning("the check %s has ended %d processes and is given up", job.id, job.attempts - 1)
            return None if job.asked.unasked else Answer(job.id, _given_up())
        return await self._answerer.answer(job.asked, answer_id=job.id)

    async def _deliver(self, job: Job, answer: Answer, delivery: AnswerDelivery) -> SentMessage | None:
        """Where the answer stands; None where the platform would not take it."""
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

    async def _keep_claim(self, check: str) -> None:
        """For ever, while something is done under the claim."""
        while True:
            await asyncio.sleep(self._claim_time.total_seconds() / RENEWALS)
            try:
                await self._job_store.renew(check, self._owner, self._claim_time)
            except OSError as problem:
                _log.warning("a claim could not be renewed: %s", problem)


async def _fewer(under_way: UnderWay) -> None:
    """Waits until one more may be begun."""
    if len(under_way) >= AT_ONCE:
        await asyncio.wait(under_way.values(), return_when=asyncio.FIRST_COMPLETED)
    for check in [check for check, task in under_way.items() if task.done()]:
        del under_way[check]


def _none(asked: Asked) -> Asked:
    return replace(asked, links=(), more=0)


def _worn(job: Job) -> bool:
    return job.attempts > MAX_ATTEMPTS


def _given_up() -> Reply:
    return failure(ReaderKilled())
