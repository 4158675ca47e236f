"""One function in a process of its own that is killed when it takes too long.

A fork where the system has it: the child needs no second start of the interpreter, so a saved page is
read from a cold start in about a second, and a hostile one still cannot hang the command.
"""

from __future__ import annotations

import logging
import math
import multiprocessing
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from bot.errors import CannotCheck, CannotRead, ReaderKilled
from bot.resource_limits import limit_memory, limit_processor

SECONDS: Final = 15.0
MEMORY: Final = 2 * 2**30  # bytes of address space

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


def apart(
    function: Callable[..., _T],
    *args: object,
    seconds: float = SECONDS,
    meanwhile: Callable[[], None] = lambda: None,
) -> _T:
    """`function(*args)`, read back; `meanwhile` runs here. Raises its CannotCheck, and ReaderKilled."""
    context: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(here, there, seconds, function, args), daemon=True)
    child.start()
    there.close()
    try:
        meanwhile()
        found: _T = _answer(here, seconds)
        return found
    finally:
        child.kill()
        child.join()


def _answer(here: Connection, seconds: float) -> Any:
    if not here.poll(seconds):
        raise ReaderKilled
    try:
        found, trace = here.recv()
    except EOFError:
        raise ReaderKilled from None
    if trace:
        _log.error("a page broke the reader\n%s", trace)
    if isinstance(found, CannotCheck):
        raise found
    return found


def _run(
    here: Connection,
    there: Connection,
    seconds: float,
    function: Callable[..., object],
    args: tuple[object, ...],
) -> None:
    """In the child, which must end by itself when its parent is killed: errors are sent as values."""
    here.close()  # a pipe that this process could read itself would never break
    limit_memory(MEMORY)
    limit_processor(math.ceil(seconds) + 1, hard_too=True)
    with suppress(BrokenPipeError, KeyboardInterrupt):  # nobody waits any more, or the parent says it
        there.send(_found(function, args))


def _found(function: Callable[..., object], args: tuple[object, ...]) -> tuple[object, str | None]:
    try:
        return function(*args), None
    except CannotCheck as error:
        return error, None
    except MemoryError:
        return ReaderKilled(), None
    except Exception:  # noqa: BLE001  # a page that breaks the reader is a page that could not be read
        return CannotRead(), traceback.format_exc()
