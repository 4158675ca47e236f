"""Attributions by verbs of saying that no rule explains: who speaks is chosen by what was learnt.

Survivors of the crash in Dale, near Lake Venn, say it fell · the bridge fell, Northline reported in a letter
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bot.reading.annotators.base import AttributionFrame, Finding, Range
from bot.reading.annotators.content import (
    SPEECH,
    find_content_after,
    find_content_before,
    find_preceding_content,
    find_resumed_content,
)
from bot.reading.annotators.sentence_views import SentenceView
from bot.reading.annotators.verb_cues import says_nothing
from bot.reading.chunking import Chunk
from bot.reading.decisions.attribution_choice import choose_speaker
from bot.reading.languages.lexicon import Frame
from bot.reading.noun_phrases import Span, extend_noun_phrase

LEAST = 2  # tokens of what is said
SPOKEN = SPEECH - {Frame.QUOTATION}  # "he went on" is found where a quotation stands


def find_overlooked(view: SentenceView, taken: AbstractSet[int]) -> Iterator[Finding]:
    """Yield the attributions by cues none of whose tokens are `taken`."""
    for chunk, group in enumerate(view.row):
        if group.kind is not Chunk.VERB or not taken.isdisjoint(range(group.first, group.last)):
            continue
        found = _find_overlooked(view, chunk) if can_be_overlooked(view, chunk) else None
        if found is not None:
            yield found


def can_be_overlooked(view: SentenceView, chunk: int) -> bool:
    """Return whether a verb group is a cue of speech by which something may be said."""
    document, head = view.document, view.row[chunk].head
    lemma, frames = document.lexicon.find_cue(document.lowers[head])
    if lemma in document.lexicon.words.asking and view.kind(chunk + 1) is Chunk.VERB:
        return False  # "who asked not to be named"
    return bool(frames & SPOKEN) and not says_nothing(view, chunk, lemma)


def _find_overlooked(view: SentenceView, chunk: int) -> Finding | None:
    chosen = choose_speaker(view, chunk)
    if chosen is None:
        return None
    group = view.row[chunk]
    source = _find_source(view, chunk, chosen.chunk)
    content = _find_content(view, chunk, source)
    if sum(last - first for first, last in content) < LEAST:
        return None
    quoted = any(view.kind(view.chunk_at(at)) is Chunk.QUOTE for at, _ in content)
    return view.finding(
        (source.first, source.last), view.row[source.chunk].head, (group.first, group.last), content,
        frame=AttributionFrame.DIRECT if quoted else AttributionFrame.INDIRECT,
        rule=f"learnt: {chosen.why}",
        lemma=view.document.lexicon.find_cue(view.document.lowers[group.head])[0],
    )  # fmt: skip


def _find_source(view: SentenceView, verb: int, noun: int) -> Span:
    """Return the noun phrase with what describes it, on its side of the verb."""
    if view.kind(noun) is Chunk.RELATIVE:
        return Span(view.row[noun].first, view.row[noun].last, noun)
    return extend_noun_phrase(view.document, view.row[:verb] if noun < verb else view.row, noun)


def _find_content(view: SentenceView, verb: int, source: Span) -> tuple[Range, ...]:
    """Return what is said: before the speaker, where the cue closes the sentence, else after the cue."""
    frames = SPEECH - {Frame.NOUN}
    if source.chunk > verb:
        before = find_preceding_content(view, verb)
        after = find_resumed_content(view, view.chunk_at(source.last))
        return after if before is None else (before, *after)
    before = find_content_before(view, source.chunk, verb + 1, frames)
    if before is not None:
        return (before,)
    if view.kind(verb + 1) in {None, Chunk.COLON, Chunk.END}:
        return ()
    content, _ = find_content_after(view, verb + 1, frames)
    return content or (view.range_from(verb + 1),)
