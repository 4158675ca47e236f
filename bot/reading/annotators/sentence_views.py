"""One sentence as the rules of attribution see it: a row of chunks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property

from bot.model import BlockRole
from bot.reading.annotators.base import AttributionFrame, Finding, Range
from bot.reading.chunking import Chunk, chunk_sentence, is_finite
from bot.reading.document import Document, Sentence
from bot.reading.noun_phrases import Row
from bot.reading.quotes import Quotation, is_speech

READ = frozenset(
    {BlockRole.TITLE, BlockRole.DECK, BlockRole.BODY, BlockRole.HEADING, BlockRole.QUOTE, BlockRole.ITEM}
)
SHORTEST = 4  # tokens of a quotation that can tell what somebody said


@dataclass(frozen=True)
class SentenceView:
    """One sentence as its rules see it; `above`: the last quotation that ended before it."""

    document: Document
    sentence: Sentence
    index: int
    row: Row
    quoted: tuple[Quotation, ...]
    above: tuple[Quotation, ...]

    @cached_property
    def _places(self) -> dict[Chunk, list[int]]:
        """The chunks of each kind."""
        places: dict[Chunk, list[int]] = {}
        for at, phrase in enumerate(self.row):
            places.setdefault(phrase.kind, []).append(at)
        return places

    @cached_property
    def finites(self) -> list[int]:
        """The verb groups that carry tense."""
        return [at for at in self._places.get(Chunk.VERB, ()) if is_finite(self.document, self.row[at])]

    def finding(
        self,
        source: Range,
        head: int,
        cue: Range,
        content: Sequence[Range],
        *,
        frame: AttributionFrame,
        rule: str,
        lemma: str = "",
        reporting: bool = True,
        outer: int | None = None,
        told: int | None = None,
    ) -> Finding:
        """Return a finding in this sentence; empty ranges of its content are left out."""
        return Finding(
            source=source,
            head=head,
            cue=cue,
            content=tuple(c for c in content if c[0] < c[1]),
            reporting=reporting,
            frame=frame,
            rule=rule,
            lemma=lemma,
            sentence=self.index,
            why=f"{rule}: {lemma}" if lemma else rule,
            outer=outer,
            told=told,
        )

    def has_finite_verb(self, first: int, last: int) -> bool:
        """Return whether a verb group that carries tense stands in chunks `first` to `last` (end
        exclusive)."""
        return _between(self.finites, first, last)

    def has_chunk(self, kind: Chunk, first: int, last: int) -> bool:
        """Return whether a chunk of `kind` stands in chunks `first` to `last` (end exclusive)."""
        return _between(self._places.get(kind, ()), first, last)

    def find_next(self, kind: Chunk, at: int) -> int | None:
        """Return the first chunk of `kind` from `at` on."""
        places = self._places.get(kind, ())
        found = bisect_left(places, at)
        return places[found] if found < len(places) else None

    def lower(self, chunk: int) -> str:
        return self.document.lowers[self.row[chunk].first]

    def opens_with(self, chunk: int, kind: Chunk, words: AbstractSet[str]) -> bool:
        """Return whether a chunk of `kind` stands at `chunk` and begins with one of `words`."""
        return self.kind(chunk) is kind and self.lower(chunk) in words

    def range_before(self, chunk: int) -> Range:
        """Return the tokens from the beginning of the sentence to before `chunk`."""
        return (self.sentence.first, self.row[chunk].first)

    def range_from(self, chunk: int) -> Range:
        """Return the tokens from `chunk` to the end of the sentence, its final stop left out."""
        return (self.row[chunk].first, self.end())

    def kind(self, chunk: int) -> Chunk | None:
        return self.row[chunk].kind if 0 <= chunk < len(self.row) else None

    def end(self) -> int:
        """Return the token after the last word of the sentence, its final stop left out."""
        return self.row[-1].first if self.row[-1].kind is Chunk.END else self.sentence.last

    def chunk_at(self, token: int) -> int:
        """Return the chunk that holds `token`, or the next one; the number of chunks when there is none."""
        low, high = 0, len(self.row)
        while low < high:
            middle = (low + high) // 2
            if self.row[middle].last <= token:
                low = middle + 1
            else:
                high = middle
        return low

    def is_finite_at(self, at: int) -> bool:
        """Return whether a verb group that carries tense stands at chunk `at`."""
        return self.kind(at) is Chunk.VERB and is_finite(self.document, self.row[at])


def views(document: Document, quotations: tuple[Quotation, ...]) -> Iterator[SentenceView]:
    """Yield every sentence that can attribute something; those inside one quotation cannot."""
    said = [q for q in quotations if is_speech(document, q)]
    first = 0
    for index, sentence in enumerate(document.sentences):
        while first < len(said) and said[first].last <= sentence.first:
            first += 1
        last = first
        while last < len(said) and said[last].first < sentence.last:
            last += 1
        inside = tuple(said[first:last])
        within_one = any(q.first <= sentence.first and sentence.last <= q.last for q in inside)
        if sentence.role in READ and not within_one:
            row, above = chunk_sentence(document, sentence, inside), tuple(said[max(0, first - 1) : first])
            yield SentenceView(document, sentence, index, row, inside, above)


def quotation_views(document: Document, quotations: tuple[Quotation, ...]) -> Iterator[SentenceView]:
    """Yield what each quotation says in each sentence, its marks left out, as a sentence of its own: speakers
    tell what others said."""
    for quotation in (q for q in quotations if is_speech(document, q)):
        first, last = quotation.inner
        for index in range(document.sentence_of[first], document.sentence_of[last - 1] + 1):
            sentence = document.sentences[index]
            within = replace(sentence, first=max(first, sentence.first), last=min(last, sentence.last))
            if within.last - within.first >= SHORTEST and sentence.role in READ:
                yield SentenceView(document, within, index, chunk_sentence(document, within, ()), (), ())


def _between(places: Sequence[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] < last
