"""A linear model over named features, with its weights in a file that the training scripts write.

    {"version": 1,
     "models": {NAME: {"intercept": b, "threshold": p, "features": {NAME: [weight, mean, scale]}}}}

A file holds one model, or several of which the highest score decides. A feature that a candidate does not
name is 0.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

VERSION: Final = 1
STRONGEST: Final = 3  # features that explain a decision

Features = Mapping[str, float]


class CannotLoadWeights(Exception):  # noqa: N818  # says what could not be done, like the other errors
    """A file of weights is missing, broken or of another version. The message is a sentence for operators."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The weight of a feature, which adds `weight` × its distance from the `mean` in units of the `scale`."""

    weight: float
    mean: float
    scale: float

    def weigh(self, value: float) -> float:
        return self.weight * (value - self.mean) / self.scale


@dataclass(frozen=True)
class LinearModel:
    """A logistic regression. `threshold`: the probability from which on the answer is yes."""

    intercept: float
    threshold: float
    weights: Mapping[str, Weight]

    def score(self, features: Features) -> float:
        """Return the log-odds of yes, the same on every machine. Raises ValueError for unknown features."""
        if not features.keys() <= self.weights.keys():
            raise ValueError(f"no weight for {', '.join(sorted(features.keys() - self.weights.keys()))}")
        added = (
            self.weights[name].weight * value / self.weights[name].scale for name, value in features.items()
        )
        return math.fsum((self._score_of_nothing, *added))

    def keep_known(self, features: Features) -> Features:
        """Return the features that have a weight; what no example had weighs nothing."""
        return {name: value for name, value in features.items() if name in self.weights}

    @cached_property
    def _score_of_nothing(self) -> float:
        """The log-odds of yes where every feature is 0."""
        return math.fsum((self.intercept, *(weight.weigh(0.0) for weight in self.weights.values())))

    def probability(self, features: Features) -> float:
        score = self.score(features)
        return 0.5 * (1 + math.tanh(score / 2))

    def cost(self, features: Features) -> float:
        """Return how much speaks for yes, softly from 0 up: the negative log-probability of no."""
        score = self.score(features)
        return max(score, 0.0) + math.log1p(math.exp(-abs(score)))

    def accepts(self, features: Features) -> bool:
        return self.probability(features) >= self.threshold

    def explain(self, features: Features, *, yes: bool = True) -> tuple[str, ...]:
        """Return the names of the features that spoke loudest for the answer, the loudest first."""
        sign = 1 if yes else -1
        added = {name: sign * weight.weigh(features.get(name, 0.0)) for name, weight in self.weights.items()}
        loudest = sorted((name for name in added if added[name] > 0), key=lambda name: (-added[name], name))
        return tuple(loudest[:STRONGEST])


@cache
def load_model(name: str) -> LinearModel:
    """Return the one model of weights/NAME.json. Raises CannotLoadWeights."""
    (model,) = load_models(name).values()
    return model


@cache
def load_models(name: str) -> Mapping[str, LinearModel]:
    """Return the models of weights/NAME.json by their names. Raises CannotLoadWeights."""
    return read_models(files(__package__) / "weights" / f"{name}.json")


def read_models(file: Traversable) -> Mapping[str, LinearModel]:
    """Return the models of a file. Raises CannotLoadWeights."""
    try:
        raw = json.loads(file.read_text("utf-8"))
        if raw["version"] != VERSION:
            raise CannotLoadWeights(
                f"The weights {file.name} are of version {raw['version']}, and version {VERSION} is needed:"
                " install hearsay-bot again."
            )
        return {name: _build_model(model) for name, model in raw["models"].items()}
    except FileNotFoundError:
        raise CannotLoadWeights(f"The weights {file.name} are missing: install hearsay-bot again.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CannotLoadWeights(f"The weights {file.name} are broken: install hearsay-bot again.") from None


def _build_model(raw: Mapping[str, Any]) -> LinearModel:
    weights = {name: Weight(*map(_read_number, numbers)) for name, numbers in raw["features"].items()}
    if any(weight.scale <= 0 for weight in weights.values()):
        raise ValueError("a scale is no distance")
    return LinearModel(_read_number(raw["intercept"]), _read_number(raw["threshold"]), weights)


def _read_number(raw: object) -> float:
    if not isinstance(raw, (int, float)) or not math.isfinite(raw):
        raise ValueError("no number")
    return float(raw)
