"""What was answered in a room: an entry, how it is searched, and how it leaves as a file.

An entry says nothing of who asked. Searching is by the beginnings of words, whatever their case and accents;
both databases see the same words because they are split here.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from bot.model import Report
from bot.ports import StoredReport

MOST_TERMS: Final = 8
LONGEST_TERM: Final = 40  # letters
LONGEST_WORDS: Final = 8000  # letters of an entry that can be searched
IN_THE_LOG: Final = "log channel"  # where no reader of the room finds an answer
PAGE: Final = 5  # entries that a room's history shows at once
_WORD: Final = re.compile(r"[^\W_]+")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs what begins so


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An answer: when, about what, and what was found. `place` is where it stands, as the platform says, or
    IN_THE_LOG. `spoiler`: its link was hidden.

    `title`: that of the article; where it has none, the claim it reports; else empty.
    """

    at: datetime
    key: str
    url: str | None
    domain: str
    title: str
    outlet: str
    flagged: bool
    sources: int
    hedges: int
    pasted: bool = False
    spoiler: bool = False
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for. Words that begin so, in titles, outlets, domains and names of sources; a
    domain or one below it; only flagged ones."""

    text: str = ""
    domain: str | None = None
    flagged: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(word[:LONGEST_TERM] for word in split(self.text)[:MOST_TERMS])

    @property
    def futile(self) -> bool:
        """Something was typed, and there is no word in it."""
        return bool(self.text.strip()) and not self.terms


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of entries, newest first, and how many there are in all."""

    entries: tuple[HistoryEntry, ...]
    total: int


def split(text: str) -> list[str]:
    """The words of a text: small letters without accents, and digits."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall(plain.casefold())


def history_entry(
    kept: StoredReport, key: str, at: datetime, *, spoiler: bool = False, place: str | None = None
) -> HistoryEntry:
    """An answer about a report, as an entry."""
    report = kept.report
    article = report.article
    return HistoryEntry(
        at=at,
        key=key,
        url=article.url,
        domain=_domain(article.url),
        title=article.title or (report.claim.statement.text if report.claim else ""),
        outlet=article.outlet or "",
        flagged=report.claim is not None and report.claim.unconfirmed,
        sources=sum(source.named for source in report.sources),
        hedges=len(report.hedges),
        pasted=article.pasted,
        spoiler=spoiler,
        place=place,
    )


def searchable(one: HistoryEntry, report: Report) -> str:
    """What a search looks through, as words with a space between."""
    names = (source.name.text for source in report.sources)
    return " ".join(split(" ".join((one.title, one.outlet, one.domain, *names))))[:LONGEST_WORDS]


def _domain(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:  # brackets that hold no address
        return ""


# ── as a file ───────────────────────────────────────────────────────────────────────────────────────

_COLUMNS: Final = ("at", "domain", "outlet", "title", "url", "flagged", "sources", "hedges", "pasted")


def as_json(entries: Iterable[HistoryEntry]) -> str:
    """A list of objects, newest first."""
    return json.dumps([_row(one) for one in entries], ensure_ascii=False, indent=1) + "\n"


def as_csv(entries: Iterable[HistoryEntry]) -> str:
    """A table with a head. What a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    table = csv.DictWriter(out, _COLUMNS)
    table.writeheader()
    for one in entries:
        table.writerow({name: _cell(value) for name, value in _row(one).items()})
    return out.getvalue()


def _row(one: HistoryEntry) -> dict[str, object]:
    return {name: getattr(one, name) for name in _COLUMNS} | {"at": one.at.isoformat()}


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
