"""What a page states is found where it is stated; what it does not state is None."""

from __future__ import annotations

from datetime import date

import pytest

from bot.fetching.metadata import PageMetadata
from tests.bot.fetching.pages import about, ld


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def where(found: PageMetadata) -> dict[str, str]:
    return dict(found.stated_in)


# ── title ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_heading_that_the_title_element_repeats_is_the_title() -> None:
    found = about(
        "<h1>Harbour Post</h1><h1>Harbour  stays <b>closed</b></h1>",
        title="Harbour stays closed - Harbour Post",
    )
    assert (found.title, where(found)["title"]) == ("Harbour stays closed", "h1")


def test_the_name_of_the_site_is_no_title() -> None:
    found = about(
        "<h1>Harbour Post</h1>", meta("og:site_name", "Harbour Post") + meta("og:title", "Port closed")
    )
    assert (found.title, where(found)["title"]) == ("Port closed", "og:title")


def test_without_a_heading_that_agrees_json_ld_comes_before_og() -> None:
    head = ld({"@type": "NewsArticle", "headline": "Port &amp; town closed"}) + meta("og:title", "Closed!")
    found = about("<h1>Menu</h1>", head, title="Welcome")
    assert (found.title, where(found)["title"]) == ("Port & town closed", "json-ld")


def test_a_heading_with_most_words_of_the_title_is_the_title() -> None:
    found = about(
        "<h1>High School Roundup: Viera beats Rockledge</h1>", title="HS Roundup: Viera beats Rockledge"
    )
    assert found.title == "High School Roundup: Viera beats Rockledge"


def test_the_title_element_alone_gives_its_first_part() -> None:
    found = about(title="Port closed | Harbour Post")
    assert (found.title, where(found)["title"]) == ("Port closed", "title")


def test_a_title_that_nobody_wrote_is_cut_at_a_word() -> None:
    found = about(title="word " * 100_000).title
    assert found is not None
    assert len(found) <= 400
    assert found.endswith("word")


# ── people, outlet, date ────────────────────────────────────────────────────────────────────────────


def test_an_author_is_taken_from_meta_when_json_ld_names_none() -> None:
    found = about(head=meta("article:author", "https://social.example/ana") + meta("author", "Ana Roe"))
    assert (found.authors, where(found)["authors"]) == (("Ana Roe",), "author")


def test_the_outlet_is_a_name_and_no_address_or_handle() -> None:
    assert about(head=meta("og:site_name", "@harbourpost")).outlet == "harbourpost"
    publisher = ld({"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": "Harbour Post"}})
    found = about(head=meta("og:site_name", "https://post.example") + publisher)
    assert (found.outlet, where(found)["outlet"]) == ("Harbour Post", "json-ld")


DAY = date(2031, 2, 10)
NEWS = {"@type": "NewsArticle", "datePublished": "2031-02-10T23:30:00-05:00"}
FIRST, SECOND = "<time datetime=2031-02-01>a</time>", "<time datetime=2031-02-10>b</time>"


@pytest.mark.parametrize(
    ("head", "body", "day", "place"),
    [
        (ld(NEWS), "", DAY, "json-ld"),
        (meta("article:published_time", "2031-02-10T12:00:00Z"), "", DAY, "article:published_time"),
        (meta("pubdate", "20310210"), "", DAY, "pubdate"),
        (meta("date", "Mon, 10 Feb 2031 08:00:00 GMT"), "", DAY, "date"),
        ("", SECOND, DAY, "time"),
        ("", FIRST + SECOND.replace("datetime", "itemprop=datePublished datetime"), DAY, "time"),
        ("", FIRST + SECOND, None, None),
        (meta("article:published_time", "yesterday"), "", None, None),
        (meta("article:published_time", "2031-13-40"), "", None, None),
        ("", "<p>Published 10 February 2031</p>", None, None),
    ],
)
def test_a_day_is_shown_only_where_it_is_stated(
    head: str, body: str, day: date | None, place: str | None
) -> None:
    found = about(body, head)
    assert (found.published, where(found).get("published")) == (day, place)


# ── addresses, language, access ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://wire.example/story", True),
        ("https://wire.example/", False),
        ("http://127.0.0.1/admin", False),
        ("http://localhost/x", False),
        ("http://[::1]/x", False),
        ("http://[broken/x", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_canonical_address_names_a_page_of_a_named_site(href: str, kept: bool) -> None:  # noqa: FBT001  # a table
    assert about(head=f'<link rel="canonical" href="{href}">').canonical_url == (href if kept else None)


@pytest.mark.parametrize(
    ("lang", "language"), [("en-US", "en"), ("PT_br", "pt"), ("", None), ("{{lang}}", None)]
)
def test_the_language_is_what_the_root_says(lang: str, language: str | None) -> None:
    assert about(lang=f' lang="{lang}"').language == language


def test_what_is_not_free_is_told_with_its_classes() -> None:
    paid = {"@type": "NewsArticle", "isAccessibleForFree": "False", "hasPart": {"cssSelector": ".premium"}}
    assert about(head=ld(paid)).paid == ("premium",)
    assert about(head=ld({"@type": "NewsArticle", "isAccessibleForFree": True})).paid is None
