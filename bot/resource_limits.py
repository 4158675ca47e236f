"""Limits that a reading process sets on itself, where the system has them (POSIX)."""

from __future__ import annotations

import sys


def limit_memory(most: int) -> None:
    """Of this process, in bytes of address space; beyond it, allocations raise MemoryError."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # POSIX has it alone

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_least(most, hard), hard))


def limit_processor(seconds: int, *, hard_too: bool = False) -> None:
    """The system ends this process once it has computed for so many seconds since its start: with SIGXCPU, or
    when `hard_too` at once and without a core dump."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # as above

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        limit = _least(seconds, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit if hard_too else hard))


def _least(most: int, hard: int) -> int:
    return most if hard < 0 else min(most, hard)  # RLIM_INFINITY is -1
