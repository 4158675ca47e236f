from __future__ import annotations

import re
from typing import Any

import pytest

from bot.report_json import InvalidReport, from_json, to_json
from bot.report_schema import REPORT, ReportFacts
from tests.bot.written import bridge


def _spoilt(*path: str | int, value: object) -> dict[str, Any]:
    found = to_json(bridge())
    place: Any = found
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return found


@pytest.mark.parametrize(
    ("spoilt", "complaint"),
    [
        (_spoilt("sources", 0, "id", value=True), "sources[0].id is not a whole number"),
        (_spoilt("sources", 0, "id", value=0.0), "sources[0].id is not a whole number"),
        (_spoilt("claim", "unconfirmed", value=1), "claim.unconfirmed is not true or false"),
        (_spoilt("chains", 0, "end", value=None), "chains[0].end is not a text"),
        (_spoilt("claim", "contrasts", value="abc"), "claim.contrasts is not a list"),
        (_spoilt("sources", 1, "aliases", value=["abc", 5]), "sources[1].aliases[1] is not a text"),
        (_spoilt("claim", "statement", value=[]), "claim.statement is not an object"),
        (_spoilt("headline_conflict", value={}), "headline_conflict.headline is missing"),
        (_spoilt("article", "pasted", value=None), "article.pasted is not true or false"),
        (_spoilt("digest", value={"stories": 2, "why": 5}), "digest.why is not a text"),
        (_spoilt("article", "stated_in", value={"any": 1}), "article.stated_in.any is not a text"),
    ],
)
def test_what_has_another_shape_is_named_with_its_place(spoilt: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidReport, match=f"^this is not a report of schema 1: {re.escape(complaint)}$"):
        from_json(spoilt)


def test_a_report_has_the_shape_of_schema_1_with_and_without_later_keys() -> None:
    found = to_json(bridge(), "a")
    assert from_json(found) == bridge()
    del found["article"]["pasted"], found["digest"]
    assert from_json(found | {"added": 1}) == bridge()


def test_every_key_of_a_report_is_in_its_shape() -> None:
    found = to_json(bridge(), "a")
    known = ReportFacts(bridge().article, len(bridge().sources))
    assert REPORT.validate_python(found, context=known, extra="forbid") == bridge()
