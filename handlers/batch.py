"""`hearsay batch`: JSON lines in, reports out, in the same order, on every core.

Each line is read in a process that is killed and replaced when the line takes too long. At most a few lines a
process wait at any time, so memory does not grow with the input.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, TextIO

from bot.errors import CannotCheck, CannotRead, ReaderKilled
from bot.sandbox import COMMAND_LIMITS, Sandbox
from handlers.batch_lines import LONGEST, OutputLine, failure_line, line_id, load, parse_line, read_line
from handlers.stdin_lines import duplicate_input, read_lines

SECONDS: Final = 10.0  # for a line
BYTES_A_SECOND: Final = 100_000  # more time for long texts, which are never refused for their length
WAITING: Final = 8  # lines a process that may be under way or wait for an earlier one

_log = logging.getLogger(__name__)
LineReader = Callable[[bytes], OutputLine]


@dataclass(slots=True)
class Tally:
    """A count of what has been done, for the progress line and the exit code."""

    lines: int = 0
    failures: int = 0


class Progress:
    """A line that is written over, on a terminal to which the reports do not go."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out if out.isatty() and not sys.stdout.isatty() else None
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
    reader: LineReader = read_line,
) -> Tally:
    """Read every line of `source` and write one line each to `out`."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    workers = cores or usable or 1
    sandbox, free = Sandbox(load, replace(COMMAND_LIMITS, at_once=workers)), asyncio.Semaphore(workers)
    under_way: asyncio.Queue[asyncio.Task[OutputLine] | None] = asyncio.Queue(workers * WAITING)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_warm(sandbox))
        writing = tasks.create_task(_write_all(under_way, out, progress))
        async for line in read_lines(source, LONGEST):
            if line.isspace():
                continue
            await under_way.put(tasks.create_task(_read(line, sandbox, free, seconds, reader)))
        await under_way.put(None)
    return writing.result()


async def _write_all(
    under_way: asyncio.Queue[asyncio.Task[OutputLine] | None], out: TextIO, progress: Progress
) -> Tally:
    """Write each result as soon as it and all before it are there."""
    tally = Tally()
    while (task := await under_way.get()) is not None:
        _write(await task, out, tally, progress)
    progress.show(tally, last=True)
    return tally


async def _warm(sandbox: Sandbox) -> None:
    with suppress(ReaderKilled):  # the first line says it
        await sandbox.warm()


async def _read(
    line: bytes, sandbox: Sandbox, free: asyncio.Semaphore, seconds: float, reader: LineReader
) -> OutputLine:
    async with free:
        try:
            return await sandbox.run(reader, line, seconds=seconds + len(line) / BYTES_A_SECOND)
        except CannotRead as error:
            name = None
            with suppress(CannotCheck):
                name = line_id(parse_line(line))
            return failure_line(error, name)


def _write(output: OutputLine, out: TextIO, tally: Tally, progress: Progress) -> None:
    if output.trace:
        _log.error("line %d broke the reader\n%s", tally.lines + 1, output.trace)
    out.write(output.line + "\n")
    out.flush()
    tally.lines += 1
    tally.failures += output.failed
    progress.show(tally)


def main(source: BinaryIO | None = None) -> Tally:
    """Run `batch` on the standard streams. Raises what ended it: BrokenPipeError when nobody reads any
    more."""
    try:
        return asyncio.run(batch(source or duplicate_input(sys.stdin), sys.stdout, Progress(sys.stderr)))
    except ExceptionGroup as several:
        raise several.exceptions[0] from several
