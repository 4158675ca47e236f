"""The news, the sentences that cannot stand alone, and the facts that a summary tells: three models.

A candidate's answer is the bank's: `core`, `not_alone`, and the share of `facts` that it adds to the
sentences that were chosen before it, as `score_bank.covered` counts them.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module

from bot.fetching.plain_text import article_from_text
from bot.reading.annotators.rules import RULES
from bot.reading.decisions.facts import MOST, choose_facts, describe_gains
from bot.reading.decisions.linear import LinearModel
from bot.reading.decisions.sentence_scores import NO_SCORES
from bot.reading.decisions.sentences import Candidate, find_candidates
from bot.reading.document import parse_document
from bot.reading.languages.registry import default_language
from bot.reading.lead import choose_likeliest
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.sources import resolve_sources
from tests.training.bank import Row, load_judged, shorten
from tests.training.encoder_scores import load_unseen_scores
from tests.training.linear import FOLDS, Example, fit, fold_of, write_models

NEWS, LEANING, FACT = 0.03, 0.1, 0.01  # strengths, chosen by cross-validation over stories
CANNOT_STAND = 0.4  # probability
SHORT_WEIGHT = 0.7  # of the beginning of an article, beside the whole
LEAST_GAIN = 0.02  # share of the facts; a third sentence costs nobody much


FILES = {"sentences": False, "scored_sentences": True}  # of weights, without and with the encoder


@dataclass(frozen=True, eq=False)
class Judged:
    """An article's candidates with the editor's answers."""

    row: Row
    story: str
    candidates: tuple[Candidate, ...]
    spans: tuple[dict[str, int], ...]
    importance: float = 1.0
    shortened: bool = False

    def answers(self, key: str) -> list[bool]:
        """Return for each candidate whether it is one of the sentences under `key`."""
        half = import_module("score_bank").half
        return [any(half(span, place) for place in self.row[key]) for span in self.spans]

    def cannot_stand(self) -> list[bool]:
        rows = zip(self.answers("not_alone"), self.answers("summary"), self.answers("core"), strict=True)
        return [alone and not summary and not core for alone, summary, core in rows]

    def count_facts(self, chosen: Sequence[int]) -> int:
        """Return how many facts the candidates at these places tell."""
        text = self.row["text"]
        told = [text[self.spans[i]["start"] : self.spans[i]["end"]] for i in chosen]
        return int(import_module("score_bank").covered(text, self.row["facts"], told))


@cache
def load_articles(*, scored: bool) -> tuple[Judged, ...]:
    """Return every article that has the encoder's scores, or every one without them, then the beginnings
    alone."""
    whole = [_judge(row, scored=scored) for row in load_judged()]
    short = [_judge(row, scored=scored) for row in map(shorten, load_judged()) if row is not None]
    shortened = (replace(one, importance=SHORT_WEIGHT, shortened=True) for one in short if one is not None)
    return (*(one for one in whole if one is not None), *shortened)


def _judge(row: Row, *, scored: bool) -> Judged | None:
    document = parse_document(article_from_text(row["text"]), default_language())
    scores = load_unseen_scores(row["id"], document) if scored else NO_SCORES
    if scored and not scores.sentences:
        return None
    quoted, names = find_quotations(document), find_names(document)
    found = RULES.annotate(document, quoted)
    resolved = resolve_sources(document, found, names, quoted, scores)
    candidates = find_candidates(document, resolved, quoted, scores.sentences)
    sentences = [document.sentences[c.sentence] for c in candidates]
    spans = tuple({"start": s.start, "end": s.end} for s in sentences)
    return Judged(row, row["story"], candidates, spans)


def fit_models(articles: Sequence[Judged]) -> dict[str, LinearModel]:
    """Return the three models of some articles. The facts are learnt after the other two, whose choices they
    stand beside; these are made by models that have not seen the story."""
    models = {"news": fit_news(articles), "leaning": fit_leaning(articles)}
    examples: list[Example] = []
    for half in range(2):
        held = [a for a in articles if fold_of(a.story) % 2 == half]
        known = [a for a in articles if fold_of(a.story) % 2 != half]
        inner = {"news": fit_news(known), "leaning": fit_leaning(known)}
        examples += [example for article in held for example in _list_gains(article, inner)]
    return {**models, "fact": fit(examples, strength=FACT, threshold=LEAST_GAIN)}


def fit_news(articles: Sequence[Judged]) -> LinearModel:
    return fit([e for a in articles for e in _list_examples(a, a.answers("core"))], strength=NEWS)


def fit_leaning(articles: Sequence[Judged]) -> LinearModel:
    examples = [e for a in articles for e in _list_examples(a, a.cannot_stand())]
    return fit(examples, strength=LEANING, threshold=CANNOT_STAND)


def _list_examples(article: Judged, answers: Sequence[bool]) -> list[Example]:
    """Return an example for each candidate; a long article weighs more than a short one, but not as much
    more as it is longer."""
    weight = article.importance / math.sqrt(max(len(answers), 1))
    rows = zip(article.candidates, answers, strict=True)
    return [Example(article.story, c.features, answer, weight) for c, answer in rows]


def _list_gains(article: Judged, models: Mapping[str, LinearModel]) -> list[Example]:
    """Return the gain of each candidate beside the claim, and beside the claim and the best second: a gain of
    a third is a third of a yes and two thirds of a no."""
    candidates = article.candidates
    if not candidates:
        return []
    chosen = [candidates.index(choose_likeliest(candidates, models)[0])]
    examples: list[Example] = []
    for _ in range(MOST):
        rest = [i for i in range(len(candidates)) if i not in chosen]
        told = article.count_facts(chosen)
        gains = {i: (article.count_facts([*chosen, i]) - told) / len(article.row["facts"]) for i in rest}
        features = describe_gains(candidates, [candidates[i] for i in chosen], models)
        weight = article.importance / math.sqrt(max(len(rest), 1))
        for i, gain in gains.items():
            for answer, share in ((True, gain), (False, 1 - gain)):
                if share:
                    examples.append(Example(article.story, features[i], answer, weight * share))
        if rest:
            chosen.append(max(rest, key=lambda i: (gains[i], models["news"].score(candidates[i].features))))
    return examples


def train() -> None:
    for name, scored in FILES.items():
        sys.stdout.write(f"{write_models(name, fit_models(load_articles(scored=scored)))}\n")


def measure() -> None:
    """Print how the choices fare on stories that the models have not seen."""
    for name, scored in FILES.items():
        sys.stdout.write(f"{name}\n")
        counts: Counter[str] = Counter()
        for fold in range(FOLDS):
            articles = load_articles(scored=scored)
            models = fit_models([a for a in articles if fold_of(a.story) != fold])
            for article in articles:
                if fold_of(article.story) == fold and not article.shortened:
                    counts += _compare(article, models)
        for line, of in (("core", "articles"), ("facts told", "facts"), ("cannot stand", "sentences")):
            sys.stdout.write(f"  {line:14} {counts[line] / counts[of]:.1%} of {counts[of]} {of}\n")


def _compare(article: Judged, models: Mapping[str, LinearModel]) -> Counter[str]:
    claim, _ = choose_likeliest(article.candidates, models)
    shown = [claim, *(fact.candidate for fact in choose_facts(claim, article.candidates, models))]
    chosen = [article.candidates.index(c) for c in shown]
    leaning = article.cannot_stand()
    return Counter(
        {
            "articles": 1,
            "core": article.answers("core")[chosen[0]],
            "facts": len(article.row["facts"]),
            "facts told": article.count_facts(chosen),
            "sentences": len(chosen),
            "cannot stand": sum(leaning[i] for i in chosen),
        }
    )
