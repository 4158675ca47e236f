"""Plain text → Article: used character for character, cut into blocks, never refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from bot.fetching.languages import language
from bot.model import Article, Block, Role

Extent = tuple[int, int]

_PARAGRAPH: Final = re.compile(r"\S(?:.|\n(?![^\S\n]*\n))*", re.ASCII)
_LINE: Final = re.compile(r"\S[^\n]*")
_WIDEST: Final = 110


def article_from_text(text: str, url: str | None = None, *, pasted: bool = False) -> Article:
    """`text` as it is; blocks are its paragraphs, and a first line that reads like a headline is the title.

    The language is looked for only in pasted text: what a batch gives is never refused for its language.
    """
    extents = [extent for paragraph in _PARAGRAPH.finditer(text) for extent in _lines(text, paragraph.span())]
    titled = _is_headline([text[start:end] for start, end in extents[:2]])
    blocks = tuple(
        Block(Role.TITLE if titled and at == 0 else Role.BODY, *extent) for at, extent in enumerate(extents)
    )
    return Article(
        text=text,
        blocks=blocks,
        url=url,
        title=text[slice(*extents[0])] if titled else None,
        stated_in=(("title", "first line"),) if titled else (),
        language=language(text) if pasted else None,
        pasted=pasted,
    )


def _lines(text: str, paragraph: Extent) -> Iterator[Extent]:
    """The lines of a paragraph, or the whole of it where its lines were only wrapped to a width."""
    start, end = paragraph
    lines = [_trimmed(text, line.span()) for line in _LINE.finditer(text, start, end)]
    if _wrapped([text[slice(*line)] for line in lines]):
        yield lines[0][0], lines[-1][1]
    else:
        yield from lines


def _trimmed(text: str, extent: Extent) -> Extent:
    start, end = extent
    return start, start + len(text[start:end].rstrip())


def _wrapped(lines: Sequence[str]) -> bool:
    """A line goes on in the next one, by lower case or a broken word, and no line is wider than a page."""
    goes_on = any(after[0].islower() or before.endswith("-") for before, after in pairwise(lines))
    return goes_on and max(map(len, lines)) <= _WIDEST


# ── the headline ────────────────────────────────────────────────────────────────────────────────────

_LONGEST_HEADLINE: Final = 200
_MOST_WORDS: Final = 25
_MOST_WORDS_OF_SENTENCE: Final = 18
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")
_LONG: Final = 4
_STEM: Final = 5
_FULL_STOP: Final = re.compile(r"[.!?…。][\"'”’»)\]]*$")
# A report opens with these, a headline hardly ever does; a dateline is a place and a dash or a colon.
_OPENS_REPORT: Final = re.compile(
    r"(?:an?|the|it|he|she|they|we|i|in|on|at|this|that|there|when|if|but|and|as|after|while)\b"
    r"|[A-ZÀ-Þ][A-ZÀ-Þ .,]{3,40}(?:\([\w ]+\))?\s*(?:--|[-–—:])",
    re.IGNORECASE,
)


def _is_headline(first_two: Sequence[str]) -> bool:
    """A short first paragraph before another one, that is no sentence or is written like a headline."""
    if len(first_two) < 2:  # noqa: PLR2004  # a headline stands over something
        return False
    first, second = first_two
    words = _WORD.findall(first)
    if not 0 < len(words) <= _MOST_WORDS or len(first) > _LONGEST_HEADLINE or first.endswith((":", ",")):
        return False
    if not _FULL_STOP.search(first):
        return True
    return len(words) <= _MOST_WORDS_OF_SENTENCE and (_capitals(words) or _announces(first, words, second))


def _capitals(words: Sequence[str]) -> bool:
    """Title Case: two thirds of its long words begin with a capital."""
    long = [word for word in words[1:] if len(word) >= _LONG]
    return len(long) > 1 and sum(word[0].isupper() for word in long) >= 2 * len(long) / 3


def _announces(first: str, words: Sequence[str], second: str) -> bool:
    """The next paragraph takes up its words again, as the first paragraph of a report does."""
    if _OPENS_REPORT.match(first):
        return False
    told = {word[:_STEM].lower() for word in words if len(word) >= _LONG}
    again = {word[:_STEM].lower() for word in _WORD.findall(second) if len(word) >= _LONG}
    return len(told & again) >= 2  # noqa: PLR2004  # one name may be chance
