"""Learn whom a pronoun or a description stands for, from the attributions that editors marked.

An example is a candidate of an anaphor, as the shipped code finds and describes it, while the right answers
are given for the mentions before it. No check story is looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
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
from tests.training.bank import Row, load_attributed, scorer
from tests.training.linear import Example, cross_validate, fit, write_models

STRENGTH = 0.1  # the C of scikit-learn, chosen by cross-validation
THRESHOLDS = {Anaphor.PRONOUN: 0.4, Anaphor.DESCRIPTION: 0.45}
ALIKE = 0.6  # of the words of two descriptions of one source
LIKELY = 0.7  # by the scorer's measure of two names


@dataclass(frozen=True, eq=False)
class Anaphora:
    """One anaphor with its candidates; `none`: the right answer is somebody else or nobody."""

    kind: Anaphor
    examples: tuple[Example, ...]
    names: tuple[str, ...]
    who: str
    words: str

    @property
    def none(self) -> bool:
        return not any(example.answer for example in self.examples)


class _Taught(Coreference):
    """Coreference that is told the right answers, and notes what it was asked."""

    def __init__(self, *args: Any, row: Row) -> None:
        super().__init__(*args)
        self.row = row
        self.asked: list[Anaphora] = []

    def choose(self, anaphor: Anaphor, found: Finding, rows: Sequence[Described]) -> ChosenAntecedent | None:
        who = self._find_who(found)
        if who is None:
            return super().choose(anaphor, found, rows)
        names = tuple(_spell(self.document, candidate) for candidate, _ in rows)
        itself = found.source is not None and scorer().norm(who) == scorer().norm(
            self.document.excerpt(*found.source).text
        )  # a description that names itself is no name that stands in it
        answers = [
            _is_same(name, who) and not (itself and candidate.entity is not None)
            for name, (candidate, _) in zip(names, rows, strict=True)
        ]
        self.asked.append(
            Anaphora(
                anaphor,
                tuple(Example(self.row["story"], f, a) for (_, f), a in zip(rows, answers, strict=True)),
                names,
                who,
                self.document.excerpt(*found.source).text if found.source else "",
            )
        )
        right = (candidate for (candidate, _), answer in zip(rows, answers, strict=True) if answer)
        one = next(right, None)
        return None if one is None else ChosenAntecedent(one, "told")

    def _find_who(self, found: Finding) -> str | None:
        """Return whom the editor heard in the source of a finding."""
        if found.source is None:
            return None
        words = self.document.excerpt(*found.source)
        for judged in self.row["attr"]:
            source = judged["source"]
            if source and judged["who"] and source["start"] < words.end and words.start < source["end"]:
                return str(judged["who"])
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
    return tuple(one for row in load_attributed() for one in _ask(row))


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


def _fit(kind: Anaphor) -> LinearModel:
    return fit(_examples(kind), strength=STRENGTH, threshold=THRESHOLDS[kind])


def _examples(kind: Anaphor) -> list[Example]:
    return [example for one in collect() if one.kind is kind for example in one.examples]


def train() -> None:
    """Write what is shipped."""
    sys.stdout.write(f"{write_models('antecedent', {kind.value: _fit(kind) for kind in Anaphor})}\n")


def measure() -> None:
    """Print, for stories that were held out, how many anaphora are right, wrong and left to nobody."""
    for kind in Anaphor:
        examples = _examples(kind)
        found = dict(
            zip(examples, cross_validate(examples, lambda e: fit(e, strength=STRENGTH)), strict=True)
        )
        asked = [one for one in collect() if one.kind is kind]
        none = sum(one.none for one in asked)
        sys.stdout.write(f"{kind.value}: {len(asked)} asked, {none} stand for nobody there\n")
        for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
            right = wrong = nobody = rightly = 0
            for one in asked:
                best = max(one.examples, key=lambda e: found[e], default=None)
                if best is None or found[best] < threshold:
                    nobody += 1
                    rightly += one.none
                elif best.answer:
                    right += 1
                else:
                    wrong += 1
            found_words = f"right {right}, wrong {wrong}, nobody {nobody}, rightly so {rightly}"
            sys.stdout.write(f"  from {threshold}: {found_words}\n")
