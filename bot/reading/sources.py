"""Findings → sources: one entry each for everyone to whom something is attributed.

The name inside a mention is chosen, pronouns and definite descriptions are folded into the entry they
stand for, and unnamed sources are kept apart by who relays them. Of these candidates it is chosen who is a
source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.model import Attribution, Excerpt, Source
from bot.reading.annotators.base import Finding, Range
from bot.reading.decisions.sentence_scores import TextScores
from bot.reading.decisions.source_choice import SourceChoice
from bot.reading.document import Document, Sentence
from bot.reading.names import Names
from bot.reading.quotes import Quotation
from bot.reading.relatives import find_relative_head
from bot.reading.source_candidates import ResolvedRelay, find_candidates

COVERING = 0.4  # share of a sentence that its own attribution covers


@dataclass(frozen=True, slots=True)
class ResolvedFindings:
    """Findings with their sources: `source_ids` has the id of each finding's source, None for nobody, and
    `source_whys` the rule that says so. `unlisted` has the words that name a source that is not listed.
    `relays`: who passes words on, besides, in the order of the text. `scores`: what the encoder says of the
    text."""

    findings: tuple[Finding, ...]
    source_ids: tuple[int | None, ...]
    source_whys: tuple[str, ...]
    unlisted: tuple[Range | None, ...]
    sources: tuple[Source, ...]
    relays: tuple[ResolvedRelay, ...]
    scores: TextScores

    def pairs(self) -> Iterator[tuple[Finding, int | None]]:
        return zip(self.findings, self.source_ids, strict=True)

    def list_tellers(self, number: int, sentence: Sentence) -> list[tuple[Finding, int]]:
        """Return the findings that attribute a good part of a sentence, each with its source."""
        enough = COVERING * (sentence.last - sentence.first)
        return [
            (f, source)
            for f, source in self.pairs()
            if f.sentence == number and source is not None and f.width >= enough
        ]


def resolve_sources(
    document: Document,
    found: tuple[Finding, ...],
    names: Names,
    quotations: tuple[Quotation, ...],
    scores: TextScores,
) -> ResolvedFindings:
    """Return one source for each entity that speaks, in the order of first mention; the page is none.
    `scores`: what the encoder says of the text."""
    candidates = find_candidates(document, found, names, quotations)
    choice = SourceChoice(document, names, candidates.quoted, scores.mentions)
    refused: dict[int, str] = {}
    for entry, findings in candidates.pairs():
        why = None if entry.id in candidates.chosen else choice.explain_refusal(entry, findings)
        if why is not None:
            refused[entry.id] = why
    kept = [entry for entry in candidates.entries if entry.id not in refused]
    numbers = {entry.id: number for number, entry in enumerate(kept)}
    sources = tuple(
        replace(
            entry.to_source(document),
            id=numbers[entry.id],
            relayed_by=None if entry.relayed_by is None else numbers.get(entry.relayed_by),
        )
        for entry in kept
    )
    ones = candidates.resolutions
    return ResolvedFindings(
        found,
        tuple(None if one is None else numbers.get(one.entry.id) for one in ones),
        tuple("" if one is None else refused.get(one.entry.id, one.why) for one in ones),
        tuple(one.entry.name if one is not None and one.entry.id in refused else None for one in ones),
        sources,
        tuple(
            ResolvedRelay(passed.relay, numbers[passed.source_id])
            for passed in candidates.relays
            if passed.source_id in numbers
        ),
        scores,
    )


def build_attributions(
    document: Document, names: Names, resolved: ResolvedFindings
) -> tuple[Attribution, ...]:
    """Return the findings as values. Where nobody is listed for “who” or “he”, the words that name
    him say who it is."""
    return tuple(
        Attribution(
            source=_cut_source(document, names, f, listed=source is not None, name=name),
            cue=document.excerpt(*f.cue),
            content=tuple(document.excerpt(*c) for c in f.content),
            reporting=f.reporting,
            why=f.why,
            source_id=source,
            source_why=why,
        )
        for (f, source), why, name in zip(
            resolved.pairs(), resolved.source_whys, resolved.unlisted, strict=True
        )
    )


def _cut_source(
    document: Document, names: Names, found: Finding, *, listed: bool, name: Range | None
) -> Excerpt | None:
    if found.source is None or found.head is None:
        return None if found.source is None else document.excerpt(*found.source)
    if name is not None and not any(at in names.at for at in range(*found.source)):
        return document.excerpt(*name)
    relative = found.source == (found.head, found.head + 1) and not listed
    if not relative or document.lowers[found.head] not in document.lexicon.words.relative_pronouns:
        return document.excerpt(*found.source)
    phrase = find_relative_head(document, names, found.head)
    return document.excerpt(*(found.source if phrase is None else phrase.words))
