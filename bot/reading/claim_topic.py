"""The claim as caveats are held against it, by rules: whether the clause of a caveat speaks of it.

The decision is learnt (`decisions/caveats.py`), and what the rules say is one of its features.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from bot.reading.caveat_matches import CaveatKind, CaveatMatch, find_clause
from bot.reading.content_words import ABOVE, find_content_words
from bot.reading.document import OPENERS, Document, Sentence
from bot.reading.languages.lexicon import Frame
from bot.reading.lead import Lead
from bot.reading.patterns import Match
from bot.reading.tags import Upos

NEAR = 2  # sentences after the claim in which a caveat without an object speaks of it
SHARED = 2  # content words that tie a caveat to the claim
NAMED = 3  # tokens in which the noun of "the exact number of" stands
OBJECT = 10  # tokens after a caveat in which its object stands
LONG_WORD = 3  # letters; shorter words tie nothing
MARKS = frozenset({".", "”", '"', "''"})


class ClaimTopic:
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
        self._events = self._document.lexicon.find_events(self.lowers)
        self._relayed = not self._words.relaying.isdisjoint(self.lowers)
        self._is_denied = _is_denied(document, self.sentence)

    def is_doubted_by(self, found: CaveatMatch) -> bool:
        """Return whether a caveat of the article's own says that the claim is not established. To decline to
        speak says as little as "declined to comment"; not to confirm counts only where the claim is passed
        on; what a denial leaves unconfirmed is what was denied."""
        counts = found.kind is not CaveatKind.SILENCE and (
            self._relayed or found.kind is not CaveatKind.REFUSAL
        )
        apart = self._is_denied and found.place != self._lead.sentence
        return counts and not apart and self.is_mentioned_by(found)

    def is_confirmed(self, caveats: Sequence[CaveatMatch]) -> bool:
        """Return whether the claim's own sentence says that it is confirmed, or a caveat that it is by now:
        “did not confirm it until Friday”."""
        document, words, claim = self._document, self._words, self.sentence
        undone = words.negations | words.conditions | words.missing_words
        if any(
            document.lowers[at] in words.confirmed
            and document.words[at - 1] not in OPENERS  # “confirmed information” is a phrase of somebody's
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

    def is_mentioned_by(self, found: CaveatMatch) -> bool:
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
        first, last = find_clause(self._document, sentence, match)
        if not words.question_words.isdisjoint(self._document.lowers[first : match.first]):
            return False  # "reports of where and how it was used could not be confirmed"
        lowers = frozenset(self._document.lowers[first:last])
        if lowers & words.authenticity:
            return near or bool(self._artefacts)
        if lowers & words.distant_demonstratives and lowers & words.stories and not near:
            return self._is_mentioned_before(place, 1)
        if found.kind is CaveatKind.CONDITION:
            tellers = words.stories | words.anonymous_heads  # "if the reports are true"
            reports = not tellers.isdisjoint(self._document.lowers[match.first : match.last])
            return near or reports or self._supposes(sentence, match)
        shared = find_content_words(self._document, first, last) & self._content
        if lowers & words.stories and not self._is_detail(match):
            about = found.kind is not CaveatKind.ADJECTIVE or len(shared) >= SHARED
            return about or near or bool(self._document.lexicon.find_events(lowers) & self._events)
        if lowers & self._artefacts or self._document.lexicon.find_events(lowers) & self._events:
            return True
        asked = self._document.lowers[match.last : last]  # "no way to confirm if the wing is real"
        if not words.conditions.isdisjoint(asked[:1]) and not words.truth_adjectives.isdisjoint(asked):
            return bool(shared)
        same = len(shared) >= SHARED and bool(_find_common_words(self._document, first, last) & self._plain)
        return self._concerns_by_place(found) or (same and not self._is_detail(match))

    def _concerns_by_place(self, found: CaveatMatch) -> bool:
        """Return whether a caveat without an object speaks of the claim: by its place, or the sentence
        before."""
        near = self._is_near(found.place)
        if found.kind is CaveatKind.WARNING:
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
        return document.lowers[noun] not in known and not self._document.lexicon.find_events(
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
        return bool(known) or bool(self._document.lexicon.find_events(word) & self._events)

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


def _find_common_words(document: Document, first: int, last: int) -> frozenset[str]:
    """Return the content words that are no names."""
    return frozenset(
        document.stems[i]
        for i in range(first, last)
        if document.tags[i].is_content_word
        and not document.tags[i].is_name
        and len(document.words[i]) > LONG_WORD
    )


def _is_denied(document: Document, claim: Sentence) -> bool:
    """Return whether the claim's own sentence tells of a denial first."""
    cues = (
        document.lexicon.find_cue(document.lowers[i])
        for i in range(claim.first, claim.last)
        if document.tags[i].upos is Upos.VERB
    )
    said = next((lemma for lemma, frames in cues if Frame.CLAUSE in frames), "")
    return said in document.lexicon.words.rejecting
