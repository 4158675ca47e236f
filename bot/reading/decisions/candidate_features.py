"""What every candidate of an anaphor is described by: where it was mentioned last, and how salient it is."""

from __future__ import annotations

import math
from typing import Final

from bot.model import SourceKind
from bot.reading.decisions.antecedent import Mention
from bot.reading.discourse import FARTHEST, SPEAKERS_BACK, AntecedentCandidate, Discourse
from bot.reading.document import Document

ABSENT: Final = (
    "same sentence", "sentence before", "same paragraph", "paragraph before", "can be a subject",
    "spoke last", "spoke before the last", "spoke in this sentence", "spoke in the sentence before",
)  # fmt: skip  # features that somebody who is only named later has not


class CandidateFeatures:
    """Describes a candidate of any anaphor by named features."""

    def __init__(self, document: Document, discourse: Discourse) -> None:
        self._document, self._discourse, self._lexicon = document, discourse, document.lexicon

    def describe_place(self, mention: Mention, candidate: AntecedentCandidate) -> dict[str, float] | None:
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

    def describe_absence(self, mention: Mention, candidate: AntecedentCandidate) -> dict[str, float]:
        """Return the same for somebody who is only named later."""
        following = candidate.entity is not None and self._discourse.is_named_next(
            candidate.entity, mention.head
        )
        away = {"distance": math.log1p(FARTHEST), "never spoke": 1.0, "named later": 1.0}
        away["named next"] = float(following)
        return {**dict.fromkeys(ABSENT, 0.0), **away}

    def describe_salience(self, candidate: AntecedentCandidate) -> dict[str, float]:
        entity = candidate.entity
        return {
            "named": float(entity is not None),
            "mentions": 0.0 if entity is None else math.log1p(len(entity.names)),
            "has spoken": float(candidate.entry is not None),
        }

    def find_description_words(self, candidate: AntecedentCandidate) -> frozenset[str]:
        if candidate.entity is not None:
            return self._discourse.describe(candidate.entity)
        head = None if candidate.entry is None else self._discourse.find_first_head(candidate.entry)
        if head is None:
            return frozenset()
        return frozenset({self._document.stems[head], self._document.lowers[head]})

    def find_gender_words(self, candidate: AntecedentCandidate) -> frozenset[str]:
        if candidate.entity is not None:
            names = candidate.entity.names
            full = [name for name in names if len(name.key) > 1]
            given = {name.key[0] for name in full or names}
            return frozenset(given) | self._discourse.describe(candidate.entity)
        return self.find_description_words(candidate)


def kind_of(candidate: AntecedentCandidate) -> SourceKind | None:
    """Return the kind of a candidate."""
    one = candidate.entity or candidate.entry
    return None if one is None else one.kind
