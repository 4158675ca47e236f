from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.room_settings.link_filter import load_default_entries, matches, parse_entry


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.gg/abc",
        "https://discord.com/invite/abc",
        "https://lists.harbour.example/unsubscribe.php?u=5",
        "https://harbour.example/Password-Reset/x",
        "https://harbour.example/sign-in",
        "https://harbour.example/read?id=7&Token=abc",
        "https://harbour.example/read#access_token=abc",
        "https://docs.google.com/document/d/1",
        "https://www.amazon.de/dp/1",
        "https://m.youtube.com/watch?v=1",
        "https://i.imgur.com/a.png",
        "https://top.gg/bot/1",
    ],
)
def test_a_link_that_looks_private_or_leads_to_no_article_is_on_the_usual_list(url: str) -> None:
    assert matches(url, load_default_entries())


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/news/the-great-reset",
        "https://harbour.example/news/login-trouble-at-the-port",
        "https://harbour.example/2026/05/invite-only-dinner?ref=token",
        "https://harbour.example/token",
        "https://myamazon.example/a",
        "https://google.com/a",
        "http://[bad/",
        "",
    ],
)
def test_an_ordinary_article_is_not(url: str) -> None:
    assert not matches(url, load_default_entries())


def test_every_entry_of_the_usual_list_is_spelled_as_it_is_compared() -> None:
    assert {parse_entry(one) for one in load_default_entries()} == load_default_entries()


@pytest.mark.parametrize("written", ["/", "?", "/a/b", "/a b", "harbour", "/ü", "//", "/" + "a" * 100])
def test_what_is_no_entry_is_none(written: str) -> None:
    assert parse_entry(written) is None


def test_a_spared_domain_takes_itself_alone_out_of_the_list() -> None:
    spared = {"clips.video.example"}
    assert not matches("https://clips.video.example/1", {"video.example", "/reset"}, spared)
    assert matches("https://video.example/1", {"video.example", "/reset"}, spared)
    assert matches("https://clips.video.example/reset", {"video.example", "/reset"}, spared)


def test_a_spared_part_is_spared_everywhere_but_on_a_held_back_domain() -> None:
    assert not matches("https://harbour.example/shop", {"/shop"}, {"/shop"})
    assert matches("https://shop.example/shop", {"/shop", "shop.example"}, {"/shop"})


@given(st.text(), st.text())
def test_any_words_are_judged_without_an_error(url: str, written: str) -> None:
    assert matches(url, load_default_entries()) in (True, False)
    kept = parse_entry(written)
    assert kept is None or parse_entry(kept) == kept
