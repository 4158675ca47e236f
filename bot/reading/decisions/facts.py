"""The choice of sentences beside the claim: by what each adds to those that were chosen already."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.reading.decisions.linear import LinearModel
from bot.reading.decisions.sentences import Candidate

Models = Mapping[str, LinearModel]

MOST = 2  # sentences beside the claim
LEANING = 2.0  # what the log-odds that a sentence cannot stand alone cost its gain
BARRED = (  # what is never shown beside the claim
    "opens with a pronoun",
    "opens with a demonstrative",
    "an open quotation",
    "a quotation without its speaker",
    "a question",
    "caption or note",
    "over 400 characters",
)
NEXT, FAR = 1, 99  # places between two sentences
ALIKE = 0.5  # share of words at which two sentences tell the same


class ChosenFact(NamedTuple):
    """A sentence that was chosen, and the features that spoke for it."""

    candidate: Candidate
    why: str


def choose_facts(claim: Candidate, candidates: Sequence[Candidate], models: Models) -> Sequence[ChosenFact]:
    """Return up to two sentences that add the most facts to the claim and can stand alone, the better first.

    The model `fact` judges what a sentence adds, `leaning` that it cannot stand, `news` that it is the news.
    """
    able = [
        c
        for c in candidates
        if not any(c.features[name] for name in BARRED) and not models["leaning"].accepts(c.features)
    ]
    beside = _Beside(candidates, models)
    costs = {c: models["leaning"].cost(c.features) for c in able}
    chosen, facts = [claim], list[ChosenFact]()
    while len(facts) < MOST:
        told = frozenset[str]().union(*(one.words for one in chosen))
        gains = {c: beside.describe(c, chosen) for c in able if c.words - told}
        best = max(
            gains,
            key=lambda c: (models["fact"].score(gains[c]) - LEANING * costs[c], -c.sentence),
            default=None,
        )
        if best is None or not models["fact"].accepts(gains[best]):
            break
        chosen.append(best)
        facts.append(ChosenFact(best, "; ".join(models["fact"].explain(gains[best]))))
    return facts


class _Beside:
    """Describes sentences beside those that were chosen."""

    def __init__(self, candidates: Sequence[Candidate], models: Models) -> None:
        self._news = {c: models["news"].score(c.features) for c in candidates}
        self._leaning = {c: models["leaning"].score(c.features) for c in candidates}
        frequency = Counter(word for candidate in candidates for word in candidate.words)
        total = math.log(max(len(candidates), 2))
        # how much a word tells of what the text is about: nothing where it stands only once
        self._worth = {word: math.log(n) / total for word, n in frequency.items()}

    def _sum(self, words: frozenset[str]) -> float:
        return math.fsum(self._worth[word] for word in words)

    def describe(self, candidate: Candidate, chosen: Sequence[Candidate]) -> dict[str, float]:
        """Return the features of a sentence, and of what is new in it."""
        words, told = candidate.words, frozenset[str]().union(*(one.words for one in chosen))
        new, size = words - told, max(len(words), 1)
        distances = [candidate.sentence - one.sentence for one in chosen]
        near = min(map(abs, distances))
        after = min((d for d in distances if d > 0), default=FAR)
        alike = max(len(words & one.words) / max(len(words | one.words), 1) for one in chosen)
        return {
            **candidate.features,
            "the news": self._news[candidate],
            "leans on others": self._leaning[candidate],
            "told already": len(words & told) / size,
            "new words beside the chosen": math.log1p(len(new)),
            "worth of the new words": self._sum(new),
            "mean worth of the new words": self._sum(new) / max(len(new), 1),
            "worth of the words told": self._sum(words & told),
            "beside a chosen one": float(near == NEXT),
            "right after a chosen one": float(after == NEXT),
            "two after a chosen one": float(after == NEXT + 1),
            "before the claim": float(candidate.sentence < chosen[0].sentence),
            "distance from the chosen": math.log1p(near),
            "like a chosen one": alike,
            "tells the same": float(alike > ALIKE),
            "third sentence to choose": float(len(chosen) - 1),
        }


def describe_gains(
    candidates: Sequence[Candidate], chosen: Sequence[Candidate], models: Models
) -> list[dict[str, float]]:
    """Return the features of each candidate beside the chosen, for training."""
    beside = _Beside(candidates, models)
    return [beside.describe(c, chosen) for c in candidates]
