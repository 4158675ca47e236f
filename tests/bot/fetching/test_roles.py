"""Furniture is known by its words, its shape and its place, and nothing is deleted."""

from __future__ import annotations

import re
import time
import tomllib
from importlib.resources import files
from typing import Any, Final

import pytest

from bot.fetching.roles import _LONGEST_LINE, Boilerplate, label_lines, load_boilerplate
from bot.model import BlockRole
from tests.bot.fetching.pages import PARAGRAPHS, by_role, read, report, role_of

TOLD: Final[dict[str, Any]] = tomllib.loads(
    files("bot.fetching").joinpath("boilerplate.toml").read_text("utf-8")
)
LISTS: Final = ("promo", "menu", "tail", "kept", "caption", "byline")


def says(patterns: Boilerplate, name: str, text: str) -> bool:
    pattern: re.Pattern[str] = getattr(patterns, name)
    how = {"promo": pattern.match, "menu": pattern.fullmatch}.get(name, pattern.search)
    return how(text) is not None


@pytest.mark.parametrize(
    ("name", "example"), [(name, each) for name in LISTS for each in TOLD[name]["examples"]]
)
def test_each_example_of_the_boilerplate_is_known_by_its_list(name: str, example: str) -> None:
    assert says(load_boilerplate(), name, example)


@pytest.mark.parametrize(
    ("name", "example"), [(name, each) for name in LISTS for each in TOLD[name]["counter"]]
)
def test_each_counter_example_is_left_alone_by_its_list(name: str, example: str) -> None:
    assert not says(load_boilerplate(), name, example)


@pytest.mark.parametrize("bit", [" ", "by ", "by A ", "(", "a@", "1", "a.", "on Twitter ", "Facebook ", "x|"])
def test_no_pattern_of_the_boilerplate_runs_away_on_the_longest_line_that_it_sees(bit: str) -> None:
    line = (bit * _LONGEST_LINE)[:_LONGEST_LINE]
    start = time.process_time()
    for name in LISTS:
        says(load_boilerplate(), name, line)
    assert time.process_time() - start < 0.2


def test_a_word_of_a_million_letters_is_read_at_once() -> None:
    start = time.process_time()
    read(report(f"<p>{'a@' * 500_000}</p>"))
    assert time.process_time() - start < 2


def test_every_name_of_a_class_has_one_role() -> None:
    names = [name for listed in TOLD["names"].values() for name in listed]
    assert sorted(names) == sorted(set(names))


# ── on a page ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("inside", "words", "role"),
    [
        ('<p class="wp-caption-text">The quay on Sunday morning</p>', "The quay", "caption"),
        ("<p>(Image: Harbour Press)</p>", "Harbour Press", "caption"),
        ("<p>Related: <a href='/x'>Five towns that moved</a></p>", "Five towns", "tail"),
        ("<p><a href='/x'>FIVE TOWNS THAT MOVED TO THE HILLS LAST YEAR</a></p>", "FIVE TOWNS", "tail"),
        ("<blockquote><p>We shall wait, said the union.</p></blockquote>", "We shall wait", "quote"),
        ("<h2>What the union says</h2>", "What the union says", "heading"),
        ("<ul><li>First the wall is mended.</li><li>Then the cranes.</li></ul>", "First the wall", "item"),
        ("<p><a href='/x'>The ministry said so in March.</a></p>", "The ministry said so", "body"),
    ],
)
def test_a_passage_among_paragraphs_is_what_it_looks_like(inside: str, words: str, role: str) -> None:
    assert role_of(read(report(inside)), words) == role


@pytest.mark.parametrize(
    ("after", "words", "role"),
    [
        ("<p>Follow Ana Roe on Twitter.</p>", "Follow Ana Roe", "tail"),
        ("<p>Subscribe to our newsletter and get the news every morning.</p>", "Subscribe", "tail"),
        ("<p>Additional reporting by Bo Lind</p>", "Bo Lind", "tail"),
        ("<p>Correction: an earlier version of this report gave a wrong date.</p>", "Correction", "body"),
        ("<p>This report was originally published by the Harbour Wire.</p>", "originally", "body"),
    ],
)
def test_what_stands_behind_the_report_is_boilerplate_unless_it_corrects_it(
    after: str, words: str, role: str
) -> None:
    assert role_of(read(report(after=after)), words) == role


def test_the_same_words_in_the_middle_are_the_report() -> None:
    assert (
        role_of(read(report("<p>The union asked its members to sign up for a newsletter.</p>")), "sign up")
        == "body"
    )


def test_a_heading_over_nothing_but_links_is_boilerplate() -> None:
    after = "<h3>From the archive</h3><p>Related: <a href='/a'>Five towns that moved to the hills</a></p>"
    assert role_of(read(report(after=after)), "From the archive") == "tail"


def test_a_byline_and_a_date_over_the_report_are_a_byline() -> None:
    page = report().replace("<div>", "<div><p>By Ana Roe</p><p>UPDATED: Tue., Nov. 19, 2031</p>", 1)
    assert by_role(read(page))[1:3] == [("byline", "By Ana Roe"), ("byline", "UPDATED: Tue., Nov. 19, 2031")]


def test_the_title_stands_first_and_once() -> None:
    roles = [role for role, _ in by_role(read(report()))]
    assert roles == ["title"] + ["body"] * len(PARAGRAPHS)


STORY = (
    "The quay of Dale was closed on Monday after a storm, the harbour master said, and nobody was hurt there."
)


@pytest.mark.parametrize("heading", ["Related posts:", "Related Stories", "More from the Harbour Post"])
def test_short_lines_under_a_heading_for_further_reading_are_no_report(heading: str) -> None:
    found = label_lines(
        [STORY, STORY, heading, "Five towns that moved to the hills", "If true, it is sad.", "Dale"]
    )
    assert found == [BlockRole.BODY] * 2 + [BlockRole.TAIL] * 4


@pytest.mark.parametrize("behind", [[STORY * 2], ["The wall fell.", "A guard was hurt.", "He left Dale."]])
def test_a_report_that_goes_on_behind_further_reading_is_the_report(behind: list[str]) -> None:
    assert label_lines([STORY, "Related stories:", *behind])[-1] is BlockRole.BODY


def test_a_bar_of_links_is_no_report() -> None:
    assert label_lines(["Privacy | Terms | Contact Us | Home", STORY])[0] is BlockRole.TAIL
    assert label_lines(["Venn said that it fell | it did not", STORY])[0] is BlockRole.BODY
