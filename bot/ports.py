"""What the thinking part asks of the world, named by role; adapters are named by technology."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import CannotCheck
from bot.model import Link, Page, Report


class Clock(Protocol):
    """The present moment, with a zone."""

    def __call__(self) -> datetime: ...


class Fetch(Protocol):
    """A link's page. Raises BadLink or CannotFetch, and CannotRead for what is no HTML page."""

    async def __call__(self, link: Link) -> Page: ...


class Read(Protocol):
    """A page's report, within limits of time and memory. Raises CannotRead."""

    async def __call__(self, page: Page) -> Report: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A report and when its page was fetched (UTC)."""

    report: Report
    fetched: datetime


class Reports(Protocol):
    """Reports by the key of their link."""

    async def get(self, key: str) -> Kept | None: ...

    async def keep(self, key: str, kept: Kept) -> None: ...


Outcome = Report | CannotCheck
