"""Who speaks by a verb of saying: `bot.reading.decisions.attribution_choice`, learnt from the attributions of
the bank, those that the rules find among them; measured by those that they do not find.

The verb and the first noun phrase of a source that an editor marked are yes, any other pair is no.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from bot.fetching.article import article_from_text
from bot.reading.annotators.overlooked import can_be_overlooked
from bot.reading.annotators.rules import find_by_rules
from bot.reading.annotators.sentence_views import SentenceView, views
from bot.reading.chunking import Chunk
from bot.reading.decisions.attribution_choice import WEIGHTS, describe_speakers
from bot.reading.decisions.linear import LinearModel, Weight
from bot.reading.document import Document, parse_document
from bot.reading.languages.registry import find_language
from bot.reading.quotes import find_quotations
from tests.training.bank import Row, load_attributed
from tests.training.linear import Example, cross_validate, fit, write_models

RARE = 8  # stories; a feature of fewer is left out
STRENGTH = 0.003
PRECISION = 0.47  # of the sources beyond the rules, the least that is asked
REACH = 9  # chunks before a noun phrase in which its source may begin


@dataclass(frozen=True, eq=False)
class Pair:
    """A verb with a candidate: `verb` tells it from others, `speaks` whether anybody speaks by it, `known`
    whether the rules find that."""

    verb: tuple[str, int]
    speaks: bool
    known: bool
    example: Example


@cache
def collect_pairs() -> tuple[Pair, ...]:
    """Return the candidates of all marked articles, with those features alone that several stories have."""
    pairs = [pair for row in load_attributed() for pair in _describe(row)]
    stories = defaultdict(set)
    for pair in pairs:
        for name in pair.example.features:
            stories[name].add(pair.example.story)
    return tuple(
        replace(pair, example=replace(pair.example, features={
            name: value for name, value in pair.example.features.items() if len(stories[name]) >= RARE
        }))
        for pair in pairs
    )  # fmt: skip


def _describe(row: Row) -> Iterator[Pair]:
    article = article_from_text(row["text"])
    language = find_language(article.language)
    assert language is not None
    document = parse_document(article, language)
    quotations = find_quotations(document)
    sentences = tuple(views(document, quotations))
    known = {t for found in find_by_rules(document, quotations, sentences) for t in range(*found.cue)}
    for view in sentences:
        for chunk, group in enumerate(view.row):
            if group.kind is Chunk.VERB and can_be_overlooked(view, chunk):
                cues = [a for a in row["attr"] if _overlaps(document, a["cue"], group.first, group.last)]
                spoken = [a["source"] for a in cues if a["kind"] == "speech"]
                felt = [a["source"] for a in cues if a["kind"] != "speech"]
                for noun, features in describe_speakers(view, chunk):
                    yes = any(_opens(view, noun, source) for source in spoken)
                    if yes or not any(_opens(view, noun, source) for source in felt):
                        found = not known.isdisjoint(range(group.first, group.last))
                        example = Example(row["story"], features, yes)
                        yield Pair((row["id"], group.head), bool(spoken), found, example)


def _overlaps(document: Document, span: Row | None, first: int, last: int) -> bool:
    return (
        span is not None and document.starts[first] < span["end"] and span["start"] < document.ends[last - 1]
    )


def _opens(view: SentenceView, noun: int, source: Row | None) -> bool:
    """Return whether a noun phrase is the first of a source."""
    document, head = view.document, view.row[noun].head
    if source is None or not _overlaps(document, source, head, head + 1):
        return False
    before = (view.row[at] for at in range(max(0, noun - REACH), noun))
    nominal = (phrase.head for phrase in before if phrase.kind in {Chunk.NOUN, Chunk.RELATIVE})
    return not any(document.starts[at] >= source["start"] for at in nominal)


def _fit_all(examples: Sequence[Example], *, names: frozenset[str]) -> LinearModel:
    model = fit(examples, strength=STRENGTH)
    return replace(model, weights=dict.fromkeys(sorted(names), Weight(0.0, 0.0, 1.0)) | dict(model.weights))


@cache
def _choose() -> tuple[tuple[float, Pair], ...]:
    """Return the likeliest candidate of each verb, by a model that has not seen its story."""
    pairs = collect_pairs()
    examples = [pair.example for pair in pairs]
    names = frozenset(name for example in examples for name in example.features)
    best: dict[tuple[str, int], tuple[float, Pair]] = {}
    for pair, found in zip(pairs, cross_validate(examples, partial(_fit_all, names=names)), strict=True):
        if pair.verb not in best or found > best[pair.verb][0]:
            best[pair.verb] = found, pair
    return tuple(best.values())


def _find_threshold() -> float:
    for step in range(20, 95):
        taken = [one.example.answer for found, one in _choose() if found >= step / 100 and not one.known]
        if sum(taken) >= PRECISION * len(taken):
            return step / 100
    return 1.0


def train() -> None:
    threshold = _find_threshold()
    model = fit([pair.example for pair in collect_pairs()], strength=STRENGTH, threshold=threshold)
    sys.stdout.write(f"threshold {threshold}\n{write_models(WEIGHTS, {WEIGHTS: model})}\n")


def measure() -> None:
    rows = _choose()
    for step in (0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        told = [f"from {step}"]
        for name, ones in (("all", rows), ("beyond the rules", [r for r in rows if not r[1].known])):
            taken = [pair for found, pair in ones if found >= step]
            total = sum(pair.speaks for _, pair in ones)
            verbs, right = sum(p.speaks for p in taken), sum(p.example.answer for p in taken)
            many = max(1, len(taken))
            told.append(
                f"{name}: {len(taken)}, P {verbs / many:.1%}, right source {right / many:.1%},"
                f" R {verbs / total:.1%}"
            )
        sys.stdout.write(" | ".join(told) + "\n")
