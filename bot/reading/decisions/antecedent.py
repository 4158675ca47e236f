"""Whom a pronoun or a description stands for: a learnt choice among candidates, or nobody.

The features are those of the literature (Lappin and Leass 1994; Soon, Ng and Lim 2001): agreement, distance,
salience, who spoke last, and what the text says of a name elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.decisions.linear import Features, LinearModel, load_models
from bot.reading.discourse import SPEAKERS_BACK, AntecedentCandidate, Discourse
from bot.reading.document import Document
from bot.reading.entities import Entity
from bot.reading.entity_kinds import is_evidently_person
from bot.reading.persons import PERSONAL

NEAR = 2  # sentences
FARTHEST = 12  # sentences; what is farther is as far
SHORT = 2  # tokens: "the mayor"
BODIES = frozenset({SourceKind.ORGANISATION, SourceKind.OUTLET})


PERSONS = frozenset({"an evident person", "a named person"})
COMPANIES = frozenset({"a named organisation", "an unnamed body"})
FITTING = {
    "outlet": frozenset({"a named outlet"}),
    "story": frozenset({"a named outlet", "an unnamed document"}),
    "body": COMPANIES,
    "other body": COMPANIES,
    "person": PERSONS | {"somebody unnamed"},
    "document": COMPANIES | {"an unnamed document", "a named document"},
    "people": frozenset({"somebody unnamed"}),
    "unknown": PERSONS | COMPANIES,
}
CALLED = (
    "somebody unnamed", "an unnamed document", "an unnamed body", "a place", "an evident person", "a named person",
    "a named organisation", "a named outlet",
)  # fmt: skip
THINGS = frozenset({"outlet", "story", "body", "other body", "document"})
CALLED_PEOPLE = frozenset({"somebody unnamed", "an evident person", "a named person"})
PAIRS = tuple((noun, called) for noun in FITTING for called in CALLED)


class Anaphor(Enum):
    """The kinds of anaphora; each has a model of its own."""

    PRONOUN = "pronoun"  # "he said"
    DESCRIPTION = "description"  # "the mayor said", "Dale's mayor said", "a clerk said"


class Mention(NamedTuple):
    """A mention that names nobody: its tokens and its head."""

    source: Range
    head: int
    kind: SourceKind | None = None  # of the head noun


Described = tuple[AntecedentCandidate | None, Features]  # None: somebody else, or nobody


class ChosenAntecedent(NamedTuple):
    """The candidate that was chosen, and the features that spoke for it."""

    candidate: AntecedentCandidate
    why: str


def choose_antecedent(anaphor: Anaphor, rows: Sequence[Described]) -> ChosenAntecedent | None:
    """Return the likeliest of the candidates; None where that is nobody, or where another is almost as
    likely."""
    model = load_models("antecedent")[anaphor.value]
    scores = [model.score(features) for _, features in rows]
    if not scores:
        return None
    best = max(range(len(rows)), key=scores.__getitem__)
    candidate, features = rows[best]
    share = 1 / math.fsum(math.exp(score - scores[best]) for score in scores)
    if candidate is None or share < model.threshold:
        return None
    return ChosenAntecedent(candidate, _spell(model, features))


def compare_candidates(rows: Sequence[tuple[AntecedentCandidate, Features]]) -> list[Described]:
    """Return the candidates with what sets each off from the others."""
    if not rows:
        return []
    nearest = min(features["distance"] for _, features in rows)
    most = max(features["mentions"] for _, features in rows)
    spoke = any(features["spoke last"] for _, features in rows)
    fitting = [features for _, features in rows if features.get("fits")]
    near = sum(features["distance"] <= math.log1p(NEAR) for _, features in rows)
    return [
        (
            candidate,
            {
                **features,
                "only one": float(len(rows) == 1),
                "only one near": float(near == 1 and features["distance"] <= math.log1p(NEAR)),
                "nearest": float(features["distance"] == nearest),
                "nearest, can be a subject": features["can be a subject"] * (features["distance"] == nearest),
                "most mentioned": float(features["mentions"] == most and most > 0),
                "another spoke last": float(spoke and not features["spoke last"]),
                **_compare_fitting(features, fitting),
            },
        )
        for candidate, features in rows
    ]


def _compare_fitting(features: Features, fitting: Sequence[Features]) -> Features:
    """Return what sets a candidate of the right kind off from the others of that kind."""
    if "fits" not in features:
        return {}
    fits = features["fits"] > 0
    nearest = fits and features["distance"] == min(other["distance"] for other in fitting)
    most = fits and features["mentions"] == max(other["mentions"] for other in fitting)
    return {
        "only one that fits": float(fits and len(fitting) == 1),
        "nearest that fits": float(nearest),
        "most mentioned that fits": float(most),
        "nearest and most mentioned that fits": float(nearest and most),
        "another fits": float(not fits and bool(fitting)),
    }


def _spell(model: LinearModel, features: Features) -> str:
    """Return the names of the features that spoke loudest for a candidate."""
    shown = {name: value for name, value in features.items() if value}
    return ", ".join(name for name in model.explain(features) if name in shown)


class AntecedentFeatures:
    """Describes a candidate of an anaphor by named features."""

    def __init__(self, document: Document, discourse: Discourse) -> None:
        self._document, self._discourse, self._lexicon = document, discourse, document.lexicon

    # pronouns ───────────────────────────────────────────────────────────────────────────────────────

    def describe_for_pronoun(self, mention: Mention, candidate: AntecedentCandidate) -> Features | None:
        """Return the features of a person as antecedent of "he" or "she"; None for whom it cannot mean."""
        head = mention.head
        gender = self._agree_in_gender(head, candidate)
        if gender is None or not self._discourse.is_person(candidate):
            return None
        places = self._describe_place(mention, candidate)
        last = self._discourse.find_last_mention(candidate, head)
        if places is None or last is None:
            return None
        entity = candidate.entity
        evident = entity is not None and is_evidently_person(entity, self._lexicon)
        opens = self._document.sentences[self._document.sentence_of[head]].first == head
        quoted = self._discourse.quoted
        steps = self._discourse.count_steps(last, head)
        owns = self._document.tags[head].is_possessive_pronoun
        return {
            **places,
            **self._describe_salience(candidate),
            **self._describe_last_mention(last, candidate),
            "gender agrees": gender,
            "pronouns agree": self._agree_in_pronouns(head, candidate),
            "evidently a person": float(evident),
            **self._describe_person(candidate),
            "described as a person": float(self._is_described_as_person(candidate)),
            "spoke last, pronoun opens the sentence": places["spoke last"] * opens,
            "subject, pronoun opens the sentence": places["can be a subject"] * opens,
            "same sentence, possessive": places["same sentence"] * owns,
            "steps": math.log1p(steps),
            "no step between": float(steps == 0),
            "only in quotations": float(last in quoted and head not in quoted),
            "speaks around the pronoun": float(head in quoted) * places["spoke last"],
        }

    def describe_nobody_for_pronoun(self, mention: Mention) -> Features:
        """Return the features of nobody named as antecedent of "he" or "she"."""
        quoted = mention.head in self._discourse.quoted
        owns = self._document.tags[mention.head].is_possessive_pronoun
        return {"nobody": 1.0, "nobody, quoted": float(quoted), "nobody, possessive": float(owns)}

    def _describe_last_mention(self, last: int, candidate: AntecedentCandidate) -> Features:
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
        shown = self._find_gender_words(candidate)
        if candidate.entity is not None and shown.isdisjoint(own | other):
            own, other = (words.rarer_women, words.rarer_men)[:: 1 if she else -1]
            shown = frozenset(n.key[0] for n in candidate.entity.names if len(n.key) > 1)
        if shown & other and not shown & own:
            return None
        return float(bool(shown & own))

    def _find_gender_words(self, candidate: AntecedentCandidate) -> frozenset[str]:
        if candidate.entity is not None:
            names = candidate.entity.names
            full = [name for name in names if len(name.key) > 1]
            given = {name.key[0] for name in full or names}
            return frozenset(given) | self._discourse.describe(candidate.entity)
        return self._find_description_words(candidate)

    def _is_described_as_person(self, candidate: AntecedentCandidate) -> bool:
        people = self._lexicon.kinds[SourceKind.PERSON] | self._lexicon.words.honorifics
        if candidate.entity is not None:
            return not people.isdisjoint(self._discourse.describe(candidate.entity))
        return not people.isdisjoint(self._find_description_words(candidate))

    # descriptions ───────────────────────────────────────────────────────────────────────────────────

    def describe_for_description(self, mention: Mention, candidate: AntecedentCandidate) -> Features | None:
        """Return the features of a candidate for a description such as “the mayor”; None for what it cannot
        mean: another kind of thing, or a name that stands in it."""
        form = self._describe_form(mention)
        if not self._can_mean(mention, candidate, form):
            return None
        kind, shared = _kind_of(candidate), self._share_modifiers(mention, candidate)
        places = self._describe_place(mention, candidate) or self._describe_absence(mention, candidate)
        parts = self._relate(mention, candidate, places)
        features: dict[str, float] = {**places, **self._describe_salience(candidate), **parts}
        for name, value in parts.items():
            features[f"definite: {name}"] = value * form["definite"]
        pair = (self._find_class(mention), self._find_candidate_class(candidate))
        for one in PAIRS:
            features[": ".join(one)] = float(form["definite"] and one == pair)
        return {
            **features,
            "shares modifiers": shared,
            "same words": float(self._has_same_words(mention, candidate)),
            "short, definite": float(form["definite"] and mention.source[1] - mention.source[0] == SHORT),
        }

    def describe_nobody_for_description(self, mention: Mention) -> Features:
        """Return the features of somebody new as whom a description stands for."""
        noun = self._document.stems[mention.head]
        long = mention.source[1] - mention.source[0] > SHORT
        known = self._discourse.is_said_before(noun, mention.source[0])
        plural = self._document.tags[mention.head].is_plural
        features = {"nobody": 1.0, "nobody: noun stands before": float(known)}
        for form, is_form in self._describe_form(mention).items():
            features[f"nobody: {form}"] = float(is_form)
            features[f"nobody: {form}, described"] = float(is_form and long)
            features[f"nobody: {form}, noun stands before"] = float(is_form and known)
            features[f"nobody: {form}, plural"] = float(is_form and plural)
        features["nobody: kind unknown"] = float(mention.kind is None)
        features["nobody: document"] = float(mention.kind is SourceKind.DOCUMENT)
        features["nobody: named inside"] = float(self._discourse.is_named_in(*mention.source))
        return features

    def _can_mean(self, mention: Mention, candidate: AntecedentCandidate, form: Mapping[str, bool]) -> bool:
        """Return whether kind, number and words allow a description to mean a candidate."""
        kind, tags = _kind_of(candidate), self._document.tags
        many_for_one = tags[mention.head].is_plural and kind is SourceKind.PERSON
        if self._is_named_in(mention, candidate) or (
            many_for_one and self._differs_in_number(mention, candidate)
        ):
            return False
        if mention.kind is not None and kind is not None and _differ(mention.kind, kind):
            return False
        if self._find_class(mention) in THINGS and self._find_candidate_class(candidate) in CALLED_PEOPLE:
            return False
        if form["bare"] and candidate.entity is None:  # "engineers of Dale" after "engineers"
            return self._has_same_words(mention, candidate)
        called = self._document.stems[mention.head] in self._find_description_words(candidate)
        return called or self._may_call_so(mention, candidate)

    def _relate(
        self, mention: Mention, candidate: AntecedentCandidate, places: Mapping[str, float]
    ) -> dict[str, float]:
        """Return how the words of a description fit what the text says of a candidate."""
        noun, kind = self._document.stems[mention.head], _kind_of(candidate)
        described = self._find_description_words(candidate)
        holds, last = noun in described, places["spoke last"] > 0
        role, same = holds and candidate.entity is not None, holds and candidate.entity is None
        only = role and self._discourse.count_holders(noun) == 1
        number = not self._differs_in_number(mention, candidate)
        fits = self._fits(mention, candidate)
        parts = {
            "same noun and number": same and number,
            "same noun, other number": same and not number,
            "the only one with the noun": only,
            "one of several with the noun": role and not only,
            "with the noun and a modifier": role and self._share_modifiers(mention, candidate) > 0,
            "fits": fits,
            "fits, spoke last": fits and last,
            "fits, in the sentence before": fits and places["sentence before"] > 0,
            "fits, same sentence": fits and places["same sentence"] > 0,
            "fits, subject before": fits and places["sentence before"] * places["can be a subject"] > 0,
            "fits, named next": fits and places["named next"] > 0,
            "fits, headline": fits and self._is_in_headline(candidate),
            "described otherwise": bool(described) and not holds,
            "noun stands beside": self._stands_beside(mention, candidate),
            "fits, noun stands beside": fits and self._stands_beside(mention, candidate),
            "named later with the noun": role and places["named later"] > 0,
        }
        return {name: float(is_so) for name, is_so in parts.items()}

    def _stands_beside(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        """Return whether the noun of a description stands in the sentence of a candidate's last mention, or
        of its last turn: “Venn said in a statement. … the statement”."""
        return self._discourse.is_said_beside(candidate, self._document.stems[mention.head], mention.source[0])

    def _is_in_headline(self, candidate: AntecedentCandidate) -> bool:
        return candidate.entity is not None and self._discourse.is_in_headline(candidate.entity)

    def _find_class(self, mention: Mention) -> str:
        """Return the class of a description's noun."""
        words, kinds, noun = self._lexicon.words, self._lexicon.kinds, self._document.stems[mention.head]
        lower = self._document.lowers[mention.head]
        classes = {
            "outlet": noun in kinds[SourceKind.OUTLET] | words.outlet_nouns or lower in kinds[SourceKind.OUTLET],
            "story": lower in words.stories or noun in words.stories | words.outlet_stories,
            "body": noun in words.firm_nouns | words.group_nouns | words.body_nouns,
            "person": mention.kind is SourceKind.PERSON,
            "other body": mention.kind is SourceKind.ORGANISATION,
            "document": mention.kind is SourceKind.DOCUMENT or mention.kind is SourceKind.SOCIAL_MEDIA,
            "people": mention.kind is SourceKind.GROUP or self._document.tags[mention.head].is_plural,
        }
        return next((name for name, is_so in classes.items() if is_so), "unknown")

    def _find_candidate_class(self, candidate: AntecedentCandidate) -> str:
        kind = _kind_of(candidate)
        if candidate.entity is None:
            things = {SourceKind.DOCUMENT: "an unnamed document", SourceKind.SOCIAL_MEDIA: "an unnamed document"}
            bodies = dict.fromkeys(BODIES, "an unnamed body")
            return "somebody unnamed" if kind is None else (things | bodies).get(kind, "somebody unnamed")
        if candidate.entity.judged.place:
            return "a place"
        evident = kind is SourceKind.PERSON and is_evidently_person(candidate.entity, self._lexicon)
        return "an evident person" if evident else "" if kind is None else f"a named {kind.value}"

    def _fits(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        """Return whether a description of this class is one of such a thing."""
        return self._find_candidate_class(candidate) in FITTING[self._find_class(mention)]

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
        shown = self._find_gender_words(AntecedentCandidate(entity, None))
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

    def _find_description_words(self, candidate: AntecedentCandidate) -> frozenset[str]:
        if candidate.entity is not None:
            return self._discourse.describe(candidate.entity)
        head = None if candidate.entry is None else self._discourse.find_first_head(candidate.entry)
        if head is None:
            return frozenset()
        return frozenset({self._document.stems[head], self._document.lowers[head]})

    def _share_modifiers(self, mention: Mention, candidate: AntecedentCandidate) -> float:
        """Return the share of the description's other nouns, names and adjectives that describe it too."""
        document, described = self._document, self._find_description_words(candidate)
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

    # both ───────────────────────────────────────────────────────────────────────────────────────────

    def _describe_place(self, mention: Mention, candidate: AntecedentCandidate) -> dict[str, float] | None:
        """Return where the candidate was mentioned last; None when it was not yet."""
        document, discourse, head = self._document, self._discourse, mention.head
        last = discourse.find_last_mention(candidate, mention.source[0])
        if last is None:
            return None
        here, there = document.sentence_of[head], document.sentence_of[last]
        away = min(here - there, FARTHEST)
        since = discourse.count_turns_since(candidate)
        block = document.sentences[here].block
        return {
            "same sentence": float(away == 0),
            "sentence before": float(away == 1),
            "distance": math.log1p(away),
            "same paragraph": float(document.sentences[there].block == block),
            "paragraph before": float(document.sentences[there].block == block - 1),
            "can be a subject": float(discourse.is_subject(last)),
            "spoke last": float(since == 0),
            "spoke before the last": float(since == 1),
            "never spoke": float(since == SPEAKERS_BACK),
            "spoke in this sentence": float(discourse.has_spoken_in(candidate, here)),
            "spoke in the sentence before": float(discourse.has_spoken_in(candidate, here - 1)),
            "named later": 0.0,
            "named next": 0.0,
        }

    def _describe_absence(self, mention: Mention, candidate: AntecedentCandidate) -> dict[str, float]:
        """Return the same for somebody who is only named later."""
        following = candidate.entity is not None and self._discourse.is_named_next(
            candidate.entity, mention.head
        )
        away = {"distance": math.log1p(FARTHEST), "never spoke": 1.0, "named later": 1.0}
        away["named next"] = float(following)
        none = (
            "same sentence", "sentence before", "same paragraph", "paragraph before", "can be a subject",
            "spoke last", "spoke before the last", "spoke in this sentence", "spoke in the sentence before",
        )  # fmt: skip
        return {**dict.fromkeys(none, 0.0), **away}

    def _describe_salience(self, candidate: AntecedentCandidate) -> dict[str, float]:
        entity = candidate.entity
        return {
            "named": float(entity is not None),
            "mentions": 0.0 if entity is None else math.log1p(len(entity.names)),
            "in the headline": float(entity is not None and self._discourse.is_in_headline(entity)),
            "has spoken": float(candidate.entry is not None),
        }


def _differ(one: SourceKind, other: SourceKind) -> bool:
    """Return whether no thing is of both kinds: a person is no body; groups and bodies go together."""
    people = {SourceKind.PERSON, SourceKind.ANONYMOUS}
    return (one in people) is not (other in people)


def _kind_of(candidate: AntecedentCandidate) -> SourceKind | None:
    one = candidate.entity or candidate.entry
    return None if one is None else one.kind
