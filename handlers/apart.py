"""One function in a process of its own that is killed when it takes too long.

A fork where the system has it: the child needs no second start of the interpreter, so a saved page is
read from a cold start in about a second, and a hostile one still cannot hang the command.
"""

from __future__ import annotations

import logging
import multiprocessing
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from bot.errors import CannotCheck, CannotRead, ReaderKilled

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
    child = context.Process(target=_run, args=(there, function, args), daemon=True)
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


def _run(there: Connection, function: Callable[..., object], args: tuple[object, ...]) -> None:
    """In the child: errors are sent as values."""
    limit_memory(MEMORY)
    try:
        there.send((function(*args), None))
    except CannotCheck as error:
        there.send((error, None))
    except MemoryError:
        there.send((ReaderKilled(), None))
    except KeyboardInterrupt:
        return  # the parent says it
    except Exception:  # noqa: BLE001  # a page that breaks the reader is a page that could not be read
        there.send((CannotRead(), traceback.format_exc()))


def limit_memory(most: int) -> None:
    """Of this process, in bytes of address space, where the system can."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # POSIX has it alone

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
