"""The entry point: light, so that Ctrl-C while the rest is loaded is answered as later."""

from __future__ import annotations

import os
import sys


def main() -> None:
    # Processes are started with `python -m`, which would import from the folder in which somebody stands.
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        from handlers.cli import main as command_line  # noqa: PLC0415  # may be stopped while it is loaded

        command_line()
    except KeyboardInterrupt:
        if sys.stderr is not None:
            sys.stderr.write("Stopped.\n")
        sys.exit(130)
