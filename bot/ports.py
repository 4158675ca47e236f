"""The core's ports to the world, named by role; adapters are named by technology."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, overload

from bot.fair_queue import Ticket
from bot.model import Link, NotModified, Page, Report, Version

Clock = Callable[[], datetime]  # the present moment, with a zone
FindLinks = Callable[[str], tuple[Link, ...]]  # the links in a text, in order


class Fetcher(Protocol):
    """Fetches a link's page, or finds it not modified. Raises BadLink or CannotFetch, and CannotRead for
    other things than HTML pages."""

    @overload
    async def fetch(self, link: Link) -> Page: ...

    @overload
    async def fetch(self, link: Link, known: Version | None) -> Page | NotModified: ...


class Reader(Protocol):
    """Reads a page within limits of time and memory, when its `ticket` comes up. Raises CannotRead."""

    async def read(self, page: Page, ticket: Ticket) -> Report: ...


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report and when its page was fetched (UTC), or last found unchanged.

    `version` is the server's word on it. `canonical` is the key of the story by the page's own
    word, which counts only within the registrable domain where the page was found.
    """

    report: Report
    fetched: datetime
    version: Version | None = None
    canonical: str | None = None


class Reports(Protocol):
    """Reports by two keys: that of the link that was pasted, and that which the page itself names."""

    async def get(self, key: str) -> StoredReport | None:
        """Return the report stored under this key, else the newest of a page that names this key as its
        own."""

    async def save(self, key: str, kept: StoredReport) -> None:
        """Store a report under the pasted link's key alone, so that no page takes the place of another
        link's."""


class HostSlots(Protocol):
    """Slots at web sites, by host, shared by several processes."""

    def acquire(self, host: str) -> AbstractAsyncContextManager[None]:
        """Wait for a slot and hold it. Raises SiteBusy where that would take too long."""

    async def pause(self, host: str, seconds: float) -> None:
        """Let nobody visit a site for so long: it asked for that."""


class Checker(Protocol):
    """Checks a link: its report, not older than `within`, and when its page was fetched. Raises
    CannotCheck."""

    async def check(
        self,
        link: Link,
        *,
        again: bool = False,
        within: timedelta | None = None,
        ticket: Ticket | None = None,
    ) -> StoredReport: ...


class TextReader(Protocol):
    """Reads a text that somebody pasted. Raises CannotCheck."""

    async def read_text(self, text: str) -> Report: ...
