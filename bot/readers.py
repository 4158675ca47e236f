"""Bounded work: pages are read in a sandbox, a few at a time.

Readers.read(page, ticket) ──▶ waits for a free process ──▶ Report, or a CannotCheck raised here
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from bot.errors import CannotRead
from bot.fair_queue import FairQueue, QueueFull, Ticket
from bot.model import Page, Report
from bot.sandbox import DEFAULT_LIMITS, Sandbox, SandboxLimits

_log = logging.getLogger(__name__)
_Given = TypeVar("_Given")
WAITING: Final = 64  # pages that may wait for a process

# ── in the sandbox ──────────────────────────────────────────────────────────────────────────────────
# Named here and imported late: the parent sends names, and loads none of the heavy parts itself.


def read_page(page: Page) -> Report:
    from bot.fetching.article import extract_article  # noqa: PLC0415
    from bot.reading.report import report  # noqa: PLC0415

    return report(extract_article(page))


def read_words(text: str) -> Report:
    from bot.fetching.article import article_from_text  # noqa: PLC0415
    from bot.reading.report import report  # noqa: PLC0415

    return report(article_from_text(text, pasted=True))


def load() -> None:
    """Read a page of our own, so that everything that is loaded late is loaded before a stranger's page."""
    read_page(Page("https://page.example/", _SAMPLE.encode()))


_SAMPLE: Final = """<!DOCTYPE html><html lang="en"><head><title>The harbour stays closed</title></head><body>
<article><h1>The harbour stays closed</h1>
<p>“Nothing moves before the end of the week,” Ana Roe, the harbour master, said on Monday, according to
<a href="/port">the port authority</a>, which closed both basins after a storm had damaged the outer wall.</p>
<p>The wall could be mended by Friday, two people familiar with the work believe, but that is unconfirmed, and
the ministry has declined to comment. Ships wait outside the bay, and fishermen have been told to stay in.</p>
<p>However, the union said in a statement that its members would reportedly be called in on Thursday.</p>
</article></body></html>"""

# ── outside ─────────────────────────────────────────────────────────────────────────────────────────


class Readers:
    """Reads pages and pasted texts; implements the ports `Reader` and `TextReader`."""

    def __init__(
        self,
        read_page: Callable[[Page], Report] = read_page,
        read_words: Callable[[str], Report] = read_words,
        load: Callable[[], None] = load,
        limits: SandboxLimits = DEFAULT_LIMITS,
        waiting: int = WAITING,
    ) -> None:
        self._read_page, self._read_words = read_page, read_words
        self._sandbox = Sandbox(load, limits)
        self.queue = FairQueue(limits.at_once, waiting)

    @property
    def waiting(self) -> int:
        """Return the number of pages that wait for a free process."""
        return len(self.queue)

    @property
    def shed_count(self) -> int:
        """Return the number of automatic checks that waited and were shed for a request."""
        return self.queue.shed_count

    @property
    def killed(self) -> int:
        """Return the number of processes that a page has ended."""
        return self._sandbox.killed

    async def warm(self) -> None:
        """Start every process, so that the first page waits for none."""
        await self._sandbox.warm()

    async def close(self) -> None:
        """Wait for processes that are just starting; the event loop's end stops them all."""
        await self._sandbox.close()

    async def read(self, page: Page, ticket: Ticket | None = None) -> Report:
        """Return the report of a page. Raise CannotRead, of it ReaderKilled past the limits."""
        return await self._run(self._read_page, page, ticket or Ticket())

    async def read_text(self, text: str) -> Report:
        """Return the report of a text that a person pasted. Raise CannotRead as for a page."""
        return await self._run(self._read_words, text, Ticket())

    async def _run(self, read: Callable[[_Given], Report], given: _Given, ticket: Ticket) -> Report:
        try:
            async with self.queue.acquire(ticket):
                return await self._sandbox.run(read, given)
        except QueueFull:
            _log.warning("a page was turned away: %d are waiting", len(self.queue))
            raise CannotRead from None
