"""`hearsay verify`: a stored report proves itself again, offline, and against its page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import EmptyPage
from bot.model import Article
from bot.replying.sanitize import sanitize
from bot.report_json import InvalidReport, Json, spans, validate_report
from handlers.inputs import read_input

_SHOWN: Final = 200  # characters of a complaint or an id, which may quote the file
_NOT_JSON: Final = object()  # stands for a line that cannot be parsed


class Unreadable(Exception):  # noqa: N818  # named for what the file is
    """The file holds nothing that could be verified; the message is the whole sentence."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence, and whether everything held."""

    holds: bool
    sentence: str


def read_report_file(target: str) -> bytes:
    """Return what a file or standard input holds. Raises Unreadable for nothing, and what `read_input`
    raises."""
    try:
        return read_input(target)
    except EmptyPage:
        raise Unreadable("There is nothing in it, so nothing was verified.") from None


def verdicts(body: bytes, page: Article | None = None) -> Iterator[Verdict]:
    """Yield one verdict a report: the file holds one object, or one a line as `batch` writes them.

    Raises Unreadable when it holds neither; a broken line among others has its own verdict.
    """
    found = _objects(body)
    for number, one in enumerate(found, start=1):
        verdict = _verdict(one, page)
        name = f"Report {_name(one) or number}: " if len(found) > 1 else ""
        yield Verdict(verdict.holds, name + verdict.sentence)


def _objects(body: bytes) -> Sequence[Any]:
    whole = _parse(body)
    if whole is not _NOT_JSON:
        return [whole]
    lines = [_parse(line) for line in body.splitlines() if line.strip()]
    if not any(isinstance(line, dict) for line in lines):
        raise Unreadable("This is not JSON, so nothing was verified.")
    return lines


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _name(found: Any) -> str:
    name = found.get("id") if isinstance(found, dict) else None
    return _display(name) if isinstance(name, str) else ""


def _display(words: str) -> str:
    """A stranger's words on one line, and not too many of them."""
    return sanitize(words[:_SHOWN])


def _verdict(found: Any, page: Article | None) -> Verdict:
    if found is _NOT_JSON:
        return Verdict(holds=False, sentence="This line is not JSON.")
    if not isinstance(found, dict):
        return Verdict(holds=False, sentence="This is not a report.")
    try:
        report = validate_report(found)
    except InvalidReport as problem:
        return Verdict(holds=False, sentence=f"Not proved: {_display(str(problem))}.")
    count = len(spans(found))
    own = f"Proved: {count} quoted spans and the sha256 fit the text."
    if page is None:
        return Verdict(holds=True, sentence=own)
    return _against_page(found, report.article, page, own)


def _against_page(found: Json, kept: Article, page: Article, own: str) -> Verdict:
    if page.text == kept.text:
        return Verdict(holds=True, sentence=f"{own} The page, read again, gives the same text.")
    there = _fold(page.text)
    lost = [(place, span) for place, span in spans(found) if _fold(span["text"]) not in there]
    if not lost:
        return Verdict(holds=True, sentence=f"{own} The page's text differs, but every span stands in it.")
    place, span = lost[0]
    first = f"the first is {_display(place)}: “{sanitize(span['text'])[:80]}”"
    return Verdict(holds=False, sentence=f"{own} {len(lost)} of them do not stand in the page; {first}.")


def _fold(text: str) -> str:
    return " ".join(text.split())
