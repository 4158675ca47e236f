"""Checks that survive: what was accepted is answered once, whichever process dies in between.

    accept() ─▶ a durable row ─▶ claim() ─▶ the conversation's answer ─▶ the platform's deliver() ─▶ finish()

A process works on a check for as long as it renews its claim. When it dies, the claim runs out and another
takes the check up, sees what there is already (a placeholder, the key under which the answer is sent), and
goes on. Between a platform's taking of an answer and our noting of it, only the platform's own key keeps an
answer from being sent twice: `Due.id` is that key, wherever the platform takes one.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, Protocol

from bot.conversation import Answer
from bot.errors import ReaderKilled
from bot.ledger import Due, Ledger
from bot.messages import Asked
from bot.ports import Clock
from bot.replies import Reply
from bot.replying.failures import failure

CLAIM: Final = timedelta(seconds=60)  # how long a check is somebody's without renewal
RENEWALS: Final = 3  # in that time
TRIES: Final = 2  # a link that kills its worker so often is not tried again

_log = logging.getLogger(__name__)


class Answers(Protocol):
    """What the conversation does with a check; None is silence."""

    async def answer(self, asked: Asked, *, ident: str | None = None) -> Answer | None: ...

    async def sent(self, answer_id: str, place: str) -> None: ...


class Undeliverable(Exception):  # noqa: N818  # named for what it is (DESIGN.md, "Names")
    """The platform will never take this answer: the room is gone, or the bot may not write there."""


class Delivers(Protocol):
    """A platform's way to put an answer where it belongs: into the placeholder, else as a new message under
    the key `due.id`. The place where it stands now. Raises Undeliverable."""

    async def __call__(self, due: Due, answer: Answer) -> str: ...


class Desk:
    """Accepts checks and sees them through."""

    def __init__(
        self,
        ledger: Ledger,
        answers: Answers,
        clock: Clock,
        *,
        span: timedelta = CLAIM,
        name: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._ledger = ledger
        self._answers = answers
        self._clock = clock
        self._span = span
        self._name = name
        self._owner = secrets.token_hex(16)
        self._loose: dict[str, Due] = {}

    async def accept(self, origin: str, asked: Asked, where: str) -> Due | None:
        """A durable row, before anything is acknowledged; None where this event was accepted already. Where
        nothing can be stored, the check is answered as long as this process lives."""
        due = Due(self._name(), origin, asked, where)
        try:
            return due if await self._ledger.accept(due) else None
        except OSError as problem:
            _log.warning("a check is accepted without a row: %s", problem)
            self._loose[due.id] = due
            return due

    async def hold(self, due: Due, placeholder: str) -> None:
        """A message of the bot stands where the answer will."""
        await self._ledger.hold(due.id, placeholder)

    async def see_through(self, check: str, deliver: Delivers) -> bool:
        """Answer a check, if it is nobody else's; whether it is finished now."""
        loose = self._loose.pop(check, None)
        if loose is not None:
            answer = await self._answers.answer(loose.asked, ident=loose.id)
            if answer is not None:
                await self._deliver(loose, answer, deliver)
            return True
        due = await self._ledger.claim(check, self._owner, self._span)
        if due is None:
            return False
        async with self._claimed(due):
            answer = await self._answer(due)
            if answer is not None:
                await self._deliver(due, answer, deliver)
        await self._ledger.finish(due.id)
        return True

    async def watch(self, platform: str, deliver: Delivers) -> None:
        """For ever: what other processes left is taken up as soon as it is nobody's."""
        while True:
            try:
                await self.resume(platform, deliver)
            except OSError as problem:
                _log.warning("checks that were left could not be looked up: %s", problem)
            await asyncio.sleep(self._span.total_seconds() / RENEWALS)

    async def resume(self, platform: str, deliver: Delivers) -> int:
        """See through what other processes left, one after the other; how many were finished."""
        done = 0
        for check in await self._ledger.waiting(platform):
            try:
                done += await self.see_through(check, deliver)
            except Exception:  # noqa: BLE001  # the others must not wait for this one
                _log.exception("a check that was left could not be finished yet")
        return done

    async def _answer(self, due: Due) -> Answer | None:
        if due.attempts > TRIES:
            _log.warning("the check %s has ended %d processes and is given up", due.id, due.attempts - 1)
            return None if due.asked.unasked else Answer(due.id, _given_up())
        answer = await self._answers.answer(due.asked, ident=due.id)
        await self._ledger.survived(due.id)
        return answer

    async def _deliver(self, due: Due, answer: Answer, deliver: Delivers) -> None:
        try:
            place = await deliver(due, answer)
        except Undeliverable as refused:
            _log.info("an answer could not be delivered: %s", refused)
            return
        await self._answers.sent(answer.id, place)

    @asynccontextmanager
    async def _claimed(self, due: Due) -> AsyncIterator[None]:
        """Renews the claim while something is done under it."""
        renewing = asyncio.create_task(self._renew(due.id))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self, check: str) -> None:
        while True:
            await asyncio.sleep(self._span.total_seconds() / RENEWALS)
            try:
                await self._ledger.renew(check, self._owner, self._span)
            except OSError as problem:
                _log.warning("a claim could not be renewed: %s", problem)


def _given_up() -> Reply:
    return failure(ReaderKilled())
