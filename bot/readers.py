"""Bounded work: pages are read in processes that can be killed, a few at a time.

    read(page, ticket) ──▶ waits for it ──▶ a warm process ──▶ Report, or a CannotCheck raised here

A page has seconds and memory; a reader that exceeds them is killed and the next page gets another one.
Readers retire after a number of pages, so what a library leaks goes with them. Everything comes back as a
value: exceptions with arguments do not survive anyio's pipe, and what a worker prints goes nowhere.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

from anyio import (
    BrokenWorkerProcess,
    CapacityLimiter,
    create_task_group,
    fail_after,
    move_on_after,
    to_process,
)

from bot.errors import CannotCheck, CannotRead, ReaderKilled
from bot.fair_queue import FairQueue, QueueFull, Ticket
from bot.model import Page, Report
from bot.ports import Outcome
from bot.resource_limits import limit_memory, limit_processor

_log = logging.getLogger(__name__)
_Given = TypeVar("_Given")

Line = tuple[int, str]  # level and words of a log record


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` and `memory` (bytes of address space) of one reading; pages `at_once` and `waiting`.

    A process retires after `reads` pages.
    """

    seconds: float = 5.0
    memory: int = 2**30
    at_once: int = 2
    waiting: int = 64
    reads: int = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader sends back; `last`: its process has done its share and retires."""

    outcome: Outcome
    lines: tuple[Line, ...] = ()
    last: bool = False


# ── what a reader does ──────────────────────────────────────────────────────────────────────────────
# Named here and imported late: the parent sends names, and loads none of the heavy parts itself.


def read_page(page: Page) -> Report:
    from bot.fetching.article import article  # noqa: PLC0415
    from bot.reading.report import report  # noqa: PLC0415

    return report(article(page))


def read_words(text: str) -> Report:
    from bot.fetching.article import article_from_text  # noqa: PLC0415
    from bot.reading.report import report  # noqa: PLC0415

    return report(article_from_text(text, pasted=True))


def load() -> None:
    """Reads a page of our own, so that everything that is loaded late is loaded before a stranger's page."""
    read_page(Page("https://page.example/", _SAMPLE.encode()))


_SAMPLE: Final = """<!DOCTYPE html><html lang="en"><head><title>The harbour stays closed</title></head><body>
<article><h1>The harbour stays closed</h1>
<p>“Nothing moves before the end of the week,” Ana Roe, the harbour master, said on Monday, according to
<a href="/port">the port authority</a>, which closed both basins after a storm had damaged the outer wall.</p>
<p>The wall could be mended by Friday, two people familiar with the work believe, but that is unconfirmed, and
the ministry has declined to comment. Ships wait outside the bay, and fishermen have been told to stay in.</p>
<p>However, the union said in a statement that its members would reportedly be called in on Thursday.</p>
</article></body></html>"""

# ── the parent's side ───────────────────────────────────────────────────────────────────────────────

_STARTS: Final = 3  # tries to get a living process
_START_SECONDS: Final = 30.0
_LEAVE_SECONDS: Final = 0.2
# How anyio says that a process has ended; the last one where it was gone before anyio could kill it.
_ENDED: Final = (BrokenWorkerProcess, TimeoutError, ProcessLookupError)


class _Children(logging.Filter):
    """Keeps asyncio from warning of our own processes.

    At the end of the event loop anyio and asyncio both collect them; whoever comes second calls the child
    unknown (a race of the libraries, of which nothing follows).
    """

    def __init__(self) -> None:
        super().__init__()
        self._numbers: set[int] = set()

    def add(self, number: int) -> None:
        self._numbers.add(number)
        logging.getLogger("asyncio").addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        about = record.args[0] if isinstance(record.args, tuple) and record.args else None
        return not (str(record.msg).startswith("Unknown child process") and about in self._numbers)


_children: Final = _Children()


class Readers:
    """Reads pages and pasted texts apart; implements the port `Read`.

    The functions are sent by name, so they must be importable in another process.
    """

    def __init__(
        self,
        read: Callable[[Page], Report] = read_page,
        read_words: Callable[[str], Report] = read_words,
        load: Callable[[], None] = load,
        limits: Limits = Limits(),
    ) -> None:
        self._read, self._read_words, self._load = read, read_words, load
        self._limits = limits
        self.queue = FairQueue(limits.at_once, limits.waiting)
        self._processes = CapacityLimiter(limits.at_once)
        self._starting: set[asyncio.Task[None]] = set()
        self.killed = 0  # processes that a page has ended

    @property
    def waiting(self) -> int:
        """How many pages wait for a free reader."""
        return len(self.queue)

    @property
    def shed_count(self) -> int:
        """How many pages gave way to others that somebody asked for."""
        return self.queue.shed_count

    async def warm(self) -> None:
        """Starts every process and loads what it needs."""
        async with create_task_group() as tasks:
            for _ in range(self._limits.at_once):
                tasks.start_soon(self._start)

    async def close(self) -> None:
        """Waits for processes that are just starting; the event loop's end stops them all."""
        await asyncio.gather(*self._starting)

    async def read(self, page: Page, ticket: Ticket | None = None) -> Report:
        """The report of a page. Raises CannotRead, of it ReaderKilled past the limits."""
        return await self._apart(self._read, page, ticket or Ticket())

    async def read_text(self, text: str) -> Report:
        """The report of a text that a person pasted. Raises CannotRead as for a page."""
        return await self._apart(self._read_words, text, Ticket())

    async def _apart(self, read: Callable[[_Given], Report], given: _Given, ticket: Ticket) -> Report:
        try:
            async with self.queue.taken(ticket):
                await self._start()
                return _opened(await self._timed(read, given))
        except QueueFull:
            _log.warning("a page was turned away: %d are waiting", len(self.queue))
            raise CannotRead from None

    async def _start(self) -> None:
        """A process is alive and loaded."""
        for _ in range(_STARTS):
            try:
                with fail_after(_START_SECONDS):
                    process = await to_process.run_sync(
                        _ready, self._load, self._limits, cancellable=True, limiter=self._processes
                    )
            except _ENDED:
                continue
            _children.add(process)
            return
        _log.error("no reader process could be started")
        raise ReaderKilled

    async def _timed(self, read: Callable[[_Given], Report], given: _Given) -> Answer:
        try:
            with fail_after(self._limits.seconds):
                answer = await to_process.run_sync(
                    _answer, read, given, self._limits, cancellable=True, limiter=self._processes
                )
        except _ENDED:
            self.killed += 1
            answer = Answer(ReaderKilled(), last=True)
        if answer.last:
            self._replace()
        return answer

    def _replace(self) -> None:
        """Starts the next process while nobody waits for it."""
        task = asyncio.get_running_loop().create_task(self._renew())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _renew(self) -> None:
        # A process that leaves by itself races with anyio's own clean-up; one that is killed does not.
        with move_on_after(_LEAVE_SECONDS), suppress(*_ENDED):
            await to_process.run_sync(_leave, self._limits, cancellable=True, limiter=self._processes)
        with suppress(ReaderKilled):
            await self._start()


def _opened(answer: Answer) -> Report:
    for level, words in answer.lines:
        _log.log(level, "%s", words)
    if isinstance(answer.outcome, CannotCheck):
        raise answer.outcome
    return answer.outcome


# ── the reader's side ───────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Reader:
    """This process's own count of the pages it has read."""

    served: int = 0


_reader: Final = _Reader()
_MOST_LINES: Final = 20
_LONGEST_LINE: Final = 4000
_GRACE: Final = 2  # seconds after which the system ends a reader whose parent is gone


class _Lines(logging.Handler):
    """Keeps what our own code logs while a page is read."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kept: list[Line] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.kept) < _MOST_LINES:
            self.kept.append((record.levelno, record.getMessage()[:_LONGEST_LINE]))


@cache
def _ready(load: Callable[[], None], limits: Limits) -> int:
    """Once in a process: leaves Ctrl-C to the parent, limits its memory, loads. Gives its number."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(limits.memory)
    load()
    return os.getpid()


def _answer(read: Callable[[_Given], Report], given: _Given, limits: Limits) -> Answer:
    # the system's own end of a reading that nobody waits for any more, because the parent was killed
    limit_processor(int(time.process_time() + limits.seconds) + _GRACE)
    _reader.served += 1
    lines, ours = _Lines(), logging.getLogger("bot")
    ours.addHandler(lines)
    try:
        outcome = _outcome(read, given)
    finally:
        ours.removeHandler(lines)
    return Answer(outcome, tuple(lines.kept), last=_reader.served >= limits.reads)


def _leave(limits: Limits) -> None:
    """Where a process that has done its share waits to be killed; any other goes on."""
    if _reader.served >= limits.reads:
        time.sleep(_START_SECONDS)


def _outcome(read: Callable[[_Given], Report], given: _Given) -> Outcome:
    try:
        return read(given)
    except CannotCheck as error:
        return error
    except MemoryError:
        return ReaderKilled()
    except Exception:  # noqa: BLE001  # a page that breaks the reader is a page that could not be read
        _log.error("a page broke the reader\n%s", traceback.format_exc())
        return CannotRead()
