"""The base of all languages: everything that a language must give to be read.

A language is a folder beside this module; its `language.py` has a function `language() -> Language`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.reading.languages.lexicon import Lexicon
from bot.reading.tags import Tag

# One alternative a line, tried in order; no alternative can backtrack over more than its own token.
TOKEN: Final = re.compile(
    r"""
      https?://\S+                               # an address is one word
    | [@\#]\w+                                   # a handle or a hashtag
    | (?:[^\W\d_]-)?(?:[^\W\d_]\.){2,}(?:-\w+)*  # U.S., a.m., U.S.-led, D-R.I.
    | [^\W\d_]-(?:[^\W\d_]\.)+[^\W\d_]\b         # D-N.Y
    | \$?+\d++(?:[.,:/]\d+)*+(?:%|[^\W\d_]{1,4}\b)?(?![\w-])  # 1,000  3.5%  7:30  $300  $5.5B  2nd
    | \w+(?:(?:['’&‐‑-]|\.(?=[a-z\d])|/(?=[A-Z])|[§©®¨¯±´¸¶]+)\w+)*  # words with inner apostrophes, hyphens,
                                                 # dots, the slash of CNN/ORC, or signs of a wrong encoding
    | ''|``                                      # two apostrophes, used as quotation marks
    | \.{2,}|…                                   # an ellipsis
    | -{2,}                                      # a typewriter's dash
    | \S                                         # any other sign
    """,
    re.VERBOSE,
)
NO_CLITIC: Final = re.compile(r"(?!)")  # fits nothing


@dataclass(frozen=True, slots=True)
class TokenizerRules:
    """The rules of the tokenizer: `pattern` fits a token; `clitic` is an ending that stands alone;
    `words_of_one_capital` are no initials, so that a period after one ends the sentence."""

    pattern: re.Pattern[str] = TOKEN
    clitic: re.Pattern[str] = NO_CLITIC
    words_of_one_capital: frozenset[str] = frozenset()


# Each opening mark with those that can close it; of a straight one the place tells which it is.
QUOTATION_MARKS: Final[Mapping[str, str]] = {
    "“": '”"', "„": "“”", "«": "»", "‘": "’'", '"': '"”“', "''": "''”", "``": "''", "'": "'’",
}  # fmt: skip


@dataclass(frozen=True)
class Language:
    """One language: `code` is that of ISO 639-1.

    `tag` takes the sentences of a text, in order, and gives each word its part of speech.
    `capitals_name`: a capital inside a sentence tells a name; it does not where every noun has one.
    """

    code: str
    lexicon: Lexicon
    tag: Callable[[Sequence[Sequence[str]], Lexicon], list[list[Tag]]]
    tokens: TokenizerRules = TokenizerRules()
    quotation_marks: Mapping[str, str] = field(default_factory=lambda: QUOTATION_MARKS)
    capitals_name: bool = True


def normalize_word(word: str) -> str:
    """Return a word as lexicons write it: in small letters, its apostrophe straight."""
    low = word.lower()
    return low if low.isascii() else low.replace("’", "'")
