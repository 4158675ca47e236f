"""Quotations: what stands between quotation marks, by exact place.

The language says which marks open and which close. A paragraph that ends inside a
quotation whose next paragraph opens again with the same mark goes on; a mark that is never closed ends
with its sentence, so that it cannot swallow the article.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.reading.document import Document, Sentence
from bot.reading.languages.lexicon import Frame
from bot.reading.tags import Tag

SINGLE = frozenset("‘'")
OPENING = frozenset("“«„") | {"``"}  # forms that open wherever they stand
LONG = 5  # words; shorter ones without a stop are as often scare quotes or titles as speech
REACH = 1500  # tokens to look for a closing mark; the longest quoted paragraphs of real articles hold 400
TAG, TAG_REACH = 7, 16  # tokens of “Mayor Mara Venn of Dale said”, and from its comma to the stop
SINGLE_REACH = 80  # an apostrophe is more often an apostrophe


@dataclass(frozen=True, slots=True)
class Quotation:
    """Tokens `first` to `last` (end exclusive) with the marks; `closed`: a mark ends it."""

    first: int
    last: int
    closed: bool

    @property
    def inner(self) -> tuple[int, int]:
        return self.first + 1, self.last - self.closed


def find_quotations(document: Document) -> tuple[Quotation, ...]:
    """Outermost quotations in order; none overlaps another."""
    found: list[Quotation] = []
    sentences = document.sentences
    at = 0
    while at < len(sentences):
        block = sentences[at].block
        until = at
        while until < len(sentences) and sentences[until].block == block:
            until += 1
        found += _find_in_block(
            document, sentences[at:until], sentences[until] if until < len(sentences) else None
        )
        at = until
    return tuple(found)


def _find_in_block(
    document: Document, block: tuple[Sentence, ...], following: Sentence | None
) -> list[Quotation]:
    found: list[Quotation] = []
    first, last, marks = block[0].first, block[-1].last, document.language.quotation_marks
    at = first
    while at < last:
        mark = document.words[at]
        # an opening mark stands before a word and, unless it has a form of its own, after a space
        if mark not in marks or not (
            mark in OPENING
            or (_has_space_before(document, at, first) and not _has_space_after(document, at, last))
        ):
            at += 1
            continue
        end = _find_closing(document, at, last)
        if end is not None:
            found.append(Quotation(at, end + 1, closed=True))
            at = end + 1
        elif mark not in SINGLE:
            goes_on = following is not None and document.words[following.first] == mark
            end = last if goes_on else _find_end_of_unclosed(document, block, at)
            found.append(Quotation(at, end, closed=False))
            at = end
        else:
            at += 1
    return found


def _find_end_of_unclosed(document: Document, block: tuple[Sentence, ...], at: int) -> int:
    """Return the end of a quotation whose closing mark is missing: before “, Venn said”, else with its
    sentence."""
    last = next(s.last for s in block if s.first <= at < s.last)
    for comma in range(last - 2, max(at + 2, last - TAG_REACH), -1):
        tag = range(comma + 1, min(last, comma + TAG))
        opens = document.words[comma] == "," and _can_speak(document.tags[comma + 1])
        if opens and any(Frame.CLAUSE in document.lexicon.find_cue(document.lowers[i])[1] for i in tag):
            return comma + 1
    return last


def _can_speak(tag: Tag) -> bool:
    """The first word of whoever speaks: “Venn said”, “he said”, “the mayor said”."""
    return tag.is_singular_name or tag.is_personal_pronoun or tag.is_determiner


def _has_space_before(document: Document, at: int, first: int) -> bool:
    return (
        at == first
        or document.starts[at] > document.ends[at - 1]
        or document.words[at - 1] in {"(", "[", "—", "–", "―", "-", "--"}
    )


def _has_space_after(document: Document, at: int, last: int) -> bool:
    return at + 1 >= last or document.starts[at + 1] > document.ends[at]


def _find_closing(document: Document, opening: int, last: int) -> int | None:
    """The token that closes the quotation opened at `opening`, within its paragraph."""
    mark = document.words[opening]
    closers = {"''", "”"} if mark in {"''", "``"} else set(document.language.quotation_marks[mark])
    if mark == "“":
        closers.add(mark)  # mistyped: “It fell,“ he said.
    depth = 0
    reach = SINGLE_REACH if mark in SINGLE else REACH
    for at in range(opening + 1, min(last, opening + reach)):
        word = document.words[at]
        if word in closers and _is_closing(document, at, last, mark):
            if depth == 0:
                return at
            depth -= 1
        elif word == mark and mark in {"“", "«"}:
            depth += 1
    return None


def _is_closing(document: Document, at: int, last: int, mark: str) -> bool:
    if document.words[at] == mark == "“":  # an opening mark where only a closing one can stand
        touching = document.starts[at] == document.ends[at - 1] and document.words[at - 1][-1] in ",.!?"
        return touching and _has_space_after(document, at, last)
    if mark in {"“", "«", "„"}:
        return document.words[at] != '"' or not _has_space_before(document, at, at - 1)
    if mark in SINGLE:  # an apostrophe stands inside a word, or after an s that goes on
        following = document.words[at + 1] if at + 1 < last else ""
        return _has_space_after(document, at, last) or not following[0].isalnum()
    return not _has_space_before(document, at, at - 1) or document.words[at - 1] in {"—", "–", "―", "--"}


def is_speech(document: Document, quotation: Quotation) -> bool:
    """Return whether words are long enough, or stopped, to be speech and no scare quotes or title."""
    first, last = quotation.inner
    if last - first >= LONG or document.words[quotation.first] in SINGLE:
        return last - first >= LONG
    return last > first and document.words[last - 1][-1] in ".!?,…"
