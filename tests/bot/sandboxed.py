"""Functions for the tests of `bot.sandbox`, importable by another process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.errors import BadStatus


def double(n: int) -> int:
    return n * 2


def fail() -> None:
    raise BadStatus(403)


def hang() -> None:
    while True:
        time.sleep(1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def break_down() -> None:
    raise RuntimeError("a bug")


def eat() -> int:
    return len(bytearray(8 * 2**30))


def fill_memory_and_break_down(most: int) -> None:
    held: list[bytearray] = []
    with suppress(MemoryError):
        while len(held) < most:
            held.append(bytearray(2**20))
    raise RuntimeError("refused memory, which a library calls otherwise")


def spin() -> None:
    while True:
        pass


def announced(pids: str, function: Callable[[], object]) -> object:
    Path(pids).write_text(str(os.getpid()))
    return function()


def much() -> bytes:
    time.sleep(1)  # the parent is killed meanwhile
    return bytes(2**24)


def end_at_once() -> None:
    os._exit(3)


def memory_and_interrupt() -> tuple[int, bool]:
    import resource  # POSIX has it alone

    return resource.getrlimit(resource.RLIMIT_AS)[0], signal.getsignal(signal.SIGINT) is signal.SIG_IGN
