"""Many processes on one PostgreSQL database: bots that hand links on, and workers as they are started.

usage as a bot, by the section `many`: python -m tests.benchmarks.shared DATABASE PAGES CHECKS
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any, Final, NamedTuple

import psycopg

from bot.check import LinkChecker
from bot.errors import CannotCheck
from bot.fetching.fetch import HttpFetch
from bot.fetching.links import find_links
from bot.readers import Readers
from bot.single_flight import SingleFlight
from storage.engine import open_engine
from storage.queue import JobQueue
from storage.reports import SqlReports
from storage.single_flight import SqlFlights, find_completed
from tests.benchmarks.bare import Bare
from tests.benchmarks.full import asking, site
from tests.benchmarks.load import Parts, Row, composed, now, other, pages, say
from tests.handlers.working import one, workers
from tests.storage.databases import SERVER, postgres

COMPARED: Final = 150  # links that are checked here, and as many that are handed on
UNDER_WAY: Final = 60  # links when a worker is killed
KILLED_AFTER: Final = 1.0  # seconds
CHECKS: Final = 2000  # each told to both bots; every link stands in two of them
ROOMS: Final = 200
AT_ONCE: Final = 24  # checks under way in each bot
WARM: Final = 40
_BEGUN: Final = """
SELECT worker_id, array_agg(args->>'flight') FROM procrastinate_jobs
WHERE status = 'doing' GROUP BY worker_id ORDER BY count(*) DESC LIMIT 1"""


class Both(NamedTuple):
    """The two engines on one database: here in this process, and handed on."""

    here: SingleFlight
    handed_on: SingleFlight
    parts: Parts
    flights: SqlFlights


@contextlib.asynccontextmanager
async def both(address: str, *, warm: bool) -> AsyncIterator[Both]:
    """`warm`: the readers of this process are started in advance."""
    engine = await open_engine(address)
    fetch, readers = HttpFetch(contact="", allow_loopback=True), Readers()
    reports, flights = SqlReports(engine, now, timedelta(days=30)), SqlFlights(engine, now)
    check = LinkChecker(fetch, readers, reports, now)
    queued = JobQueue(engine, flights, reports, check.find_stored, check)
    listening = asyncio.create_task(queued.run())
    try:
        if warm:
            await readers.warm()
        parts = composed(engine, fetch, readers, now, text_reader=readers, work=queued)
        yield Both(SingleFlight(check), SingleFlight(queued), parts, flights)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await fetch.aclose()
        await engine.dispose()


# ── what handing on costs ───────────────────────────────────────────────────────────────────────────


def added() -> list[Row]:
    """One link after the other, in turn here and handed on."""
    return asyncio.run(_added())


async def _added() -> list[Row]:
    took: dict[str, list[float]] = {"here": [], "handed on": []}
    apart = 1000 * len(pages())  # the same page under another address
    with postgres(SERVER) as address:
        async with site() as there, both(address, warm=True) as engines, workers(address, readers=2):
            ways = {"here": engines.here, "handed on": engines.handed_on}
            for number in range(-WARM, COMPARED):
                for place, (way, check) in enumerate(ways.items()):
                    (link,) = find_links(f"{there.url}/{WARM + number + place * apart}", loopback=True)
                    began = perf_counter()
                    with contextlib.suppress(CannotCheck):  # costs as much
                        await check.check(link)
                    if number >= 0:
                        took[way].append(perf_counter() - began)
    here, handed_on = (1000 * median(one) for one in took.values())
    slowest = (1000 * sorted(one)[int(0.95 * len(one))] for one in took.values())
    return [
        ("a check here and handed on, median milliseconds", f"{here:.1f}, {handed_on:.1f}", ""),
        ("a check here and handed on, p95 milliseconds", ", ".join(f"{one:.1f}" for one in slowest), ""),
        ("added by handing on, median milliseconds", f"{handed_on - here:.1f}", "≤ 60"),
    ]


# ── a worker that dies ──────────────────────────────────────────────────────────────────────────────


def killed() -> list[Row]:
    """Of two workers, the one that is at work on more is killed with SIGKILL."""
    return asyncio.run(_killed())


async def _killed() -> list[Row]:
    with postgres(SERVER) as address:
        async with (
            site() as there,
            both(address, warm=False) as engines,
            workers(address, readers=1) as (first,),
            workers(address, readers=1) as (second,),
        ):
            place = Bare(engines.parts.talk, engines.parts.dispatcher, perf_counter)
            tasks = [
                await place.says(asking(f"{there.url}/{number}", number % ROOMS, number), str(number))
                for number in range(UNDER_WAY)
            ]
            await asyncio.sleep(KILLED_AFTER)
            dies, begun = await _busiest(address)
            at = perf_counter()
            (first if dies == min(await _workers(address)) else second).kill()
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                while set(begun) - await find_completed(connection, begun):  # noqa: ASYNC110  # only it tells
                    await asyncio.sleep(0.05)
            seconds = perf_counter() - at
            await asyncio.gather(*(task for task in tasks if task is not None))
        answered = place.counts.answered
    return [
        ("checks under way when a worker was killed, of them its own", f"{UNDER_WAY}, {len(begun)}", ""),
        ("seconds until another had finished them", f"{seconds:.1f}", "≤ 10"),
        ("of all, answered", answered, str(UNDER_WAY)),
        ("answered twice", place.counts.twice, "0"),
        ("pages fetched", there.served["pages"], ""),
    ]


async def _busiest(address: str) -> tuple[int, list[str]]:
    async with await psycopg.AsyncConnection.connect(address) as connection:
        number, begun = await one(connection, _BEGUN)
        return int(number), list(begun)


async def _workers(address: str) -> list[int]:
    async with await psycopg.AsyncConnection.connect(address) as connection:
        (found,) = await one(connection, "SELECT array_agg(id) FROM procrastinate_workers")
        return list(found)


# ── two bots ────────────────────────────────────────────────────────────────────────────────────────


def many() -> list[Row]:
    """Two bot processes that are told of every message, as while one takes over from the other, and two
    workers: each check is one bot's, each link is fetched once."""
    return asyncio.run(_many())


async def _many() -> list[Row]:
    with postgres(SERVER) as address:
        async with site() as there, workers(address, 2, readers=1), contextlib.AsyncExitStack() as stack:
            command = ("tests.benchmarks.shared", address, there.url, str(CHECKS))
            bots = [await stack.enter_async_context(other(*command)) for _ in range(2)]
            began = perf_counter()
            said: list[Any] = await asyncio.gather(*(bot.says() for bot in bots))
            seconds = perf_counter() - began
    answered = Counter(where for (wheres,) in said for where in wheres)
    return [
        ("checks, told to both of two bots; two workers", CHECKS, ""),
        ("answered by each bot", ", ".join(str(len(wheres)) for (wheres,) in said), ""),
        ("answered once", sum(count == 1 for count in answered.values()), str(CHECKS)),
        ("answered twice", sum(count > 1 for count in answered.values()), "0"),
        ("lost", CHECKS - len(answered), "0"),
        ("links, fetched", f"{CHECKS // 2}, {there.served['pages']}", "each once"),
        ("checks a second", f"{CHECKS / seconds:.1f}", ""),
    ]


async def bot(address: str, url: str, checks: int) -> None:
    """Says which messages it has answered, each as often as it has."""
    answered: list[str] = []
    async with both(address, warm=False) as engines:
        place = Bare(engines.parts.talk, engines.parts.dispatcher, perf_counter, answered=answered.append)
        numbers: Iterator[int] = iter(range(checks))

        async def go_on() -> None:
            for number in numbers:
                message = asking(f"{url}/{number // 2}", number % ROOMS, number)
                task = await place.says(message, str(number))
                if task is not None:
                    await task

        watching = asyncio.create_task(place.watch())
        await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))
        watching.cancel()
    say(answered)


if __name__ == "__main__":
    asyncio.run(bot(sys.argv[1], sys.argv[2], int(sys.argv[3])))
