"""The screen on which answers are printed: in colour on a terminal, unwrapped plain text everywhere else."""

from __future__ import annotations

import os
from typing import IO, Final

from rich.console import Console

UNWRAPPED: Final = 100_000  # columns
WIDEST: Final = 100  # columns of a terminal that are used: longer lines are hard to read


class Screen(Console):
    """A console that says a closed pipe as every other stream does, instead of exiting with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def screen(out: IO[str] | None = None) -> Console:
    """A console that never reads what it prints as markup, an emoji code or something to highlight."""
    console = Screen(file=out, markup=False, emoji=False, highlight=False, soft_wrap=False)
    if console.is_terminal:
        console.width = min(console.width, WIDEST)
    elif "COLUMNS" not in os.environ:
        console.width = UNWRAPPED
    return console
