"""A candidate of a description such as “the mayor”, described by named features."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import Enum

from bot.model import SourceKind
from bot.reading.decisions.antecedent import DescribedCandidate, Mention
from bot.reading.decisions.candidate_features import CandidateFeatures, kind_of
from bot.reading.decisions.linear import Features
from bot.reading.discourse import AntecedentCandidate
from bot.reading.entities import Entity
from bot.reading.entity_kinds import is_evidently_person

USES = ("acts", "somebody is in it", "full name")  # of the features of persons
SHORT = 2  # tokens: "the mayor"


class NounClass(Enum):
    """What the noun of a description calls things."""

    OUTLET = "an outlet"
    STORY = "a story"
    FIRM = "a firm"
    PERSON = "a person"
    BODY = "a body"
    DOCUMENT = "a document"
    PEOPLE = "people"
    UNKNOWN = "something"


class CandidateClass(Enum):
    """What a candidate is."""

    UNNAMED = "somebody unnamed"
    UNNAMED_DOCUMENT = "an unnamed document"
    UNNAMED_BODY = "an unnamed body"
    PLACE = "a place"
    EVIDENT_PERSON = "an evident person"
    PERSON = "a named person"
    ORGANISATION = "a named organisation"
    OUTLET = "a named outlet"
    OTHER = "another thing with a name"


PERSONS = frozenset({CandidateClass.EVIDENT_PERSON, CandidateClass.PERSON})
ORGANISATIONS = frozenset({CandidateClass.ORGANISATION, CandidateClass.UNNAMED_BODY})
FITTING = {  # what each noun can be said of
    NounClass.OUTLET: frozenset({CandidateClass.OUTLET}),
    NounClass.STORY: frozenset({CandidateClass.OUTLET, CandidateClass.UNNAMED_DOCUMENT}),
    NounClass.FIRM: ORGANISATIONS,
    NounClass.BODY: ORGANISATIONS,
    NounClass.PERSON: PERSONS | {CandidateClass.UNNAMED},
    NounClass.DOCUMENT: ORGANISATIONS | {CandidateClass.UNNAMED_DOCUMENT},
    NounClass.PEOPLE: frozenset({CandidateClass.UNNAMED}),
    NounClass.UNKNOWN: PERSONS | ORGANISATIONS,
}
THINGS = frozenset({NounClass.OUTLET, NounClass.STORY, NounClass.FIRM, NounClass.BODY, NounClass.DOCUMENT})
PAIRS = tuple((noun, standing) for noun in NounClass for standing in CandidateClass)
NAMED = {SourceKind.ORGANISATION: CandidateClass.ORGANISATION, SourceKind.OUTLET: CandidateClass.OUTLET}
UNNAMED = {
    SourceKind.DOCUMENT: CandidateClass.UNNAMED_DOCUMENT,
    SourceKind.SOCIAL_MEDIA: CandidateClass.UNNAMED_DOCUMENT,
    SourceKind.ORGANISATION: CandidateClass.UNNAMED_BODY,
    SourceKind.OUTLET: CandidateClass.UNNAMED_BODY,
}


class DescriptionFeatures(CandidateFeatures):
    """Describes candidates of descriptions."""

    def describe(self, mention: Mention, candidate: AntecedentCandidate) -> Features | None:
        """Return the features of a candidate for a description such as “the mayor”; None for what it cannot
        mean: another kind of thing, or a name that stands in it."""
        form = self._describe_form(mention)
        if not self._can_mean(mention, candidate, form):
            return None
        shared = self._share_modifiers(mention, candidate)
        places = self.describe_place(mention, candidate) or self.describe_absence(mention, candidate)
        parts = self._relate(mention, candidate, places)
        features: dict[str, float] = {**places, **self.describe_salience(candidate), **parts}
        pair = (self._find_class(mention), self._find_standing(candidate))
        for one in PAIRS:
            features[f"{one[0].value} for {one[1].value}"] = float(form["definite"] and one == pair)
        return {
            **features,
            **self._describe_use(candidate),
            "shares modifiers": shared,
            "same words": float(self._has_same_words(mention, candidate)),
            "short, definite": float(form["definite"] and mention.source[1] - mention.source[0] == SHORT),
        }

    def describe_nobody(self, mention: Mention, rows: Sequence[DescribedCandidate]) -> Features:
        """Return the features of somebody new as whom a description stands for."""
        noun = self._document.stems[mention.head]
        long = mention.source[1] - mention.source[0] > SHORT
        held = self._discourse.count_holders(noun) > 0
        known = self._discourse.is_said_before(noun, mention.source[0]) and not held
        plural = self._document.tags[mention.head].is_plural
        called = self._find_class(mention)
        words = self._document.words
        digits = any(words[i][0].isdigit() for i in range(mention.source[0], mention.head))
        features = {"nobody": 1.0, "nobody: noun stands before": float(known)}
        forms = self._describe_form(mention)
        for form, is_form in forms.items():
            features[f"nobody: {form}"] = float(is_form)
            features[f"nobody: {form}, described"] = float(is_form and long)
            features[f"nobody: {form}, noun stands before"] = float(is_form and known)
            features[f"nobody: {form}, plural"] = float(is_form and plural)
            features[f"nobody: {form}, ends with its noun"] = float(
                is_form and mention.source[1] == mention.head + 1
            )
            features[f"nobody: {form}, digits"] = float(is_form and digits)
            for noun_class in NounClass:
                features[f"nobody: {form}, {noun_class.value}"] = float(is_form and noun_class is called)
        features["nobody: sentence"] = math.log1p(self._document.sentence_of[mention.head])
        fitting = sum(row["fits"] > 0 for _, row in rows)
        features["nobody: nothing fits"] = float(fitting == 0)
        features["nobody: one fits"] = float(fitting == 1)
        features["nobody: several fit"] = float(fitting > 1)
        for form, is_form in forms.items():
            features[f"nobody: {form}, nothing fits"] = float(is_form and fitting == 0)
            features[f"nobody: {form}, one fits"] = float(is_form and fitting == 1)
        features["nobody: kind unknown"] = float(mention.kind is None)
        features["nobody: document"] = float(mention.kind is SourceKind.DOCUMENT)
        features["nobody: named inside"] = float(self._discourse.is_named_in(*mention.source))
        return features

    def _describe_use(self, candidate: AntecedentCandidate) -> dict[str, float]:
        """Return whether the text uses a name as that of a place, and as a subject."""
        shown = {} if candidate.entity is None else self._discourse.persons.describe(candidate.entity)
        return {name: shown.get(name, 0.0) for name in USES}

    def _can_mean(self, mention: Mention, candidate: AntecedentCandidate, form: Mapping[str, bool]) -> bool:
        """Return whether kind, number and words allow a description to mean a candidate."""
        kind, tags = kind_of(candidate), self._document.tags
        many_for_one = tags[mention.head].is_plural and kind is SourceKind.PERSON
        if self._is_named_in(mention, candidate) or (
            many_for_one and self._differs_in_number(mention, candidate)
        ):
            return False
        if mention.kind is not None and kind is not None and _differ(mention.kind, kind):
            return False
        if self._find_class(mention) in THINGS and self._find_standing(candidate) in PERSONS | {
            CandidateClass.UNNAMED
        }:
            return False
        if form["bare"] and candidate.entity is None:  # "engineers of Dale" after "engineers"
            return self._has_same_words(mention, candidate)
        called = self._document.stems[mention.head] in self.find_description_words(candidate)
        if called and candidate.entity is None and self._differs_in_number(mention, candidate):
            return False  # “the source” is none of the sources
        return called or self._may_call_so(mention, candidate)

    def _relate(
        self, mention: Mention, candidate: AntecedentCandidate, places: Mapping[str, float]
    ) -> dict[str, float]:
        """Return how the words of a description fit what the text says of a candidate."""
        noun = self._document.stems[mention.head]
        described = self.find_description_words(candidate)
        holds, last = noun in described, places["spoke last"] > 0
        role, same = holds and candidate.entity is not None, holds and candidate.entity is None
        only = role and self._discourse.count_holders(noun) == 1
        fits = self._fits(mention, candidate)
        parts = {
            "same noun and number": same,
            "the only one with the noun": only,
            "one of several with the noun": role and not only,
            "with the noun and a modifier": role and self._share_modifiers(mention, candidate) > 0,
            "called so": holds,
            "fits": fits,
            "fits, spoke last": fits and last,
            "fits, in the sentence before": fits and places["sentence before"] > 0,
            "fits, same sentence": fits and places["same sentence"] > 0,
            "fits, subject before": fits and places["sentence before"] * places["can be a subject"] > 0,
            "fits, named next": fits and places["named next"] > 0,
            "described otherwise": bool(described) and not holds,
            "noun stands beside": self._stands_beside(mention, candidate),
            "fits, noun stands beside": fits and self._stands_beside(mention, candidate),
            "named later with the noun": role and places["named later"] > 0,
        }
        return {name: float(is_so) for name, is_so in parts.items()}

    def _stands_beside(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        """Return whether the noun of a description stands in the sentence of a candidate's last mention, or
        of its last turn: “Venn said in a statement. … the statement”."""
        return self._discourse.is_said_beside(
            candidate, self._document.stems[mention.head], mention.source[0]
        )

    def is_introduced(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        """Return whether a description is “the mayor” and the text calls the candidate, by name, a mayor."""
        named = candidate.entity is not None and self._describe_form(mention)["definite"]
        called = self._document.stems[mention.head] in self.find_description_words(candidate)
        return named and called and self._find_class(mention) is NounClass.PERSON

    def _find_class(self, mention: Mention) -> NounClass:
        """Return the class of a description's noun; the first that holds."""
        words, kinds, noun = self._lexicon.words, self._lexicon.kinds, self._document.stems[mention.head]
        both, kind = {noun, self._document.lowers[mention.head]}, mention.kind
        plural = self._document.tags[mention.head].is_plural
        classes = {
            NounClass.OUTLET: both & (kinds[SourceKind.OUTLET] | words.outlet_nouns),
            NounClass.STORY: both & (words.stories | words.outlet_stories),
            NounClass.FIRM: noun in words.firm_nouns | words.group_nouns | words.body_nouns,
            NounClass.PERSON: kind is SourceKind.PERSON,
            NounClass.BODY: kind is SourceKind.ORGANISATION,
            NounClass.DOCUMENT: kind in {SourceKind.DOCUMENT, SourceKind.SOCIAL_MEDIA},
            NounClass.PEOPLE: kind is SourceKind.GROUP or plural,
        }
        return next((name for name, holds in classes.items() if holds), NounClass.UNKNOWN)

    def _find_standing(self, candidate: AntecedentCandidate) -> CandidateClass:
        """Return what a candidate is."""
        kind, entity = kind_of(candidate), candidate.entity
        if entity is None:
            return CandidateClass.UNNAMED if kind is None else UNNAMED.get(kind, CandidateClass.UNNAMED)
        if entity.judged.place:
            return CandidateClass.PLACE
        if entity.kind is SourceKind.PERSON:
            evident = is_evidently_person(entity, self._lexicon)
            return CandidateClass.EVIDENT_PERSON if evident else CandidateClass.PERSON
        return NAMED.get(entity.kind, CandidateClass.OTHER)

    def _fits(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        """Return whether a description of this class is one of such a thing."""
        return self._find_standing(candidate) in FITTING[self._find_class(mention)]

    def _may_call_so(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        """Return whether a description may stand for what the text never describes so: “the official” for a
        person, “the company” for a body, “the report” for an outlet."""
        document, words = self._document, self._lexicon.words
        noun, first = document.stems[mention.head], mention.source[0]
        if candidate.entity is None:
            return document.lowers[first] in words.definite_determiners
        generic = mention.kind in {None, SourceKind.PERSON, SourceKind.OUTLET, SourceKind.DOCUMENT}
        place = candidate.entity.judged.place and candidate.entity.kind is not SourceKind.PERSON
        firm = noun in words.firm_nouns | words.group_nouns | words.body_nouns
        return not place and (generic or firm) and self._may_be_called(mention, candidate.entity)

    def _may_be_called(self, mention: Mention, entity: Entity) -> bool:
        """Return whether the gender of a noun and what is known of a person's allow that it means him."""
        words, noun = self._lexicon.words, self._document.lowers[mention.head]
        if entity.kind is not SourceKind.PERSON or noun not in words.she_nouns | words.he_nouns:
            return True
        own, other = (words.women, words.men) if noun in words.she_nouns else (words.men, words.women)
        shown = self.find_gender_words(AntecedentCandidate(entity, None))
        return shown.isdisjoint(other) or not shown.isdisjoint(own)

    def _is_named_in(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        """Return whether a name of the candidate is part of the description: “Venn's aide”."""
        names = candidate.entity.names if candidate.entity is not None else ()
        first, last = mention.source
        return any(first <= name.first < last for name in names)

    def _describe_form(self, mention: Mention) -> dict[str, bool]:
        words, first = self._lexicon.words, mention.source[0]
        opener, tags = self._document.lowers[first], self._document.tags
        owned = any(
            tags[i].is_possessive_marker or tags[i].is_possessive_pronoun for i in range(first, mention.head)
        )
        definite = opener in words.definite_determiners and not owned
        indefinite = opener in words.indefinite_determiners | words.one_of and not owned
        return {
            "definite": definite,
            "owned": owned,
            "indefinite": indefinite,
            "bare": not (definite or owned or indefinite),
        }

    def _share_modifiers(self, mention: Mention, candidate: AntecedentCandidate) -> float:
        """Return the share of the description's other nouns, names and adjectives that describe it too."""
        document, described = self._document, self.find_description_words(candidate)
        others = {
            document.stems[i]
            for i in range(*mention.source)
            if i != mention.head and (document.tags[i].is_noun or document.tags[i].is_plain_adjective)
        }
        return len(others & described) / len(others) if others else 0.0

    def _differs_in_number(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        plural = self._document.tags[mention.head].is_plural
        if candidate.entity is not None:
            return plural and candidate.entity.kind is SourceKind.PERSON
        head = None if candidate.entry is None else self._discourse.find_first_head(candidate.entry)
        return head is not None and self._document.tags[head].is_plural is not plural

    def _has_same_words(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        if candidate.entry is None or candidate.entity is not None:
            return False
        skipped = self._lexicon.words.definite_determiners | self._lexicon.words.indefinite_determiners
        one, other = (
            [w for w in self._document.lowers[first:last] if w not in skipped]
            for first, last in (mention.source, candidate.entry.name)
        )
        return one == other


def _differ(one: SourceKind, other: SourceKind) -> bool:
    """Return whether no thing is of both kinds: a person is no body; groups and bodies go together."""
    people = {SourceKind.PERSON, SourceKind.ANONYMOUS}
    return (one in people) is not (other in people)
