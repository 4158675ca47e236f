"""Passages that an extractor loses are put back."""

from __future__ import annotations

import pytest

from tests.bot.fetching.pages import TITLE, by_role, paragraphs, read, report, role_of


def test_a_subheading_that_is_no_heading_stays_where_it_stands() -> None:
    found = read(report('<div class="pf_subheadline">What the union says</div>'))
    assert [words for _, words in by_role(found)][3] == "What the union says"


def test_a_deck_that_the_description_repeats_stands_under_the_title() -> None:
    deck = "A storm has damaged the outer wall, and nobody knows who pays."
    above = f"<header><h1>{TITLE}</h1></header><div class=x><p class=y>{deck}</p></div>"
    page = f"{above}<article>{paragraphs()}</article>"
    found = read(page, f'<meta name="description" content="{deck}">')
    assert by_role(found)[1] == ("deck", deck[:40])


def test_a_correction_below_the_report_is_kept() -> None:
    notice = "<p>Correction: the storm came on Sunday, not on Monday.</p>"
    page = f'{report()}<footer class="article-footer">{notice}</footer>'
    assert role_of(read(page), "the storm came on Sunday") == "body"


@pytest.mark.parametrize(
    "around",
    [
        '<div id="comments"><div class="comment">{}</div></div>',
        '<section class="more"><div class="teaser">{}</div></section>',
        "<footer>{}</footer>",
    ],
)
def test_what_stands_outside_the_article_is_no_notice_of_it(around: str) -> None:
    notice = "<p>Correction: this report of the storm is unconfirmed, take care.</p>"
    page = report() + around.format(notice)
    assert "unconfirmed" not in read(page).text
