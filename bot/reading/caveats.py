"""Caveats: the words by which an article says that something is not established, and what they concern.

A caveat raises the flag only in the article's own voice, or in an account of trying to verify, and only when
its own clause concerns the claim; one about something else, or about an earlier time, is kept as a
caveat on a detail. Where the article says that the story is false or confirmed, no flag stands against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import NamedTuple

from bot.model import BlockRole, Caveat
from bot.reading.content_words import find_content_words
from bot.reading.document import Document, Sentence
from bot.reading.languages.lexicon import Frame
from bot.reading.lead import Lead
from bot.reading.patterns import Match
from bot.reading.quotes import Quotation
from bot.reading.tags import Upos

CAVEATED = frozenset(
    {
        BlockRole.TITLE,
        BlockRole.DECK,
        BlockRole.BODY,
        BlockRole.HEADING,
        BlockRole.ITEM,
        BlockRole.TAIL,
        BlockRole.QUOTE,
    }
)
ABOVE = frozenset({BlockRole.TITLE, BlockRole.DECK})
NEAR = 2  # sentences after the claim in which a caveat without an object speaks of it
SHARED = 2  # content words that tie a caveat to the claim
BEFORE, AFTER = 14, 16  # tokens of a caveat's clause on either side of it
NAMED = 3  # tokens in which the noun of "the exact number of" stands
OBJECT = 10  # tokens after a caveat in which its object stands
LONG_WORD = 3  # letters; shorter words tie nothing
LEADING = 60  # words of the lead
BREAKS = frozenset({",", ";", ":", "—", "–", "--", "(", ")"})
MARKS = frozenset({".", "”", '"', "''"})


class _CaveatKind(Enum):
    """The kinds of caveats, as the lexicon groups them."""

    ADJECTIVE = "adjective"
    CONDITION = "condition"
    FAILURE = "failure"
    REFUSAL = "refusal"
    SILENCE = "silence"
    ABSENCE = "absence"
    WARNING = "warning"


class _CaveatVoice(Enum):
    """The standing of words that fit the pattern of a caveat."""

    NONE = "a look-alike, or somebody else's words"
    PAST = "about an earlier time"
    OWN = "the article's own, now"


class _CaveatMatch(NamedTuple):
    """A caveat in the sentence numbered `place`."""

    place: int
    match: Match
    kind: _CaveatKind


@dataclass(frozen=True, slots=True)
class Caveats:
    """Caveats on the claim, caveats on a detail, and the rules by which the article says that it is false:
    `settled` leaves no room for a flag, `leaning` only for the stance."""

    on_claim: tuple[Caveat, ...]
    on_details: tuple[Caveat, ...]
    settled: str | None
    leaning: str | None


def find_caveats(document: Document, lead: Lead, quotations: Sequence[Quotation]) -> Caveats:
    """Return every caveat, sorted by what it concerns."""
    quoted = {t: q for q in quotations for t in range(q.first, q.last)}
    topic = _ClaimTopic(document, lead)
    strong = tuple(
        sorted({m.first for m in document.lexicon.debunks.patterns.find(document, 0, len(document.words))})
    )
    settled = _find_verdict(document, lead, strong, frozenset(quoted))
    caveats = document.lexicon.caveats
    found = [
        _CaveatMatch(index, match, _CaveatKind(caveats.labels[match.entry]))
        for index, s in enumerate(document.sentences)
        if s.role in CAVEATED
        for match in sorted(
            caveats.patterns.find(document, s.first, s.last), key=lambda m: (m.first, m.first - m.last)
        )
    ]
    confirmed = topic.is_confirmed(found)
    on_claim: list[Caveat] = []
    on_details: list[Caveat] = []
    last = -1
    for one in found:
        standing = _judge_standing(document, one, quoted) if one.match.first >= last else _CaveatVoice.NONE
        if standing is _CaveatVoice.NONE:
            continue
        last = one.match.last
        open_yet = standing is _CaveatVoice.OWN and settled is None and not confirmed
        words = document.excerpt(one.match.first, one.match.last)
        sentence = document.sentence_excerpt(document.sentences[one.place])
        caveat = Caveat(words, sentence, f"caveat: {caveats.sources[one.match.entry]}")
        (on_claim if open_yet and topic.is_doubted_by(one) else on_details).append(caveat)
    return Caveats(tuple(on_claim), tuple(on_details), settled, _find_leaning(document, strong))


# ── whose words, and of when ────────────────────────────────────────────────────────────────────────


def _judge_standing(document: Document, found: _CaveatMatch, quoted: dict[int, Quotation]) -> _CaveatVoice:
    words, lowers = document.lexicon.words, document.lowers
    match, sentence = found.match, document.sentences[found.place]
    before = lowers[max(sentence.first, match.first - 5) : match.first]
    after = lowers[match.last : match.last + 3]
    if not words.accounts.isdisjoint(after) or not words.accounts.isdisjoint(before):
        return _CaveatVoice.NONE  # "an unverified Twitter account"
    if not words.generic_adverbs.isdisjoint(before):
        return _CaveatVoice.NONE  # "almost always impossible to verify"
    if (
        document.lowers[match.first - 1] in words.be
        and document.lowers[match.first - 2] in words.hypothetical
    ):
        return _CaveatVoice.NONE  # "it would be difficult to confirm"
    if lowers[sentence.first] in words.correcting:
        return _CaveatVoice.PAST  # a correction tells what an earlier version said
    if match.first in quoted:
        own = _judge_quotation(document, found, quoted[match.first])
        return _CaveatVoice.PAST if own is _CaveatVoice.OWN and _is_at_the_time(document, sentence) else own
    if found.kind is _CaveatKind.CONDITION:
        unreal = not words.past_be.isdisjoint(lowers[match.first : match.last])  # "if the news was real"
        verbs = (i for i in range(sentence.first, match.first) if document.tags[i].upos is Upos.VERB)
        # "Venn said that the idea, if true, …": the condition is a speaker's
        said = any(Frame.CLAUSE in document.lexicon.find_cue(lowers[i])[1] for i in verbs)
        return _CaveatVoice.NONE if unreal or said else _CaveatVoice.OWN
    past = not words.past_adverbs.isdisjoint(lowers[max(sentence.first, match.first - 2) : match.last])
    return _CaveatVoice.PAST if past or _is_at_the_time(document, sentence) else _CaveatVoice.OWN


def _is_at_the_time(document: Document, sentence: Sentence) -> bool:
    """Return whether “at the time” stands there, which is not "at the time of writing"."""
    lowers, words = document.lowers, document.lexicon.words
    return any(
        lowers[i] in words.time_nouns
        and lowers[i - 1] in words.the
        and words.publication_nouns.isdisjoint(lowers[i + 1 : i + 3])
        for i in range(sentence.first + 1, sentence.last)
    )


def _judge_quotation(document: Document, found: _CaveatMatch, quote: Quotation) -> _CaveatVoice:
    """Return the standing of words inside a quotation. Only a speaker's own failure to verify counts: “We
    cannot confirm …”, “not in a position to confirm”; words alone between the marks are only mentioned."""
    match = found.match
    if found.kind in {_CaveatKind.CONDITION, _CaveatKind.ADJECTIVE, _CaveatKind.WARNING}:
        return _CaveatVoice.NONE
    if found.kind is not _CaveatKind.ABSENCE and quote.last - quote.first <= match.last - match.first + 2:
        return _CaveatVoice.NONE
    start = max(quote.first, match.first - 8)
    ours = any(document.lowers[i] in document.lexicon.words.own_pronouns for i in range(start, match.last))
    opens = match.first - quote.first <= 2  # noqa: PLR2004  # the mark and one word
    body = any(document.words[i].isupper() and len(document.words[i]) > 1 for i in range(start, match.first))
    needed = document.lowers[match.first] in document.lexicon.words.requirement_verbs
    return _CaveatVoice.OWN if ours or opens or body or needed else _CaveatVoice.NONE


# ── what a caveat concerns ──────────────────────────────────────────────────────────────────────────


class _ClaimTopic:
    """The claim, as caveats are held against it."""

    def __init__(self, document: Document, lead: Lead) -> None:
        self._document, self._lead, self._words = document, lead, document.lexicon.words
        self.sentence = document.sentences[lead.sentence]
        above = [s for s in document.sentences if s.role in ABOVE]
        self.lowers = frozenset(document.lowers[self.sentence.first : self.sentence.last])
        self._known = self.lowers.union(*(document.lowers[s.first : s.last] for s in above))
        after = document.sentences[lead.sentence + 1 : lead.sentence + 1 + NEAR]
        shown = frozenset(chain.from_iterable(document.lowers[s.first : s.last] for s in after))
        self._artefacts = self._words.artefacts & (self._known | shown)
        self._content = find_content_words(document, self.sentence.first, self.sentence.last).union(
            *(find_content_words(document, s.first, s.last) for s in above)
        )
        self._plain = _find_common_words(document, self.sentence.first, self.sentence.last)
        self._events = self._find_events(self.lowers)
        self._relayed = not self._words.relaying.isdisjoint(self.lowers)
        self._is_denied = _is_denied(document, self.sentence)

    def is_doubted_by(self, found: _CaveatMatch) -> bool:
        """Return whether a caveat of the article's own says that the claim is not established. To decline to
        speak says as little as "declined to comment"; not to confirm counts only where the claim is passed
        on; what a denial leaves unconfirmed is what was denied."""
        counts = found.kind is not _CaveatKind.SILENCE and (
            self._relayed or found.kind is not _CaveatKind.REFUSAL
        )
        apart = self._is_denied and found.place != self._lead.sentence
        return counts and not apart and self.is_mentioned_by(found)

    def is_confirmed(self, caveats: Sequence[_CaveatMatch]) -> bool:
        """Return whether the claim's own sentence says that it is confirmed, or a caveat that it is by now:
        “did not confirm it until Friday”."""
        document, words, claim = self._document, self._words, self.sentence
        undone = words.negations | words.conditions | words.missing_words
        if any(
            document.lowers[at] in words.confirmed
            and undone.isdisjoint(document.lowers[max(claim.first, at - 4) : at])
            for at in range(claim.first, claim.last)
        ):
            return True
        for found in caveats:
            end = min(found.match.last + OBJECT, document.sentences[found.place].last)
            ended = not words.end_prepositions.isdisjoint(document.lowers[found.match.last : end])
            if ended and self.is_mentioned_by(found):
                return True
        return False

    def is_mentioned_by(self, found: _CaveatMatch) -> bool:
        """Return whether a caveat's clause speaks of the claim: of an artefact in it, of the report itself,
        of its event, or of what the sentence before is about."""
        place, match, words = found.place, found.match, self._words
        sentence = self._document.sentences[place]
        opening = self._document.lowers[sentence.first : sentence.first + 4]
        # the site says it before its report: "The following report is unconfirmed"
        before = self._lead.comment_until is not None and sentence.first <= self._lead.comment_until
        if place == self._lead.sentence or (before and not words.following_adjectives.isdisjoint(opening)):
            return True
        near = self._is_near(place)
        first, last = _find_clause(self._document, sentence, match)
        if not words.question_words.isdisjoint(self._document.lowers[first : match.first]):
            return False  # "reports of where and how it was used could not be confirmed"
        lowers = frozenset(self._document.lowers[first:last])
        if lowers & words.authenticity:
            return near or bool(self._artefacts)
        if lowers & words.distant_demonstratives and lowers & words.stories and not near:
            return self._is_mentioned_before(place, 1)
        if found.kind is _CaveatKind.CONDITION:
            tellers = words.stories | words.anonymous_heads  # "if the reports are true"
            reports = not tellers.isdisjoint(self._document.lowers[match.first : match.last])
            return near or reports or self._supposes(sentence, match)
        shared = find_content_words(self._document, first, last) & self._content
        if lowers & words.stories and not self._is_detail(match):
            about = found.kind is not _CaveatKind.ADJECTIVE or len(shared) >= SHARED
            return about or near or bool(self._find_events(lowers) & self._events)
        if lowers & self._artefacts or self._find_events(lowers) & self._events:
            return True
        asked = self._document.lowers[match.last : last]  # "no way to confirm if the wing is real"
        if not words.conditions.isdisjoint(asked[:1]) and not words.truth_adjectives.isdisjoint(asked):
            return bool(shared)
        same = len(shared) >= SHARED and bool(_find_common_words(self._document, first, last) & self._plain)
        return self._concerns_by_place(found) or (same and not self._is_detail(match))

    def _concerns_by_place(self, found: _CaveatMatch) -> bool:
        """Return whether a caveat without an object speaks of the claim: by its place, or the sentence
        before."""
        near = self._is_near(found.place)
        if found.kind is _CaveatKind.WARNING:
            return near or self._is_mentioned_before(found.place, 2)
        match, sentence, lowers = found.match, self._document.sentences[found.place], self._document.lowers
        following = lowers[match.last : min(match.last + OBJECT, sentence.last)]
        past = lowers[match.first] in self._words.past_be  # "was not confirmed by the rebels"
        if self._is_detail(match) or (
            past and not self._words.agent.isdisjoint(lowers[match.last : match.last + 1])
        ):
            return False
        bare = not following or following[0] in self._words.leaning_words or following[0] in MARKS
        return near or (bare and self._is_mentioned_before(found.place, 2))

    def _is_near(self, place: int) -> bool:
        return 0 <= place - self._lead.sentence <= NEAR

    def _is_detail(self, match: Match) -> bool:
        """Return whether only a detail is meant: “could not confirm the name”, “… the colour of the
        bridge”."""
        document = self._document
        if any(w in self._words.particulars for w in document.lowers[match.last : match.last + 3]):
            return True
        nouns = (
            i
            for i in range(match.last, min(match.last + NAMED, len(document.tags)))
            if document.tags[i].is_common_noun
        )
        noun = next(nouns, None)
        if noun is None or self._words.genitive.isdisjoint(document.lowers[noun + 1 : noun + 2]):
            return False
        words = self._words
        known = self._known | words.stories | words.artefacts | words.authenticity | words.soundness
        return document.lowers[noun] not in known and not self._find_events(
            frozenset({document.lowers[noun]})
        )

    def _supposes(self, sentence: Sentence, match: Match) -> bool:
        """Return whether the first noun of the main clause is the claim's: “If true, the theft would be
        …”."""
        document = self._document
        nouns = (i for i in range(match.last, sentence.last) if document.tags[i].is_noun)
        noun = next(nouns, None)
        if noun is None:
            return False
        word = frozenset({document.lowers[noun]})
        known = word & (self._known | self._words.stories | self._words.developments)
        return bool(known) or bool(self._find_events(word) & self._events)

    def _is_mentioned_before(self, index: int, back: int) -> bool:
        """Return whether one of the `back` sentences before speaks of the claim."""
        document = self._document
        for sentence in document.sentences[max(0, index - back) : index]:
            if len(find_content_words(document, sentence.first, sentence.last) & self._content) >= SHARED:
                return True
            if back > 1 and not self._words.stories.isdisjoint(
                document.lowers[sentence.first : sentence.last]
            ):
                return True
        return False

    def _find_events(self, lowers: frozenset[str]) -> frozenset[str]:
        return frozenset(name for name, words in self._document.lexicon.events.items() if words & lowers)


def _find_clause(document: Document, sentence: Sentence, match: Match) -> tuple[int, int]:
    """Return the tokens around a caveat, to the nearest break on either side; further back where its subject
    stands before an aside: “Her death, Venn wrote, is unconfirmed”."""
    breaks = BREAKS | document.lexicon.words.clause_breaks
    first, last = match.first, match.last
    named = False
    while first > max(sentence.first, match.first - BEFORE):
        if document.lowers[first - 1] in breaks and (named or document.lowers[first - 1] not in BREAKS):
            break  # "but she has not …"
        first -= 1
        named = named or document.tags[first].is_noun or document.tags[first].is_pronoun
    while last < min(sentence.last, match.last + AFTER) and document.lowers[last] not in breaks:
        last += 1
    return first, last


def _find_common_words(document: Document, first: int, last: int) -> frozenset[str]:
    """Return the content words that are no names."""
    return frozenset(
        document.stems[i]
        for i in range(first, last)
        if document.tags[i].is_content_word
        and not document.tags[i].is_name
        and len(document.words[i]) > LONG_WORD
    )


# ── settled ─────────────────────────────────────────────────────────────────────────────────────────


def _find_verdict(
    document: Document, lead: Lead, strong: Sequence[int], quoted: frozenset[int]
) -> str | None:
    """Return the rule by which headline, deck or claim say that the story is false, or lead and body call it
    so; `strong`: the places of words that do."""
    settling = document.lexicon.settled
    for index, sentence in enumerate(document.sentences):
        if sentence.role in ABOVE or index == lead.sentence:
            for match in settling.patterns.find(document, sentence.first, sentence.last):
                if match.first not in quoted:
                    return f"settled: {settling.sources[match.entry]}"
    said = sum(at not in quoted for at in strong)
    words = len(document.words)
    leading = sum(at < LEADING for at in strong)
    if leading and len(strong) > 1 and len(strong) * 300 >= words:
        return "settled: lead and body call it false"
    if said > 2 and said * 200 >= words:  # noqa: PLR2004  # more than a mention
        return "settled: the body calls it false"
    claim = document.sentences[lead.sentence]
    denied = any(
        document.lowers[i] in document.lexicon.words.negations for i in range(claim.first, claim.last)
    )
    return (
        "settled: claim negated" if denied and any(claim.first <= at < claim.last for at in strong) else None
    )


def _find_leaning(document: Document, strong: Sequence[int]) -> str | None:
    """Return the rule by which an article leans towards calling its story false: often enough, early, or with
    words of denial in its lead."""
    words = len(document.words)
    if len(strong) > 1 and len(strong) * 250 >= words:
        return f"debunks: {len(strong)} in {words} words"
    if any(at < LEADING for at in strong):
        return "debunks: in the lead"
    weak = any(w in document.lexicon.words.denial_words for w in document.lowers[:LEADING])
    return "debunks: with a denial in the lead" if strong and weak else None


def _is_denied(document: Document, claim: Sentence) -> bool:
    """Return whether the claim's own sentence tells of a denial first."""
    cues = (
        document.lexicon.find_cue(document.lowers[i])
        for i in range(claim.first, claim.last)
        if document.tags[i].upos is Upos.VERB
    )
    said = next((lemma for lemma, frames in cues if Frame.CLAUSE in frames), "")
    return said in document.lexicon.words.rejecting
