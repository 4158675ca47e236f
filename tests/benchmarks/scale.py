"""What one machine carries: `make bench-scale`, or `python -m tests.benchmarks.scale [SECTION]...`.

Each section prints rows of its own; docs/scale.md says what follows from them. Nothing here fails: the goals
stand beside what is measured, on a machine that others may be using, too.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Final

import structlog

from tests.benchmarks import full, replay, shared
from tests.benchmarks.load import Row, tell

Section = Callable[[], list[Row]]

SECTIONS: Final[Mapping[str, Section]] = {
    "process": full.process,
    "hot": full.hot,
    "growth": full.growth,
    "replay": replay.section,
    "added": shared.added,
    "killed": shared.killed,
    "many": shared.many,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        sys.exit(f"There is no section {unknown[0]}; there are {', '.join(SECTIONS)}.")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("bot").addHandler(logging.NullHandler())  # what is turned away is counted, not told
    for name in names or SECTIONS:
        _head(name)
        began = perf_counter()
        tell(*SECTIONS[name](), ("this took, seconds", f"{perf_counter() - began:.0f}", ""))


def _head(name: str) -> None:
    """With what others were at on this machine, which costs time on the clock and not processor time."""
    load, cores = os.getloadavg()[0], os.cpu_count()
    sys.stdout.write(f"── {name} ({cores} cores, {load:.1f} processes were busy in the minute before) ──\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
