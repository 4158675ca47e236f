"""The reach of a noun phrase: its prepositional phrases, appositions and relative clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.reading.chunking import Chunk, Phrase
from bot.reading.document import Document

Row = Sequence[Phrase]
DESCRIPTION = 2  # tokens of “very close”


class Span(NamedTuple):
    """Tokens `first` to `last` (end exclusive), headed by the chunk at index `chunk`."""

    first: int
    last: int
    chunk: int


def extend_noun_phrase(document: Document, row: Row, at: int) -> Span:
    """The noun phrase at `at` with its prepositional phrases, appositions and relative clause."""
    end = _skip_prepositions(document, row, at)
    while True:
        further = _find_apposition_end(document, row, at, end)
        if further is None:
            break
        end = further
    last = row[end - 1].last
    return Span(row[at].first, last, at)


def _skip_prepositions(document: Document, row: Row, at: int) -> int:
    """The chunk index after "the head of the union for the docks"."""
    end = at + 1
    while end + 1 < len(row):
        here, following, words = row[end], row[end + 1], document.lexicon.words
        word = document.lowers[here.first]
        placed = (
            following.kind is Chunk.PREPOSITION and end + 2 < len(row) and row[end + 2].kind is Chunk.NOUN
        )
        described = placed and (
            document.tags[here.head].is_plain_adjective or document.lowers[here.head] in words.describing
        )
        if described and here.last - here.first <= DESCRIPTION:  # “a person very close to her”
            end += 3
        elif here.kind is Chunk.PREPOSITION and word in words.attaching and following.kind is Chunk.NOUN:
            head = document.tags[row[at].head]
            if word not in words.attaching_to_names and (head.is_name or head.is_pronoun):
                return end
            end += 2
        elif (
            here.kind is Chunk.CONJUNCTION and following.kind is Chunk.NOUN and not _is_verb_at(row, end + 2)
        ):
            end += 2
        else:
            return end
    return end


def _is_verb_at(row: Row, at: int) -> bool:
    return at < len(row) and row[at].kind is Chunk.VERB


def _find_apposition_end(document: Document, row: Row, at: int, end: int) -> int | None:
    """The chunk index after ", a Republican strategist" or ", who lives nearby", when one follows."""
    if end + 1 >= len(row) or row[end].kind is not Chunk.COMMA or document.tags[row[at].head].is_pronoun:
        return None
    after = row[end + 1]
    subjects = document.lexicon.words.clause_subjects
    if after.kind is Chunk.NOUN and document.lowers[after.first] not in subjects:
        stop = _skip_prepositions(document, row, end + 1)
        quoted = stop < len(row) and row[stop].kind is Chunk.QUOTE  # "prosecutors, the port “mocked us”"
        return None if quoted or _is_verb_at(row, stop) else stop
    if (
        after.kind is Chunk.RELATIVE
        and document.lowers[after.first] in document.lexicon.words.object_relatives
    ):
        return next(
            (
                i
                for i in range(end + 2, len(row))
                if row[i].kind in {Chunk.COMMA, Chunk.END, Chunk.QUOTE, Chunk.COLON}
            ),
            len(row),
        )
    return None
