from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Anchor, Article, Original
from bot.reading.originals import site
from bot.reading.report import report
from tests.bot.reading.texts import article


def linked(text: str, words: str, url: str, **stated: str) -> Article:
    plain = article(text)
    at = text.index(words)
    anchored = replace(
        plain, links=(Anchor(url, plain.cut(at, at + len(words))),), url="https://dale.example/news/1"
    )
    return replace(anchored, canonical_url=stated.get("canonical_url"))


def test_a_link_on_the_speaker_is_tied_to_it() -> None:
    found = report(linked("Mara Venn said it fell.", "Mara Venn", "https://town.example/statement"))
    assert [(o.url, o.source_id) for o in found.originals] == [("https://town.example/statement", 0)]
    assert found.sources[0].originals == found.originals


def test_a_link_to_a_host_named_after_a_source_is_tied_to_it() -> None:
    found = report(
        linked("The Courier reported that it fell. Read it here now.", "here", "https://courier.example/a/1")
    )
    assert [o.source_id for o in found.originals] == [0]


@pytest.mark.parametrize(
    "url",
    [
        "https://dale.example/older-story",
        "https://www.dale.example/older-story",
        "https://other.example/tag/bridges",
        "https://other.example/",
        "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://twitter.com/intent/tweet?text=x",
    ],
)
def test_links_that_lead_to_no_original_are_left_out(url: str) -> None:
    assert report(linked("Mara Venn said it fell.", "said", url)).originals == ()


def test_a_canonical_address_on_another_site_is_an_original() -> None:
    found = report(
        linked("It fell.", "fell", "https://dale.example/x", canonical_url="https://wire.example/story")
    )
    assert found.originals == (Original("https://wire.example/story", None, None),)


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://www.news.example/a", "news.example"), ("https://a.b.co.uk/x", "b.co.uk"), ("mailto:a@b", "")],
)
def test_a_site_is_what_a_publisher_registers(url: str, expected: str) -> None:
    assert site(url) == expected


def test_a_link_whose_words_are_a_source_is_tied_to_it() -> None:
    text = "The Dale Courier reported that it fell. Read the Courier here."
    at = text.rindex("Courier")
    plain = article(text)
    linked_twice = replace(
        plain, links=(Anchor("https://dc.example/1", plain.cut(at, at + 7)),), url="https://x.example/1"
    )
    assert [o.source_id for o in report(linked_twice).originals] == [0]


def test_what_a_page_calls_a_link_and_is_none_breaks_nothing() -> None:
    assert report(linked("Mara Venn said it fell.", "Mara Venn", "http://[::1")).originals == ()
