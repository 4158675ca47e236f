"""What a page says of itself as JSON-LD."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetching.metadata import PageMetadata
from tests.bot.fetching.pages import URL, about, ld


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"name": "Ana Roe"}, ("Ana Roe",)),
        ([{"name": "By Ana Roe"}, {"name": "Bo Lind"}, {"name": "Ana Roe"}], ("Ana Roe", "Bo Lind")),
        ("Ana Roe", ("Ana Roe",)),
        ({"@id": "#ana"}, ("Ana Roe",)),
        ({"name": "https://post.example/ana"}, ()),
        ({"name": "Harbour Post"}, ()),
        ({"name": "x" * 10_000}, ()),
        (None, ()),
    ],
)
def test_authors_are_the_people_that_json_ld_names(author: Any, names: tuple[str, ...]) -> None:
    person = {"@type": "Person", "@id": "#ana", "name": "Ana Roe"}
    news = {"@type": "NewsArticle", "author": author, "publisher": {"name": "Harbour Post"}}
    assert about(head=ld({"@graph": [news, person]})).authors == names


def test_the_article_of_json_ld_is_the_one_with_the_address_of_the_page() -> None:
    other = {"@type": "NewsArticle", "url": "https://post.example/other", "headline": "Other news"}
    this = {"@type": "NewsArticle", "mainEntityOfPage": {"@id": URL}, "headline": "Port closed"}
    assert about(head=ld([other, this]), title="x").title == "Port closed"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                """@type @id @graph headline author publisher name datePublished url mainEntityOfPage
                wordCount hasPart cssSelector isAccessibleForFree text""".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_json_breaks_the_reading_of_what_a_page_states(value: Any) -> None:
    article = {"@type": "NewsArticle", **value} if isinstance(value, dict) else value
    assert isinstance(about(head=ld(value, article)), PageMetadata)


def test_broken_json_is_passed_over() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
    assert about(head=broken + ld({"@type": "NewsArticle", "datePublished": "2031-02-10"})).published == date(
        2031, 2, 10
    )


def test_half_a_sign_and_nul_are_no_text() -> None:
    found = about(head=ld({"@type": "NewsArticle", "publisher": {"name": "Dale \ud83d\x00Courier"}}))
    assert found.outlet == "Dale Courier"
