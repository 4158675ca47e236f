from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadLink
from bot.fetching.dedup_keys import get_registrable_domain, make_dedup_key, make_story_key

STORY = "https://news.example/world/rain-in-town?id=7"
KEY = "news.example/world/rain-in-town?id=7"


@pytest.mark.parametrize(
    "same",
    [
        "http://news.example/world/rain-in-town?id=7",
        "https://NEWS.example./world/rain-in-town?id=7",
        "https://www.news.example/world/rain-in-town?id=7",
        "https://m.news.example/world/rain-in-town?id=7",
        "https://mobile.news.example/world/rain-in-town?id=7",
        "https://amp.news.example/world/rain-in-town?id=7",
        "https://www.m.news.example/world/rain-in-town?id=7",
        "https://news.example:443/world/rain-in-town?id=7",
        "http://news.example:80/world/rain-in-town/?id=7",
        "https://news.example/world/rain-in-town?id=7#comments",
        "https://news.example/./sport/../world/rain-in-town?id=7",
        "https://news.example/world/%72ain%2Din-town?id=7",
        "https://news.example/world/rain-in-town/amp?id=7",
        "https://news.example/world/rain-in-town/amp/?id=7",
        "https://news.example/world/rain-in-town.amp?id=7",
        "https://news.example/amp/world/rain-in-town?id=7",
        "https://news.example/world/rain-in-town?amp&id=7",
        "https://news.example/world/rain-in-town?amp=1&id=7",
        "https://news.example/world/rain-in-town?outputType=amp&id=7",
        "https://news.example/world/rain-in-town;jsessionid=A1B2?id=7",
        "https://news.example/world/rain-in-town?utm_source=x&id=7&utm_medium=y",
        "https://news.example/world/rain-in-town?id=7&fbclid=IwAR&gclid=x&msclkid=y&igshid=z",
        "https://news.example/world/rain-in-town?id=7&at_medium=RSS&at_campaign=KARANGA&smid=tw-share",
        "https://news.example/world/rain-in-town?id=7&CMP=share_btn_tw&ref=home&xtor=RSS-1",
        "https://news.example/world/rain-in-town?id=7&cid=ios_app&gad_source=1&source=chat",
        "https://www.google.com/url?sa=t&q=https%3A%2F%2Fnews.example%2Fworld%2Frain-in-town%3Fid%3D7",
        "https://www.google.co.uk/url?url=https%3A%2F%2Fnews.example%2Fworld%2Frain-in-town%3Fid%3D7",
        "https://www.google.com/amp/s/news.example/world/rain-in-town%3fid=7",
        "https://www.google.com/amp/s/amp.news.example/amp/world/rain-in-town?id=7",
        "https://news-example.cdn.ampproject.org/c/s/news.example/world/rain-in-town?id=7",
        "https://news-example.cdn.ampproject.org/v/s/news.example/world/rain-in-town?id=7&usqp=x&amp_js_v=0.1",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fworld%2Frain-in-town%3Fid%3D7&h=x",
        "https://www.google.com/url?q=https://l.facebook.com/l.php?u%3Dhttp://news.example/world/rain-in-town%253Fid%253D7",
    ],
)
def test_one_story_has_one_key_however_its_address_is_spelled(same: str) -> None:
    assert make_dedup_key(STORY) == KEY
    assert make_dedup_key(same) == KEY


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/world/rain-in-town?id=8",
        "https://news.example/world/rain-in-town?id=7&page=2",
        "https://news.example/world/rain-in-town",
        "https://news.example/world/Rain-In-Town?id=7",
        "https://news.example/sport/rain-in-town?id=7",
        "https://sport.news.example/world/rain-in-town?id=7",
        "https://news.example.org/world/rain-in-town?id=7",
        "https://www.google.com/search?q=https://news.example/world/rain-in-town?id=7",
        "https://google.example/url?q=https://news.example/world/rain-in-town?id=7",
        "https://ampproject.example/c/s/news.example/world/rain-in-town?id=7",
    ],
)
def test_another_story_has_another_key(other: str) -> None:
    assert make_dedup_key(other) != KEY


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("?cid=1001", "?cid=1002"),
        ("?uid=1001", "?uid=1002"),
        ("?gallery=rain", "?gallery=snow"),
        ("?game=rain", "?game=snow"),
        ("?reference=1", "?reference=2"),
        ("?1001", "?1002"),
        ("?a=%ff", "?a=%fe"),
        ("?q=", "?"),
        ("/wiki/amp", "/wiki"),
        ("/amp", "/"),
        ("/a%2Fb", "/a/b"),
        ("//a", "/a"),
    ],
)
def test_what_may_name_an_article_stays_in_its_key(one: str, two: str) -> None:
    assert make_dedup_key(f"https://news.example{one}") != make_dedup_key(f"https://news.example{two}")


def test_a_key_keeps_the_order_of_its_parameters_out_of_it() -> None:
    assert (
        make_dedup_key("https://news.example/?b=2&a=1&a=0")
        == make_dedup_key("https://news.example?a=0&a=1&b=2")
        == "news.example?a=0&a=1&b=2"
    )


def test_the_key_of_a_foreign_name_is_the_name_system_s_spelling() -> None:
    assert make_dedup_key("https://www.BÜCHER.example/ä") == make_dedup_key(
        "http://xn--bcher-kva.example/%c3%a4"
    )


def test_a_key_is_no_address_so_nothing_can_fetch_it() -> None:
    with pytest.raises(BadLink):
        make_dedup_key(make_dedup_key(STORY))


@pytest.mark.parametrize("host", ["m.com", "amp.com", "www.gov.uk", "m.co.uk", "mobile.de"])
def test_a_name_that_is_itself_a_domain_is_not_cut(host: str) -> None:
    assert make_dedup_key(f"https://{host}/a-1") == f"{host}/a-1"


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_key_of_any_link_is_the_same_under_any_scheme_host_prefix_and_fragment(
    path: str, query: str
) -> None:
    rest = f"/{path}?{query}".replace("#", "")
    try:
        plain = make_dedup_key(f"http://news.example{rest}")
    except BadLink:
        return
    assert make_dedup_key(f"https://www.news.example:443{rest}#top") == plain


# ── the page's own word ─────────────────────────────────────────────────────────────────────────────

FOUND = "https://m.news.example/story/7?ref=app"


@pytest.mark.parametrize(
    "stated",
    [
        "https://news.example/world/rain-in-town",
        "http://www.news.example/world/rain-in-town/?utm_source=canonical",
    ],
)
def test_a_page_may_name_its_story_within_its_own_domain(stated: str) -> None:
    assert make_story_key(FOUND, stated) == "news.example/world/rain-in-town"


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "",
        "/world/rain-in-town",
        "rain",
        "javascript:alert(1)",
        "https://victim.example.org/world/rain-in-town",
        "https://news.example.org/world/rain-in-town",
        "https://evilnews.example/world/rain-in-town",
        "https://news.example",
        "https://www.news.example/",
        "https://news.example/index.html",
        "https://news.example/home",
        "https://user@news.example/world/rain-in-town",
        "https://news.example:8443/world/rain-in-town",
        "http://127.0.0.1/world/rain-in-town",
        "http://localhost/world/rain-in-town",
        "http://93.184.216.34/world/rain-in-town",
    ],
)
def test_a_page_may_not_name_another_site_s_story_or_a_front_page(stated: str | None) -> None:
    assert make_story_key(FOUND, stated) == make_dedup_key(FOUND)


def test_two_blogs_on_one_host_for_blogs_are_two_sites() -> None:
    assert get_registrable_domain("one.blogspot.com") != get_registrable_domain("two.blogspot.com")
    assert (
        make_story_key("https://one.blogspot.com/a-1", "https://two.blogspot.com/a-1")
        == "one.blogspot.com/a-1"
    )


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("a.b.news.example", "news.example"),
        ("localhost", "localhost"),
        ("93.184.216.34", "93.184.216.34"),
        ("::1", "::1"),
    ],
)
def test_a_site_is_what_one_owner_registered(host: str, domain: str) -> None:
    assert get_registrable_domain(host) == domain
