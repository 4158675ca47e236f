"""Phrases as data, by key, with facts and numbers filled in."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from string import Formatter
from typing import Any, Final, Literal

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

from bot.replies import Line, Piece, Said

_FORMATTER: Final = Formatter()
# Codes that a page may state and that name no language (ISO 639-2).
_NO_LANGUAGE: Final = frozenset({"mis", "mul", "und", "zxx"})

TimeUnit = Literal["second", "minute", "hour", "day", "month", "year"]


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language. A key is a dotted path in its file; an unknown one is a KeyError.

    Dates, spans of time, lists, plurals and names of languages follow the Unicode CLDR for `locale`.
    """

    phrases: dict[str, Any]

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse(self.phrases.get("locale", "en"), sep="-")

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
        """Return a counted phrase in the form that fits `n`."""
        forms = self.of(key)
        form = "zero" if n == 0 and "zero" in forms else self.locale.plural_form(n)
        return str(forms.get(form, forms["other"])).format(n=n, **facts)

    def date(self, day: date) -> str:
        """As in: 10 February 2019."""
        return format_date(day, "long", locale=self.locale)

    def span(self, n: int, unit: TimeUnit) -> str:
        """As in: 2 hours."""
        return format_unit(n, f"duration-{unit}", locale=self.locale)

    def list_of(self, items: Sequence[str]) -> str:
        """As in: a, b and c."""
        return format_list(items, locale=self.locale)

    def language(self, code: str) -> str | None:
        """Return the name of a language; None where the code has none."""
        return None if code in _NO_LANGUAGE else self.locale.languages.get(code)

    def line(self, key: str, **pieces: Piece) -> Line:
        """Return a phrase with pieces in its slots: our words become Said, the page's words keep their
        type."""
        found: list[Piece] = []
        for ours, slot, _, _ in _FORMATTER.parse(str(self.of(key))):
            found += [Said(ours)] if ours else []
            found += [pieces[slot]] if slot else []
        return tuple(found)


@cache
def get_phrases(language: str = "en") -> Phrases:
    """Return the phrases of a language. Raises FileNotFoundError when there are none."""
    text = files("bot.replying.phrases").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    found = Phrases(tomllib.loads(text))
    found.locale.plural_form(1)  # loads its data (13 ms) now, at the start, and not amid the first answer
    return found
