"""Everyone whom the rules take for a source, before it is chosen who is one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.reading.annotators.base import Finding, Range
from bot.reading.coreference import Coreference, Resolution
from bot.reading.decisions.outlet_choice import OutletChoice
from bot.reading.document import Document
from bot.reading.entities import Entity
from bot.reading.names import UNTRUSTED, Names
from bot.reading.quotes import Quotation
from bot.reading.relays import Relay, find_relays
from bot.reading.source_entries import SourceEntry


class ResolvedRelay(NamedTuple):
    """A place where words are passed on, and the source that passes them on."""

    relay: Relay
    source_id: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Entries, the resolution of each finding, and who passes words on besides, by the entries' ids.

    `chosen`: the ids of outlets that are listed by what was learnt alone.
    """

    entries: tuple[SourceEntry, ...]
    findings: tuple[Finding, ...]
    resolutions: tuple[Resolution | None, ...]
    relays: tuple[ResolvedRelay, ...]
    quoted: frozenset[int]
    chosen: frozenset[int]

    def pairs(self) -> Iterator[tuple[SourceEntry, list[Finding]]]:
        """Yield each entry with the findings that it is the source of."""
        spoke: dict[int, list[Finding]] = {}
        at: dict[Range, list[Finding]] = {}
        for one, finding in zip(self.resolutions, self.findings, strict=True):
            if one is not None:
                spoke.setdefault(one.entry.id, []).append(finding)
                at.setdefault(finding.source or finding.cue, []).append(finding)
        for entry in self.entries:  # those who are listed beside a speaker speak by his cue
            yield entry, spoke.get(entry.id) or [f for place in entry.mentions for f in at.get(place, ())]


def find_candidates(
    document: Document, found: tuple[Finding, ...], names: Names, quotations: tuple[Quotation, ...]
) -> Candidates:
    """Return one entry for each entity that speaks or passes words on, in the order of first mention."""
    quoted = frozenset(t for q in quotations for t in range(q.first, q.last))
    coreference = Coreference(document, names, quoted)
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
    listed = len(coreference.entries)
    choice = OutletChoice(document, names, found, quotations)
    for entity in tuple(choice.find_candidates(coreference.entries)):
        why = choice.explain(entity)
        if why is not None:
            _resolve_relay(_build_relay(document, entity, why), coreference, passed)
    chosen = frozenset(entry.id for entry in coreference.entries[listed:])
    return Candidates(
        tuple(coreference.entries),
        found,
        tuple(resolutions),
        tuple(passed),
        quoted,
        chosen,
    )


def _build_relay(document: Document, entity: Entity, why: str) -> Relay:
    """Return the first place of the text, headlines last, where an outlet is named."""
    first = min(
        entity.names,
        key=lambda n: (document.sentences[document.sentence_of[n.first]].role in UNTRUSTED, n.first),
    )
    place = (first.first, first.last)
    return Relay(entity, place, place, document.sentence_of[first.first], f"learnt: {why}")


def _resolve_relay(relay: Relay, coreference: Coreference, passed: list[ResolvedRelay]) -> None:
    source = coreference.add_relay(relay)
    if source is not None:
        passed.append(ResolvedRelay(relay, source))
