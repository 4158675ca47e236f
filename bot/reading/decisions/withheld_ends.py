"""The claim that rests on somebody whose name is withheld: automatic mode speaks of it.

Each withheld source is a candidate. Features tell how it stands to the claim: what it says in the claim's
sentence, how much of the claim it says elsewhere, how near, how often, and what it is. Those named "bare: …"
hold where the claim's sentence is attributed to nobody, "through an outlet: …" where an outlet alone is. The
weights are learnt: tests/training/withheld_ends.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.model import BlockRole, How, Source, SourceKind, Standing
from bot.reading.annotators.base import Finding
from bot.reading.content_words import find_content_words
from bot.reading.decisions.linear import load_model
from bot.reading.document import Document
from bot.reading.lead import Lead
from bot.reading.sources import ResolvedFindings

PASSING_ON = frozenset({SourceKind.OUTLET, SourceKind.SOCIAL_MEDIA, SourceKind.DOCUMENT})
WHOLE = 0.5  # share of the sentence that is as good as all of it
MOST = 60  # sources, and attributions of one source, that are looked at
FAR = 4  # sentences after the claim that are near


class WithheldEnd(NamedTuple):
    """The withheld source on which the claim surely rests, and the features that say so."""

    source: int
    why: str


def find_withheld_end(
    document: Document, lead: Lead, resolved: ResolvedFindings, attributed_to: Sequence[int]
) -> WithheldEnd | None:
    """Return the likeliest withheld source to which the claim can be put down; None where none is sure.
    `attributed_to`: the sources of the claim's own sentence, outermost first."""
    last = resolved.sources[attributed_to[-1]] if attributed_to else None
    if last is not None and last.kind is SourceKind.ANONYMOUS and last.standing is Standing.WITHHELD:
        told = last.name.text.lower().split()
        if document.lexicon.words.hearsay.isdisjoint(told):  # "reports" can stand for somebody named below
            return WithheldEnd(last.id, "the claim's own sentence is theirs")
    model = load_model("withheld_ends")
    candidates = WithheldEndFeatures(document, lead, resolved, attributed_to).describe()
    described = {  # what no judged article has weighs nothing
        source: {name: value for name, value in features.items() if name in model.weights}
        for source, features in candidates.items()
    }
    accepted = [source for source, features in described.items() if model.accepts(features)]
    if not accepted:
        return None
    best = max(accepted, key=lambda source: (model.score(described[source]), -source))
    return WithheldEnd(best, f"learnt: {', '.join(model.explain(described[best]))}")


@dataclass(frozen=True)
class WithheldEndFeatures:
    """Describes each withheld source as the end of the claim's chain."""

    document: Document
    lead: Lead
    resolved: ResolvedFindings
    attributed_to: Sequence[int]  # the sources of the claim's own sentence, outermost first

    def describe(self) -> Mapping[int, Mapping[str, float]]:
        """Return the features of each source by its id; every feature is from 0 to 1."""
        numbers = self._attributions
        described = {
            source.id: {
                name: float(value) for name, value in self._describe_one(source, numbers.get(source.id, ()))
            }
            for source in self.resolved.sources[:MOST]
            if source.standing is Standing.WITHHELD
        }
        prefix = "bare" if not self.attributed_to else "through an outlet" if self._ends_in_outlet else None
        if prefix is None:
            return described
        return {
            source: {**features, **{f"{prefix}: {name}": value for name, value in features.items()}}
            for source, features in described.items()
        }

    @cached_property
    def _ends_in_outlet(self) -> bool:
        """Return whether the claim's own sentence is put down to an outlet, reports or a document alone."""
        last = self.resolved.sources[self.attributed_to[-1]]
        return last.kind in PASSING_ON or last.name.text.lower() in self.document.lexicon.words.hearsay

    # the claim ──────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _claim(self) -> frozenset[str]:
        sentence = self.document.sentences[self.lead.sentence]
        return find_content_words(self.document, sentence.first, sentence.last)

    @cached_property
    def _title(self) -> frozenset[str]:
        titles = (s for s in self.document.sentences if s.role is BlockRole.TITLE)
        return frozenset[str]().union(*(find_content_words(self.document, s.first, s.last) for s in titles))

    @cached_property
    def _attributions(self) -> Mapping[int, Sequence[Finding]]:
        found: dict[int, list[Finding]] = {}
        for finding, source in self.resolved.pairs():
            if source is not None and len(found.setdefault(source, [])) < MOST:
                found[source].append(finding)
        return found

    @cached_property
    def _relayed(self) -> Mapping[int, Sequence[int]]:
        """The sentences in which each source passes words on."""
        found: dict[int, list[int]] = {}
        for relay, source in self.resolved.relays:
            found.setdefault(source, []).append(relay.sentence)
        return found

    @cached_property
    def _here(self) -> Sequence[tuple[Finding, int]]:
        """The attributions in the sentence of the claim."""
        return [
            (f, s) for f, s in self.resolved.pairs() if s is not None and f.sentence == self.lead.sentence
        ]

    @cached_property
    def _named_later(self) -> frozenset[int]:
        """The named people of whom the description of a speaker in the claim is told: its head is in their
        role."""
        described = [self.resolved.sources[s] for _, s in self._here if not self.resolved.sources[s].named]
        single = [one.name.text.lower() for one in described if one.kind is SourceKind.PERSON]
        offices = self.document.lexicon.kinds[SourceKind.PERSON]
        heads = {word for name in single for word in name.split()} & offices
        return frozenset(
            one.id
            for one in self.resolved.sources
            if one.named and one.role is not None and heads & set(one.role.text.lower().split())
        )

    @cached_property
    def _attributed(self) -> bool:
        """Return whether most of the claim's sentence is attributed."""
        return any(self._is_whole(f) for f, _ in self._here)

    @cached_property
    def _orders_after(self) -> tuple[Mapping[int, int], Mapping[int, int]]:
        """Return the order in which sources first speak after the claim: of all, and of those who do not pass
        on what others said."""
        firsts: dict[int, int] = {}
        people: dict[int, int] = {}
        for f, s in self.resolved.pairs():
            if s is not None and f.sentence > self.lead.sentence:
                firsts.setdefault(s, len(firsts))
                if self.resolved.sources[s].kind not in PASSING_ON and s not in self.attributed_to:
                    people.setdefault(s, len(people))
        return firsts, people

    def _is_whole(self, found: Finding) -> bool:
        sentence = self.document.sentences[found.sentence]
        width = sum(b - a for a, b in found.content)
        return width >= WHOLE * (sentence.last - sentence.first)

    # a source ───────────────────────────────────────────────────────────────────────────────────────

    def _describe_one(self, source: Source, found: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        yield f"kind: {source.kind.value}", 1
        yield f"standing: {source.standing.value}", 1
        yield "relays", source.how is How.RELAYS
        yield "relayed", source.relayed_by is not None
        yield "only source", len(self.resolved.sources) == 1
        yield "first source", source.id == 0
        yield "share of what is said", len(found) / max(1, len(self.resolved.findings))
        yield "said once", len(found) == 1
        most = max(map(len, self._attributions.values()), default=0)
        yield "says most", len(found) == most
        yield "ends the claim's attribution", source.id in self.attributed_to[-1:]
        yield "in the claim's attribution", source.id in self.attributed_to
        yield "another is in the claim's attribution", any(s != source.id for s in self.attributed_to)
        yield "named for who speaks in the claim", source.id in self._named_later
        yield "who speaks in the claim is named later", bool(self._named_later)
        doubted = self.document.lexicon.words.reportative
        sentence = self.document.sentences[self.lead.sentence]
        doubtful = any(self.document.lowers[i] in doubted for i in range(sentence.first, sentence.last))
        yield "claim is relayed", doubtful
        yield f"claim is relayed, {source.kind.value}", doubtful
        yield f"claim is relayed, {source.standing.value}", doubtful
        yield from self._describe_in_claim(source, [f for f in found if f.sentence == self.lead.sentence])
        yield from self._describe_elsewhere([f for f in found if f.sentence != self.lead.sentence])
        yield from self._describe_place(source, found)
        yield from self._describe_relays(source, found)

    def _describe_in_claim(self, source: Source, here: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        yield "in the claim", bool(here)
        yield "named in the claim", self._is_named_in_claim(source)
        yield "claim is another's", any(s != source.id and self._is_whole(f) for f, s in self._here)
        for f in here:
            yield f"in the claim, {f.frame.value}", 1
            yield "most of the claim", self._is_whole(f)
            yield "after the claim", bool(f.content) and f.content[0][0] < f.begin
            yield "before the claim", bool(f.content) and f.content[0][0] > f.begin
            others = [o for o, s in self._here if s != source.id]
            yield "inside another's words", any(_holds(o, f) for o in others)
            yield "around another's words", any(_holds(f, o) for o in others)
            yield "cited", f.outer is not None
            yield "cites", any(o.outer is not None and o.outer == f.head for o in others)
            yield "told an outlet", f.told is not None

    def _describe_elsewhere(self, there: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        """Return how much of the claim and of the headline it says in other sentences."""
        best, whole, titled = 0.0, 0.0, 0.0
        for f in there:
            said = frozenset[str]().union(*(find_content_words(self.document, *c) for c in f.content))
            sentence = self.document.sentences[f.sentence]
            words = find_content_words(self.document, sentence.first, sentence.last)
            best = max(best, len(said & self._claim) / max(3, min(len(said), len(self._claim))))
            whole = max(whole, len(words & self._claim) / max(1, len(self._claim)))
            titled = max(titled, len(words & self._title) / max(1, len(self._title)))
        yield "says the same", best
        yield "in a sentence like the claim", whole
        yield "in a sentence like the headline", titled

    def _describe_place(self, source: Source, found: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        """Return how near to the claim it speaks first."""
        sentences = self.document.sentences
        away = sorted(
            {f.sentence - self.lead.sentence for f in found}
            | {s - self.lead.sentence for s in self._relayed.get(source.id, ())}
        )
        after = next((d for d in away if d > 0), None)
        yield "in the next sentence", after == 1
        yield "near after", after is not None and 1 < after <= FAR
        yield "distance after", 1 / (1 + after) if after else 0
        yield "in the sentence before", -1 in away
        yield "earlier", any(d < -1 for d in away)
        block = sentences[self.lead.sentence].block
        yield "in the claim's paragraph", any(sentences[f.sentence].block == block for f in found)
        titles = [f for f in found if sentences[f.sentence].role is BlockRole.TITLE]
        yield "in the headline", bool(titles)
        yield "in the headline alone", bool(titles) and len(titles) == len(found)
        firsts, people = self._orders_after
        yield "first to speak after", firsts.get(source.id) == 0
        yield "second to speak after", firsts.get(source.id) == 1
        yield "first of no outlet to speak after", people.get(source.id) == 0
        yield "second of no outlet to speak after", people.get(source.id) == 1

    def _describe_relays(self, source: Source, found: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        yield "speaks through another", any(f.told is not None or f.outer is not None for f in found)
        heads = {f.head for f in found}
        yield (
            "others speak through it",
            any(f.outer in heads for f in self.resolved.findings if f.outer is not None)
            or any(other.relayed_by == source.id for other in self.resolved.sources),
        )
        sentences = set(self._relayed.get(source.id, ()))
        yield "heard in the claim", self.lead.sentence in sentences

    def _is_named_in_claim(self, source: Source) -> bool:
        sentence = self.document.sentence_excerpt(self.document.sentences[self.lead.sentence])
        names = (source.name.text, *source.aliases) if source.named else ()
        return source.is_mentioned_in(sentence) or any(name in sentence.text for name in names)


def _holds(outer: Finding, inner: Finding) -> bool:
    """Return whether one finding stands in what another says."""
    return any(first <= inner.begin < last for first, last in outer.content)
