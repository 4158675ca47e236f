"""An hour of traffic against the real code, on a clock that skips what is only waited for.

Real is everything that decides or remembers: Hearsay, Dispatcher, Check, FairQueue, HostRateLimiter, the job
store, reports and histories in SQLite, and what a platform does when too much comes. So is the main process's
own work and that of its database: both take the processor time that they take. Modelled are the sites, which
answer after an assumed delay or not at all, the platform, which takes each answer in an assumed time, and the
readers: a page is read by waiting for as many seconds as a real reader computed for one of the real pages,
and what comes back is that page's real report. So it is an hour of a machine on which nobody has to wait for
a core.
"""

from __future__ import annotations

import asyncio
import tempfile
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from bot.errors import CannotCheck, CannotRead, NoAnswer
from bot.fair_queue import FairQueue, QueueFull, Ticket
from bot.fetching.host_rate_limiter import HostRateLimiter
from bot.messages import Message
from bot.model import Link, Page, Report, Version
from bot.places import Room
from bot.ports import Checker, StoredReport
from bot.readers import WAITING, Readers
from bot.sandbox import SandboxLimits
from storage.engine import open_engine
from tests.benchmarks import machine, virtual
from tests.benchmarks.bare import PLATFORM, Bare, Came, checked
from tests.benchmarks.load import Parts, Row, automatic, composed, pages
from tests.benchmarks.traffic import USUAL, Does, Event, Model, Pace, Way, paces, traffic

ROUNDS: Final = 3  # in which the real pages are read
DELAYS: Final[Mapping[Pace, float]] = {Pace.USUAL: 0.4, Pace.SLOW: 8.0, Pace.DEAD: 4.0}  # seconds, assumed
SENDING: Final = 0.2  # seconds, assumed
LIMITS: Final = SandboxLimits()
DRAIN: Final = 600.0  # seconds after the last message in which all must be finished


class Cost(NamedTuple):
    """What a real reader made of a page, in how many seconds of its processor, and the page's bytes."""

    outcome: Report | CannotCheck
    seconds: float
    bytes: int


async def costs() -> list[Cost]:
    """Of the real pages, one at a time, so that the seconds of one reader are counted; on a busy machine the
    five seconds on the clock that a page has would be few."""
    given = [Page(f"https://page{number}.example/", body) for number, body in enumerate(pages())]
    readers, machines = Readers(limits=replace(LIMITS, at_once=1, seconds=60.0)), machine.Readers()
    await readers.warm()
    found = []
    for page in given * ROUNDS:
        before = machines.used()
        try:
            outcome: Report | CannotCheck = await readers.read(page)
        except CannotCheck as error:
            outcome = error
        found.append(Cost(outcome, machines.used().since(before).readers, len(page.body)))
    return found


# ── what is modelled ────────────────────────────────────────────────────────────────────────────────


class Web:
    """Sites that answer after their delay, each asked as politely as the real ones are."""

    def __init__(self, paces: Mapping[int, Pace]) -> None:
        self._paces = paces
        self._rate_limiter = HostRateLimiter(clock=virtual.loop().time)
        self.fetched = 0

    async def fetch(self, link: Link, known: Version | None = None) -> Page:  # noqa: ARG002  # no site here tells versions
        host = urlsplit(link.url).hostname or ""
        pace = self._paces[int(host.removeprefix("site").partition(".")[0])]
        async with self._rate_limiter.acquire(host):
            await asyncio.sleep(DELAYS[pace])
        if pace is Pace.DEAD:
            raise NoAnswer
        self.fetched += 1
        return Page(link.url, b"")


class Modelled:
    """Readers that take the time that real ones took, behind the real queue."""

    def __init__(self, costs: Sequence[Cost]) -> None:
        self._costs = costs
        self.queue = FairQueue(LIMITS.at_once, WAITING)
        self.turned_away = 0
        self.waited = array("d")
        self.costs: list[Cost] = []

    async def read(self, page: Page, ticket: Ticket) -> Report:
        clock = virtual.loop().time
        came, cost = clock(), self._costs[int(page.url.rpartition("-")[2]) % len(self._costs)]
        try:
            async with self.queue.acquire(ticket):
                self.waited.append(clock() - came)
                await asyncio.sleep(cost.seconds)
        except QueueFull:
            self.turned_away += 1
            raise CannotRead from None
        self.costs.append(cost)
        if isinstance(cost.outcome, CannotCheck):
            raise cost.outcome
        return replace(cost.outcome, article=replace(cost.outcome.article, url=page.url))

    async def read_text(self, text: str) -> Report:
        """Nobody pastes the text of a page in this hour."""
        raise AssertionError(text)


# ── what is counted ─────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Watched:
    """Checks, by how they end; `failed`: the links of which one ended without a report."""

    checks: Checker
    ends: Counter[str] = field(default_factory=Counter)
    failed: set[str] = field(default_factory=set)

    async def check(
        self,
        link: Link,
        *,
        again: bool = False,
        within: timedelta | None = None,
        ticket: Ticket | None = None,
    ) -> StoredReport:
        came = virtual.loop().now()
        checked.get().append(link.key)
        try:
            kept = await self.checks.check(link, again=again, within=within, ticket=ticket)
        except CannotCheck as error:
            self.ends[error.kind] += 1
            self.failed.add(link.key)
            raise
        self.ends["kept" if kept.fetched < came else "new"] += 1
        return kept


@dataclass(slots=True)
class Replayed:
    """What became of the traffic. `unfinished`: rows of the job store at the end; `memory`: MiB at the
    quarters; `used`: processor seconds of the main process."""

    place: Bare
    web: Web
    readers: Modelled
    watched: Watched
    offered: int = 0
    changed: int = 0
    unfinished: int = 0
    deleted: set[str] = field(default_factory=set)
    memory: list[float] = field(default_factory=list)
    used: float = 0.0

    @property
    def silent(self) -> int:
        """Nobody asked, and the page could not be read: then nothing is said."""
        return sum(map(self._may_be_silent, self._unanswered))

    @property
    def withdrawn(self) -> int:
        """Edited or deleted before they were answered."""
        return sum(came.changed and not self._may_be_silent(came) for came in self._unanswered)

    @property
    def lost(self) -> int:
        """Accepted checks that are neither answered nor rightly silent, and rows that nobody finished."""
        return len(self._unanswered) - self.silent - self.withdrawn + self.unfinished

    @property
    def left_standing(self) -> int:
        """Answers under messages that were deleted."""
        return sum(self.place.stands(where) for where in self.deleted)

    @property
    def _unanswered(self) -> Collection[Came]:
        return self.place.counts.came.values()

    def _may_be_silent(self, came: Came) -> bool:
        return came.asked.unasked and all(link.key in self.watched.failed for link in came.asked.links)


# ── the hour ────────────────────────────────────────────────────────────────────────────────────────


def replayed(costs: Sequence[Cost], model: Model = USUAL, seed: int = 0) -> Replayed:
    """The traffic of this model and seed, against the real code."""
    with tempfile.TemporaryDirectory() as folder:
        return virtual.run(_replayed(Path(folder) / "h.sqlite3", costs, model, seed))


async def _replayed(database: Path, costs: Sequence[Cost], model: Model, seed: int) -> Replayed:
    loop, engine = virtual.loop(), await open_engine(database)
    web, readers, watched = Web(paces(model, seed)), Modelled(costs), []

    def counted(checks: Checker) -> Checker:
        watched.append(Watched(checks))
        return watched[-1]

    parts = composed(engine, web, readers, loop.now, text_reader=readers, counted=counted)
    await automatic(parts.memory, {PLATFORM: range(model.rooms)})
    place = Bare(parts.talk, parts.dispatcher, loop.time, SENDING)
    found = Replayed(place, web, readers, watched[0])
    watching = asyncio.create_task(place.watch())
    before = machine.Readers().used().main
    try:
        await _play(list(traffic(model, seed)), model.seconds, found)
        found.unfinished = await _drained(parts, place)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await engine.dispose()
    found.used = machine.Readers().used().main - before
    return found


async def _play(events: Sequence[Event], seconds: float, found: Replayed) -> None:
    """Each event at its moment, or as soon after it as the loop gets there."""
    clock = virtual.loop().time
    began, doing, quarter = clock(), set[asyncio.Task[None]](), 0
    for event in events:
        await asyncio.sleep(max(0.0, began + event.at - clock()))
        while quarter < 3 and event.at >= seconds * (quarter + 1) / 4:
            quarter += 1
            found.memory.append(machine.memory())
        task = asyncio.create_task(_do(event, found))
        doing.add(task)
        task.add_done_callback(doing.discard)
    await asyncio.gather(*doing)
    found.memory.append(machine.memory())


async def _do(event: Event, found: Replayed) -> None:
    where, message = f"{event.room} {event.message}", _message(event)
    found.offered += event.does is Does.SAYS
    found.changed += event.does is not Does.SAYS
    match event.does:
        case Does.SAYS:
            await found.place.says(message, where)
        case Does.EDITS | Does.EMPTIES:
            await found.place.edits(message, where)
        case Does.DELETES:
            found.deleted.add(where)
            await found.place.deletes(where)


def _message(event: Event) -> Message:
    text = "nothing any more" if event.does is Does.EMPTIES else f"look {event.url}"
    person = f"{event.room} {event.person}"
    if event.way is Way.PRIVATE:
        return Message(Room(PLATFORM, f"with {person}", private=True), person, text, asked=True)
    room = Room(PLATFORM, str(event.room), private=False)
    return Message(room, person, text, asked=event.way is Way.ASKED)


async def _drained(parts: Parts, place: Bare) -> int:
    """How many checks are unfinished once all had time to be."""
    await place.owed.drain(DRAIN)
    unfinished, _ = await parts.job_store.backlog()
    return unfinished


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────


def section() -> list[Row]:
    measured = asyncio.run(costs())
    found = replayed(measured)
    return [
        *_of_messages(found),
        *_of_times(found),
        *_of_hits(found),
        *_of_costs(found, measured),
    ]


def _of_messages(found: Replayed) -> list[Row]:
    counts, ends = found.place.counts, found.place.counts.ends
    return [
        ("messages with a link, offered in an hour", found.offered, ""),
        ("edits and deletions", found.changed, ""),
        ("told why not, or not looked at (cooldowns)", ends["told why not"] + ends["not looked at"], ""),
        ("automatic checks dropped, counted", ends["dropped"], ""),
        ("accepted", counts.accepted, ""),
        ("answered", counts.answered, ""),
        ("silent, as nobody asked and the page could not be had", found.silent, ""),
        ("edited or deleted before they were answered", found.withdrawn, ""),
        ("lost", found.lost, "0"),
        ("answered twice", counts.twice, "0"),
        ("left standing under deleted messages", found.left_standing, "0"),
        ("pages turned away for want of a reader", found.readers.turned_away, ""),
    ]


def _of_times(found: Replayed) -> list[Row]:
    ages = found.place.counts.ages
    told = "p50, p99, at most"
    return [
        (f"seconds from accepted to answered, who asked, {told}", _spread(ages[True]), ""),
        (f"the same, automatic, {told}", _spread(ages[False]), ""),
        (f"seconds a page waited for a reader, {told}", _spread(found.readers.waited), ""),
    ]


def _spread(values: Iterable[float]) -> str:
    known = sorted(values)
    if not known:
        return "none"
    return ", ".join(
        f"{one:.2f}" for one in (known[len(known) // 2], known[int(len(known) * 0.99)], known[-1])
    )


def _of_hits(found: Replayed) -> list[Row]:
    ends, counts = found.watched.ends, found.place.counts
    reports, read = ends["kept"] + ends["new"], len(found.readers.costs)
    failures = ", ".join(
        f"{count} {kind}" for kind, count in ends.most_common() if kind not in {"kept", "new"}
    )
    return [
        ("answered from the room's own history, with a pointer", counts.pointers, ""),
        ("from kept reports", ends["kept"], ""),
        ("from checks under way", max(0, ends["new"] - read), ""),
        ("pages read", read, ""),
        ("share of answers for which no page was read", f"{1 - read / counts.answered:.0%}", ""),
        (f"checks without a report: {failures}", sum(ends.values()) - reports, ""),
    ]


def _of_costs(found: Replayed, measured: Sequence[Cost]) -> list[Row]:
    answered, read = found.place.counts.answered, found.readers.costs
    spent = sum(cost.seconds for cost in read)
    memory = ", ".join(f"{one:.0f}" for one in found.memory)
    times = _spread(cost.seconds for cost in measured)
    return [
        (f"reader seconds a page, as measured before, of {len(measured)}, p50, p99, at most", times, ""),
        ("reader seconds an answer", f"{spent / answered:.4f}", ""),
        ("kilobytes fetched an answer", f"{sum(cost.bytes for cost in read) / answered / 1000:.0f}", ""),
        (
            "processor milliseconds of the main process a message",
            f"{1000 * found.used / found.offered:.1f}",
            "",
        ),
        ("main process, MiB, at quarter points", memory, "flat"),
    ]
