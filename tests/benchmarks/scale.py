"""What one machine carries: `make bench-scale`, or `python -m tests.benchmarks.scale [SECTION]...`.

Each section prints rows of its own; docs/scale.md says what follows from them. Nothing here fails: the goals
stand beside what is measured, on a machine that others may be using, too. Each runs in a process of its own,
whose readers load this module as well, so it imports little.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from time import perf_counter
from typing import Final

SECTIONS: Final[Mapping[str, str]] = {
    "process": "full.process",
    "hot": "full.hot",
    "growth": "full.growth",
    "replay": "replay.section",
    "added": "shared.added",
    "killed": "shared.killed",
    "many": "shared.many",
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        sys.exit(f"There is no section {unknown[0]}; there are {', '.join(SECTIONS)}.")
    if len(names) == 1:
        _run(names[0])
    for name in (names or SECTIONS) if len(names) != 1 else ():
        subprocess.run([sys.executable, "-m", "tests.benchmarks.scale", name], check=True)


def _run(name: str) -> None:
    import logging  # as all that follows: readers do without

    import structlog

    from tests.benchmarks.load import tell

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("bot").addHandler(logging.NullHandler())  # what is turned away is counted, not told
    module, _, section = SECTIONS[name].partition(".")
    measure = getattr(import_module(f"tests.benchmarks.{module}"), section)
    _head(name)
    began = perf_counter()
    tell(*measure(), ("this took, seconds", f"{perf_counter() - began:.0f}", ""))


def _head(name: str) -> None:
    """With what others were at on this machine, which costs time on the clock and not processor time."""
    load, cores = os.getloadavg()[0], os.cpu_count()
    sys.stdout.write(f"── {name} ({cores} cores, {load:.1f} processes were busy in the minute before) ──\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
