"""The sandbox: killable worker processes, the one way in which anything reads what a stranger wrote.

    Sandbox.run(function, *args) ──▶ a warm process ──▶ its result, or the CannotCheck that it raised

A call has seconds and memory; a process that exceeds them is killed, and the next call gets another one.
Processes retire after a number of calls, so what a library leaks goes with them. Everything comes back as a
value: exceptions with arguments do not survive anyio's pipe, and what a worker prints goes nowhere. Functions
are sent by name, so they must be importable in another process.
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
from typing import Final, TypeVar, cast

from anyio import BrokenWorkerProcess, CapacityLimiter, fail_after, move_on_after, to_process

from bot.errors import CannotCheck, CannotRead, ReaderKilled
from bot.resource_limits import has_exhausted_memory, limit_cpu_time, limit_memory

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

LogLine = tuple[int, str]  # level and words of a log record


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """`seconds` and `memory` (bytes of address space) of a call; processes `at_once`, and `calls` of each."""

    seconds: float = 5.0
    memory: int = 2**30
    at_once: int = 2
    calls: int = 1000


DEFAULT_LIMITS: Final = SandboxLimits()
COMMAND_LIMITS: Final = SandboxLimits(
    seconds=15.0, memory=2**31, at_once=1
)  # for somebody who waits at a terminal


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of a call in a process; `last`: it has done its share and retires."""

    outcome: object
    lines: tuple[LogLine, ...] = ()
    last: bool = False


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


def load_nothing() -> None:
    """Leave all loading to the first call."""


class Sandbox:
    """Some processes, each of which calls `load` first. Whoever makes more than `at_once` calls queues."""

    def __init__(
        self, load: Callable[[], None] = load_nothing, limits: SandboxLimits = DEFAULT_LIMITS
    ) -> None:
        self._load = load
        self._limits = limits
        self._processes = CapacityLimiter(limits.at_once)
        self._starting: set[asyncio.Task[None]] = set()
        self.killed = 0  # processes that a call has ended

    async def warm(self) -> None:
        """Start every process and load what it needs."""
        await asyncio.gather(*(self._start() for _ in range(self._limits.at_once)))

    async def close(self) -> None:
        """Wait for processes that are just starting; the event loop's end stops them all."""
        await asyncio.gather(*self._starting)

    async def run(self, function: Callable[..., _T], *args: object, seconds: float | None = None) -> _T:
        """Return its result. Raise its CannotCheck, CannotRead for a fault, ReaderKilled past the limits."""
        await self._start()
        result = await self._call(function, args, self._limits.seconds if seconds is None else seconds)
        for level, words in result.lines:
            _log.log(level, "%s", words)
        if isinstance(result.outcome, CannotCheck):
            raise result.outcome
        return cast(_T, result.outcome)

    async def _start(self) -> None:
        """Return once a process is alive and loaded."""
        for _ in range(_STARTS):
            try:
                with fail_after(_START_SECONDS):
                    process = await to_process.run_sync(
                        _prepare, self._load, self._limits, cancellable=True, limiter=self._processes
                    )
            except _ENDED:
                continue
            _children.add(process)
            return
        _log.error("no reader process could be started")
        raise ReaderKilled

    async def _call(
        self, function: Callable[..., object], args: tuple[object, ...], seconds: float
    ) -> CallResult:
        try:
            with fail_after(seconds):
                result = await to_process.run_sync(
                    _call_function,
                    function,
                    args,
                    seconds,
                    self._limits,
                    cancellable=True,
                    limiter=self._processes,
                )
        except _ENDED:
            self.killed += 1
            result = CallResult(ReaderKilled(), last=True)
        if result.last:
            self._replace()
        return result

    def _replace(self) -> None:
        """Start the next process while nobody waits for it."""
        task = asyncio.get_running_loop().create_task(self._renew())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _renew(self) -> None:
        # A process that leaves by itself races with anyio's own clean-up; one that is killed does not.
        with move_on_after(_LEAVE_SECONDS), suppress(*_ENDED):
            await to_process.run_sync(_leave, self._limits, cancellable=True, limiter=self._processes)
        with suppress(ReaderKilled):
            await self._start()


def run_in_sandbox(
    function: Callable[..., _T],
    *args: object,
    limits: SandboxLimits = COMMAND_LIMITS,
    meanwhile: Callable[[], None] = load_nothing,
) -> _T:
    """Run one call in a sandbox of its own, and `meanwhile` in a thread here. Raise as `Sandbox.run` does."""

    async def both() -> _T:
        loading = asyncio.create_task(asyncio.to_thread(meanwhile))
        try:
            return await Sandbox(limits=limits).run(function, *args)
        finally:
            await loading

    return asyncio.run(both())


# ── the process's side ──────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Process:
    """This process's own count of the calls it has answered."""

    served: int = 0


_process: Final = _Process()
_MOST_LINES: Final = 20
_LONGEST_LINE: Final = 4000
_GRACE: Final = 2  # seconds after which the system ends a process whose parent is gone


class _Lines(logging.Handler):
    """Keeps what our own code logs during a call."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.kept: list[LogLine] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.kept) < _MOST_LINES:
            self.kept.append((record.levelno, record.getMessage()[:_LONGEST_LINE]))


@cache
def _prepare(load: Callable[[], None], limits: SandboxLimits) -> int:
    """Once in a process: set its limits, load. Return its number."""
    _limit(limits)
    load()
    return os.getpid()


@cache
def _limit(limits: SandboxLimits) -> None:
    """Once in a process: leave Ctrl-C to the parent, limit its memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(limits.memory)


def _call_function(
    function: Callable[..., object], args: tuple[object, ...], seconds: float, limits: SandboxLimits
) -> CallResult:
    _limit(limits)  # again, because a call may meet a process that is new: another one took the prepared one
    # the system's own end of a call that nobody waits for any more, because the parent was killed
    limit_cpu_time(int(time.process_time() + seconds) + _GRACE)
    _process.served += 1
    lines, ours = _Lines(), logging.getLogger("bot")
    ours.addHandler(lines)
    outcome: object
    try:
        outcome = function(*args)
    except CannotCheck as error:
        outcome = error
    except MemoryError:
        outcome = ReaderKilled()
    except Exception:  # noqa: BLE001  # a page that breaks the reader is a page that could not be read
        _log.error("a page broke the reader\n%s", traceback.format_exc())
        # lxml calls it an "unknown error" that XPath was refused memory
        outcome = ReaderKilled() if has_exhausted_memory(limits.memory) else CannotRead()
    finally:
        ours.removeHandler(lines)
    if isinstance(outcome, ReaderKilled):
        _process.served = limits.calls  # what is left of it may be broken
    return CallResult(outcome, tuple(lines.kept), last=_process.served >= limits.calls)


def _leave(limits: SandboxLimits) -> None:
    """Wait to be killed in a process that has done its share; any other goes on."""
    if _process.served >= limits.calls:
        time.sleep(_START_SECONDS)
