"""What the thinking part asks of the world, named by role; adapters are named by technology."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, overload

from bot.errors import CannotCheck
from bot.fair_queue import Ticket
from bot.model import Link, NotModified, Page, Report, Version

Clock = Callable[[], datetime]  # the present moment, with a zone
FindLinks = Callable[[str], tuple[Link, ...]]  # the links in a text, in order


class Fetcher(Protocol):
    """A link's page, or that it is still what is known. Raises BadLink or CannotFetch, and CannotRead for
    what is no HTML page."""

    @overload
    async def fetch(self, link: Link) -> Page: ...

    @overload
    async def fetch(self, link: Link, known: Version | None) -> Page | NotModified: ...


class Reader(Protocol):
    """A page's report, within limits of time and memory, when its `ticket` comes up. Raises CannotRead."""

    async def read(self, page: Page, ticket: Ticket) -> Report: ...


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report and when its page was fetched (UTC), or last found unchanged.

    `version` is what the page's server said of it. `canonical` is the key of the story by the page's own
    word, which counts only within the registrable domain where the page was found.
    """

    report: Report
    fetched: datetime
    version: Version | None = None
    canonical: str | None = None


class Reports(Protocol):
    """Reports by two keys: that of the link that was pasted, and that which the page itself names."""

    async def get(self, key: str) -> StoredReport | None:
        """The report kept under this key, else the newest of a page that names this key as its own."""

    async def keep(self, key: str, kept: StoredReport) -> None:
        """Keep it under the pasted link's key alone, so that no page takes the place of another link's."""


Outcome = Report | CannotCheck


class HostSlots(Protocol):
    """Turns at web sites, by their hosts, where several processes visit them."""

    def acquire(self, host: str) -> AbstractAsyncContextManager[None]:
        """Raises SiteBusy for what would have to wait too long."""

    async def pause(self, host: str, seconds: float) -> None:
        """The site asks to be left alone for so long."""


class Checker(Protocol):
    """A link's report, not older than `within`, and when its page was fetched. Raises CannotCheck."""

    async def check(
        self,
        link: Link,
        *,
        again: bool = False,
        within: timedelta | None = None,
        ticket: Ticket | None = None,
    ) -> StoredReport: ...


class TextReader(Protocol):
    """The report on a text that somebody pasted. Raises CannotCheck."""

    async def read_text(self, text: str) -> Report: ...
