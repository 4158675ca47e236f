from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.check import Check
from bot.errors import BadStatus
from bot.model import Link, Page, Report, Version
from bot.ports import Kept
from tests.bot.written import bridge

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LINK = Link("https://harbour-post.example/bridge?utm=1", "harbour-post.example/bridge")


class World:
    """A web with one page, a reader and a store, and what was asked of each."""

    def __init__(self, *, status: int = 200, broken: bool = False) -> None:
        self.status = status
        self.broken = broken
        self.now = NOW
        self.fetched: list[str] = []
        self.kept: dict[str, Kept] = {}

    def clock(self) -> datetime:
        return self.now

    async def fetch(self, link: Link, known: Version | None = None) -> Any:  # noqa: ARG002  # as the port has it
        self.fetched.append(link.url)
        if self.status != 200:
            raise BadStatus(self.status)
        return Page(link.url, b"<p>The bridge</p>")

    async def read(self, page: Page) -> Report:  # noqa: ARG002  # one page
        return bridge()

    async def get(self, key: str) -> Kept | None:
        if self.broken:
            raise OSError("no disk")
        return self.kept.get(key)

    async def keep(self, key: str, kept: Kept) -> None:
        if self.broken:
            raise OSError("no disk")
        self.kept[key] = kept

    @property
    def check(self) -> Check:
        return Check(self.fetch, self.read, self, self.clock)


async def test_an_unknown_link_is_fetched_read_and_kept_under_its_key() -> None:
    world = World()
    assert await world.check(LINK) == Kept(bridge(), NOW)
    assert world.fetched == [LINK.url]
    assert world.kept == {LINK.key: Kept(bridge(), NOW)}


async def test_a_known_link_is_not_fetched_again() -> None:
    world = World()
    await world.check(LINK)
    world.now += timedelta(hours=23)
    assert (await world.check(LINK)).fetched == NOW
    assert len(world.fetched) == 1


async def test_a_report_of_yesterday_is_read_anew() -> None:
    world = World()
    await world.check(LINK)
    world.now += timedelta(hours=24)
    assert (await world.check(LINK)).fetched == world.now


async def test_a_known_link_is_read_anew_when_somebody_asks_for_that() -> None:
    world = World()
    await world.check(LINK)
    await world.check(LINK, again=True)
    assert len(world.fetched) == 2


async def test_a_failure_is_raised_and_not_kept() -> None:
    world = World(status=403)
    with pytest.raises(BadStatus):
        await world.check(LINK)
    assert not world.kept


async def test_a_store_that_is_out_of_reach_does_not_cost_the_answer() -> None:
    assert (await World(broken=True).check(LINK)).report == bridge()
