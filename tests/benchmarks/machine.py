"""What processes have used of the machine, as Linux tells it in /proc: this one, and its readers."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Self

PROC: Final = Path("/proc")
_READER: Final = b"anyio.to_process"  # how anyio starts its processes
_PARENT, _OWN, _REAPED = 1, slice(11, 13), slice(13, 15)  # fields of a stat line, counted behind the name


class Used(NamedTuple):
    """Processor seconds of this process, and of all its readers so far, those that have retired too."""

    main: float
    readers: float

    def since(self, earlier: Self) -> Used:
        return Used(self.main - earlier.main, self.readers - earlier.readers)


class Readers:
    """The reader processes that this process has at the moment."""

    def __init__(self) -> None:
        self._known: dict[int, bool] = {}  # looking at every process of a machine takes milliseconds

    def alive(self) -> list[int]:
        there = {int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal()}
        self._known = {number: reads for number, reads in self._known.items() if number in there}
        for number in there - self._known.keys():
            self._known[number] = _is_reader(number)
        return sorted(number for number, reads in self._known.items() if reads)

    def memory(self) -> float:
        """Of the largest, in MiB."""
        return max((memory(number) for number in self.alive()), default=0.0)

    def used(self) -> Used:
        """Children that were no readers count as such once they have ended, so none should end meanwhile."""
        mine = _stat(os.getpid())
        living = (_seconds(_stat(number)[_OWN]) for number in self.alive())
        return Used(_seconds(mine[_OWN]), _seconds(mine[_REAPED]) + sum(living))


def memory(number: int | None = None) -> float:
    """What a process holds, in MiB; this one, unless another is named."""
    with suppress(OSError):  # it may just have ended
        pages = int((PROC / str(number or os.getpid()) / "statm").read_text("utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return 0.0


def _is_reader(number: int) -> bool:
    with suppress(OSError):
        mine = _stat(number)[_PARENT] == str(os.getpid())
        return mine and _READER in (PROC / str(number) / "cmdline").read_bytes()
    return False


def _stat(number: int) -> list[str]:
    """The fields behind the name, which may itself hold blanks and brackets."""
    return (PROC / str(number) / "stat").read_text("utf-8").rpartition(")")[2].split()


def _seconds(ticks: list[str]) -> float:
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
