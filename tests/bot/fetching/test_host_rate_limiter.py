"""A web site is asked as often as a polite visitor would ask it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.errors import BadStatus, CannotFetch, SiteBusy
from bot.fetching.host_rate_limiter import LONGEST_REST, REMEMBERED, HostRateLimiter, RateLimits
from bot.fetching.links import parse_link
from tests.servers import PUBLIC, Asked, Internet, serve

HOST = "news.example"


class Clock:
    """Time goes by when somebody sleeps, and at no other time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.slept = 1000.0, 0.0
        monkeypatch.setattr("bot.fetching.host_rate_limiter.asyncio.sleep", self.sleep)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def asked(rate_limiter: HostRateLimiter, host: str = HOST) -> None:
    async with rate_limiter.acquire(host):
        pass


async def test_one_page_a_second_of_each_site(clock: Clock) -> None:
    rate_limiter = HostRateLimiter(clock=clock)
    for _ in range(3):
        await asked(rate_limiter)
    await asked(rate_limiter, "other.example")
    assert clock.slept == 2.0


async def test_two_pages_at_once_and_no_more() -> None:
    rate_limiter, at_once, most = HostRateLimiter(RateLimits(gap=0.0)), 0, 0
    go_on = asyncio.Event()

    async def visit() -> None:
        nonlocal at_once, most
        async with rate_limiter.acquire(HOST):
            at_once += 1
            most = max(most, at_once)
            await go_on.wait()
            at_once -= 1

    visits = [asyncio.create_task(visit()) for _ in range(6)]
    await asyncio.sleep(0.01)
    assert at_once == 2
    go_on.set()
    await asyncio.gather(*visits)
    assert most == 2


async def test_so_many_pages_at_once_of_all_sites_and_no_more() -> None:
    rate_limiter = HostRateLimiter(RateLimits(in_all=2, gap=0.0, patience=0.05))
    async with rate_limiter.acquire("a.example"), rate_limiter.acquire("b.example"):
        with pytest.raises(CannotFetch) as refused:
            await asked(rate_limiter, "c.example")
    assert type(refused.value) is CannotFetch
    await asked(rate_limiter, "c.example")


async def test_what_would_wait_too_long_is_not_fetched(clock: Clock) -> None:
    rate_limiter = HostRateLimiter(RateLimits(patience=2.5), clock)
    started = [rate_limiter.acquire(HOST) for _ in range(2)]
    clock.slept = 0.0
    rate_limiter._get_state(HOST).free = clock.now + 3
    with pytest.raises(SiteBusy):
        await asked(rate_limiter)
    assert (clock.slept, len(started)) == (0.0, 2)


async def test_who_waits_for_a_slow_site_does_not_wait_for_ever() -> None:
    rate_limiter = HostRateLimiter(RateLimits(at_once=1, gap=0.0, patience=0.05))
    async with rate_limiter.acquire(HOST):
        with pytest.raises(SiteBusy):
            await asked(rate_limiter)
    await asked(rate_limiter)


@pytest.mark.parametrize(
    ("header", "rest"),
    [
        ("5", 5.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        (format_datetime(datetime(2000, 1, 1, tzinfo=UTC), usegmt=True), 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("", 0.0),
        (None, 0.0),
    ],
)
async def test_a_site_that_asks_for_rest_gets_it(clock: Clock, header: str | None, rest: float) -> None:
    rate_limiter = HostRateLimiter(clock=clock)
    await rate_limiter.obey_retry_after(HOST, header)
    await asked(rate_limiter)
    assert clock.slept == rest


@pytest.mark.parametrize(
    "header",
    [
        "600",
        "9" * 40,
        pytest.param(format_datetime(datetime.now(UTC) + timedelta(hours=9), usegmt=True), id="a date"),
    ],
)
async def test_a_long_rest_is_kept_to_and_ends(clock: Clock, header: str) -> None:
    rate_limiter = HostRateLimiter(clock=clock)
    await rate_limiter.obey_retry_after(HOST, header)
    with pytest.raises(SiteBusy):
        await asked(rate_limiter)
    clock.now += LONGEST_REST + 1
    await asked(rate_limiter)
    assert clock.slept == 0.0


async def test_sites_that_nobody_visits_are_forgotten() -> None:
    rate_limiter = HostRateLimiter(RateLimits(gap=0.0))
    async with rate_limiter.acquire("first.example"):
        for number in range(REMEMBERED + 5):
            await asked(rate_limiter, f"n{number}.example")
        assert len(rate_limiter._sites) == REMEMBERED
        assert "first.example" in rate_limiter._sites


async def tired(_: Asked) -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"


async def test_a_site_that_is_tired_is_let_alone_by_the_next_check() -> None:
    async with serve(tired) as site:
        internet = Internet({HOST: [PUBLIC]}, http=site)
        async with internet.fetcher() as fetch:
            with pytest.raises(BadStatus):
                await fetch.fetch(parse_link(f"http://{HOST}/a"))
            with pytest.raises(SiteBusy):
                await fetch.fetch(parse_link(f"http://{HOST}/b"))
    assert len(site.asked) == 1
