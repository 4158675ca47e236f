"""Phrases as data: what Hearsay says, by key, with facts and numbers filled in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Final

from bot.replies import Line, Piece, Said

_FORMATTER: Final = Formatter()


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language. A key is a dotted path in its file; an unknown one is a KeyError."""

    phrases: dict[str, Any]

    def of(self, key: str) -> Any:
        found: Any = self.phrases
        for part in key.split("."):
            found = found[part]
        return found

    def has(self, key: str) -> bool:
        try:
            self.of(key)
        except (KeyError, TypeError):
            return False
        return True

    def say(self, key: str, **facts: object) -> str:
        return str(self.of(key)).format(**facts)

    def count(self, key: str, n: int, **facts: object) -> str:
        """The form of a counted phrase that fits `n`."""
        forms = self.of(key)
        form = "zero" if n == 0 and "zero" in forms else "one" if n == 1 else "other"
        return str(forms[form]).format(n=n, **facts)

    def line(self, key: str, **pieces: Piece) -> Line:
        """A phrase with pieces in its slots: what is ours is Said, the page's words keep their type."""
        found: list[Piece] = []
        for ours, slot, _, _ in _FORMATTER.parse(str(self.of(key))):
            found += [Said(ours)] if ours else []
            found += [pieces[slot]] if slot else []
        return tuple(found)


@cache
def words(language: str = "en") -> Words:
    """The phrases of a language. Raises FileNotFoundError when there are none."""
    text = files("bot.replying.phrases").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return Words(tomllib.loads(text))
