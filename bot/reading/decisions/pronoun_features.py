"""A candidate of "he" or "she", described by named features."""

from __future__ import annotations

import math

from bot.model import SourceKind
from bot.reading.decisions.antecedent import Mention
from bot.reading.decisions.candidate_features import CandidateFeatures
from bot.reading.decisions.linear import Features
from bot.reading.discourse import AntecedentCandidate
from bot.reading.entity_kinds import is_evidently_person
from bot.reading.persons import PERSONAL

OTHERWISE = -0.5  # once by the other pronoun and never by this


class PronounFeatures(CandidateFeatures):
    """Describes candidates of "he" and "she"."""

    def describe(self, mention: Mention, candidate: AntecedentCandidate) -> Features | None:
        """Return the features of a person as antecedent of "he" or "she"; None for whom it cannot mean."""
        head = mention.head
        gender = self._agree_in_gender(head, candidate)
        if gender is None or not self._discourse.is_person(candidate):
            return None
        called = self._agree_in_pronouns(head, candidate)
        if not gender and called <= OTHERWISE:
            return None
        places = self.describe_place(mention, candidate)
        last = self._discourse.find_last_mention(candidate, head)
        if places is None or last is None:
            return None
        entity = candidate.entity
        evident = entity is not None and is_evidently_person(entity, self._lexicon)
        quoted = self._discourse.quoted
        steps = self._discourse.count_steps(last, head)
        owns = self._document.tags[head].is_possessive_pronoun
        return {
            **places,
            **self.describe_salience(candidate),
            **self._describe_last_mention(last),
            "gender agrees": gender,
            "pronouns agree": called,
            "evidently a person": float(evident),
            **self._describe_person(candidate),
            "described as a person": float(self._is_described_as_person(candidate)),
            "same sentence, possessive": places["same sentence"] * owns,
            "steps": math.log1p(steps),
            "no step between": float(steps == 0),
            "only in quotations": float(last in quoted and head not in quoted),
            "speaks around the pronoun": float(head in quoted) * places["spoke last"],
        }

    def describe_nobody(self, mention: Mention) -> Features:
        """Return the features of nobody named as antecedent of "he" or "she"."""
        quoted = mention.head in self._discourse.quoted
        owns = self._document.tags[mention.head].is_possessive_pronoun
        return {"nobody": 1.0, "nobody, quoted": float(quoted), "nobody, possessive": float(owns)}

    def _describe_last_mention(self, last: int) -> Features:
        """Return how the last mention of a candidate stands in its sentence."""
        document, sentence = self._document, self._document.sentence_of[last]
        first = document.sentences[sentence].first
        before = self._discourse.is_person_named_in(first, last)
        return {
            "first in its sentence": float(not before),
            "before a verb": float(self._discourse.is_before_verb(last)),
        }

    def _describe_person(self, candidate: AntecedentCandidate) -> Features:
        """Return what speaks for and against a candidate's being a person at all."""
        if candidate.entity is None:
            return dict.fromkeys(PERSONAL, 0.0)
        return self._discourse.persons.describe(candidate.entity)

    def _agree_in_pronouns(self, head: int, candidate: AntecedentCandidate) -> float:
        """Return from −1 to 1 how the pronouns elsewhere speak for a candidate."""
        if candidate.entity is None:
            return 0.0
        she = self._document.lowers[head] in self._lexicon.words.feminine_pronouns
        judged = self._discourse.persons.judge_gender(candidate.entity)
        return judged if she else -judged

    def _agree_in_gender(self, head: int, candidate: AntecedentCandidate) -> float | None:
        """Return 1 for the same gender, 0 for an unknown one, None for the other."""
        words = self._lexicon.words
        she = self._document.lowers[head] in words.feminine_pronouns
        women, men = words.women | words.she_nouns, words.men | words.he_nouns
        own, other = (women, men) if she else (men, women)
        shown = self.find_gender_words(candidate)
        if candidate.entity is not None and shown.isdisjoint(own | other):
            own, other = (words.rarer_women, words.rarer_men)[:: 1 if she else -1]
            shown = frozenset(n.key[0] for n in candidate.entity.names if len(n.key) > 1)
        if shown & other and not shown & own:
            return None
        return float(bool(shown & own))

    def _is_described_as_person(self, candidate: AntecedentCandidate) -> bool:
        people = self._lexicon.kinds[SourceKind.PERSON] | self._lexicon.words.honorifics
        if candidate.entity is not None:
            return not people.isdisjoint(self._discourse.describe(candidate.entity))
        return not people.isdisjoint(self.find_description_words(candidate))
