from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.history import (
    LONGEST_TERM,
    MOST_TERMS,
    HistoryEntry,
    Query,
    export_csv,
    export_json,
    make_entry,
    make_search_text,
    split_words,
)
from bot.ports import StoredReport
from tests.bot.written import bridge, plain

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)


def one(title: str = "The bridge", url: str | None = "https://www.courier.example/a") -> HistoryEntry:
    return HistoryEntry(AT, "courier.example/a", url, "courier.example", title, "Dale Courier", True, 2, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Bridge at Dale", ["the", "bridge", "at", "dale"]),
        ("Café Müller", ["cafe", "muller"]),
        ("e-mail, 7:30 & so_on", ["e", "mail", "7", "30", "so", "on"]),
        ("' OR 1=1 --", ["or", "1", "1"]),
        ("👍 🎉", []),
        ("", []),
        ("Привет 東京", ["привет", "東京"]),
    ],
)
def test_words_are_small_letters_without_accents_and_marks(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_a_query_has_a_bound_number_of_bound_terms() -> None:
    terms = Query("x" * 500 + " y" * 50).terms
    assert len(terms) == MOST_TERMS
    assert max(map(len, terms)) == LONGEST_TERM


@pytest.mark.parametrize(
    ("text", "futile"), [("👍", True), ("…", True), ("", False), ("  ", False), ("a", False)]
)
def test_a_search_without_a_word_is_futile(text: str, futile: bool) -> None:  # noqa: FBT001  # a case
    assert Query(text).futile is futile


def test_an_entry_counts_what_was_found_and_names_nobody() -> None:
    report = bridge()
    found = make_entry(StoredReport(report, AT), "courier.example/a", AT, place="77")
    assert (found.title, found.outlet) == (report.article.title or "", report.article.outlet or "")
    assert found.sources == sum(source.named for source in report.sources)
    assert found.hedges == len(report.hedges)
    assert found.place == "77"


def test_a_text_without_a_title_is_called_by_its_claim() -> None:
    report = plain(pasted=True)
    untitled = replace(report, article=replace(report.article, title=None))
    assert make_entry(StoredReport(untitled, AT), "", AT).title == "The old bridge reopened on Monday"
    assert make_entry(StoredReport(replace(untitled, claim=None), AT), "", AT).title == ""


def test_names_of_sources_can_be_searched() -> None:
    report = bridge()
    assert report.sources
    words = make_search_text(one(), report).split()
    assert set(split_words(report.sources[0].name.text)) <= set(words)
    assert "courier" in words


@pytest.mark.parametrize("title", ["=1+1", "+cmd", "-2", "@x", "\tx"])
def test_a_spreadsheet_runs_nothing_of_a_title(title: str) -> None:
    row = next(csv.DictReader(io.StringIO(export_csv([one(title)]))))
    assert row["title"] == f"'{title}"


def test_a_file_has_what_was_answered_and_nobody_who_asked() -> None:
    (row,) = json.loads(export_json([one()]))
    assert row == {
        "at": "2026-11-26T12:00:00+00:00",
        "domain": "courier.example",
        "outlet": "Dale Courier",
        "title": "The bridge",
        "url": "https://www.courier.example/a",
        "flagged": True,
        "sources": 2,
        "hedges": 3,
        "pasted": False,
    }


@given(st.text())
def test_any_title_survives_the_table(title: str) -> None:
    written = export_csv([one(title)])
    row = next(csv.DictReader(io.StringIO(written, newline="")))
    assert row["title"].removeprefix("'") == title.removeprefix("'") or row["title"] == title
