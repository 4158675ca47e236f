"""What a caveat concerns, as features: the claim, a detail, or something else that is not confirmed.

Each feature describes where the caveat stands, how it is put, what its clause speaks of, and how the article
tells its claim. The weights are learnt: tests/training/flag.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.model import Source, SourceKind, Standing
from bot.reading.annotators.base import Finding
from bot.reading.caveat_matches import CaveatKind, CaveatMatch, find_clause
from bot.reading.claim_topic import ClaimTopic
from bot.reading.content_words import ABOVE, find_content_words
from bot.reading.document import OPENERS, Document, Sentence
from bot.reading.lead import Lead
from bot.reading.sources import ResolvedFindings
from bot.reading.verdict import DebunkVerdict

NEXT, FAR = 1, 5  # sentences after the claim
ELSEWHERE = (
    "until",
    "the matter is a person",
    "the matter is indefinite",
    "another matter, told newly",
    "a reason",
    "a comment before the report",
)
BY_RULES = "concerns the claim by the rules"
KIN = 4  # letters that words of one stem share: “attack” and “attacked”
LAST = 3  # sentences at the end
OBJECT = 8  # tokens after a caveat in which its object stands
LONG_WORD = 3  # letters; shorter words tie nothing
MANY = 4  # shared words, and caveats, from which on more tell nothing
CERTAIN = 6.0  # log-odds of an encoder's answer that are as good as certain
READ = 7  # sentences by the encoder, whose doubts about shorter texts are not learnt from
MARKS = frozenset({".", "”", '"', "''", "!", "?", "’", "'"})
PASSING_ON = frozenset({SourceKind.OUTLET, SourceKind.SOCIAL_MEDIA, SourceKind.ANONYMOUS})

Features = dict[str, float]


def can_raise_flag(caveat: CaveatMatch, features: Mapping[str, float], verdict: DebunkVerdict) -> bool:
    """Return whether a caveat can raise the flag at all: not one of an earlier time, not a refusal to speak,
    not what is confirmed by now, no person who is to be confirmed in office, no other matter that it brings
    up itself, no reason for what is told as a fact, and none where the article calls its story false."""
    return (
        not caveat.past
        and caveat.kind not in {CaveatKind.SILENCE, CaveatKind.REFUSAL}
        and not any(features.get(name, 0.0) for name in ELSEWHERE)
        and verdict.settled is None
    )


@dataclass(frozen=True)
class CaveatFeatures:
    """Describes each caveat against the claim; `scores` are the encoder's, by sentence."""

    document: Document
    lead: Lead
    resolved: ResolvedFindings
    verdict: DebunkVerdict
    scores: Mapping[int, Mapping[str, float]]

    def describe(self, caveats: Sequence[CaveatMatch]) -> tuple[Features, ...]:
        """Return the features of each caveat; nearly all are from 0 to 1."""
        shared = dict(self._describe_article(caveats))
        topic = ClaimTopic(self.document, self.lead)
        closed = self.verdict.settled is not None or topic.is_confirmed(caveats)
        described = [dict(self._describe_one(caveat)) for caveat in caveats]
        for caveat, features in zip(caveats, described, strict=True):
            by_rules = not closed and not caveat.past and topic.is_doubted_by(caveat)
            features[BY_RULES] = by_rules
        return tuple(
            {**shared, **{name: float(value) for name, value in features.items()}} for features in described
        )

    # the claim and the article ─────────────────────────────────────────────────────────────────────

    @cached_property
    def _claim(self) -> Sentence:
        return self.document.sentences[self.lead.sentence]

    @cached_property
    def _claim_words(self) -> frozenset[str]:
        return find_content_words(self.document, self._claim.first, self._claim.last)

    @cached_property
    def _title_words(self) -> frozenset[str]:
        above = (s for s in self.document.sentences if s.role in ABOVE)
        return frozenset[str]().union(*(find_content_words(self.document, s.first, s.last) for s in above))

    @cached_property
    def _events(self) -> frozenset[str]:
        return self._find_events(self._claim.first, self._claim.last)

    @cached_property
    def _told(self) -> Mapping[str, float]:
        """The weight of a word for what the text is about: from 0, where it stands once, to 1."""
        sentences = self.document.sentences
        counts = Counter(w for s in sentences for w in find_content_words(self.document, s.first, s.last))
        most = math.log(max(counts.values(), default=1)) or 1.0
        return {word: math.log(n) / most for word, n in counts.items()}

    @cached_property
    def _known_things(self) -> frozenset[str]:
        """The artefacts that the claim and the two sentences after it speak of."""
        sentences = self.document.sentences[self.lead.sentence : self.lead.sentence + 3]
        near = [*sentences, *(s for s in self.document.sentences if s.role in ABOVE)]
        held = frozenset[str]().union(*(self.document.lowers[s.first : s.last] for s in near))
        return held & self.document.lexicon.words.artefacts

    def _describe_article(self, caveats: Sequence[CaveatMatch]) -> Iterator[tuple[str, float]]:
        document, words = self.document, self.document.lexicon.words
        lowers = frozenset(document.lowers[self._claim.first : self._claim.last])
        yield "claim is relayed", float(not words.relaying.isdisjoint(lowers))
        yield "claim is a claim", float(not words.claiming.isdisjoint(lowers))
        yield "claim speaks of a story", float(not (words.stories | words.hearsay).isdisjoint(lowers))
        yield "claim is told as a fact", float(self._is_told_as_fact)
        yield "claim is confirmed", float(self._is_confirmed(self._claim))
        yield "claim is in doubt", float(self._has_doubt(self._claim))
        above = [s for s in document.sentences if s.role in ABOVE]
        titled = frozenset[str]().union(*(document.lowers[s.first : s.last] for s in above))
        yield "headline is in doubt", float(bool(titled & words.headline_doubts) or "?" in titled)
        yield "settled", float(self.verdict.settled is not None)
        own = [c for c in caveats if not c.past]
        yield "caveats", min(len(own), MANY) / MANY
        share = len(own) / max(1, len(document.sentences))
        yield "caveats a sentence", min(1.0, 5 * share)
        relaying = (
            not words.reportative.isdisjoint(document.lowers[s.first : s.last]) for s in document.sentences
        )
        yield "article relays", sum(relaying) / max(1, len(document.sentences))
        later = [s for i, s in enumerate(document.sentences) if i > self.lead.sentence]
        yield "confirmed later", float(any(self._is_confirmed(s) for s in later))
        yield from self._describe_speakers()

    @cached_property
    def _is_told_as_fact(self) -> bool:
        """Return whether the claim is neither passed on nor in doubt; an office tells facts."""
        lowers = frozenset(self.document.lowers[self._claim.first : self._claim.last])
        words = self.document.lexicon.words
        doubtful = words.relaying | words.claiming | words.reportative | words.stories | words.hearsay
        return doubtful.isdisjoint(lowers) and not self._has_doubt(self._claim)

    @cached_property
    def _tellers(self) -> Sequence[Source]:
        """The sources that tell most of the claim's sentence."""
        tellers = self.resolved.list_tellers(self.lead.sentence, self._claim)
        return [self.resolved.sources[source] for _, source in tellers]

    @cached_property
    def _is_on_record(self) -> bool:
        return any(
            one.standing is not Standing.WITHHELD and one.kind not in PASSING_ON for one in self._tellers
        )

    def _describe_speakers(self) -> Iterator[tuple[str, float]]:
        tellers = self._tellers
        yield "claim is passed on", float(any(one.kind in PASSING_ON for one in tellers))
        yield "claim is withheld", float(any(one.standing is Standing.WITHHELD for one in tellers))
        yield "claim is said on record", float(self._is_on_record)

    def _is_confirmed(self, sentence: Sentence) -> bool:
        document, words = self.document, self.document.lexicon.words
        undone = words.negations | words.conditions | words.missing_words | words.hypothetical
        return any(
            document.lowers[at] in words.confirmed
            and document.words[at - 1] not in OPENERS
            and undone.isdisjoint(document.lowers[max(sentence.first, at - 4) : at])
            for at in range(sentence.first, sentence.last)
        )

    def _has_doubt(self, sentence: Sentence) -> bool:
        hedges = self.document.lexicon.hedges.patterns
        return any(hedges.find(self.document, sentence.first, sentence.last))

    # a caveat ───────────────────────────────────────────────────────────────────────────────────────

    def _describe_one(self, caveat: CaveatMatch) -> Iterator[tuple[str, float]]:
        yield f"kind: {caveat.kind.value}", 1
        yield "of an earlier time", caveat.past
        yield "in a quotation", caveat.quoted
        words, lowers = self.document.lexicon.words, self.document.lowers
        held = frozenset(lowers[caveat.match.first : caveat.match.last])
        able = not held.isdisjoint(words.ability)
        passive = not held.isdisjoint(words.be)
        yield "could not", able
        yield "could not be", able and passive
        yield "not done by somebody", caveat.kind is CaveatKind.FAILURE and not able and not passive
        if caveat.kind is CaveatKind.FAILURE and not able and not passive:
            yield "not done by somebody, of what is told as a fact", self._is_told_as_fact
            yield "not done by somebody, of what is on record", self._is_on_record
        tokens = range(caveat.match.first, caveat.match.last)
        trying = able or any(self.document.tags[i].is_present_participle for i in tokens)
        verbs = range(max(0, caveat.match.first - 2), caveat.match.last)
        past = not trying and any(
            self.document.tags[i].is_past and lowers[i] in words.auxiliaries for i in verbs
        )
        yield "in the past", past
        yield "in the past, of what is told as a fact", past and self._is_told_as_fact
        away = caveat.place - self.lead.sentence > NEXT
        yield "away from what is told as a fact", away and self._is_told_as_fact
        yield from self._describe_place(caveat)
        yield from self._describe_sentence(caveat)
        first, last = find_clause(self.document, self.document.sentences[caveat.place], caveat.match)
        yield from self._describe_clause(caveat, first, last)
        yield from self._describe_object(caveat, last)
        yield from self._describe_subject(caveat, first)
        yield from self._describe_matter(caveat, first, last)
        yield from self._describe_scores(caveat.place)

    def _describe_place(self, caveat: CaveatMatch) -> Iterator[tuple[str, float]]:
        sentences = self.document.sentences
        away, sentence = caveat.place - self.lead.sentence, sentences[caveat.place]
        yield "before the claim", away < 0 and sentence.role not in ABOVE
        yield "in the claim", away == 0
        yield "in the next sentence", away == NEXT
        yield "second after", away == NEXT + 1
        yield "near after", NEXT + 1 < away <= FAR
        yield "distance", math.log1p(abs(away))
        yield "share of the text before", caveat.place / max(1, len(sentences))
        yield "at the end", len(sentences) - caveat.place <= LAST and away > NEXT + 1

    def _describe_sentence(self, caveat: CaveatMatch) -> Iterator[tuple[str, float]]:
        document, words = self.document, self.document.lexicon.words
        sentence = document.sentences[caveat.place]
        own = find_content_words(document, sentence.first, sentence.last)
        about = self._claim_words | self._title_words
        away = caveat.place != self.lead.sentence
        yield "sentence is about the claim", away * len(own & about) / max(3, min(len(own), 10))
        yield "sentence is about the article", away * self._weigh(own)
        before = document.sentences[caveat.place - 1] if caveat.place else None
        held = find_content_words(document, before.first, before.last) if before else frozenset[str]()
        yield "sentence before is about the claim", away * len(held & about) / max(3, min(len(held), 10))
        yield (
            "sentence before tells a story",
            before is not None and not words.stories.isdisjoint(document.lowers[before.first : before.last]),
        )
        opening = document.lowers[sentence.first]
        yield "opens with a contrast", opening in words.contrasting
        yield "said by somebody", any(True for _ in self._find_reporting(caveat))
        lowers = frozenset(document.lowers[sentence.first : sentence.last])
        yield "speaks for itself", bool(lowers & words.own_pronouns)
        follows = bool(lowers & words.following_adjectives)
        yield "what follows", follows and away
        comment = self.lead.comment_until is not None and sentence.first <= self.lead.comment_until
        yield "a comment before the report", comment and not follows and caveat.place < self.lead.sentence

    def _find_reporting(self, caveat: CaveatMatch) -> Iterator[Finding]:
        """Yield the findings in what is said of which the caveat stands."""
        for f in self._findings.get(caveat.place, ()):
            if f.reporting and f.says(caveat.match.first):
                yield f

    @cached_property
    def _findings(self) -> Mapping[int, Sequence[Finding]]:
        found: dict[int, list[Finding]] = {}
        for f in self.resolved.findings:
            found.setdefault(f.sentence, []).append(f)
        return found

    def _describe_clause(self, caveat: CaveatMatch, first: int, last: int) -> Iterator[tuple[str, float]]:
        document, words = self.document, self.document.lexicon.words
        away = caveat.place != self.lead.sentence
        lowers = frozenset(document.lowers[first:last])
        own = find_content_words(document, first, last) - self._find_own_words(caveat)
        shared = own & (self._claim_words | self._title_words)
        plain = {
            document.stems[i]
            for i in range(first, last)
            if not document.tags[i].is_name and len(document.words[i]) > LONG_WORD
        }
        yield "clause has words of the claim", away * min(len(shared), MANY) / MANY
        yield "clause has a common word of the claim", away and bool(shared & plain)
        yield "clause is about the article", away * self._weigh(own)
        yield "clause has new words", sum(self._told.get(w, 0) == 0 for w in own) / max(4, len(own))
        yield "clause tells the claim's event", away and bool(self._find_events(first, last) & self._events)
        yield "clause tells a story", bool(lowers & words.stories)
        yield (
            "clause tells of those stories",
            bool(lowers & words.stories) and bool(lowers & words.demonstratives),
        )
        yield "clause has the claim's artefact", bool(lowers & self._known_things)
        yield "clause has another artefact", bool((lowers & words.artefacts) - self._known_things)
        yield "clause asks for authenticity", bool(lowers & words.authenticity)
        yield "clause asks for soundness", bool(lowers & words.soundness)
        asked = document.lowers[first : caveat.match.first]
        yield "clause asks for circumstances", not words.question_words.isdisjoint(asked)
        end = document.sentences[caveat.place].last
        ended = document.lowers[caveat.match.last : min(end, caveat.match.last + OBJECT)]
        yield "until", not words.end_prepositions.isdisjoint(ended)

    def _describe_object(self, caveat: CaveatMatch, last: int) -> Iterator[tuple[str, float]]:
        document, words, tags = self.document, self.document.lexicon.words, self.document.tags
        after = range(caveat.match.last, min(last, caveat.match.last + OBJECT))
        told = words.stories | words.artefacts | words.soundness | words.authenticity
        nouns = [i for i in after if tags[i].is_noun]
        if caveat.kind is CaveatKind.ADJECTIVE and nouns and document.lowers[nouns[0]] in words.stories:
            nouns.pop(0)  # "unconfirmed reports of a bid"
            yield "report of nothing", not nouns
        noun = next(iter(nouns), None)
        following = document.lowers[caveat.match.last : caveat.match.last + 1]
        bare = not after or following[0] in MARKS
        yield "no object", bare
        yield "object is a pronoun", not bare and following[0] in words.leaning_words
        yield "by somebody", not bare and following[0] in words.agent
        yield (
            "object is a particular",
            any(w in words.particulars for w in document.lowers[caveat.match.last : caveat.match.last + 3]),
        )
        if noun is None:
            return
        word, stem = document.lowers[noun], document.stems[noun]
        known = stem in self._claim_words or stem in self._title_words
        yield "object is the claim's", known
        yield "object is a story", word in words.stories
        yield "object is the article's", self._told.get(stem, 0.0)
        yield "object is new", not known and word not in told and self._told.get(stem, 0.0) == 0
        yield (
            "object is a detail of",
            not known
            and word not in told
            and not words.genitive.isdisjoint(document.lowers[noun + 1 : noun + 2]),
        )
        yield (
            "share of the object in the claim",
            self._share(find_content_words(document, caveat.match.last, last)),
        )

    def _describe_subject(self, caveat: CaveatMatch, first: int) -> Iterator[tuple[str, float]]:
        document, words, tags = self.document, self.document.lexicon.words, self.document.tags
        before = document.lowers[max(first, caveat.match.first - 1) : caveat.match.first]
        predicate = not words.be.isdisjoint(
            document.lowers[max(first, caveat.match.first - 3) : caveat.match.last]
        )
        yield "predicate", predicate
        indefinite = caveat.kind is CaveatKind.ADJECTIVE and not predicate
        plain = (
            not before
            or before[0] in words.indefinite_determiners
            or not (tags[caveat.match.first - 1].is_specifier)
        )
        yield "some report", indefinite and plain
        yield "the report", indefinite and not plain
        nouns = [i for i in range(first, caveat.match.first) if tags[i].is_noun or tags[i].is_pronoun]
        subject = nouns[0] if nouns else None
        if subject is None:
            return
        yield (
            "subject is a pronoun",
            tags[subject].is_pronoun or document.lowers[subject] in words.leaning_words,
        )
        named = find_content_words(document, first, caveat.match.first)
        yield "share of the subject in the claim", predicate * self._share(named)
        yield (
            "relative clause",
            document.lowers[caveat.match.first - 1] in words.relative_pronouns | words.that,
        )
        stem = document.stems[subject]
        yield "subject is the claim's", stem in self._claim_words or stem in self._title_words
        yield "subject is a story", document.lowers[subject] in words.stories

    def _describe_matter(self, caveat: CaveatMatch, first: int, last: int) -> Iterator[tuple[str, float]]:
        """Return whether what is doubted, before a passive or behind an active, is another matter or a
        person: “Venn has not been confirmed”."""
        document, words, tags = self.document, self.document.lexicon.words, self.document.tags
        match = caveat.match
        before = range(first, match.first)
        held = document.lowers[max(first, match.first - 2) : match.last]
        ended = tags[match.last - 1].is_past_participle or caveat.kind is CaveatKind.ADJECTIVE
        passive = ended and not words.be.isdisjoint(held) and any(not tags[i].is_verb for i in before)
        matter = before if passive else range(match.last, last)
        lowers = frozenset(document.lowers[matter.start : matter.stop])
        stems = find_content_words(document, matter.start, matter.stop) - self._find_own_words(caveat)
        told = words.stories | words.artefacts | words.soundness | words.authenticity
        strange = bool(stems) and not stems & (self._claim_words | self._title_words)
        event = self._find_events(matter.start, matter.stop) & self._events
        plain = caveat.kind is CaveatKind.ADJECTIVE and not passive  # "unconfirmed reports of a bid"
        apart = told - words.stories if plain else told | words.leaning_words
        another = strange and not event and apart.isdisjoint(lowers)
        yield "another matter", another
        pointed = words.definite_determiners | words.demonstratives | words.person_pronouns
        known = frozenset(word[:KIN] for word in self._claim_words | self._title_words)
        kin = any(stem[:KIN] in known for stem in stems)
        late = caveat.place > self.lead.sentence and not kin
        if plain:
            determined = tags[match.first - 1].is_specifier and document.lowers[match.first - 1] in pointed
            yield "another matter, told newly", late and another and not determined
        else:
            new = passive and pointed.isdisjoint(lowers)
            yield "another matter, told newly", late and another and new
        because = document.lowers[document.sentences[caveat.place].first : match.first]
        yield "a reason", not words.reasons.isdisjoint(because)
        person = words.person_pronouns | words.object_relatives
        heads = [i for i in matter if tags[i].is_noun or document.lowers[i] in person]
        verbs = (
            i for i in reversed(before) if tags[i].is_verb and document.lowers[i] not in words.auxiliaries
        )
        opens = next(verbs, first - 1) + 1  # "noted [that] a fourth coach has not been confirmed"
        some = not words.indefinite_determiners.isdisjoint(document.lowers[opens : opens + 2])
        yield "the matter is indefinite", some and passive and told.isdisjoint(lowers) and not event
        yield (
            "the matter is a person",
            passive and bool(heads) and all(tags[i].is_name or document.lowers[i] in person for i in heads),
        )

    def _describe_scores(self, place: int) -> Iterator[tuple[str, float]]:
        scores = self.scores.get(place)
        if scores is not None and len(self.scores) >= READ:
            for name in ("encoder: caveat", "encoder: side_caveat"):
                yield name, (max(-CERTAIN, min(CERTAIN, scores[name])) + CERTAIN) / (2 * CERTAIN)

    def _share(self, named: frozenset[str]) -> float:
        """Return the share of words that claim or headline have too."""
        return len(named & (self._claim_words | self._title_words)) / max(1, len(named))

    def _find_own_words(self, caveat: CaveatMatch) -> frozenset[str]:
        return frozenset(self.document.stems[caveat.match.first : caveat.match.last])

    def _find_events(self, first: int, last: int) -> frozenset[str]:
        return self.document.lexicon.find_events(frozenset(self.document.lowers[first:last]))

    def _weigh(self, words: frozenset[str]) -> float:
        weights = sorted((self._told.get(word, 0.0) for word in words), reverse=True)[:MANY]
        return sum(weights) / MANY
