"""Token patterns: constructions of a language, written as data and matched in linear time.

A pattern is a row of elements, separated by spaces:

    word          that word, in any case; a|b|c one of several; !a|b none of these
    {name}        one of a named set of the lexicon, e.g. {be}
    <VB>          a word whose fine tag begins so; <NN|PRP> one of several; <!NN> none of these
    _             any word
    element?      may be absent; element* up to four times
    [ and ]       around the part that is the finding, when it is not the whole

Every pattern starts with words or a set, so a table from first word to patterns leaves only a handful to
try at each token, and each try is bounded by the pattern's length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.reading.tags import Tag

LONGEST_REPEAT = 4
Sets = Mapping[str, frozenset[str]]


class TaggedText(Protocol):
    """Lower-case words and their parts of speech, in parallel."""

    @property
    def lowers(self) -> Sequence[str]: ...

    @property
    def tags(self) -> Sequence[Tag]: ...


@dataclass(frozen=True, slots=True)
class Element:
    """One position: words or tags that may (or, if `negated`, may not) stand there."""

    words: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    negated: bool = False
    least: int = 1
    most: int = 1

    def fits(self, word: str, tag: Tag) -> bool:
        if not self.words and not self.tags:
            return True
        found = tag.fine.startswith(self.tags) if self.tags else word in self.words
        return found is not self.negated


@dataclass(frozen=True, slots=True)
class Pattern:
    """Elements, and which of them are the finding (`first` to `last`, end exclusive)."""

    source: str
    elements: tuple[Element, ...]
    first: int
    last: int

    @property
    def openers(self) -> frozenset[str]:
        return self.elements[0].words


@dataclass(frozen=True, slots=True)
class Match:
    """The number of the pattern that matched, and the tokens of its finding (end exclusive)."""

    entry: int
    first: int
    last: int


class PatternCompiler:
    """Compiles patterns of one language; an element that stands in many of them is made once."""

    def __init__(self, sets: Sets) -> None:
        self._sets = sets
        self._elements: dict[str, Element] = {}

    def compile(self, source: str) -> Pattern:
        """Compile one pattern. Raise ValueError with the pattern and what is wrong with it."""
        elements: list[Element] = []
        first, last = 0, None
        for part in source.split():
            if part == "[":
                first = len(elements)
            elif part == "]":
                last = len(elements)
            else:
                if part not in self._elements:
                    self._elements[part] = _compile_element(part, self._sets, source)
                elements.append(self._elements[part])
        if not elements or not elements[0].words or elements[0].negated or elements[0].least == 0:
            raise ValueError(f"a pattern starts with words or a set: {source!r}")
        return Pattern(source, tuple(elements), first, len(elements) if last is None else last)


def _compile_element(part: str, sets: Sets, source: str) -> Element:
    least, most = 1, 1
    if len(part) > 1 and part[-1] in "?*":
        least, most = 0, LONGEST_REPEAT if part[-1] == "*" else 1
        part = part[:-1]
    negated = part.startswith("!")
    part = part.removeprefix("!")
    if part == "_":
        return Element(least=least, most=most)
    if part.startswith("<"):
        inner = part[1:-1]
        negated = negated or inner.startswith("!")
        return Element(
            tags=tuple(inner.removeprefix("!").split("|")), negated=negated, least=least, most=most
        )
    words: set[str] = set()
    for name in part.split("|"):
        if not name.startswith("{"):
            words.add(name.lower())
        elif name[1:-1] in sets:
            words |= sets[name[1:-1]]
        else:
            raise ValueError(f"no set {name} for {source!r}")
    return Element(frozenset(words), negated=negated, least=least, most=most)


class Patterns:
    """Many patterns at once, found by the first word of each."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._by_opener: dict[str, list[int]] = {}
        for entry, one in enumerate(self._patterns):
            for word in sorted(one.openers):
                self._by_opener.setdefault(word, []).append(entry)

    def find(self, text: TaggedText, first: int, last: int) -> Iterator[Match]:
        """Every match that lies in tokens `first` to `last`: the longest reading of each pattern at each
        place; different patterns may overlap."""
        for at in range(first, last):
            for entry in self.find_starting(text.lowers[at]):
                found = self.match(entry, text, at, last)
                if found is not None:
                    yield found

    def find_starting(self, word: str) -> Sequence[int]:
        """Return the numbers of the patterns whose first word can be `word`."""
        return self._by_opener.get(word, ())

    def match(self, entry: int, text: TaggedText, at: int, last: int) -> Match | None:
        """Return how the pattern `entry` fits from token `at` on, or None."""
        one = self._patterns[entry]
        ends = _match_elements(one.elements, text, at, last)
        if ends is None:
            return None
        return Match(entry, ends[one.first], ends[one.last])


def _match_elements(elements: tuple[Element, ...], text: TaggedText, at: int, last: int) -> list[int] | None:
    """Return the start of each element, and the end after the last; greedy, at most LONGEST_REPEAT tries
    each."""
    if not elements:
        return [at]
    element, rest = elements[0], elements[1:]
    length = 0
    while length < element.most and at + length < last:
        if not element.fits(text.lowers[at + length], text.tags[at + length]):
            break
        length += 1
    for taken in range(length, element.least - 1, -1):
        ends = _match_elements(rest, text, at + taken, last)
        if ends is not None:
            return [at, *ends]
    return None
