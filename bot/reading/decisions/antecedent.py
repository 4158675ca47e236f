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
from bot.reading.entity_kinds import is_evidently_person

NEAR = 2  # sentences
FARTHEST = 12  # sentences; what is farther is as far
SHORT = 2  # tokens: "the mayor"
BODIES = frozenset({SourceKind.ORGANISATION, SourceKind.OUTLET})


class Anaphor(Enum):
    """The kinds of anaphora; each has a model of its own."""

    PRONOUN = "pronoun"  # "he said"
    DESCRIPTION = "description"  # "the mayor said", "Dale's mayor said", "a clerk said"


class Mention(NamedTuple):
    """A mention that names nobody: its tokens and its head."""

    source: Range
    head: int
    kind: SourceKind | None = None  # of the head noun


Described = tuple[AntecedentCandidate, Features]


class ChosenAntecedent(NamedTuple):
    """The candidate that was chosen, and the features that spoke for it."""

    candidate: AntecedentCandidate
    why: str


def choose_antecedent(anaphor: Anaphor, rows: Sequence[Described]) -> ChosenAntecedent | None:
    """Return the likeliest candidate, where the model accepts it; None where nobody is likely enough."""
    model = load_models("antecedent")[anaphor.value]
    best = max(rows, key=lambda row: model.score(row[1]), default=None)
    if best is None or not model.accepts(best[1]):
        return None
    return ChosenAntecedent(best[0], _spell(model, best[1]))


def compare_candidates(rows: Sequence[Described]) -> list[Described]:
    """Return the candidates with what sets each off from the others."""
    if not rows:
        return []
    nearest = min(features["distance"] for _, features in rows)
    most = max(features["mentions"] for _, features in rows)
    spoke = any(features["spoke last"] for _, features in rows)
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
            },
        )
        for candidate, features in rows
    ]


def _spell(model: LinearModel, features: Features) -> str:
    return ", ".join(model.explain(features))


class AntecedentFeatures:
    """Describes a candidate of an anaphor by named features."""

    def __init__(self, document: Document, discourse: Discourse) -> None:
        self._document, self._discourse, self._lexicon = document, discourse, document.lexicon

    # pronouns ───────────────────────────────────────────────────────────────────────────────────────

    def describe_for_pronoun(self, mention: Mention, candidate: AntecedentCandidate) -> Features | None:
        """Return the features of a person as antecedent of "he" or "she"; None for whom it cannot mean."""
        gender = self._agree_in_gender(mention.head, candidate)
        if gender is None or not self._discourse.is_person(candidate):
            return None
        places = self._describe_place(mention, candidate)
        if places is None:
            return None
        entity = candidate.entity
        evident = entity is not None and is_evidently_person(entity, self._lexicon)
        opens = self._document.sentences[self._document.sentence_of[mention.head]].first == mention.head
        return {
            **places,
            **self._describe_salience(candidate),
            "gender agrees": gender,
            "evidently a person": float(evident),
            "described as a person": float(self._is_described_as_person(candidate)),
            "spoke last, pronoun opens the sentence": places["spoke last"] * opens,
            "subject, pronoun opens the sentence": places["can be a subject"] * opens,
        }

    def _agree_in_gender(self, head: int, candidate: AntecedentCandidate) -> float | None:
        """Return 1 for the same gender, 0 for an unknown one, None for the other."""
        words = self._lexicon.words
        she = self._document.lowers[head] in words.feminine_pronouns
        women, men = words.women | words.she_nouns, words.men | words.he_nouns
        own, other = (women, men) if she else (men, women)
        shown = self._find_gender_words(candidate)
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
        places = self._describe_place(mention, candidate) or self._describe_absence()
        parts = self._relate(mention, candidate, places)
        features: dict[str, float] = {**places, **self._describe_salience(candidate), **parts}
        for form_name, is_form in form.items():
            for name, value in parts.items():
                features[f"{form_name}: {name}"] = value * is_form
        return {
            **features,
            "shares modifiers": shared,
            "kinds agree": float(mention.kind is not None and kind is mention.kind),
            "same words": float(self._has_same_words(mention, candidate)),
            "short, definite": float(form["definite"] and mention.source[1] - mention.source[0] == SHORT),
        }

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
        body = kind in BODIES and not (candidate.entity is not None and candidate.entity.judged.place)
        firm = body and noun in self._lexicon.words.firm_nouns | self._lexicon.words.group_nouns
        parts = {
            "same noun and number": same and number,
            "same noun, other number": same and not number,
            "the only one with the noun": only,
            "one of several with the noun": role and not only,
            "with the noun and a modifier": role and self._share_modifiers(mention, candidate) > 0,
            "of one kind, spoke last": kind is mention.kind and last,
            "kind unknown, spoke last": mention.kind is None and last,
            "body for a firm": firm,
            "body for a firm, spoke last": firm and last,
            "described otherwise": bool(described) and not holds,
            "named later with the noun": role and places["named later"] > 0,
        }
        return {name: float(is_so) for name, is_so in parts.items()}

    def _may_call_so(self, mention: Mention, candidate: AntecedentCandidate) -> bool:
        """Return whether a description may stand for what the text never describes so: “the official” for a
        person, “the company” for a body, “the report” for an outlet."""
        document, words = self._document, self._lexicon.words
        noun, first = document.stems[mention.head], mention.source[0]
        if candidate.entity is None:
            return document.lowers[first] in words.definite_determiners
        generic = mention.kind in {None, SourceKind.PERSON, SourceKind.OUTLET, SourceKind.DOCUMENT}
        place = candidate.entity.judged.place and candidate.entity.kind is not SourceKind.PERSON
        return not place and (generic or noun in words.firm_nouns | words.group_nouns)

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
        }

    def _describe_absence(self) -> dict[str, float]:
        """Return the same for somebody who is only named later."""
        away = {"distance": math.log1p(FARTHEST), "never spoke": 1.0, "named later": 1.0}
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
