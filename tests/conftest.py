"""What is the same for all tests, wherever, in whatever terminal and beside whatever they run."""

from __future__ import annotations

import os
import signal
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

_TERMINAL: Final = ("COLUMNS", "LINES", "TERMINAL_WIDTH")
_PER_CORE: Final = 2  # processes, because tests wait half of the time
_MOST: Final = 12  # processes: each loads everything

# The same examples each time, and as many, however long a busy machine takes over one.
settings.register_profile(
    "tests", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")


def pytest_configure() -> None:
    """Before a library reads at its import how wide the terminal is, and how many threads it may start.

    What runs in the background of a script ignores Ctrl-C, and all that it starts does; the tests send it.
    """
    for name in _TERMINAL:
        os.environ.pop(name, None)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads would fight the other processes
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return min(_PER_CORE * (os.cpu_count() or 1), _MOST)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where tests run in parallel, nobody shall wait at the end for a long one."""
    if hasattr(config, "workerinput"):
        items.sort(key=_seconds, reverse=True)


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("takes")
    return float(mark.args[0]) if mark else 0.0
