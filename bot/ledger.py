"""Accepted checks as durable rows: what a row holds, and the port behind which it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.messages import Asked


@dataclass(frozen=True, slots=True)
class Due:
    """An accepted check. `origin` is what the platform calls the event that asked; `where` is where the
    answer goes, in the platform's words; `placeholder` the message that stands there meanwhile; `attempts`
    counts the processes that began to read and have not come through yet."""

    id: str
    origin: str
    asked: Asked
    where: str
    placeholder: str | None = None
    attempts: int = 0


class Ledger(Protocol):
    """The durable rows. Every method raises OSError where nothing can be stored."""

    async def accept(self, due: Due) -> bool:
        """False where this event was accepted before."""

    async def claim(self, check: str, owner: str, span: timedelta) -> Due | None:
        """The check, now `owner`'s; None where it is finished or somebody else's."""

    async def renew(self, check: str, owner: str, span: timedelta) -> bool: ...

    async def hold(self, check: str, placeholder: str) -> None: ...

    async def survived(self, check: str) -> None:
        """Its pages were read, and nobody died of it."""

    async def finish(self, check: str) -> None: ...

    async def waiting(self, platform: str) -> tuple[str, ...]:
        """Checks that are unfinished and nobody's, oldest first."""
