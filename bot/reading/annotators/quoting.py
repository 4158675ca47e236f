"""Sources inside the attribution of their relay: “quoted one of its sources as saying”."""

from __future__ import annotations

from collections.abc import Iterator

from bot.reading.annotators.base import AttributionFrame, Finding
from bot.reading.annotators.clauses import find_subject
from bot.reading.annotators.sentence_views import SentenceView
from bot.reading.chunking import Chunk
from bot.reading.noun_phrases import Span, extend_noun_phrase


def find_quoted_as_saying(view: SentenceView, chunk: int, outer: Finding) -> Iterator[Finding]:
    """“…,” the Courier quoted one of its sources as saying."""
    quoted = _find_quoted(view, chunk) if outer.head is not None else None
    if quoted is not None:
        source, at = quoted
        cue = (view.row[at].first, view.row[at + 1].last)
        yield view.finding(
            (source.first, source.last), view.row[source.chunk].head, cue, outer.content,
            frame=AttributionFrame.RELAYED, rule="quoted as saying", outer=outer.head,
        )  # fmt: skip


def find_quoting(view: SentenceView, chunk: int) -> Iterator[Finding]:
    """“The Courier quoted a guard as saying that it fell”: the Courier, and through it the guard."""
    lexicon, group = view.document.lexicon, view.row[chunk]
    lemma, _ = lexicon.find_cue(view.document.lowers[group.head])
    quoted = _find_quoted(view, chunk) if lemma in lexicon.words.quoting | lexicon.words.citing else None
    if quoted is None:
        return
    said = quoted[1] + 2
    said += view.kind(said) is Chunk.COLON
    subject = find_subject(view.document, view.row, chunk)
    if subject is None or view.kind(said) in {None, Chunk.END}:
        return
    relay = view.finding(
        (subject.first, subject.last), view.row[subject.chunk].head, (group.first, group.last),
        (view.range_from(said),), frame=AttributionFrame.INDIRECT, rule="quoting", lemma=lemma,
    )  # fmt: skip
    yield relay
    yield from find_quoted_as_saying(view, chunk, relay)


def _find_quoted(view: SentenceView, chunk: int) -> tuple[Span, int] | None:
    """Return who is quoted after the verb at `chunk`, and the chunk of the "as" before what he says."""
    if view.kind(chunk + 1) is not Chunk.NOUN:
        return None
    source = extend_noun_phrase(view.document, view.row, chunk + 1)
    at = view.chunk_at(source.last)
    as_saying = view.opens_with(at, Chunk.PREPOSITION, view.document.lexicon.words.as_marker)
    return (source, at) if as_saying and view.kind(at + 1) is Chunk.VERB else None
