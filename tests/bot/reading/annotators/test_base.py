from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.fetching.plain_text import article_from_text
from bot.model import How
from bot.reading.annotators.base import Annotator, AttributionFrame, Finding
from bot.reading.annotators.rules import RULES
from bot.reading.document import Document
from bot.reading.quotes import Quotation, find_quotations
from bot.reading.report import report
from bot.report_json import to_json
from tests.absence import absent
from tests.bot.reading.texts import article, seen

EVAL = Path(__file__).resolve().parents[5] / "shared/eval"
STORY = (
    "# Dale bridge may close, officials believe",
    "Harbour Courier reports…",
    "The old bridge at Dale will close on Monday, the Northline agency reported, citing special sources.",
    "“It cannot carry another winter,” said Mara Venn, an engineer. She told the Courier that it is weak.",
    "Dale's claim that the bridge is safe was denied by Ort, according to a report by the council.",
    "The sources believe that it moved. Ort: “We will see.”",
    "“Nobody asked us.” — Ilse Marrable",
)


class OtherWords:
    """The rules' findings with other names of rules and other explanations."""

    def annotate(self, document: Document, quotations: tuple[Quotation, ...]) -> tuple[Finding, ...]:
        found = RULES.annotate(document, quotations)
        return tuple(
            replace(f, rule=f"model {n}", why=f"introduction: weight {n}") for n, f in enumerate(found)
        )


class Silent:
    """An annotator that finds nothing."""

    def annotate(self, document: Document, quotations: tuple[Quotation, ...]) -> tuple[Finding, ...]:
        del document, quotations
        return ()


def without_explanations(value: Any) -> Any:
    """The JSON of a report without what only explains."""
    if isinstance(value, dict):
        return {k: without_explanations(v) for k, v in value.items() if not k.endswith("why")}
    return [without_explanations(v) for v in value] if isinstance(value, list) else value


def judged_texts() -> Iterator[str]:
    """The 105 annotated articles on attribution and on core claims."""
    if not EVAL.is_dir():
        absent(f"the annotated articles are not here ({EVAL})", owed=False)
    with gzip.open(EVAL / "attribution/polnear_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in lines)
    core_claims = (EVAL / "certainty/core_claim_dev.jsonl").read_text("utf-8")
    yield from (json.loads(line)["text"] for line in core_claims.splitlines())


def reports(text: str) -> tuple[Any, Any]:
    """An article's report by the rules and by the same findings in other words, explanations left out."""
    page = article_from_text(text)
    one, other = (to_json(report(page, who)) for who in (RULES, OtherWords()))
    return without_explanations(one), without_explanations(other)


def test_what_an_annotator_says_of_its_reasons_changes_nothing_else() -> None:
    one, other = reports("\n\n".join(p.removeprefix("# ") for p in STORY))
    assert one == other
    assert len(one["attributions"]) > 5


def test_other_words_are_other_words() -> None:
    page = article(*STORY)
    assert to_json(report(page)) != to_json(report(page, OtherWords()))


def test_no_annotated_article_is_read_otherwise_for_other_explanations() -> None:
    texts = list(judged_texts())
    differing = [n for n, text in enumerate(texts) if len(set(map(json.dumps, reports(text)))) > 1]
    assert (len(texts), differing) == (105, [])


def test_what_follows_takes_the_findings_of_any_annotator() -> None:
    silent: Annotator = Silent()
    found = report(article(*STORY), silent)
    assert found.attributions == ()
    assert {source.how for source in found.sources} == {How.RELAYS}  # "told the Courier": nobody speaks
    assert found.claim is not None


@pytest.mark.parametrize(
    ("sentence", "frame", "lemma"),
    [
        ("“It will close,” said Mara Venn.", AttributionFrame.DIRECT, "say"),
        ("Mara Venn said that it will close.", AttributionFrame.INDIRECT, "say"),
        ("It will close, according to Mara Venn.", AttributionFrame.ACCORDING, ""),
        ("The agency left, citing special sources.", AttributionFrame.CITING, ""),
        ("MARA VENN: It will close.", AttributionFrame.LABEL, ""),
        ("“It will close.” — Mara Venn", AttributionFrame.SIGNATURE, ""),
        ("Venn's claim that it will close is old.", AttributionFrame.NOUN, "claim"),
        ("South Front reports…", AttributionFrame.INTRODUCTION, "report"),
        (
            "“Two days are left,” the Dale Courier quoted one of its sources as saying.",
            AttributionFrame.RELAYED,
            "",
        ),
    ],
)
def test_a_finding_has_the_frame_in_which_words_are_attributed(
    sentence: str, frame: AttributionFrame, lemma: str
) -> None:
    text = seen(sentence)
    found = RULES.annotate(text, find_quotations(text))
    assert (frame, lemma) in [(f.frame, f.lemma) for f in found]
