"""Learn whom a pronoun or a description stands for, from the attributions that editors marked, and from
`tests/quality/judgements/antecedents.jsonl`: anaphora of articles that are not in it, each read by an editor
who saw the words before it, as places in the text with all names of whom it stands for.

An example is a candidate of an anaphor, as the shipped code finds and describes it, while the right answers
are given for the mentions before it. No check story is looked at.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.fetching.plain_text import article_from_text
from bot.reading.annotators.base import Finding
from bot.reading.annotators.rules import RULES
from bot.reading.coreference import Coreference
from bot.reading.decisions.antecedent import Anaphor, ChosenAntecedent, Described
from bot.reading.decisions.linear import LinearModel
from bot.reading.discourse import AntecedentCandidate
from bot.reading.document import Document, parse_document
from bot.reading.languages.registry import find_language
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from tests.training.bank import EVAL, Row, load_attributed, load_bank, scorer
from tests.training.linear import FOLDS, Example, fit_choice, fold_of, write_models

STRENGTHS = {Anaphor.PRONOUN: 0.05, Anaphor.DESCRIPTION: 0.1}  # chosen by cross-validation
THRESHOLDS = {Anaphor.PRONOUN: 0.4, Anaphor.DESCRIPTION: 0.45}
OURS = Path(__file__).resolve().parents[1] / "quality/judgements/antecedents.jsonl"
NOBODY = "?"  # stands for nobody whom the text names
ALIKE = 0.6  # of the words of two descriptions of one source
LIKELY = 0.7  # by the scorer's measure of two names


@dataclass(frozen=True, eq=False)
class Anaphora:
    """One anaphor with its candidates, nobody the last; `none`: the right answer is nobody of them."""

    kind: Anaphor
    examples: tuple[Example, ...]
    names: tuple[str, ...]
    who: str
    words: str
    ours: bool = False  # of an article that is not in the bank

    @property
    def none(self) -> bool:
        return self.examples[-1].answer

    @property
    def story(self) -> str:
        return self.examples[0].story


class _Taught(Coreference):
    """Coreference that is told the right answers, and notes what it was asked."""

    def __init__(self, *args: Any, row: Row) -> None:
        super().__init__(*args)
        self.row = row
        self.asked: list[Anaphora] = []

    def choose(self, anaphor: Anaphor, found: Finding, rows: Sequence[Described]) -> ChosenAntecedent | None:
        who = self._find_who(found)
        if who is None:
            return None
        candidates = [candidate for candidate, _ in rows if candidate is not None]
        names = tuple(_spell(self.document, candidate) for candidate in candidates)
        words = self.document.excerpt(*found.source).text if found.source else ""
        itself = scorer().norm(who[0]) == scorer().norm(words)  # it names itself, and not a name inside it
        answers = [
            any(_is_same(name, one) for one in who) and not (itself and candidate.entity is not None)
            for name, candidate in zip(names, candidates, strict=True)
        ]
        one = next((c for c, answer in zip(candidates, answers, strict=True) if answer), None)
        answers.append(one is None)
        examples = (Example(self.row["story"], f, a) for (_, f), a in zip(rows, answers, strict=True))
        self.asked.append(
            Anaphora(anaphor, tuple(examples), names, who[0], words, self.row.get("id") not in _bank_ids())
        )
        return None if one is None else ChosenAntecedent(one, "told")

    def _find_who(self, found: Finding) -> Sequence[str] | None:
        """Return whom the editor heard in the source of a finding, by all names that are right."""
        if found.source is None:
            return None
        words = self.document.excerpt(*found.source)
        for judged in self.row["attr"]:
            source = judged["source"]
            if source and judged["who"] and source["start"] < words.end and words.start < source["end"]:
                return [judged["who"]] if isinstance(judged["who"], str) else judged["who"]
        return None


def _spell(document: Document, candidate: AntecedentCandidate) -> str:
    if candidate.entity is not None:
        return document.excerpt(candidate.entity.fullest.first, candidate.entity.fullest.last).text
    return "" if candidate.entry is None else document.excerpt(*candidate.entry.name).text


def _is_same(name: str, who: str) -> bool:
    """Return whether the scorer takes a name for the right one."""
    measure = scorer()
    if who[:1].islower() or name[:1].islower():  # descriptions, which are the same in the same words
        one, other = set(measure.toks(name)), set(measure.toks(who))
        return len(one & other) >= ALIKE * len(one | other)
    return any(measure.name_score(name, who, person) >= LIKELY for person in (False, True))


@cache
def collect() -> tuple[Anaphora, ...]:
    """Return the anaphora of the train stories."""
    marked = load_attributed()
    rows = (*marked, *_load_ours(frozenset(row["id"] for row in marked)))
    return tuple(one for row in rows for one in _ask(row))


@cache
def _bank_ids() -> frozenset[str]:
    return frozenset(row["id"] for row in load_bank())


def _load_ours(marked: frozenset[str]) -> list[Row]:
    """Return the articles of which only anaphora were judged, in the form of the bank, but those `marked` in
    full."""
    judged: dict[str, list[Row]] = {}
    for line in map(json.loads, OURS.open(encoding="utf-8")):
        if line["id"] not in marked:
            judged.setdefault(line["id"], []).append(line)
    checked = {row["story"] for row in load_bank("check")}
    with gzip.open(EVAL / "certainty/fnc_article_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["body"] for row in map(json.loads, lines) if row["id"] in judged}
    rows = []
    for article, anaphora in judged.items():
        assert anaphora[0]["story"] not in checked
        attributions = [
            {
                "source": {"start": one["at"][0], "end": one["at"][1]},
                "who": [texts[article][start:end] for start, end in one["who"]] or [NOBODY],
            }
            for one in anaphora
        ]
        rows.append({"story": anaphora[0]["story"], "text": texts[article], "attr": attributions})
    return rows


def _ask(row: Row) -> Iterator[Anaphora]:
    language = find_language("en")
    assert language is not None
    document = parse_document(article_from_text(row["text"]), language)
    quotations = find_quotations(document)
    quoted = frozenset(t for q in quotations for t in range(q.first, q.last))
    taught = _Taught(document, find_names(document), quoted, row=row)
    for found in RULES.annotate(document, quotations):
        taught.resolve(found)
    yield from taught.asked


def fit_anaphora(kind: Anaphor, asked: Sequence[Anaphora]) -> LinearModel:
    groups = [one.examples for one in asked if one.kind is kind]
    return fit_choice(groups, strength=STRENGTHS[kind], threshold=THRESHOLDS[kind])


def train() -> None:
    """Write what is shipped."""
    models = {kind.value: fit_anaphora(kind, collect()) for kind in Anaphor}
    sys.stdout.write(f"{write_models('antecedent', models)}\n")


def judge(kind: Anaphor, asked: Sequence[Anaphora]) -> list[tuple[Anaphora, int, float]]:
    """Return for each anaphor the number of the likeliest of its candidates, and its share, by a model that
    has not seen its story."""
    found = []
    for fold in range(FOLDS):
        model = fit_anaphora(kind, [one for one in asked if fold_of(one.story) != fold])
        for one in asked:
            if fold_of(one.story) == fold and one.kind is kind:
                scores = [model.score(example.features) for example in one.examples]
                best = max(range(len(scores)), key=scores.__getitem__)
                found.append((one, best, 1 / sum(math.exp(score - scores[best]) for score in scores)))
    return found


def measure() -> None:
    """Print, for stories that were held out, how many anaphora are right, wrong and left to nobody."""
    for kind in Anaphor:
        found = judge(kind, collect())
        none = sum(one.none for one, _, _ in found)
        sys.stdout.write(f"{kind.value}: {len(found)} asked, {none} stand for nobody there\n")
        for threshold in (0.0, 0.3, 0.4, 0.45, 0.5, 0.6):
            right = wrong = nobody = rightly = 0
            for one, best, share in found:
                if best == len(one.names) or share < threshold:
                    nobody += 1
                    rightly += one.none
                elif one.examples[best].answer:
                    right += 1
                else:
                    wrong += 1
            found_words = f"right {right}, wrong {wrong}, nobody {nobody}, rightly so {rightly}"
            sys.stdout.write(f"  from {threshold}: {found_words}\n")
