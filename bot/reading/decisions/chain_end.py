"""The end of the claim's chain: the page itself, or one source of the list.

Candidates are the page and every source. A source's features tell how it stands to the claim: what it says
in the claim's sentence, how much of the claim it says elsewhere, how near, how, and what it is; those of the
page tell how much of the text is attributed. The weights of the choice are learnt:
tests/training/chain_end.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.model import BlockRole, Claim, How, Source, SourceKind, Stance, Standing
from bot.reading.annotators.base import AttributionFrame, Finding
from bot.reading.content_words import CARRIES, find_content_words
from bot.reading.decisions.linear import Features, load_model
from bot.reading.decisions.mention_scores import SCORED
from bot.reading.decisions.sentence_scores import ORIGIN, PAGES_OWN
from bot.reading.decisions.withheld_ends import DENIED, PAGE, describe_withheld, is_surely_withheld
from bot.reading.document import Document
from bot.reading.languages.lexicon import Words
from bot.reading.lead import Lead
from bot.reading.sources import ResolvedFindings

PASSING_ON = frozenset({SourceKind.OUTLET, SourceKind.SOCIAL_MEDIA, SourceKind.DOCUMENT})
WHOLE = 0.5  # share of the sentence that is as good as all of it
MOST = 60  # sources, and attributions of one source, that are looked at
FAR = 4  # sentences after the claim that are near
FADING = 0.85  # of the weight of a sentence, for each one further from the claim
OPENING = 25  # characters at the beginning of a sentence
BESIDES = 6  # tokens of a sentence that its attribution takes
INDIRECT = frozenset({AttributionFrame.INDIRECT, AttributionFrame.NOUN})
MOST_OF_CLAIM: Final = "most of the claim"
OWN: Final = "in the claim's attribution"
COMPARED = ("findings", "in a sentence like the claim", "tells of the claim")  # who has most of it
NEAREST = (  # of all sources: what speaks against the page
    "says the same", "in a sentence like the claim", "tells of the claim", "distance after",
    "share of the next sentences", "encoder: end",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The likeliest end, the page or a source, and the features that say so; `sure`: it is so likely that
    somebody withheld is the end that automatic mode may speak of it."""

    end: int
    why: str
    sure: bool


def choose_end(
    candidates: Mapping[int, Features], usual: int, sources: Sequence[Source], words: Words
) -> ChainEnd:
    """Return the likeliest end. `usual`: that of the claim's own sentence."""
    model = load_model("chain_end")
    known = {end: model.keep_known(features) for end, features in candidates.items()}
    likely = measure_shares({end: model.score(features) for end, features in known.items()})
    best = choose_likeliest(likely, usual, candidates, sources)
    withheld = describe_withheld(likely, usual, sources, words, candidates[PAGE])
    why = f"learnt: {', '.join(model.explain(known[best]))}"
    return ChainEnd(best, why, bool(withheld) and is_surely_withheld(withheld))


def choose_likeliest(
    likely: Mapping[int, float], usual: int, candidates: Mapping[int, Features], sources: Sequence[Source]
) -> int:
    """Return the likeliest end that can be: who alone says most of the claim stands, through whomever passes
    it on; and a claim that is attributed is the page's own where the page denies it alone."""
    own = [end for end in likely if OWN in candidates[end]]
    speakers = [end for end in own if sources[end].kind not in PASSING_ON]
    if usual == PAGE:
        able = list(likely)
    elif speakers == [usual] and any(MOST_OF_CLAIM in candidates[end] for end in own):
        return usual
    else:
        able = [end for end in likely if end != PAGE or DENIED in candidates[PAGE]]
    return max(able, key=lambda end: (likely[end], -end))


def measure_shares(scores: Mapping[int, float]) -> Mapping[int, float]:
    """Return the probability of each candidate (softmax)."""
    highest = max(scores.values())
    weights = {end: math.exp(score - highest) for end, score in scores.items()}
    total = math.fsum(weights.values())
    return {end: weight / total for end, weight in weights.items()}


class ChainEndFeatures:
    """Describes the page and each source as the end of the claim's chain. `own`: the sources of the claim's
    own sentence, outermost first."""

    def __init__(
        self, document: Document, lead: Lead, resolved: ResolvedFindings, claim: Claim, own: Sequence[int]
    ) -> None:
        self._scores = resolved.scores
        self._document, self._resolved, self._claim, self._own = document, resolved, claim, own
        self._lexicon, self._sentences, self._lead = document.lexicon, document.sentences, lead.sentence
        self._words = [find_content_words(document, s.first, s.last) for s in self._sentences]
        counts = Counter(word for words in self._words for word in words)
        self._rarity = {word: math.log(1 + len(self._words) / n) for word, n in counts.items()}
        self._body = [i for i, s in enumerate(self._sentences) if s.role in CARRIES]
        self._next = [i for i in self._body if 0 < i - self._lead <= FAR]
        self._spoken: dict[int, list[Finding]] = {}
        for finding, source in resolved.pairs():
            if source is not None and len(self._spoken.setdefault(source, [])) < MOST:
                self._spoken[source].append(finding)
        self._heard: dict[int, set[int]] = {}
        for relay, source in resolved.relays:
            self._heard.setdefault(source, set()).add(relay.sentence)
        self._here = [(f, s) for s, found in self._spoken.items() for f in found if f.sentence == self._lead]

    def describe(self) -> Mapping[int, Features]:
        """Return the features of each candidate that are not 0."""
        described = {
            source.id: {name: float(value) for name, value in self._describe_source(source) if value}
            for source in self._resolved.sources[:MOST]
        }
        most = {
            name: max((row.get(name, 0.0) for row in described.values()), default=0.0) for name in COMPARED
        }
        for row in described.values():
            row.update({f"most: {name}": 1.0 for name in COMPARED if row.get(name, 0.0) == most[name] > 0})
        page = {name: float(value) for name, value in self._describe_page() if value}
        for name in NEAREST:
            page[f"of any source: {name}"] = max(
                (row.get(name, 0.0) for row in described.values()), default=0.0
            )
        return {PAGE: page, **described}

    # what ties a sentence to the claim ──────────────────────────────────────────────────────────────

    def _compare(self, some: frozenset[str], others: frozenset[str]) -> float:
        """Return how much two sets of words share, by how rare the words are."""
        weights = [self._weigh(some), self._weigh(others)]
        return self._weigh(some & others) / max(4.0, math.sqrt(weights[0] * weights[1]))

    def _weigh(self, words: frozenset[str]) -> float:
        return math.fsum(self._rarity.get(word, 1.0) for word in words)

    @cached_property
    def _title(self) -> frozenset[str]:
        titles = (i for i, s in enumerate(self._sentences) if s.role is BlockRole.TITLE)
        return frozenset[str]().union(*(self._words[i] for i in titles))

    @cached_property
    def _telling(self) -> Mapping[int, float]:
        """How much each other sentence tells of the claim; those before it by half."""
        claim, lead = self._words[self._lead], self._lead
        return {
            i: self._compare(self._words[i], claim) * FADING ** abs(i - lead) * (1 if i > lead else 0.5)
            for i in self._body
            if i != lead
        }

    @cached_property
    def _shares(self) -> Mapping[tuple[int, int], float]:
        """The share of a sentence that is a source's, by sentence and source."""
        shares: dict[tuple[int, int], float] = {}
        for source, found in self._spoken.items():
            for f in found:
                sentence = self._sentences[f.sentence]
                share = min(1.0, f.width / max(1, sentence.last - sentence.first - BESIDES))
                shares[f.sentence, source] = max(shares.get((f.sentence, source), 0.0), share)
        return shares

    @cached_property
    def _attributed(self) -> Mapping[int, float]:
        """The share of each sentence that is anybody's."""
        most: dict[int, float] = {}
        for (sentence, _), share in self._shares.items():
            most[sentence] = max(most.get(sentence, 0.0), share)
        return most

    def _is_whole(self, found: Finding) -> bool:
        sentence = self._sentences[found.sentence]
        named = sum(last - first for first, last in (found.cue, found.source or (0, 0)))
        return found.width >= WHOLE * (sentence.last - sentence.first - named)

    @cached_property
    def _orders(self) -> tuple[Mapping[int, int], Mapping[int, int]]:
        """The order in which sources first speak after the claim: of all, and of those who do not pass on."""
        after = sorted(
            (f.sentence, f.begin, source)
            for source, found in self._spoken.items()
            for f in found
            if f.sentence > self._lead
        )
        firsts: dict[int, int] = {}
        people: dict[int, int] = {}
        for _, _, source in after:
            firsts.setdefault(source, len(firsts))
            if self._resolved.sources[source].kind not in PASSING_ON:
                people.setdefault(source, len(people))
        return firsts, people

    # a source ───────────────────────────────────────────────────────────────────────────────────────

    def _describe_source(self, source: Source) -> Iterator[tuple[str, float]]:
        found = self._spoken.get(source.id, [])
        role = set(source.role.text.lower().split()) if source.role else set[str]()
        yield f"kind: {source.kind.value}", 1
        yield f"standing: {source.standing.value}", 1
        yield "relays", source.how is How.RELAYS
        yield "relayed", source.relayed_by is not None
        yield "only source", len(self._resolved.sources) == 1
        yield "holds an office", not role.isdisjoint(self._lexicon.words.offices | self._lexicon.words.voices)
        yield "findings", math.log1p(len(found))
        yield "share of the findings", len(found) / max(1, sum(map(len, self._spoken.values())))
        yield "ends the claim's attribution", source.id in self._own[-1:]
        yield OWN, source.id in self._own
        yield "another is in the claim's attribution", bool(self._own) and source.id not in self._own
        yield "speaks through another", any(f.told is not None or f.outer is not None for f in found)
        yield "others speak through it", self._is_spoken_through(source, found)
        yield from self._describe_in_claim(source, [f for f in found if f.sentence == self._lead])
        yield from self._describe_elsewhere(source, [f for f in found if f.sentence != self._lead])
        yield from self._describe_place(source, found)
        yield from self._describe_manner(found)
        yield from self._scores.mentions.describe((m.start, m.end) for m in source.mentions).items()
        yield ORIGIN, self._find_origin_score({f.sentence for f in found})

    def _find_origin_score(self, places: Iterable[int]) -> float:
        """Return the encoder's log-odds that the origin of the news speaks in one of some sentences."""
        read = [row[ORIGIN] for row in map(self._scores.sentences.get, places) if row is not None]
        return max(read, default=0.0)

    def _is_spoken_through(self, source: Source, found: Sequence[Finding]) -> bool:
        heads = {f.head for f in found}
        return any(f.outer in heads for f in self._resolved.findings if f.outer is not None) or any(
            other.relayed_by == source.id for other in self._resolved.sources
        )

    def _describe_in_claim(self, source: Source, here: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        sentence = self._document.sentence_excerpt(self._sentences[self._lead]).text
        names = [n for n in (source.name.text, *source.aliases) if n in sentence] if source.named else []
        others = [f for f, s in self._here if s != source.id]
        yield "in the claim", bool(here)
        yield "named in the claim without a word", bool(names) and not here
        yield (
            "opens the claim without a word",
            (bool(names) and not here and min(map(sentence.find, names)) < OPENING),
        )
        yield "claim is another's", any(map(self._is_whole, others))
        yield "heard in the claim", self._lead in self._heard.get(source.id, ())
        for f in here:
            yield MOST_OF_CLAIM, self._is_whole(f)
            yield "inside another's words", any(o.says(f.begin) for o in others)
            yield "around another's words", any(f.says(o.begin) for o in others)
            yield "cited in the claim", f.outer is not None
            yield "cites in the claim", any(o.outer is not None and o.outer == f.head for o in others)
            yield "tells an outlet the claim", f.told is not None

    def _describe_elsewhere(self, source: Source, there: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        """Yield how much of the claim and of the headline it says in other sentences."""
        claim = self._words[self._lead]
        said = [
            frozenset[str]().union(*(find_content_words(self._document, *c) for c in f.content))
            for f in there
        ]
        places = {f.sentence for f in there}
        heard = self._heard.get(source.id, set()) - {self._lead}
        total = math.fsum(self._telling.values()) or 1.0
        shares = self._shares
        yield "says the same", max((self._compare(words, claim) for words in said), default=0)
        yield (
            "in a sentence like the claim",
            max((self._compare(self._words[i], claim) for i in places | heard), default=0),
        )
        yield (
            "in a sentence like the headline",
            max((self._compare(self._words[i], self._title) for i in places), default=0),
        )
        told = (self._telling.get(i, 0.0) * shares[i, source.id] for i in sorted(places))
        yield "tells of the claim", math.fsum(told) / total
        following = (shares.get((i, source.id), 0.0) for i in self._next)
        yield "share of the next sentences", math.fsum(following) / max(1, len(self._next))

    def _describe_place(self, source: Source, found: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        """Yield how near to the claim it speaks first."""
        places = {f.sentence for f in found} | self._heard.get(source.id, set())
        after = min((i - self._lead for i in places if i > self._lead), default=None)
        yield "in the next sentence", after == 1
        yield "near after", after is not None and 1 < after <= FAR
        yield "distance after", 1 / (1 + after) if after else 0
        yield "never after", after is None
        yield "heard in the next sentence", self._lead + 1 in self._heard.get(source.id, ())
        yield "in the headline", any(self._sentences[f.sentence].role is BlockRole.TITLE for f in found)
        firsts, people = self._orders
        yield "first to speak after", firsts.get(source.id) == 0
        yield "first of no outlet to speak after", people.get(source.id) == 0

    def _describe_manner(self, found: Sequence[Finding]) -> Iterator[tuple[str, float]]:
        """Yield how it speaks, first after the claim and on the whole: facts are told indirectly, opinions in
        quotation marks and in the first person."""
        first = min((f for f in found if f.sentence > self._lead), key=lambda f: f.begin, default=None)
        if first is not None:
            yield "first speaks directly", first.frame is AttributionFrame.DIRECT
            yield "first speaks indirectly", first.frame in INDIRECT
            yield "first reports", first.lemma in self._lexicon.words.introducing
        direct = sum(f.frame is AttributionFrame.DIRECT for f in found)
        yield "share in quotation marks", direct / max(1, len(found))
        lowers, first_person = self._document.lowers, self._lexicon.words.speech_pronouns
        personal = sum(any(lowers[i] in first_person for c in f.content for i in range(*c)) for f in found)
        yield "share in the first person", personal / max(1, len(found))

    # the page ───────────────────────────────────────────────────────────────────────────────────────

    def _describe_page(self) -> Iterator[tuple[str, float]]:
        sources = self._resolved.sources
        yield "page", 1
        yield "page: no source", not sources
        yield "page: sources", math.log1p(len(sources))
        yield "page: sentences", math.log1p(len(self._body))
        yield f"page: claim attributed to {self._find_last_kind()}", 1
        yield "page: lists an outlet", any(s.kind is SourceKind.OUTLET for s in sources)
        yield "page: lists somebody withheld", any(s.standing is Standing.WITHHELD for s in sources)
        yield DENIED, self._claim.stance is Stance.DENIES
        yield "page: leaves the claim open", self._claim.unconfirmed
        if self._lead in self._scores.sentences:
            yield from ((name, self._scores.sentences[self._lead][name]) for name in (SCORED, PAGES_OWN))
        yield from self._describe_claim()
        yield "page: share attributed", self._measure_attributed(self._body)
        yield "page: share of the next attributed", self._measure_attributed(self._next)
        total = math.fsum(self._telling.values())
        told = math.fsum(self._telling.get(i, 0.0) * share for i, share in self._attributed.items())
        yield "page: share of what tells of the claim attributed", told / total if total else 0

    def _find_last_kind(self) -> str:
        if not self._own:
            return "nobody"
        last = self._resolved.sources[self._own[-1]]
        passing = last.kind in PASSING_ON or last.name.text.lower() in self._lexicon.words.hearsay
        return "an outlet" if passing else "somebody"

    def _describe_claim(self) -> Iterator[tuple[str, float]]:
        claim, document = self._sentences[self._lead], self._document
        tokens, doubted = range(claim.first, claim.last), self._lexicon.words.reportative
        yield "page: claim is relayed", any(document.lowers[i] in doubted for i in tokens)
        yield "page: claim in part attributed", bool(self._here)
        yield "page: claim attributed", any(self._is_whole(f) for f, _ in self._here)
        past = sum(tag.is_past and tag.is_finite for tag in document.tags)
        present = sum(tag.is_present and tag.is_finite for tag in document.tags)
        yield "page: share in the past", past / max(1, past + present)

    def _measure_attributed(self, sentences: Sequence[int]) -> float:
        return math.fsum(self._attributed.get(i, 0.0) for i in sentences) / max(1, len(sentences))
