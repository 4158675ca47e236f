from __future__ import annotations

import string
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.errors import BadLink, NotALink, RefusedPort, RefusedScheme, RefusedUserinfo
from bot.fetching.links import find_links, parse_link
from bot.model import Link

A = "https://news.example/a"
B = "https://other.example/b"
C = "https://third.example/c"


def urls(text: str) -> list[str]:
    return [found.url for found in find_links(text)]


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "look: {}",
        "look:{}",
        "({})",
        "[{}]",
        "“{}”",
        '"{}"',
        "'{}'",
        "‘{}’",
        "«{}»",
        "{}.",
        "{}, and",
        "{}!",
        "{}?!",
        "{}…",
        "**{}**",
        "*{}*",
        "_{}_",
        "~~{}~~",
        "||{}||",
        "({}).",
        "(see {}, it rained)",
        "{}\nnext",
        "{}\u200b and",
        "看{}，然后",
        "看{}。然后",
        "（{}）",
        "[a headline]({})",
        '[a headline]({} "title")',
        "- {}",
        "> \n{}",
        "`code` {}",
        "```\ncode\n``` {}",
        "a ` alone {}",
        "```never closed {}",
        '<a href="{}">here</a>',
        "{}>",
        "{}<br>",
        "{}\\",
        "||open {}",
    ],
)
def test_what_stands_around_a_link_is_no_part_of_it(around: str) -> None:
    assert urls(around.format(A)) == [A]


@pytest.mark.parametrize(
    "text",
    [
        f"<{A}>",
        f"[words](<{A}>)",
        f"`{A}`",
        f"``{A} ` ``",
        f"```{A}```",
        f"```py\n{A}\n```",
        f"> {A}",
        f"  > {A}",
        f"hm\n> it said {A}",
        f">>> {A}",
        f"hm\n>>> it said\n\n{A}",
        f"> it said `\n> {A} `",
        "http://",
        "https://...",
        "http:// news.example",
        "news.example/a",
        "ftp://news.example/a",
        "view-source:https://news.example/a",
        "shttps://news.example/a",
        "mailto:a@news.example",
        "http://exa mple.com/",
        "http://user:word@news.example/",
        "http://news.example\\@127.0.0.1/",
        "http://news.example:22/",
        "http://127.0.0.1%00.news.example/",
        "https://news.example/" + "a" * 2048,
    ],
)
def test_what_is_no_link_is_ignored(text: str) -> None:
    assert urls(text) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://en.wiki.example/wiki/Rain_(weather)",
        "https://en.wiki.example/wiki/Rain_(weather)_(disambiguation)",
        "https://news.example/a?list[]=1&list[]=2",
        "https://news.example/a_b_c-d~e",
        "https://news.example/a,b;c",
        "https://news.example/a|b",
        "https://news.example/it's-raining",
        "https://news.example/~editor/rain=1",
        "https://news.example/@editor/rain",
        "https://web.archive.example/web/2026/https://news.example/a",
        "HTTPS://NEWS.EXAMPLE/A",
        "https://bücher.example/straße?q=größe",
        "https://пример.example/новости/дождь",
        "https://例え.example/ニュース",
        "https://xn--bcher-kva.example/a",
        "http://[2606:4700:4700::1111]/a",
        "http://93.184.216.34/a",
        "https://news.example",
        "https://news.example?id=1",
        "https://news.example/#top",
        "https://news.example:443/a",
        "https://news.example/%E2%80%9Crain%E2%80%9D",
    ],
)
def test_a_link_keeps_all_that_belongs_to_it(url: str) -> None:
    assert urls(f"see {url} now") == [url]
    assert urls(f"({url})") == [url]
    assert urls(f"**[words]({url})**") == [url]


def test_links_keep_their_order_and_repeated_stories_count_once() -> None:
    assert urls(f"{B} {A} {B}/?utm_source=chat#top http://www.other.example/b {C}") == [B, A, C]


def test_links_glued_by_a_comma_or_by_markdown_are_told_apart() -> None:
    assert urls(f"{A},{B};{C}") == [A, B, C]
    assert urls(f"[one]({A}),[two]({B})") == [A, B]
    assert urls(f"||{A}||{B}||{C}||") == [A, B, C]


def test_the_label_of_a_markdown_link_is_no_link_even_when_it_looks_like_one() -> None:
    assert urls(f"[{A}]({B})") == [B]


def test_a_python_prompt_in_a_code_block_quotes_nothing_after_it() -> None:
    assert urls(f"```\n>>> rain()\n```\n{A}") == [A]


def test_a_link_between_bars_is_spoilered_and_others_are_not() -> None:
    assert find_links(f"{A} ||secret {B} secret|| {C} || end") == (
        Link(A, "news.example/a"),
        Link(B, "other.example/b", spoiler=True),
        Link(C, "third.example/c"),
    )


def test_a_story_that_stands_in_a_spoiler_once_is_spoilered() -> None:
    assert find_links(f"{A} ||{A}||") == (Link(A, "news.example/a", spoiler=True),)


def test_bars_in_code_hide_nothing() -> None:
    assert find_links(f"`||` {A} `||`") == (Link(A, "news.example/a"),)


def test_links_to_this_machine_on_other_ports_are_for_a_developer_alone() -> None:
    text = "http://localhost:8000/a http://127.0.0.1:9/b http://news.example:8000/c"
    assert find_links(text) == ()
    assert [found.url for found in find_links(text, loopback=True)] == [
        "http://localhost:8000/a",
        "http://127.0.0.1:9/b",
    ]


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("", NotALink),
        ("rain", NotALink),
        ("news.example/a", NotALink),
        ("news.example:22/a", NotALink),
        ("note: it rained", NotALink),
        ("http://a b/", NotALink),
        ("http://news.example:port/", NotALink),
        ("http://\ud800.example/", NotALink),
        ("https://news.example/" + "a" * 2048, NotALink),
        ("mailto:editor@news.example", RefusedScheme),
        ("JavaScript:alert(1)", RefusedScheme),
        ("tg://resolve?domain=x", RefusedScheme),
        ("https://news.example:8443/", RefusedPort),
        ("https://news.example:" + "9" * 5000, NotALink),
        ("https://news.example:" + "9" * 900, RefusedPort),
        ("https://editor@news.example/", RefusedUserinfo),
        ("https://news.example/a\\b", RefusedUserinfo),
    ],
)
def test_a_given_address_that_is_refused_says_why(url: str, failure: type[BadLink]) -> None:
    with pytest.raises(failure):
        parse_link(url)


def test_a_given_address_may_have_blanks_around_it() -> None:
    assert parse_link(f" {A}\n") == Link(A, "news.example/a")


def test_a_mention_of_an_at_sign_after_the_host_is_no_userinfo() -> None:
    assert parse_link("https://news.example/@editor?to=a@b.example").key == snapshot(
        "news.example/@editor?to=a%40b.example"
    )


# ── properties ──────────────────────────────────────────────────────────────────────────────────────

SCRAPS = st.sampled_from(
    [A, B, C, "http://", "\n", " ", "\u200b", "](", "||", "```", "> ", ">>> ", *"[]()<>|`.,*_\\@:/?#“。é"]
)
MESSAGES = st.one_of(st.text(max_size=300), st.lists(SCRAPS, max_size=40).map("".join))
PATHS = st.text(string.ascii_letters + string.digits + "/-_=&äж", max_size=40).map(lambda path: f"/{path}x")


@given(MESSAGES)
def test_any_message_yields_links_that_stand_in_it_and_are_links_by_themselves(text: str) -> None:
    for found in find_links(text):
        assert found.url in text
        assert parse_link(found.url) == Link(found.url, found.key)


@given(MESSAGES)
def test_no_link_ends_with_punctuation(text: str) -> None:
    assert not any(found.url.endswith(tuple(".,:;!?*_~'’|\"“”»>\\…")) for found in find_links(text))
    assert all(found.url.count(")") <= found.url.count("(") for found in find_links(text))


@given(PATHS, st.sampled_from(["({})", "**{}**", "||{}||", "“{}”", "[words]({})", "{}.", "_{}_,", "看{}，"]))
def test_any_address_is_found_whole_in_what_people_put_around_it(path: str, around: str) -> None:
    url = f"https://news.example{path}"
    assert urls(around.format(url)) == [url]


@given(st.text(st.characters(exclude_characters="`"), max_size=50))
def test_nothing_in_code_is_a_link(text: str) -> None:
    assert urls(f"`{text} {A} {text}`") == []


JUNK = {
    "commas": "http://a.example/" + "," * 70_000,
    "closing brackets": "http://a.example/" + ")" * 70_000,
    "opening brackets": "[(" * 35_000,
    "starts": "http://" * 10_000,
    "starts in brackets": "http://a)" * 8_000,
    "starts after angles": "<http://a" * 8_000,
    "backticks": "` `` ``` " * 8_000,
    "bars": "||" * 35_000,
    "quotes": "> \n" * 23_000,
    "blanks": " " * 70_000,
    "labels": "https://" + "a." * 35_000,
    "umlauts": "https://" + "ü" * 70_000,
    "umlauts, short enough": "https://" + "ü" * 2_000,
    "dots": "https://a.example/." + "." * 70_000,
    "climbing": "https://a.example/" + "../" * 600,
    "one long link": "https://a.example/" + "a" * 70_000,
    "many links": "https://a.example/1 " * 3_500,
}


@pytest.mark.parametrize("text", JUNK.values(), ids=JUNK.keys())
def test_seventy_thousand_characters_of_junk_are_read_in_less_than_a_second(text: str) -> None:
    started = process_time()
    find_links(text)
    assert process_time() - started < 1
