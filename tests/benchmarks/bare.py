"""A platform with nothing in it but a way in and a way out, so that what is measured is what all share.

It does with a message, an edit and a deletion what the clients in `handlers` do, in the same order; what it
sends stands nowhere but here, and is counted.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import Counter
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from bot.answer_cache import Answer
from bot.dispatcher import Dispatcher, SentMessage
from bot.job_store import Job
from bot.messages import CheckRequest, Message
from bot.service import ConversationService
from handlers.draining import PendingAnswers
from handlers.load_shedding import LoadShedder

PLATFORM: Final = "discord"
checked: Final = ContextVar[list[str]]("checked")  # the links that were checked for an answer, by their keys


@dataclass(slots=True)
class Came:
    """An accepted check that is not answered yet; `changed`: by an edit or a deletion."""

    asked: CheckRequest
    at: float
    changed: bool = False


@dataclass(slots=True)
class Counts:
    """`ends`: of messages that were not accepted. `came`: accepted ones without an answer, by their messages.
    `ages`: seconds from accepted to answered, by whether it was asked for. `twice`: answers that were sent
    where one stood already; `pointers`: those for which nothing was checked.

    What is answered is let go of, so that the counting does not grow as the bot must not."""

    ends: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    came: dict[str, Came] = field(default_factory=dict)
    ages: dict[bool, array[float]] = field(default_factory=lambda: {True: array("d"), False: array("d")})
    twice: int = 0
    pointers: int = 0

    @property
    def answered(self) -> int:
        return sum(map(len, self.ages.values()))


class Bare:
    """`clock`: seconds; `sending`: how many of them the platform takes for an answer; `answered` is told of
    each answer's message."""

    def __init__(
        self,
        talk: ConversationService,
        dispatcher: Dispatcher,
        clock: Callable[[], float],
        sending: float = 0.0,
        answered: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._talk, self._dispatcher = talk, dispatcher
        self._answered = answered
        self._clock, self._sending = clock, sending
        self._standing: set[str] = set()
        self.owed, self._crowd = PendingAnswers(PLATFORM), LoadShedder()
        self.counts = Counts()

    async def says(self, message: Message, where: str) -> asyncio.Task[bool] | None:
        """The check that is under way; None where there is none."""
        async with self._dispatcher.lock_message(where):
            wanted = await self._talk.hear(message)
            if not isinstance(wanted, CheckRequest):
                self.counts.ends["told why not" if wanted else "not looked at"] += 1
                return None
            if wanted.unasked and not self._crowd.has_capacity(wanted):
                self.counts.ends["dropped"] += 1
                await self._talk.drop(wanted)
                return None
            came = Came(wanted, self._clock())
            job = await self._dispatcher.accept(f"message {where}", wanted, where)
            if job is None:
                self.counts.ends["known already"] += 1
                return None
            self.counts.came[where] = came
            self.counts.accepted += 1
            task = self._owe(self._dispatcher.run_job(job.id, self))
            self._crowd.add(wanted, task)
            return task

    async def edits(self, message: Message, where: str) -> None:
        async with self._dispatcher.lock_message(where):
            changed = await self._dispatcher.handle_edit(message, where)
        self._anew(where, changed or ())

    async def deletes(self, where: str) -> None:
        await self._talk.retract_at(PLATFORM, where)
        async with self._dispatcher.lock_message(where):
            gone = await self._dispatcher.handle_deletion(PLATFORM, where)
        self._anew(where, gone)

    def _anew(self, where: str, checks: tuple[str, ...]) -> None:
        for check in checks:
            if (waiting := self.counts.came.get(where)) is not None:
                waiting.changed = True
            self._owe(self._dispatcher.run_job(check, self))

    async def watch(self) -> None:
        await self._dispatcher.poll(PLATFORM, self, self._owe)

    def _owe(self, seen_through: Coroutine[Any, Any, bool]) -> asyncio.Task[bool]:
        async def noting() -> bool:
            checked.set([])
            return await seen_through

        return self.owed.add(noting())

    # ── answers ─────────────────────────────────────────────────────────────────────────────────────

    async def deliver(self, job: Job, answer: Answer) -> SentMessage:  # noqa: ARG002  # what it says is not looked at
        await asyncio.sleep(self._sending)
        if job.placeholder is None:
            self.counts.twice += job.where in self._standing
            self._standing.add(job.where)
        self._answered(job.where)
        came = self.counts.came.pop(job.where, None)
        if came is not None:  # and not an answer that follows an edit
            self.counts.ages[not came.asked.unasked].append(self._clock() - came.at)
            self.counts.pointers += not checked.get()
        return SentMessage("1", job.where)

    async def delete(self, job: Job) -> bool:
        await asyncio.sleep(self._sending)
        gone = job.where in self._standing
        self._standing.discard(job.where)
        return gone

    def stands(self, where: str) -> bool:
        return where in self._standing
