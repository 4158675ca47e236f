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
from bot.reading.document import Prose
from bot.reading.names import Names
from bot.reading.quotes import Quotation
from bot.reading.source_entries import SourceEntry


@dataclass(frozen=True, slots=True)
class Who:
    """Findings and whose they are: `of` has for each finding the id of its source, None for nobody, and
    `tied` the rule that says so."""

    found: tuple[Finding, ...]
    of: tuple[int | None, ...]
    tied: tuple[str, ...]
    sources: tuple[Source, ...]

    def pairs(self) -> Iterator[tuple[Finding, int | None]]:
        return zip(self.found, self.of, strict=True)


def who(
    prose: Prose,
    found: tuple[Finding, ...],
    names: Names,
    quotations: tuple[Quotation, ...],
) -> Who:
    """One entry a source, in the order of first mention; the page itself is none."""
    gathering = Coreference(prose, names, frozenset(t for q in quotations for t in range(q.first, q.last)))
    ties = [gathering.add(f) for f in found]
    gathering.settle()
    return Who(
        found,
        tuple(None if tie is None else tie.entry.id for tie in ties),
        tuple("" if tie is None else tie.why for tie in ties),
        tuple(_source(prose, e) for e in gathering.entries),
    )


def _source(prose: Prose, entry: SourceEntry) -> Source:
    """The entry as a value; originals are added later."""
    return Source(
        id=entry.id,
        name=prose.excerpt(*entry.name),
        named=entry.entity is not None,
        kind=entry.kind,
        why=entry.judged.why,
        mentions=tuple(prose.excerpt(*m) for m in sorted(entry.mentions)),
        aliases=tuple(entry.aliases),
        role=None if entry.role is None else prose.excerpt(*entry.role),
        role_why=entry.role_why if entry.role else "",
        relayed_by=entry.relayed_by,
    )


def attributions(prose: Prose, said: Who) -> tuple[Attribution, ...]:
    """The findings as values."""
    return tuple(
        Attribution(
            source=None if f.source is None else prose.excerpt(*f.source),
            cue=prose.excerpt(*f.cue),
            content=tuple(prose.excerpt(*c) for c in f.content),
            reporting=f.reporting,
            why=f.why,
            source_id=source,
            source_why=tied,
        )
        for (f, source), tied in zip(said.pairs(), said.tied, strict=True)
    )
