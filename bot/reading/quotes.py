"""Quotations: what stands between quotation marks, by exact place.

The language says which marks open and which close. A paragraph that ends inside a
quotation whose next paragraph opens again with the same mark goes on; a mark that is never closed ends
with its sentence, so that it cannot swallow the article.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.reading.document import Prose, Sentence
from bot.reading.languages.lexicon import Frame
from bot.reading.tags import Tag

SINGLE = frozenset("‘'")
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


def quotations(prose: Prose) -> tuple[Quotation, ...]:
    """Outermost quotations in order; none overlaps another."""
    found: list[Quotation] = []
    sentences = prose.sentences
    at = 0
    while at < len(sentences):
        block = sentences[at].block
        until = at
        while until < len(sentences) and sentences[until].block == block:
            until += 1
        found += _in_block(prose, sentences[at:until], sentences[until] if until < len(sentences) else None)
        at = until
    return tuple(found)


def _in_block(prose: Prose, block: tuple[Sentence, ...], following: Sentence | None) -> list[Quotation]:
    found: list[Quotation] = []
    at, last, marks = block[0].first, block[-1].last, prose.language.quotation_marks
    while at < last:
        mark = prose.words[at]
        if mark not in marks or not _opens(prose, at, block[0].first, last):
            at += 1
            continue
        end = _closing(prose, at, last)
        if end is not None:
            found.append(Quotation(at, end + 1, closed=True))
            at = end + 1
        elif mark not in SINGLE:
            goes_on = following is not None and prose.words[following.first] == mark
            end = last if goes_on else _unclosed_end(prose, block, at)
            found.append(Quotation(at, end, closed=False))
            at = end
        else:
            at += 1
    return found


def _unclosed_end(prose: Prose, block: tuple[Sentence, ...], at: int) -> int:
    """Where a quotation ends whose closing mark is missing: before “, Venn said”, else with its sentence."""
    last = next(s.last for s in block if s.first <= at < s.last)
    for comma in range(last - 2, max(at + 2, last - TAG_REACH), -1):
        tag = range(comma + 1, min(last, comma + TAG))
        opens = prose.words[comma] == "," and _can_speak(prose.tags[comma + 1])
        if opens and any(Frame.CLAUSE in prose.lexicon.find_cue(prose.lowers[i])[1] for i in tag):
            return comma + 1
    return last


def _can_speak(tag: Tag) -> bool:
    """The first word of whoever speaks: “Venn said”, “he said”, “the mayor said”."""
    return tag.is_singular_name or tag.is_personal_pronoun or tag.is_determiner


def _space_before(prose: Prose, at: int, first: int) -> bool:
    return (
        at == first
        or prose.starts[at] > prose.ends[at - 1]
        or prose.words[at - 1] in {"(", "[", "—", "–", "―", "-", "--"}
    )


def _space_after(prose: Prose, at: int, last: int) -> bool:
    return at + 1 >= last or prose.starts[at + 1] > prose.ends[at]


def _opens(prose: Prose, at: int, first: int, last: int) -> bool:
    """An opening mark stands before a word and, unless it has a form of its own, after a space."""
    if prose.words[at] in {"“", "«", "„", "``"}:
        return True
    return _space_before(prose, at, first) and not _space_after(prose, at, last)


def _closing(prose: Prose, opening: int, last: int) -> int | None:
    """The token that closes the quotation opened at `opening`, within its paragraph."""
    mark = prose.words[opening]
    closers = {"''", "”"} if mark in {"''", "``"} else frozenset(prose.language.quotation_marks[mark])
    depth = 0
    reach = SINGLE_REACH if mark in SINGLE else REACH
    for at in range(opening + 1, min(last, opening + reach)):
        word = prose.words[at]
        if (word in closers and _closes(prose, at, last, mark)) or _mistyped(prose, at, last, mark):
            if depth == 0:
                return at
            depth -= 1
        elif word == mark and mark in {"“", "«"}:
            depth += 1
    return None


def _mistyped(prose: Prose, at: int, last: int, mark: str) -> bool:
    """An opening mark where only a closing one can stand: “It fell,“ he said."""
    touching = prose.starts[at] == prose.ends[at - 1] and prose.words[at - 1][-1] in ",.!?"
    return prose.words[at] == mark == "“" and touching and _space_after(prose, at, last)


def _closes(prose: Prose, at: int, last: int, mark: str) -> bool:
    if mark in {"“", "«", "„"}:
        return prose.words[at] != '"' or not _space_before(prose, at, at - 1)
    if mark in SINGLE:  # an apostrophe stands inside a word, or after an s that goes on
        following = prose.words[at + 1] if at + 1 < last else ""
        return _space_after(prose, at, last) or not following[0].isalnum()
    return not _space_before(prose, at, at - 1) or prose.words[at - 1] in {"—", "–", "―", "--"}


def spoken(prose: Prose, quotation: Quotation) -> bool:
    """Whether the words are long enough, or stopped, to be speech rather than scare quotes or a title."""
    first, last = quotation.inner
    if last - first >= LONG or prose.words[quotation.first] in SINGLE:
        return last - first >= LONG
    return last > first and prose.words[last - 1][-1] in ".!?,…"
