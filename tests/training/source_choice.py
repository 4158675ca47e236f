"""Which candidates are sources: `bot.reading.decisions.source_choice`, learnt from what editors listed.

A candidate that fits a source that an editor listed is one, one that fits a source that may be left out
teaches nothing, any other is none.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.fetching.article import article_from_text
from bot.reading.annotators.rules import RULES
from bot.reading.decisions.linear import LinearModel, Weight
from bot.reading.decisions.mention_scores import SCORED
from bot.reading.decisions.source_choice import NAMED, UNNAMED, WEIGHTS, SourceChoice, name_model
from bot.reading.document import parse_document
from bot.reading.languages.registry import find_language
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.source_candidates import find_candidates
from tests.training.bank import load_judged, match_sources
from tests.training.encoder_scores import load_unseen_scores
from tests.training.linear import Example, cross_validate, fit, write_models

MORE = 0.02  # precision that is asked where the encoder has a say
RARE = 6  # candidates; what fewer have is left out
SETTINGS = {NAMED: (0.05, 0.865), UNNAMED: (0.03, 0.665)}  # strength, and the least precision that is asked


def collect_examples() -> dict[str, list[Example]]:
    """Return the candidates of all judged articles, each with its answer."""
    examples: dict[str, list[Example]] = {}
    for row in load_judged():
        for name, example in _describe(row):
            examples.setdefault(name, []).append(example)
    return {name: _drop_rare(of_name) for name, of_name in examples.items()}


def _drop_rare(examples: Sequence[Example]) -> list[Example]:
    """Return the examples with those features alone that several have."""
    counts = Counter(name for example in examples for name in example.features)
    return [
        replace(e, features={name: value for name, value in e.features.items() if counts[name] >= RARE})
        for e in examples
    ]


def _fit_all(examples: Sequence[Example], *, names: frozenset[str], strength: float) -> LinearModel:
    """Return the fitted model; what none of its examples has weighs nothing."""
    model = fit(examples, strength=strength)
    return replace(model, weights=dict.fromkeys(sorted(names), Weight(0.0, 0.0, 1.0)) | dict(model.weights))


def _cross_validate(examples: Sequence[Example], strength: float) -> list[float]:
    names = frozenset(name for example in examples for name in example.features)
    return cross_validate(examples, partial(_fit_all, names=names, strength=strength))


def _describe(row: dict[str, Any]) -> Iterator[tuple[str, Example]]:
    article = article_from_text(row["text"])
    language = find_language(article.language)
    assert language is not None
    document = parse_document(article, language)
    quotations, names = find_quotations(document), find_names(document)
    candidates = find_candidates(document, RULES.annotate(document, quotations), names, quotations)
    choice = SourceChoice(
        document, names, candidates.quoted, load_unseen_scores(row["id"], document).mentions
    )
    pairs = list(candidates.pairs())
    answers = match_sources(row, [entry.to_source(document) for entry, _ in pairs])
    for (entry, findings), answer in zip(pairs, answers, strict=True):
        if answer is not None and entry.id not in candidates.chosen:
            told = choice.describe(entry, findings)
            yield name_model(entry, told), Example(row["story"], told, answer)


def find_threshold(
    examples: Sequence[Example], found: Sequence[float], precision: float
) -> tuple[float, float, float]:
    """Return the lowest threshold with at least this precision, its precision and recall."""
    total = sum(example.answer for example in examples)
    for step in range(5, 95):
        taken = [e.answer for e, p in zip(examples, found, strict=True) if p >= step / 100]
        if sum(taken) >= precision * len(taken):
            return step / 100, sum(taken) / max(1, len(taken)), sum(taken) / total
    return 1.0, 1.0, 0.0


def _find_setting(name: str) -> tuple[float, float]:
    """Return the strength and the least precision of a model, whether it knows the encoder or not."""
    strength, precision = SETTINGS[name.split(",", maxsplit=1)[0]]
    return strength, precision + (MORE if SCORED in name else 0.0)


def train() -> None:
    models = {}
    for name, examples in collect_examples().items():
        strength, precision = _find_setting(name)
        found = _cross_validate(examples, strength)
        threshold, p, r = find_threshold(examples, found, precision)
        sys.stdout.write(f"{name}: {len(examples)} candidates, threshold {threshold}, P {p:.1%}, R {r:.1%}\n")
        models[name] = fit(examples, strength=strength, threshold=threshold)
    sys.stdout.write(f"{write_models(WEIGHTS, models)}\n")


def measure() -> None:
    for name, examples in collect_examples().items():
        for strength in (0.003, 0.01, 0.02, 0.05, 0.2):
            found = _cross_validate(examples, strength)
            loss = sum((p - e.answer) ** 2 for e, p in zip(examples, found, strict=True)) / len(examples)
            row = [find_threshold(examples, found, _find_setting(name)[1] + more) for more in (0.0, 0.02)]
            told = " | ".join(f"{t} P {p:.1%} R {r:.1%}" for t, p, r in row)
            sys.stdout.write(f"{name} | {strength} | {loss:.4f} | {told}\n")
