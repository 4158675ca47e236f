"""The job queue of accepted checks: a job as it is stored, and the port of its store.

The other queue is that of link work, which workers do: storage.queue, storage.queue_jobs, storage.worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.messages import CheckRequest


@dataclass(frozen=True, slots=True)
class Job:
    """An accepted check. `origin` is the platform's name of the event that asked; `where` is the message that
    is answered, in the platform's words; `placeholder` the bot's own message that stands there; `attempts`
    counts the processes that began to read and have not finished; `fresh`: none has begun.

    `revision` counts the edits of the message; without links in `request`, the question was withdrawn.
    `sending` counts the answers that were deleted, so that each has a key of its own. `removed`: somebody
    removed the answer, and no edit brings it back.
    """

    id: str
    origin: str
    request: CheckRequest
    where: str
    placeholder: str | None = None
    attempts: int = 0
    revision: int = 0
    sending: int = 0
    removed: bool = False
    fresh: bool = True

    @property
    def key(self) -> str:
        """The idempotency key of the answer, by which a platform knows one that is sent again: at most 25
        characters of [a-z0-9]."""
        return f"{self.id[:16]}{self.sending or ''}"

    @property
    def withdrawn(self) -> bool:
        return self.removed or not self.request.links


class JobStore(Protocol):
    """The stored jobs. Every method raises OSError where nothing can be stored."""

    async def accept(self, job: Job) -> bool:
        """Store a job. Return False where this event was accepted before."""

    async def claim(self, job_id: str, owner: str, span: timedelta) -> Job | None:
        """Claim a job for `owner`. Return None where it is finished or another process has it."""

    async def renew(self, job_id: str, owner: str, span: timedelta) -> bool:
        """Renew a claim. Return False where it ran out, or the job was revised."""

    async def release(self, job_id: str, owner: str) -> None:
        """Give up a claim on a job that failed, for a retry with backoff: the job rests for a part of its
        age, so that repeated failures are retried ever more rarely."""

    async def attach_message(self, job_id: str, revision: int, placeholder: str) -> bool:
        """Note the bot's own message that stands now. A job that was revised meanwhile is unfinished again.
        Return False where another message stands already."""

    async def detach_message(self, job_id: str) -> None:
        """Note that no message of the bot's own stands any more."""

    async def mark_removed(self, job_id: str) -> None:
        """Note that somebody removed the answer. The job is unfinished again and unclaimed: the process at
        work on it must not send it anew."""

    async def mark_survived(self, job_id: str, owner: str, span: timedelta) -> bool:
        """Note that no process died of the pages, and renew the claim as above."""

    async def finish(self, job_id: str, owner: str, revision: int) -> bool:
        """Finish a job. Return False where it was revised meanwhile, or another process has it."""

    async def find_unclaimed(self, platform: str, span: timedelta) -> tuple[str, ...]:
        """Return the unfinished jobs without a claim, oldest first. `span`: the longest claim; one that ends
        later was dated by a wrong clock."""

    async def find_by_message(self, platform: str, where: str) -> tuple[Job, ...]:
        """Return the jobs of one message, finished and withdrawn ones too."""

    async def has_accepted(self, origin: str) -> bool:
        """Return True if an event was accepted."""

    async def revise(self, job_id: str, revision: int, request: CheckRequest) -> bool:
        """Replace the request; the job is unfinished again and unclaimed. Return False where it was revised
        already. The asker is taken from `request` only where it is not known any more."""
