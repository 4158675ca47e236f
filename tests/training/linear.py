"""Fit linear models over named features, and write the weights that `bot.reading.decisions.linear` reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from bot.reading.decisions.linear import VERSION, Features, LinearModel, Weight

WEIGHTS = Path(__file__).resolve().parents[2] / "bot/reading/decisions/weights"
Floats = NDArray[np.float64]
DIGITS = 4  # of a weight; what is beyond decides nothing
FOLDS = 10


@dataclass(frozen=True, eq=False)
class Example:
    """A candidate with its answer. No story stands in two folds. `importance` is a sample weight."""

    story: str
    features: Features
    answer: bool
    importance: float = 1.0


def fit(
    examples: Sequence[Example], *, strength: float, threshold: float = 0.5, balanced: bool = False
) -> LinearModel:
    """Return the logistic regression of some examples; `strength` is the C of scikit-learn."""
    names = sorted({name for example in examples for name in example.features})
    table = np.array([[example.features.get(name, 0.0) for name in names] for example in examples])
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale < 10**-DIGITS] = 1.0
    learner = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced" if balanced else None)
    answers = np.array([example.answer for example in examples])
    learner.fit((table - mean) / scale, answers, sample_weight=[example.importance for example in examples])
    numbers = zip(learner.coef_[0], mean, scale, strict=True)
    weights = {
        name: Weight(*(round(float(n), DIGITS) for n in row))
        for name, row in zip(names, numbers, strict=True)
    }
    return LinearModel(round(float(learner.intercept_[0]), DIGITS), threshold, weights)


def fit_signed(
    examples: Sequence[Example],
    signs: Mapping[str, int],
    *,
    strength: float,
    threshold: float = 0.5,
    free: Sequence[str] = (),
) -> LinearModel:
    """Return the logistic regression in which a feature weighs no way but that of its sign, if it has one:
    what few examples teach against common sense is chance. Those that are `free` are not shrunk."""
    names = sorted({name for example in examples for name in example.features})
    table = np.array([[example.features.get(name, 0.0) for name in names] for example in examples])
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale < 10**-DIGITS] = 1.0
    rows = np.hstack([(table - mean) / scale, np.ones((len(examples), 1))])
    sides = np.array([1.0 if example.answer else -1.0 for example in examples])
    importance = strength * np.array([example.importance for example in examples])
    shrunk = np.array([*(name not in free for name in names), False], dtype=float)

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = sides * (rows @ weights)
        cost = importance @ np.logaddexp(0, -margins) + weights @ (shrunk * weights) / 2
        return float(cost), shrunk * weights - rows.T @ (importance * sides * expit(-margins))

    bounds = [
        (None, None) if not (s := signs.get(n, 0)) else (0, None) if s > 0 else (None, 0) for n in names
    ]
    best = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]
    ).x
    numbers = zip(best[:-1], mean, scale, strict=True)
    weights = {
        name: Weight(*(round(float(n), DIGITS) for n in row))
        for name, row in zip(names, numbers, strict=True)
    }
    return LinearModel(round(float(best[-1]), DIGITS), threshold, weights)


def fit_choice(groups: Sequence[Sequence[Example]], *, strength: float, threshold: float) -> LinearModel:
    """Return the model of a choice: the softmax over the scores of a group is the probability of each of it
    to be the right one; the right ones share what is theirs. `strength`: as that of `fit`."""
    groups = [group for group in groups if any(example.answer for example in group)]
    names = sorted({name for group in groups for example in group for name in example.features})
    table = np.array([[e.features.get(name, 0.0) for name in names] for group in groups for e in group])
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale < 10**-DIGITS] = 1.0
    table = (table - mean) / scale
    sizes = [len(group) for group in groups]
    starts = np.cumsum([0, *sizes[:-1]])
    right = np.array([example.answer for group in groups for example in group])
    share = np.repeat([group[0].importance for group in groups], sizes) * strength

    def lose(weights: Floats) -> tuple[float, Floats]:
        scores = table @ weights
        scores = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        every, wanted = np.add.reduceat(scores, starts), np.add.reduceat(scores * right, starts)
        slope = scores / np.repeat(every, sizes) - scores * right / np.repeat(wanted, sizes)
        loss = (share[starts] * (np.log(every) - np.log(wanted))).sum() + weights @ weights / 2
        return float(loss), (share * slope) @ table + weights

    weights = minimize(lose, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    numbers = zip(weights, mean, scale, strict=True)
    rounded = {
        name: Weight(*(round(float(n), DIGITS) for n in row))
        for name, row in zip(names, numbers, strict=True)
    }
    return LinearModel(0.0, threshold, rounded)


def fold_of(story: str) -> int:
    """Return the fold of a whole story, by its hash."""
    return int(sha256(f"fold {story}".encode()).hexdigest(), 16) % FOLDS


def split_by_story(examples: Sequence[Example]) -> Iterator[tuple[list[Example], list[Example]]]:
    """Yield what to fit on and what to look at, a fold at a time."""
    for fold in range(FOLDS):
        held = [example for example in examples if fold_of(example.story) == fold]
        if held:
            yield [example for example in examples if fold_of(example.story) != fold], held


def cross_validate(
    examples: Sequence[Example], fitter: Callable[[Sequence[Example]], LinearModel]
) -> list[float]:
    """Return the probability of yes of each example, by a model that has not seen its story."""
    found: dict[Example, float] = {}
    for known, held in split_by_story(examples):
        model = fitter(known)
        found |= {example: model.probability(example.features) for example in held}
    return [found[example] for example in examples]


def write_models(name: str, models: Mapping[str, LinearModel]) -> Path:
    """Write weights/NAME.json, a feature a line, and return the file."""
    raw = {
        model_name: {
            "intercept": model.intercept,
            "threshold": model.threshold,
            "features": {feature: [w.weight, w.mean, w.scale] for feature, w in model.weights.items()},
        }
        for model_name, model in models.items()
    }
    file = WEIGHTS / f"{name}.json"
    lines = json.dumps({"version": VERSION, "models": raw}, indent=1, ensure_ascii=False)
    for spread, packed in (("[\n     ", "["), (",\n     ", ", "), ("\n    ]", "]")):
        lines = lines.replace(spread, packed)
    file.write_text(lines + "\n", "utf-8")
    return file
