"""Findings → sources: one entry each for everyone to whom something is attributed.

The name inside a mention is chosen, pronouns and definite descriptions are folded into the entry they
stand for, and unnamed sources are kept apart by who relays them. People merely mentioned never appear,
because only the sources of findings are looked at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.model import Attribution, Source
from bot.reading.annotators.base import Finding
from bot.reading.coreference import Coreference, Resolution
from bot.reading.document import Document
from bot.reading.names import Names
from bot.reading.quotes import Quotation
from bot.reading.relays import Relay, find_relays


class ResolvedRelay(NamedTuple):
    """A place where words are passed on, and the source that passes them on."""

    relay: Relay
    source_id: int


@dataclass(frozen=True, slots=True)
class ResolvedFindings:
    """Findings with their sources: `source_ids` has the id of each finding's source, None for nobody, and
    `source_whys` the rule that says so. `relays`: who passes words on, besides, in the order of the text."""

    findings: tuple[Finding, ...]
    source_ids: tuple[int | None, ...]
    source_whys: tuple[str, ...]
    sources: tuple[Source, ...]
    relays: tuple[ResolvedRelay, ...]

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
    resolutions: list[Resolution | None] = []
    passed: list[ResolvedRelay] = []
    waiting = deque(sorted(find_relays(document, names), key=lambda relay: relay.place))
    for one in found:
        while waiting and waiting[0].place < one.cue:
            _resolve_relay(waiting.popleft(), coreference, passed)
        resolutions.append(coreference.resolve(one))
    for relay in waiting:
        _resolve_relay(relay, coreference, passed)
    coreference.link_relays()
    return ResolvedFindings(
        found,
        tuple(None if one is None else one.entry.id for one in resolutions),
        tuple("" if one is None else one.why for one in resolutions),
        tuple(e.to_source(document) for e in coreference.entries),
        tuple(passed),
    )


def _resolve_relay(relay: Relay, coreference: Coreference, passed: list[ResolvedRelay]) -> None:
    source = coreference.add_relay(relay)
    if source is not None:
        passed.append(ResolvedRelay(relay, source))


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
