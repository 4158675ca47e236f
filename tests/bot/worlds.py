"""A web with one page, for the tests of checks and of the flights in front of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.check import LinkChecker
from bot.errors import BadStatus, CannotCheck
from bot.fair_queue import Ticket
from bot.model import Link, NotModified, Page, Report, Version
from bot.ports import StoredReport
from bot.single_flight import SingleFlight
from tests.bot.written import bridge

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL: Final = "https://harbour-post.example/bridge"
KEY: Final = "harbour-post.example/bridge"
LINK = Link(f"{URL}?utm_source=1", KEY)
FIRST: Final = Version(URL, '"one"')
HOUR: Final = timedelta(hours=1)


class World:
    """A web with one page, a reader and a store, and what was asked of each. Held, it sends no page."""

    def __init__(self, *, status: int = 200, broken: bool = False, version: Version | None = None) -> None:
        self.status = status
        self.broken = broken
        self.version = version
        self.page_url = URL
        self.report = bridge()
        self.failure: CannotCheck | None = None  # of the reading
        self.now = NOW
        self.fetched: list[Version | None] = []  # one an attempt: the version that was said to be known
        self.began: list[datetime] = []
        self.tickets: list[Ticket] = []
        self.at_once, self.most_at_once, self.given_up, self.read_pages = 0, 0, 0, 0
        self.kept: dict[str, StoredReport] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.checker = SingleFlight(LinkChecker(self, self, self, lambda: self.now))

    def hold(self) -> None:
        self.open.clear()

    async def fetch(self, link: Link, known: Version | None = None) -> Any:  # noqa: ARG002  # one page
        self.fetched.append(known)
        self.began.append(self.now)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            await turns(5)  # a connection takes a moment to close
            self.given_up += 1
            raise
        finally:
            self.at_once -= 1
        if self.status != 200:
            raise BadStatus(self.status)
        if known and known == self.version:
            return NotModified()
        return Page(self.page_url, b"<p>The bridge</p>", version=self.version)

    async def read(self, page: Page, ticket: Ticket) -> Report:  # noqa: ARG002  # one page
        self.tickets.append(ticket)
        self.read_pages += 1
        if self.failure:
            raise self.failure
        return self.report

    async def get(self, key: str) -> StoredReport | None:
        if self.broken:
            raise OSError("no disk")
        return self.kept.get(key)

    async def save(self, key: str, kept: StoredReport) -> None:
        if self.broken:
            raise OSError("no disk")
        self.kept[key] = kept


async def turns(count: int = 10) -> None:
    """Everybody who can go on goes on."""
    for _ in range(count):
        await asyncio.sleep(0)
