"""Sanitizing of strangers' words, so that they are safe to show anywhere: every renderer passes what it shows
through `sanitize`."""

from __future__ import annotations

import unicodedata
from typing import Final

MARKS: Final = 3  # combining marks kept after one letter; more is a tower that covers the lines around it
_GONE: Final = frozenset({"Cc", "Cf", "Co", "Cn"})  # controls, direction and zero-width signs, unassigned
_SPACE: Final = frozenset({"Zs", "Zl", "Zp"})


def sanitize(text: str) -> str:
    """Return `text` on one line without anything that moves, hides or colours other text.

    Control characters (escape sequences lose their ESC), bidirectional and zero-width signs go; white
    space of any kind becomes one space; a lone surrogate becomes U+FFFD; towers of marks are cut.
    """
    kept: list[str] = []
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MARKS:
            continue
        if letter.isspace() or category in _SPACE:
            kept.append(" ")
        elif category == "Cs":
            kept.append("\N{REPLACEMENT CHARACTER}")
        elif category not in _GONE:
            kept.append(letter)
    return " ".join("".join(kept).split())
