"""What the rules of attribution look at and what they yield: one sentence as chunks, and a finding."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.model import BlockRole
from bot.reading.chunking import Chunk, finite, phrases
from bot.reading.document import Prose, Sentence
from bot.reading.noun_phrases import Row
from bot.reading.quotes import Quotation, spoken

Range = tuple[int, int]
READ = frozenset(
    {BlockRole.TITLE, BlockRole.DECK, BlockRole.BODY, BlockRole.HEADING, BlockRole.QUOTE, BlockRole.ITEM}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One attribution as token ranges. `head` is the token that names the source.

    `outer` is the token of the source that relays this one ("… reported, citing …"); `told` the person or
    outlet that was told.
    """

    source: Range | None
    head: int | None
    cue: Range
    content: tuple[Range, ...]
    reporting: bool
    why: str
    sentence: int
    outer: int | None = None
    told: int | None = None

    @property
    def lemma(self) -> str:
        """The lexicon entry that made it: the lemma of its cue, or the pattern of a phrasal one."""
        return self.why.partition(": ")[2]

    @property
    def begin(self) -> int:
        """The first token of who speaks and by which word."""
        return self.cue[0] if self.source is None else min(self.source[0], self.cue[0])


@dataclass(frozen=True, slots=True)
class View:
    """One sentence as its rules see it; `above`: the last quotation that ended before it."""

    prose: Prose
    sentence: Sentence
    index: int
    row: Row
    quoted: tuple[Quotation, ...]
    above: tuple[Quotation, ...]
    finites: tuple[int, ...]
    places: Mapping[Chunk, tuple[int, ...]]

    def speaks(self, first: int, last: int) -> bool:
        """Whether a verb group that carries tense stands in chunks `first` to `last` (end exclusive)."""
        return _between(self.finites, first, last)

    def holds(self, kind: Chunk, first: int, last: int) -> bool:
        """Whether a chunk of `kind` stands in chunks `first` to `last` (end exclusive)."""
        return _between(self.places.get(kind, ()), first, last)

    def next_of(self, kind: Chunk, at: int) -> int | None:
        """The first chunk of `kind` from `at` on."""
        places = self.places.get(kind, ())
        found = bisect_left(places, at)
        return places[found] if found < len(places) else None

    def lower(self, chunk: int) -> str:
        return self.prose.lowers[self.row[chunk].first]

    def kind(self, chunk: int) -> Chunk | None:
        return self.row[chunk].kind if 0 <= chunk < len(self.row) else None

    def end(self) -> int:
        """The token after the last word of the sentence, its final stop left out."""
        return self.row[-1].first if self.row[-1].kind is Chunk.END else self.sentence.last

    def chunk_at(self, token: int) -> int:
        """The chunk that holds `token`, or the next one; the number of chunks when there is none."""
        low, high = 0, len(self.row)
        while low < high:
            middle = (low + high) // 2
            if self.row[middle].last <= token:
                low = middle + 1
            else:
                high = middle
        return low

    def finite_at(self, at: int) -> bool:
        """Whether a verb group that carries tense stands at chunk `at`."""
        return self.kind(at) is Chunk.VERB and finite(self.prose, self.row[at])


def views(prose: Prose, quotations: tuple[Quotation, ...]) -> Iterator[View]:
    """Every sentence that can attribute something; those inside one quotation cannot."""
    said = [q for q in quotations if spoken(prose, q)]
    first = 0
    for index, sentence in enumerate(prose.sentences):
        while first < len(said) and said[first].last <= sentence.first:
            first += 1
        last = first
        while last < len(said) and said[last].first < sentence.last:
            last += 1
        inside = tuple(said[first:last])
        if sentence.role in READ and not _wholly_quoted(sentence, inside):
            yield _view(prose, index, inside, tuple(said[max(0, first - 1) : first]))


def _view(prose: Prose, index: int, inside: tuple[Quotation, ...], above: tuple[Quotation, ...]) -> View:
    sentence = prose.sentences[index]
    row = phrases(prose, sentence, inside)
    places: dict[Chunk, list[int]] = {}
    for at, phrase in enumerate(row):
        places.setdefault(phrase.kind, []).append(at)
    finites = tuple(at for at in places.get(Chunk.VERB, ()) if finite(prose, row[at]))
    return View(prose, sentence, index, row, inside, above, finites, {k: tuple(v) for k, v in places.items()})


def _between(places: Sequence[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] < last


def _wholly_quoted(sentence: Sentence, inside: tuple[Quotation, ...]) -> bool:
    return any(q.first <= sentence.first and sentence.last <= q.last for q in inside)
