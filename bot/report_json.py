"""Report ⇄ JSON, schema 1: the command line prints it, the store keeps it and `verify` proves it.

Reading copies no words: every span is cut again from the article's text, so a report that comes back is the
article's own words at their own place, or an error that says where it is not. The keys: bot/report_schema.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.errors import CannotCheck
from bot.model import Article, Claim, Report
from bot.report_schema import HEAD, KNOWN, REPORT, SPAN, ReportFacts
from bot.report_validation import find_first_fault
from bot.rooms import has_reportable_finding

SCHEMA: Final = 1
Json = dict[str, Any]


class InvalidReport(ValueError):  # noqa: N818  # named for what it is; "Error" would add nothing
    """The JSON is no report of schema 1, or its spans or its sha256 do not fit its text."""


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────

_MODEL: Final = TypeAdapter(Report)


def to_json(report: Report, id: str | None = None) -> Json:  # noqa: A002  # the key's name in the JSON
    """Return the report as a JSON object. `id` is that of a batch line."""
    article = report.article
    found: Json = _MODEL.dump_python(report, mode="json")
    return {
        **_object(id),
        "worth_speaking": has_reportable_finding(report),
        "article": {**found["article"], "stated_in": dict(article.stated_in), "sha256": article.sha256},
        "claim": _claim(report.claim, found["claim"]) if report.claim else None,
        "sources": [_source(one) for one in found["sources"]],
        "attributions": found["attributions"],
        "chains": found["chains"],
        "hedges": [_hedge(one) for one in found["hedges"]],
        "headline_conflict": found["conflict"],
        "summary": [_flat(one) for one in found["chosen"]],
        "digest": found["digest"],
        "originals": found["originals"],
    }


def failure_to_json(error: CannotCheck, id: str | None = None, message: str = "") -> Json:  # noqa: A002  # as above
    """Return the same object for a check that failed; `message` is the sentence that people see."""
    return {**_object(id), "error": {"kind": error.kind, "message": message or str(error)}}


def _object(id: str | None) -> Json:  # noqa: A002  # as above
    return {
        "schema": SCHEMA,
        "id": id,
        "error": None,
        "worth_speaking": False,
        "article": None,
        "claim": None,
        "sources": [],
        "attributions": [],
        "chains": [],
        "hedges": [],
        "headline_conflict": None,
        "summary": [],
        "digest": None,
        "originals": [],
    }


def _claim(claim: Claim, found: Json) -> Json:
    contrasts = [_flat(one) for one in found.pop("against")]
    caveats = {name: [_flat(one) for one in found[name]] for name, _ in claim.concerns}
    return {**found, **caveats, "unconfirmed": claim.unconfirmed, "contrasts": contrasts}


def _source(found: Json) -> Json:
    for original in found["originals"]:
        del original["source_id"]  # it is the source around it
    return found


def _hedge(found: Json) -> Json:
    del found["sentence"]["text"]
    return _flat(found)


def _flat(found: Json) -> Json:
    """Return a finding with the keys of its words beside its own."""
    words: Json = found.pop("words")
    return words | found


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────


def from_json(found: Mapping[str, Any]) -> Report:
    """Return the report again, each span cut anew. Raise InvalidReport with the place that does not fit."""
    try:
        return _report(found)
    except ValidationError as problem:
        raise InvalidReport(_complaint(problem)) from problem
    except RecursionError:
        raise InvalidReport(f"this is not a report of schema {SCHEMA}: it is nested too deeply") from None


def validate_report(found: Mapping[str, Any]) -> Report:
    """Return the report if all else that a reply shows or decides by is proved too; raise InvalidReport."""
    report = from_json(found)
    problem = find_first_fault(report)
    if problem is not None:
        raise InvalidReport(problem)
    if found["worth_speaking"] is not has_reportable_finding(report):
        raise InvalidReport("worth_speaking does not fit the report")
    return report


def spans(found: object, place: str = "") -> list[tuple[str, Json]]:
    """Return every span of a report's JSON with its place in it, for whoever counts or searches them."""
    if isinstance(found, list):
        return [s for n, item in enumerate(found) for s in spans(item, f"{place}[{n}]")]
    if not isinstance(found, dict):
        return []
    here = [(place, found)] if {"start", "end", "text"} <= found.keys() else []
    return here + [s for key, item in found.items() for s in spans(item, f"{place}.{key}".lstrip("."))]


def _report(found: Mapping[str, Any]) -> Report:
    head = HEAD.validate_python(found)
    if head["schema"] != SCHEMA:
        raise InvalidReport(f"this report has schema {head['schema']}, not {SCHEMA}")
    if head["error"] is not None:
        raise InvalidReport(f"this check failed ({head['error']['kind']}), so there is nothing to prove")
    known = _read_facts(found)
    try:
        report = REPORT.validate_python(found, context=known, extra="forbid")
    except ValidationError:
        report = REPORT.validate_python(found, context=known)
        # Spans under keys that are not ours count as quotations like all others.
        for place, span in spans(found):
            try:
                SPAN.validate_python(span, context=known)
            except ValidationError as problem:
                raise InvalidReport(_complaint(problem, place)) from problem
    if report.claim is not None and report.claim.unconfirmed != found["claim"]["unconfirmed"]:
        raise InvalidReport("claim.unconfirmed does not fit claim.caveats")
    return report


def _read_facts(found: Mapping[str, Any]) -> ReportFacts:
    checked = KNOWN.validate_python(found)
    article = Article(checked["article"]["text"])
    if article.sha256 != checked["article"]["sha256"]:
        raise InvalidReport("article.sha256 does not fit article.text")
    for number, source in enumerate(checked["sources"]):
        if source["id"] != number:
            raise InvalidReport(f"sources[{number}]: its id is {source['id']}")
    return ReportFacts(article, len(checked["sources"]))


# ── the sentence of a problem ───────────────────────────────────────────────────────────────────────

_KINDS: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "an object",
    "list_type": "a list",
    "tuple_type": "a list",
}


def _complaint(problem: ValidationError, place: str = "") -> str:
    """Return the first complaint of many, with its place below this one."""
    first = problem.errors(include_url=False, include_input=False)[0]
    for step in first["loc"]:
        place = f"{place}[{step}]" if isinstance(step, int) else f"{place}.{step}".lstrip(".")
    if first["type"] == "value_error":
        # the fault of a `source_id` is its finding's, as it always was
        return f"{place.removesuffix('.source_id')}: {first['ctx']['error']}"
    fault = "is missing" if first["type"] == "missing" else f"is not {_KINDS[first['type']]}"
    return f"this is not a report of schema {SCHEMA}: {place or 'it'} {fault}"
