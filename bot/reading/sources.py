"""Findings → sources: one entry each for everyone to whom something is attributed.

The name inside a mention is chosen, pronouns and definite descriptions are folded into the entry they
stand for, and unnamed sources are kept apart by who relays them. People merely mentioned never appear,
because only the sources of findings are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.model import Attribution, Source
from bot.reading.annotators.base import Finding
from bot.reading.coreference import Coreference
from bot.reading.document import Document
from bot.reading.names import Names
from bot.reading.quotes import Quotation


@dataclass(frozen=True, slots=True)
class ResolvedFindings:
    """Findings with their sources: `source_ids` has the id of each finding's source, None for nobody, and
    `source_whys` the rule that says so."""

    findings: tuple[Finding, ...]
    source_ids: tuple[int | None, ...]
    source_whys: tuple[str, ...]
    sources: tuple[Source, ...]

    def pairs(self) -> Iterator[tuple[Finding, int | None]]:
        return zip(self.findings, self.source_ids, strict=True)


def resolve_sources(
    document: Document,
    found: tuple[Finding, ...],
    names: Names,
    quotations: tuple[Quotation, ...],
) -> ResolvedFindings:
    """Return one source for each entity that speaks, in the order of first mention; the page is none."""
    coreference = Coreference(
        document, names, frozenset(t for q in quotations for t in range(q.first, q.last))
    )
    resolutions = [coreference.resolve(f) for f in found]
    coreference.link_relays()
    return ResolvedFindings(
        found,
        tuple(None if one is None else one.entry.id for one in resolutions),
        tuple("" if one is None else one.why for one in resolutions),
        tuple(e.to_source(document) for e in coreference.entries),
    )


def build_attributions(document: Document, resolved: ResolvedFindings) -> tuple[Attribution, ...]:
    """Return the findings as values."""
    return tuple(
        Attribution(
            source=None if f.source is None else document.excerpt(*f.source),
            cue=document.excerpt(*f.cue),
            content=tuple(document.excerpt(*c) for c in f.content),
            reporting=f.reporting,
            why=f.why,
            source_id=source,
            source_why=why,
        )
        for (f, source), why in zip(resolved.pairs(), resolved.source_whys, strict=True)
    )
