"""Which outlets passed the news on, of those that no rule lists: `bot.reading.decisions.outlet_choice`,
learnt from what editors listed.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from bot.fetching.article import article_from_text
from bot.reading.annotators.rules import RULES
from bot.reading.decisions.linear import LinearModel, Weight
from bot.reading.decisions.outlet_choice import WEIGHTS, OutletChoice
from bot.reading.document import parse_document
from bot.reading.languages.registry import find_language
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.source_candidates import find_candidates
from tests.training.bank import Row, load_judged, scorer
from tests.training.linear import Example, cross_validate, fit, write_models
from tests.training.source_choice import find_threshold

RARE = 5  # stories; a feature of fewer is left out
STRENGTH = 0.02
PRECISION = 0.55  # the least that is asked
ALIKE = 0.45  # from which score on two names are one


@cache
def collect_examples() -> tuple[Example, ...]:
    """Return the outlets that no rule lists, with those features alone that several stories have."""
    examples = [example for row in load_judged() for example in _describe(row)]
    stories = defaultdict(set)
    for example in examples:
        for name in example.features:
            stories[name].add(example.story)
    return tuple(
        replace(e, features={name: value for name, value in e.features.items() if len(stories[name]) >= RARE})
        for e in examples
    )


def _describe(row: Row) -> Iterator[Example]:
    article = article_from_text(row["text"])
    language = find_language(article.language)
    assert language is not None
    document = parse_document(article, language)
    quotations, names = find_quotations(document), find_names(document)
    found = RULES.annotate(document, quotations)
    candidates = find_candidates(document, found, names, quotations)
    choice = OutletChoice(document, names, found, quotations)
    ruled = [entry for entry in candidates.entries if entry.id not in candidates.chosen]
    for entity in choice.find_candidates(ruled):
        texts = [document.excerpt(name.first, name.last).text for name in entity.names]
        answer = _find_answer(row, texts)
        if answer is not None:
            yield Example(row["story"], choice.describe(entity), answer)


def _find_answer(row: Row, texts: Sequence[str]) -> bool | None:
    """Return whether an editor listed an outlet of these names; None where it may be left out."""
    score = scorer().name_score
    fits = [
        (max(score(text, one["name"], one["kind"] == "person") for text in texts), one)
        for one in row["named"]
    ]
    alike = [one for fit_, one in fits if fit_ > ALIKE]
    return None if alike and all(one["optional"] for one in alike) else bool(alike)


def _fit_all(examples: Sequence[Example], *, names: frozenset[str], strength: float) -> LinearModel:
    model = fit(examples, strength=strength)
    return replace(model, weights=dict.fromkeys(sorted(names), Weight(0.0, 0.0, 1.0)) | dict(model.weights))


def _cross_validate(strength: float) -> list[float]:
    names = frozenset(name for example in collect_examples() for name in example.features)
    return cross_validate(collect_examples(), partial(_fit_all, names=names, strength=strength))


def train() -> None:
    examples = collect_examples()
    threshold, p, r = find_threshold(examples, _cross_validate(STRENGTH), PRECISION)
    sys.stdout.write(f"{len(examples)} outlets, threshold {threshold}, P {p:.1%}, R {r:.1%}\n")
    model = fit(examples, strength=STRENGTH, threshold=threshold)
    sys.stdout.write(f"{write_models(WEIGHTS, {WEIGHTS: model})}\n")


def measure() -> None:
    examples = collect_examples()
    sys.stdout.write(f"{len(examples)} outlets, {sum(e.answer for e in examples)} listed\n")
    for strength in (0.003, 0.01, 0.02, 0.05):
        found = _cross_validate(strength)
        loss = sum((p - e.answer) ** 2 for e, p in zip(examples, found, strict=True)) / len(examples)
        row = [find_threshold(examples, found, precision) for precision in (0.5, 0.6, 0.7)]
        told = " | ".join(f"{t} P {p:.1%} R {r:.1%}" for t, p, r in row)
        sys.stdout.write(f"{strength} | {loss:.4f} | {told}\n")
