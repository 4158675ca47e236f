"""Ports made of a plain function each, for tests that need no more of a checker or a reader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.fair_queue import Ticket
from bot.model import Link, Page, Report, Version
from bot.ports import StoredReport


class FakeChecker:
    """Implements bot.ports.Checker."""

    def __init__(self, check: Callable[..., Awaitable[StoredReport]]) -> None:
        self._check = check

    async def check(self, link: Link, **more: Any) -> StoredReport:
        return await self._check(link, **more)


class FakeFetcher:
    """Implements bot.ports.Fetcher, without versions."""

    def __init__(self, fetch: Callable[[Link], Awaitable[Page]]) -> None:
        self._fetch = fetch

    async def fetch(self, link: Link, known: Version | None = None) -> Page:  # noqa: ARG002  # as the port has it
        return await self._fetch(link)


class FakeReader:
    """Implements bot.ports.Reader."""

    def __init__(self, read: Callable[[Page], Awaitable[Report]]) -> None:
        self._read = read

    async def read(self, page: Page, ticket: Ticket) -> Report:  # noqa: ARG002  # as the port has it
        return await self._read(page)


class FakeTextReader:
    """Implements bot.ports.TextReader."""

    def __init__(self, read_text: Callable[[str], Awaitable[Report]]) -> None:
        self._read_text = read_text

    async def read_text(self, text: str) -> Report:
        return await self._read_text(text)
