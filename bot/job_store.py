"""Accepted checks as durable rows: what a row holds, and the port behind which it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.messages import Asked


@dataclass(frozen=True, slots=True)
class Job:
    """An accepted check. `origin` is what the platform calls the event that asked; `where` is the message
    that is answered, in the platform's words; `placeholder` the bot's own message that stands there;
    `attempts` counts the processes that began to read and have not come through yet; `fresh`: nobody has
    begun.

    `revision` counts the edits of the message; without links in `asked`, the question was withdrawn.
    `sending` counts the answers that were taken back, so that each has a key of its own. `removed`: somebody
    took the answer away, and no edit brings it back.
    """

    id: str
    origin: str
    asked: Asked
    where: str
    placeholder: str | None = None
    attempts: int = 0
    revision: int = 0
    sending: int = 0
    removed: bool = False
    fresh: bool = True

    @property
    def key(self) -> str:
        """By which a platform knows an answer that is sent again: at most 25 characters of [a-z0-9]."""
        return f"{self.id[:16]}{self.sending or ''}"

    @property
    def withdrawn(self) -> bool:
        return self.removed or not self.asked.links


class JobStore(Protocol):
    """The durable rows. Every method raises OSError where nothing can be stored."""

    async def accept(self, job: Job) -> bool:
        """False where this event was accepted before."""

    async def claim(self, check: str, owner: str, span: timedelta) -> Job | None:
        """The check, now `owner`'s; None where it is finished or somebody else's."""

    async def renew(self, check: str, owner: str, span: timedelta) -> bool:
        """False where the check is no longer `owner`'s: its claim ran out, or it was revised."""

    async def release(self, check: str, owner: str) -> None:
        """What `owner` could not finish this time, and lives, is nobody's again. It rests for a part of its
        age, so that what fails again and again is tried ever more rarely."""

    async def attach_message(self, check: str, revision: int, placeholder: str) -> bool:
        """The bot's own message that stands now. Where the check was revised meanwhile, it is unfinished
        again, and False where another message stands already."""

    async def detach_message(self, check: str) -> None:
        """No message of the bot's own stands any more."""

    async def mark_removed(self, check: str) -> None:
        """Somebody took its answer away. It is unfinished again, and nobody's: who is at work on it must not
        send it anew."""

    async def mark_survived(self, check: str, owner: str, span: timedelta) -> bool:
        """Its pages were read, and nobody died of it; renewed, as above."""

    async def finish(self, check: str, owner: str, revision: int) -> bool:
        """False where the check was revised meanwhile, or is somebody else's, and so is not finished."""

    async def find_unclaimed(self, platform: str, span: timedelta) -> tuple[str, ...]:
        """Checks that are unfinished and nobody's, oldest first. `span`: of a claim, at most, so that one
        which ends later was dated by a clock that was wrong."""

    async def find_by_message(self, platform: str, where: str) -> tuple[Job, ...]:
        """The checks of one message, finished and withdrawn ones too."""

    async def has_accepted(self, origin: str) -> bool:
        """Whether an event was accepted."""

    async def revise(self, check: str, revision: int, asked: Asked) -> bool:
        """What it asks now; it is unfinished again, and nobody's. False where it was revised already. Who
        asked is taken from `asked` only where nobody knows it any more."""
