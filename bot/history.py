"""The history of a room's answers: entries, their search, and their export.

An entry says nothing of the asker. Searching is by the beginnings of words, whatever their case and accents;
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

from bot.hosts import get_site_name
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
    """An answer about one link, and the findings in figures. `place` is its address on the platform, or
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
    """A search. Words that begin so, in titles, outlets, domains and names of sources; a
    domain or one below it; only flagged ones."""

    text: str = ""
    domain: str | None = None
    flagged: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(word[:LONGEST_TERM] for word in split_words(self.text)[:MOST_TERMS])

    @property
    def futile(self) -> bool:
        """Something was typed, and there is no word in it."""
        return bool(self.text.strip()) and not self.terms


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of entries, newest first, and how many there are in all."""

    entries: tuple[HistoryEntry, ...]
    total: int


def split_words(text: str) -> list[str]:
    """Return the words of a text: small letters without accents, and digits."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall(plain.casefold())


def make_entry(
    kept: StoredReport, key: str, at: datetime, *, spoiler: bool = False, place: str | None = None
) -> HistoryEntry:
    """Make an entry of an answer about a report."""
    report = kept.report
    article = report.article
    return HistoryEntry(
        at=at,
        key=key,
        url=article.url,
        domain=get_site_name(article.url),
        title=article.title or (report.claim.statement.text if report.claim else ""),
        outlet=article.outlet or "",
        flagged=report.claim is not None and report.claim.unconfirmed,
        sources=sum(source.named for source in report.sources),
        hedges=len(report.hedges),
        pasted=article.pasted,
        spoiler=spoiler,
        place=place,
    )


def make_search_text(one: HistoryEntry, report: Report) -> str:
    """Return the text that a search looks through, as words with a space between."""
    names = (source.name.text for source in report.sources)
    return " ".join(split_words(" ".join((one.title, one.outlet, one.domain, *names))))[:LONGEST_WORDS]


# ── as a file ───────────────────────────────────────────────────────────────────────────────────────

_COLUMNS: Final = ("at", "domain", "outlet", "title", "url", "flagged", "sources", "hedges", "pasted")


def export_json(entries: Iterable[HistoryEntry]) -> str:
    """Export entries as a list of objects, newest first."""
    return json.dumps([_row(one) for one in entries], ensure_ascii=False, indent=1) + "\n"


def export_csv(entries: Iterable[HistoryEntry]) -> str:
    """Export entries as a table with a head. A formula for a spreadsheet is made text."""
    out = io.StringIO()
    table = csv.DictWriter(out, _COLUMNS)
    table.writeheader()
    for one in entries:
        row = _row(one)
        formulas = {
            name for name, value in row.items() if isinstance(value, str) and value.startswith(_FORMULA)
        }
        table.writerow({name: f"'{value}" if name in formulas else value for name, value in row.items()})
    return out.getvalue()


def _row(one: HistoryEntry) -> dict[str, object]:
    return {name: getattr(one, name) for name in _COLUMNS} | {"at": one.at.isoformat()}
