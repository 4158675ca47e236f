"""Plain text → Article: used character for character, cut into blocks, never refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from bot.fetching.language_detection import detect_language
from bot.fetching.roles import label_lines, load_boilerplate
from bot.model import Article, Block, BlockRole

Extent = tuple[int, int]

_PARAGRAPH: Final = re.compile(r"\S(?:.|\n(?![^\S\n]*\n))*", re.ASCII)
_LINE: Final = re.compile(r"\S[^\n]*")
_WIDEST: Final = 110


def article_from_text(text: str, url: str | None = None, *, pasted: bool = False) -> Article:
    """Take `text` as it is; blocks are its paragraphs, and a first line that reads like a headline is the
    title.

    The language is looked for only in pasted text: what a batch gives is never refused for its language.
    """
    extents = [
        extent for paragraph in _PARAGRAPH.finditer(text) for extent in _split_lines(text, paragraph.span())
    ]
    lines = [text[start:end] for start, end in extents]
    given = label_lines(lines)
    top = next((at for at, role in enumerate(given) if role is BlockRole.BODY), 0)
    titled = _is_headline(lines[top : top + 1 + _DECKS])
    if titled:
        given[top] = BlockRole.TITLE
    return Article(
        text=text,
        blocks=tuple(Block(role, *extent) for role, extent in zip(given, extents, strict=True)),
        url=url,
        title=lines[top] if titled else None,
        stated_in=(("title", "first line"),) if titled else (),
        language=detect_language(text) if pasted else None,
        pasted=pasted,
    )


def _split_lines(text: str, paragraph: Extent) -> Iterator[Extent]:
    """Yield the lines of a paragraph, or the whole of it where its lines were only wrapped to a width."""
    start, end = paragraph
    lines = [_trim(text, line.span()) for line in _LINE.finditer(text, start, end)]
    words = [text[slice(*line)] for line in lines]
    goes_on = any(after[0].islower() or before.endswith(("-", ";", ",")) for before, after in pairwise(words))
    if goes_on and max(map(len, words)) <= _WIDEST:
        yield lines[0][0], lines[-1][1]
    else:
        yield from lines


def _trim(text: str, extent: Extent) -> Extent:
    start, end = extent
    return start, start + len(text[start:end].rstrip())


# ── the headline ────────────────────────────────────────────────────────────────────────────────────

_LONGEST_HEADLINE: Final = 200
_FEWEST_WORDS: Final = 3
_MOST_WORDS: Final = 25
_MOST_WORDS_OF_SENTENCE: Final = 18
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")
_LONG: Final = 4
_STEM: Final = 5
_FULL_STOP: Final = re.compile(r"[.!?…。][\"'”’»)\]]*$")
# "Poll: …", "The Latest: …", but no dateline in capitals.
_LABEL: Final = re.compile(r"(?=[^:]*[a-z])[A-ZÀ-Þ][^.:,;!?]{1,30}: ")
# A place in capitals, maybe a state and an agency, and a dash or a colon.
_DATELINE: Final = re.compile(
    r"[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{2,40}(?:, [A-Z][\w. ]{1,20})?\s*(?:\([\w ]{2,20}\))?\s*(?:--|[-–—:―])"
)
_DECKS: Final = 3
_PARAGRAPH_WORDS: Final = 12


def _is_headline(lines: Sequence[str]) -> bool:
    """Return True for a short first paragraph over a report, if it is no sentence or written like a
    headline."""
    if len(lines) < 2:  # noqa: PLR2004  # a headline stands over something
        return False
    first = lines[0]
    words = _WORD.findall(first)
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or len(first) > _LONGEST_HEADLINE:
        return False
    if not _FULL_STOP.search(first):
        return first[-1] not in ":,;-–—"
    if ";" in first and "\n" in first:
        return True
    report = next((line for line in lines[1 : 1 + _DECKS] if len(line.split()) >= _PARAGRAPH_WORDS), "")
    if len(words) > _MOST_WORDS_OF_SENTENCE or _DATELINE.match(first):
        return False
    long = [word for word in words[1:] if len(word) >= _LONG]
    title_case = len(long) > 1 and sum(word[0].isupper() for word in long) >= 2 * len(long) / 3
    if title_case or _LABEL.match(first) or _DATELINE.match(report):
        return True
    # The first long paragraph of a report takes up the words of its headline again.
    if load_boilerplate().opens.match(first) or load_boilerplate().tells.search(first):
        return False
    told = {word[:_STEM].lower() for word in words if len(word) >= _LONG}
    again = {word[:_STEM].lower() for word in _WORD.findall(report) if len(word) >= _LONG}
    return len(told & again) >= 2  # noqa: PLR2004  # one name may be chance
