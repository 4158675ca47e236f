"""`hearsay verify`: a stored report proves itself again, offline, and against its page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.interchange import Json, NotProved, from_json, spans
from bot.model import Article


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence, and whether everything held."""

    holds: bool
    sentence: str


def verdicts(body: bytes, page: Article | None = None) -> Iterator[Verdict]:
    """One verdict a report: the file holds one object, or one a line as `batch` writes them."""
    try:
        found = _objects(body)
    except (ValueError, RecursionError):
        yield Verdict(holds=False, sentence="This is not JSON, so nothing was verified.")
        return
    for number, one in enumerate(found, start=1):
        name = f"Report {one.get('id') or number}: " if len(found) > 1 and isinstance(one, dict) else ""
        verdict = _verdict(one, page)
        yield Verdict(verdict.holds, name + verdict.sentence)


def _objects(body: bytes) -> Sequence[Any]:
    try:
        return [json.loads(body)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in body.splitlines() if line.strip()]


def _verdict(found: Any, page: Article | None) -> Verdict:
    if not isinstance(found, dict):
        return Verdict(holds=False, sentence="This is not a report.")
    try:
        report = from_json(found)
    except NotProved as problem:
        return Verdict(holds=False, sentence=f"Not proved: {problem}.")
    count = len(spans(found))
    own = f"Proved: {count} quoted spans and the sha256 fit the text."
    if page is None:
        return Verdict(holds=True, sentence=own)
    return _against_page(found, report.article, page, own)


def _against_page(found: Json, kept: Article, page: Article, own: str) -> Verdict:
    if page.text == kept.text:
        return Verdict(holds=True, sentence=f"{own} The page, read again, gives the same text.")
    there = _folded(page.text)
    lost = [(place, span) for place, span in spans(found) if _folded(span["text"]) not in there]
    if not lost:
        return Verdict(holds=True, sentence=f"{own} The page's text differs, but every span stands in it.")
    place, span = lost[0]
    words = " ".join(span["text"].split())[:80]
    first = f"the first is {place}: “{words}”"
    return Verdict(holds=False, sentence=f"{own} {len(lost)} of them do not stand in the page; {first}.")


def _folded(text: str) -> str:
    return " ".join(text.split())
