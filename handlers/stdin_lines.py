"""Lines of standard input under an event loop, read so that a blocked read never holds up the end.

A thread of our own that is a daemon: the loop's own threads are waited for at the end, and a read from a
pipe or a keyboard may never return. It reads from a duplicate of the descriptor, because the interpreter
cannot close a stream that a thread is reading.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from threading import Semaphore, Thread
from typing import BinaryIO, Final, TextIO

AHEAD: Final = 4  # lines that are read before somebody wants them


def duplicate_input(stream: TextIO) -> BinaryIO:
    """Return the bytes of a stream, through a descriptor that only its reader holds."""
    return os.fdopen(os.dup(stream.fileno()), "rb")


async def read_lines(source: BinaryIO, longest: int) -> AsyncIterator[bytes]:
    """Yield each line with its end; of one that is longer than `longest` bytes, as much as shows that it is.

    The source is closed at its end.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Queue[bytes | Exception] = asyncio.Queue()
    room = Semaphore(AHEAD)

    def give(line: bytes | Exception) -> None:
        with suppress(RuntimeError):  # the loop is closed, so nobody waits
            loop.call_soon_threadsafe(found.put_nowait, line)

    def read() -> bytes:
        line = rest = source.readline(longest + 1)
        while len(rest) > longest and not rest.endswith(b"\n"):
            rest = source.readline(longest + 1)
        return line

    def feed() -> None:
        try:  # closed before its end is told, so that nothing is open when nobody reads any more
            while room.acquire() and (line := read()):
                give(line)
            source.close()
            give(b"")
        except Exception as problem:  # noqa: BLE001  # it belongs to whoever reads the lines
            give(problem)

    Thread(target=feed, daemon=True, name="lines").start()
    while line := await found.get():
        if isinstance(line, Exception):
            raise line
        room.release()
        yield line
