"""The end of a command: its exit code, and one sentence on standard error where it ends early."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from typing import Final

import typer

from bot.errors import CannotCheck
from handlers.startup_errors import StartupError

# ruff: noqa: PLC0415  # as in handlers.cli

_NOT_WRITTEN: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
_log = logging.getLogger(__name__)


class Exit(IntEnum):
    """The exit codes of a command; 2 is bad usage, settings included."""

    FOUND = 0
    NOTHING = 1
    USAGE = 2
    NOT_READ = 3
    FAULT = 70  # as sysexits.h has it
    NOT_WRITTEN = 74  # as sysexits.h has it
    STOPPED = 130  # as shells have it


@contextmanager
def report_errors() -> Iterator[None]:
    """Say as one sentence on standard error whatever ends a command early; the log has the rest."""
    try:
        yield
    except typer.Exit:
        raise
    except KeyboardInterrupt:
        say("Stopped.")
        raise typer.Exit(Exit.STOPPED) from None
    except CannotCheck as error:
        from bot.replying.failures import explain_failure
        from handlers.inputs import hint

        raise exit_with(explain_failure(error) + hint(error), Exit.NOT_READ) from None
    except OSError as problem:
        raise exit_unwritten(problem) from None
    except Exception as problem:  # noqa: BLE001  # the last place where a fault can be said
        raise _exit_with_fault(problem) from None


def exit_unwritten(problem: OSError) -> typer.Exit:
    """A reader that went away wants no more; a full disk is said."""
    if not isinstance(problem, BrokenPipeError) and problem.errno not in _NOT_WRITTEN:
        return _exit_with_fault(problem)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing it cannot fail again
    if isinstance(problem, BrokenPipeError):
        return typer.Exit(Exit.FOUND)
    return exit_with(f"The answer could not be written: {problem.strerror}.", Exit.NOT_WRITTEN)


def _exit_with_fault(problem: Exception) -> typer.Exit:
    from handlers.paths import log_file

    if isinstance(problem, StartupError):
        return exit_with(str(problem), Exit.USAGE)
    _log.error("a command failed", exc_info=problem)
    return exit_with(f"Something went wrong in Hearsay itself; the details are in {log_file()}.", Exit.FAULT)


def exit_with(sentence: str, code: Exit) -> typer.Exit:
    from bot.replying.sanitize import sanitize

    say(sanitize(sentence))  # it may name a file, and file names are strangers' words too
    return typer.Exit(code)


def say(sentence: str) -> None:
    with suppress(OSError):  # the exit code still tells it
        typer.echo(sentence, err=True)
