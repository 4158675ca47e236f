"""The languages that can be read: those that have a folder beside this module."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

from bot.reading import languages

if TYPE_CHECKING:  # who only asks which there are, loads none
    from bot.reading.languages.base import Language

DEFAULT: Final = "en"  # of an article whose language nobody states
CODE: Final = 2  # letters that name a folder: "en-GB" is read as "en"


def readable_languages() -> frozenset[str]:
    """Return the codes of all languages that can be read."""
    return frozenset(folder.name for folder in iter_modules(languages.__path__) if folder.ispkg)


def find_language(code: str | None) -> Language | None:
    """Return the language of a code, the default one without a code, or None for one that has no folder."""
    folder = (code or DEFAULT)[:CODE].lower()
    return _load(folder) if folder in readable_languages() else None


def default_language() -> Language:
    """Return the language in which articles are read whose own is unknown."""
    return _load(DEFAULT)


@cache
def _load(folder: str) -> Language:
    found: Language = import_module(f"{languages.__name__}.{folder}.language").language()
    return found
