from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadLink, NotALink
from bot.fetching.url_validation import Target, parse_target


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("HTTP://News.Example", Target("http", "news.example", 80, "/")),
        ("https://news.example?q#f", Target("https", "news.example", 443, "/?q")),
        ("http://news.example:443/a", Target("http", "news.example", 443, "/a")),
        ("https://news.example:/a", Target("https", "news.example", 443, "/a")),
        ("https://news.example./a", Target("https", "news.example", 443, "/a")),
        ("https://bücher.example/ä", Target("https", "xn--bcher-kva.example", 443, "/ä")),
        ("https://straße.example/", Target("https", "xn--strae-oqa.example", 443, "/")),
        ("https://☃.example/", Target("https", "xn--n3h.example", 443, "/")),
        ("http://[2606:4700::1111]:80/", Target("http", "2606:4700::1111", 80, "/")),
        ("http://0x5db8d822/", Target("http", "93.184.216.34", 80, "/")),
        ("http://a_b.example/", Target("http", "a_b.example", 80, "/")),
    ],
)
def test_an_address_is_taken_apart_as_browsers_do(url: str, there: Target) -> None:
    assert parse_target(url) == there


def test_a_target_is_asked_for_without_what_goes_without_saying() -> None:
    assert parse_target("HTTPS://News.Example:443#top").url == "https://news.example/"
    assert parse_target("http://[2606:4700::1111]:443/a?b").url == "http://[2606:4700::1111]:443/a?b"


@pytest.mark.parametrize("url", ["http://[fe80::1%25lo]/", "http://[::ffff:10.0.0.1]/"])
def test_addresses_that_may_not_be_dialled_are_still_links(url: str) -> None:
    assert ":" in parse_target(url).host


@pytest.mark.parametrize(
    "url", ["http://[1.2.3.4]/", "http://[rain]/", "http://a[::1]/", "http://news.1/", "http://0x/"]
)
def test_numbers_in_the_wrong_place_are_no_links(url: str) -> None:
    with pytest.raises(NotALink):
        parse_target(url)


@given(st.text())
def test_any_text_is_a_target_or_a_bad_link(text: str) -> None:
    for url in (text, f"http://{text}", f"https://news.example/{text}"):
        try:
            assert parse_target(parse_target(url).url) == parse_target(url)
        except BadLink:
            continue
