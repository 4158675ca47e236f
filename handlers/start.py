"""The entry point: light, so that Ctrl-C while the rest is loaded is answered as later."""

from __future__ import annotations

import sys


def main() -> None:
    try:
        from handlers.cli import main as command_line  # noqa: PLC0415  # may be stopped while it is loaded

        command_line()
    except KeyboardInterrupt:
        if sys.stderr is not None:
            sys.stderr.write("Stopped.\n")
        sys.exit(130)
