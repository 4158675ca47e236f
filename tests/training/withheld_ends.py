"""The claims that rest on somebody withheld, learnt from the chains that editors wrote down.

A candidate is a withheld source of an article; yes, where the editor's chain of the claim ends with it.
Measuring cross-validates by story and prints how often automatic mode would be right to speak of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from bot.fetching.plain_text import article_from_text
from bot.reading.annotators.rules import RULES
from bot.reading.chains import describe_withheld_ends
from bot.reading.decisions.linear import LinearModel
from bot.reading.decisions.sentences import find_candidates
from bot.reading.document import parse_document
from bot.reading.languages.registry import default_language
from bot.reading.lead import find_lead
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.sources import resolve_sources
from tests.training.bank import Row, load_judged, scorer
from tests.training.linear import Example, cross_validate, fit, write_models

NAME = "withheld_ends"
STRENGTH, THRESHOLD = 0.01, 0.35  # chosen by cross-validation, for precision
ALIKE = 0.4  # of the words of two names of one source, as the scorer has it


def train() -> None:
    model = _fit(_gather())
    sys.stdout.write(f"{write_models(NAME, {NAME: model}).name}\n")


def measure() -> None:
    """Print how often a withheld end that is accepted is the editor's, and how many of those are accepted."""
    examples = _gather()
    likely = cross_validate(examples, _fit)
    for threshold in (0.25, 0.3, 0.35, 0.4, 0.5):
        accepted = [e.answer for e, p in zip(examples, likely, strict=True) if p >= threshold]
        right, all_right = sum(accepted), sum(e.answer for e in examples)
        sys.stdout.write(f"from {threshold}: right {right} of {len(accepted)}, of all {all_right}\n")


def _fit(examples: Sequence[Example]) -> LinearModel:
    return fit(examples, strength=STRENGTH, threshold=THRESHOLD)


@cache
def _gather() -> list[Example]:
    """Return the withheld sources of every judged article, each with every feature."""
    found = [one for row in load_judged() for one in _find_examples(row)]
    nothing = dict.fromkeys(sorted({name for one in found for name in one.features}), 0.0)
    return [replace(one, features={**nothing, **one.features}) for one in found]


def _find_examples(row: Row) -> Iterator[Example]:
    document = parse_document(article_from_text(row["text"]), default_language())
    quoted, names = find_quotations(document), find_names(document)
    resolved = resolve_sources(document, RULES.annotate(document, quoted), names, quoted)
    lead = find_lead(document, resolved.findings, find_candidates(document, resolved, quoted))
    if lead is None:
        return
    described = describe_withheld_ends(document, lead, resolved, names)
    for source, features in described.items():
        name = resolved.sources[source].name.text
        yield Example(row["story"], features, _is_same(name, row["chain"][-1]))


def _is_same(name: str, end: str) -> bool:
    """Return whether a source is the end of a chain, by the scorer's measure."""
    found, told = set(scorer().toks(name)), set(scorer().toks(end))
    alike = len(found & told) >= ALIKE * len(found | told)
    return end != "PAGE" and (alike or scorer().name_score(name, end, None) > 0)
