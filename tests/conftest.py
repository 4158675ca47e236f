"""What is the same for all tests, wherever and in whatever terminal they run."""

from __future__ import annotations

import os
from typing import Final

_TERMINAL: Final = ("COLUMNS", "LINES", "TERMINAL_WIDTH")


def pytest_configure() -> None:
    """Before a library reads at its import how wide the terminal is."""
    for name in _TERMINAL:
        os.environ.pop(name, None)
