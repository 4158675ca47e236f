"""Whom a pronoun or a description stands for: a learnt choice among candidates, or nobody.

The features are those of the literature (Lappin and Leass 1994; Soon, Ng and Lim 2001): agreement, distance,
salience, who spoke last, and what the text says of a name elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.decisions.linear import Features, LinearModel, load_models
from bot.reading.discourse import AntecedentCandidate


class Anaphor(Enum):
    """The kinds of anaphora; each has a model of its own."""

    PRONOUN = "pronoun"  # "he said"
    DESCRIPTION = "description"  # "the mayor said", "Dale's mayor said", "a clerk said"


class Mention(NamedTuple):
    """A mention that names nobody: its tokens and its head."""

    source: Range
    head: int
    kind: SourceKind | None = None  # of the head noun


DescribedCandidate = tuple[AntecedentCandidate, Features]
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


def compare_candidates(rows: Sequence[DescribedCandidate]) -> list[Described]:
    """Return the candidates with what sets each off from the others."""
    if not rows:
        return []
    nearest = min(features["distance"] for _, features in rows)
    most = max(features["mentions"] for _, features in rows)
    spoke = any(features["spoke last"] for _, features in rows)
    fitting = [features for _, features in rows if features.get("fits")]
    called = any(features.get("called so") for _, features in rows)
    return [
        (
            candidate,
            {
                **features,
                "nearest": float(features["distance"] == nearest),
                "nearest, can be a subject": features["can be a subject"] * (features["distance"] == nearest),
                "most mentioned": float(features["mentions"] == most and most > 0),
                "another spoke last": float(spoke and not features["spoke last"]),
                **_compare_fitting(features, fitting, called=called),
            },
        )
        for candidate, features in rows
    ]


def _compare_fitting(features: Features, fitting: Sequence[Features], *, called: bool) -> Features:
    """Return what sets a candidate of the right kind off from the others of that kind."""
    known = features.get("fits")
    if known is None:
        return {}
    fits = known > 0
    nearest = fits and features["distance"] == min(other["distance"] for other in fitting)
    most = fits and features["mentions"] == max(other["mentions"] for other in fitting)
    return {
        "only one that fits": float(fits and len(fitting) == 1),
        "nearest that fits": float(nearest),
        "most mentioned that fits": float(most),
        "nearest and most mentioned that fits": float(nearest and most),
        "another fits": float(not fits and bool(fitting)),
        "another is called so": float(not features["called so"] and called),
    }


def _spell(model: LinearModel, features: Features) -> str:
    """Return the names of the features that spoke loudest for a candidate."""
    shown = {name: value for name, value in features.items() if value}
    return ", ".join(name for name in model.explain(features) if name in shown)
