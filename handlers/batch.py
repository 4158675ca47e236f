"""`hearsay batch`: JSON lines in, reports out, in the same order, on every core.

Each line is read in a process of its own making that is killed and replaced when the line takes too
long. At most a few lines per process wait at any time, so memory does not grow with the input.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final, TextIO

from anyio import BrokenWorkerProcess, CapacityLimiter, fail_after, to_process, to_thread

from bot.errors import CannotCheck, ReaderKilled
from handlers.lines import LONGEST, Written, failed, given, identity, read_line, warm

SECONDS: Final = 10.0  # for a line
BYTES_A_SECOND: Final = 100_000  # more time for long texts, which are never refused for their length
WAITING: Final = 8  # lines a process that may be under way or wait for an earlier one

_log = logging.getLogger(__name__)
Reader = Callable[[bytes], Written]


@dataclass(slots=True)
class Tally:
    """What has been done, for the progress line and the exit code."""

    lines: int = 0
    failures: int = 0


class Progress:
    """A line on standard error that is written over, where that is a terminal."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out if out.isatty() else None
        self._clock = clock
        self._start = self._shown = clock()

    def show(self, tally: Tally, *, last: bool = False) -> None:
        now = self._clock()
        if self._out is None or (now - self._shown < 0.2 and not last):  # noqa: PLR2004  # five times a second
            return
        self._shown = now
        rate = tally.lines / max(now - self._start, 0.001)
        errors = f", {tally.failures} with an error" if tally.failures else ""
        self._out.write(f"\r\x1b[2K{tally.lines} read{errors}, {rate:.1f} a second" + "\n" * last)
        self._out.flush()


async def batch(
    source: BinaryIO,
    out: TextIO,
    progress: Progress,
    *,
    cores: int | None = None,
    seconds: float = SECONDS,
    reader: Reader = read_line,
) -> Tally:
    """Read every line of `source` and write one line each to `out`."""
    workers = cores or _cores()
    limiter = CapacityLimiter(workers)
    under_way: deque[asyncio.Task[Written]] = deque()
    tally = Tally()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(workers):
            tasks.create_task(_warmed(limiter))
        async for line in _lines(source):
            under_way.append(tasks.create_task(_read(line, limiter, seconds, reader)))
            while under_way and (under_way[0].done() or len(under_way) >= workers * WAITING):
                _write(await under_way.popleft(), out, tally, progress)
        while under_way:
            _write(await under_way.popleft(), out, tally, progress)
    progress.show(tally, last=True)
    return tally


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


async def _warmed(limiter: CapacityLimiter) -> None:
    with suppress(BrokenWorkerProcess):  # the first line that needs it starts another
        await to_process.run_sync(warm, cancellable=True, limiter=limiter)


async def _lines(source: BinaryIO) -> AsyncIterator[bytes]:
    """Lines that hold something; of one that is too long, as much as shows that it is."""
    read = partial(source.readline, LONGEST + 1)
    while line := await to_thread.run_sync(read, abandon_on_cancel=True):
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = await to_thread.run_sync(read, abandon_on_cancel=True)
        if not line.isspace():
            yield line


async def _read(line: bytes, limiter: CapacityLimiter, seconds: float, reader: Reader) -> Written:
    async with limiter:
        try:
            with fail_after(seconds + len(line) / BYTES_A_SECOND):
                return await to_process.run_sync(reader, line, cancellable=True, limiter=CapacityLimiter(1))
        except (TimeoutError, BrokenWorkerProcess):
            return failed(ReaderKilled(), _identity(line))


def _identity(line: bytes) -> str | None:
    try:
        return identity(given(line))
    except CannotCheck:
        return None


def _write(written: Written, out: TextIO, tally: Tally, progress: Progress) -> None:
    if written.trace:
        _log.error("line %d broke the reader\n%s", tally.lines + 1, written.trace)
    out.write(written.line + "\n")
    out.flush()
    tally.lines += 1
    tally.failures += written.failed
    progress.show(tally)


def main(source: BinaryIO | None = None) -> Tally:
    """`batch` on the standard streams."""
    return asyncio.run(batch(source or sys.stdin.buffer, sys.stdout, Progress(sys.stderr)))
