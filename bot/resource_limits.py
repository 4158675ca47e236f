"""Limits that a reading process sets on itself, where the system has them (POSIX)."""

from __future__ import annotations

import sys


def limit_memory(most: int) -> None:
    """Limit its address space to so many bytes; beyond them, allocations raise MemoryError."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # POSIX has it alone

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_least(most, hard), hard))


def limit_cpu_time(seconds: int) -> None:
    """Let the system end this process once it has computed for so many seconds since its start."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # as above

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (_least(seconds, hard), hard))
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))  # SIGXCPU would leave a core dump


def _least(most: int, hard: int) -> int:
    return most if hard < 0 else min(most, hard)  # RLIM_INFINITY is -1
