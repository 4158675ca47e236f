"""Pages that people type: "bridge page 2"."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 5  # digits


def parse_page(typed: str) -> int:
    """Return a page, from 0; what is no number is the first one."""
    number = typed.strip()
    return max(0, int(number) - 1) if number.isdecimal() and len(number) <= _LONGEST else 0


def split_page(typed: str) -> tuple[str, int]:
    """Return the words, and the page of a "page 2" behind them."""
    words, _, number = typed.rpartition("page ")
    numbered = number.strip().isdecimal() and (not words or words.endswith(" "))
    return (words.strip(), parse_page(number)) if numbered else (typed.strip(), 0)
