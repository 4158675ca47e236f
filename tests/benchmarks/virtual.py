"""A clock that skips what is only waited for, so that an hour of traffic lasts as long as its work.

The event loop's time is the processor time of this process, and jumps to the next timer whenever nothing else
is left to do. So computing takes what it takes, in threads too, and what others do on the machine takes
nothing. A thread is waited for under `hold`, as every statement on SQLite is; nothing is skipped meanwhile.
Another process or the network is not waited for.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from time import process_time
from typing import Any, Final, TypeVar

import aiosqlite.core

BEGINNING: Final = datetime(2026, 11, 26, 12, tzinfo=UTC)

_T = TypeVar("_T")
_Ready = list[tuple[selectors.SelectorKey, int]]


class _Skipping(selectors.DefaultSelector):
    """Waits for what is held alone; what else would be waited for has passed at once."""

    def __init__(self) -> None:
        super().__init__()
        self.held = 0
        self.skipped = 0.0

    def select(self, timeout: float | None = None) -> _Ready:
        if self.held or timeout is None:
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            self.skipped += max(0.0, timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on such a clock, which stands at 0 in the beginning."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        self._began = process_time()
        super().__init__(self._skipping)

    def time(self) -> float:
        return process_time() + self._skipping.skipped - self._began

    def now(self) -> datetime:
        """The same as a moment of a day."""
        return BEGINNING + timedelta(seconds=self.time())

    def hold(self, until: asyncio.Future[Any]) -> None:
        """Nothing is skipped until this is done."""
        self._skipping.held += 1
        until.add_done_callback(self._release)

    def _release(self, _: object) -> None:
        self._skipping.held -= 1


def run(main: Coroutine[Any, Any, _T]) -> _T:
    """As asyncio.run, on a VirtualLoop, for which every statement on SQLite is held."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner, _statements_held():
        return runner.run(main)


def loop() -> VirtualLoop:
    """The one that runs."""
    running = asyncio.get_running_loop()
    assert isinstance(running, VirtualLoop)
    return running


class _Told(SimpleQueue[Any]):
    """What a thread of aiosqlite is told to do, and for whom; held until it is done."""

    def put_nowait(self, item: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, _ = item
        if future is not None:
            loop().hold(until=future)
        super().put_nowait(item)


@contextmanager
def _statements_held() -> Iterator[None]:
    """aiosqlite works in threads and tells nobody when it does, but all of it goes through such a queue."""
    names = vars(aiosqlite.core)
    names["SimpleQueue"] = _Told
    try:
        yield
    finally:
        names["SimpleQueue"] = SimpleQueue
