from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.room_settings.domains import LONGEST, is_within, normalize_host, parse_domain


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("harbour.example", "harbour.example"),
        (" Harbour.EXAMPLE ", "harbour.example"),
        ("harbour.example.", "harbour.example"),
        ("https://harbour.example/", "harbour.example"),
        ("HTTP://www.harbour.example", "harbour.example"),
        ("www.www.harbour.example", "harbour.example"),
        ("www.com", "www.com"),
        ("*.harbour.example", "harbour.example"),
        (".harbour.example", "harbour.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("ｈａｒｂｏｕｒ．example", "harbour.example"),
        ("☃.net", "xn--n3h.net"),
    ],
)
def test_a_domain_is_kept_in_one_spelling(written: str, kept: str) -> None:
    assert parse_domain(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "harbour",
        "harbour.example/sport",
        "https://harbour.example/?a=b",
        "harbour.example:80",
        "me@harbour.example",
        "192.0.2.7",
        "[2001:db8::1]",
        "harbour..example",
        "-harbour.example",
        "harbour .example",
        "ftp://harbour.example",
        "a" * 64 + ".example",
        ("a" * 30 + ".") * 4 + "example",
        "é" * 90 + ".example",
        "\ud800.example",
    ],
)
def test_what_is_no_domain_or_says_more_is_none(written: str) -> None:
    assert parse_domain(written) is None


def test_the_longest_domain_is_one_and_a_longer_one_is_none() -> None:
    longest = ("a" * 45 + ".") * 2 + "example."[:7] + "x"
    assert len(longest) == LONGEST
    assert parse_domain(longest) == longest
    assert parse_domain("b" + longest) is None


@given(st.text())
def test_a_kept_domain_is_kept_as_it_is(written: str) -> None:
    kept = parse_domain(written)
    assert kept is None or parse_domain(kept) == kept


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://News.Harbour.example:443/a?b", "news.harbour.example"),
        ("http://bücher.example./", "xn--bcher-kva.example"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("http://[bad/", ""),
        ("no address", ""),
    ],
)
def test_an_address_has_its_host_in_the_same_spelling(url: str, name: str) -> None:
    assert normalize_host(url) == name


def test_what_lies_under_a_domain_is_within_it_and_its_namesakes_are_not() -> None:
    assert is_within("harbour.example", {"harbour.example"})
    assert is_within("news.harbour.example", {"quay.example", "harbour.example"})
    assert not is_within("oldharbour.example", {"harbour.example"})
    assert not is_within("example", {"harbour.example"})
    assert not is_within("", {"harbour.example"})


def test_a_host_beyond_all_length_takes_no_time_to_spell() -> None:
    began = process_time()
    assert normalize_host("https://" + "é" * 200_000 + ".example/").startswith("é")
    assert process_time() - began < 0.5
