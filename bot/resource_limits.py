"""Limits that a reading process sets on itself, where the system has them (POSIX)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")  # Linux has it alone
_NEARLY: Final = (
    0.7  # of the memory: libraries ask for a good part of it at once. A reader at rest holds a quarter
)


def limit_memory(most: int) -> None:
    """Limit its address space to so many bytes; beyond them, allocations raise MemoryError."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  # POSIX has it alone

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_least(most, hard), hard))


def has_exhausted_memory(most: int) -> bool:
    """Return whether its address space has come near to so many bytes: a library that was refused memory
    may raise anything. False where the system does not tell."""
    try:
        peak = next(line for line in _STATUS.read_text("ascii").splitlines() if line.startswith("VmPeak:"))
    except (OSError, StopIteration):
        return False
    return int(peak.split()[1]) * 1024 >= _NEARLY * most


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
