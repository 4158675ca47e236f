"""A page becomes one text, with blocks and links at their places, and nothing that it does not state."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import CannotRead
from bot.fetching.article import extract_article
from bot.model import Article, Page
from tests.bot.fetching.pages import (
    PARAGRAPHS,
    TITLE,
    URL,
    by_role,
    fetched,
    html,
    paragraphs,
    read,
    report,
)

PAGES: Final = Path(__file__).parents[4] / "shared" / "eval" / "pages"


def is_whole(found: Article) -> bool:
    """Blocks part the text at blank lines, and every link is its own words at its own place."""
    parts = "\n\n".join(found.text[block.start : block.end] for block in found.blocks)
    return parts == found.text and all(
        found.text[link.anchor.start : link.anchor.end] == link.anchor.text for link in found.links
    )


# ── one text ────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_is_its_title_and_its_paragraphs() -> None:
    assert read(report()).text == "\n\n".join([TITLE, *PARAGRAPHS])


def test_a_title_that_only_the_head_states_stands_first_all_the_same() -> None:
    found = read(paragraphs(), '<meta property="og:title" content="Harbour closed, again">')
    assert (found.blocks[0].role.value, found.text.splitlines()[0]) == ("title", "Harbour closed, again")


def test_the_address_may_be_missing() -> None:
    found = read(report("<p>Read <a href='/x'>the ministry’s letter</a> on the closing.</p>"), url=None)
    assert (found.url, found.links) == (None, ())


def test_a_saved_page_without_its_address_is_read_without_one() -> None:
    assert extract_article(Page("", html(report()).encode())).url is None


def test_links_are_whole_and_lead_only_to_the_web() -> None:
    inside = (
        "<p>A <a href='/letter'>ministry’s  letter</a>, seen by <a href='https://wire.example/1'>a wire</a>,"
        " says so: <a href='javascript:alert(1)'>read it</a>, <a href='mailto:ana@post.example'>write</a>,"
        " <a href='#top'>go up</a>.</p>"
    )
    assert [(link.anchor.text, link.url) for link in read(report(inside)).links] == [
        ("ministry’s letter", "https://post.example/letter"),
        ("a wire", "https://wire.example/1"),
        ("go up", f"{URL}#top"),
    ]


# ── what an extractor loses ─────────────────────────────────────────────────────────────────────────


def test_hidden_words_are_not_read() -> None:
    assert (
        "mayor resigned"
        not in read(report('<p style="display: none">The mayor resigned, it is said.</p>')).text
    )


# ── any page ────────────────────────────────────────────────────────────────────────────────────────

BITS = st.lists(
    st.sampled_from(
        [
            *(f"<p>{text}</p>" for text in PARAGRAPHS),
            report(),
            "<p>port\u00a0<a href='/a'>said\u00ad</a> <b>“so”</b><br>on</p>",
            "<ul><li>one</li><li><p>two</p></li></ul>",
            "<blockquote>three</blockquote>",
            "<table><tr><td>four</td><td><a href='//b.example'>five</a></td></tr></table>",
            "<h2>six</h2>", "<div>", "</div>", "<article>", "</article>", "<a href='/c'>", "</a>", "</p>",
            "<figure><figcaption>seven</figcaption></figure>", "<!-- eight -->", "&nbsp;&#8203;&#0;",
            "🙂", "<script>", "<noscript>nine</noscript>", "<svg><text>ten</text></svg>", "<h1>",
            "]]>", "<?x y?>",
        ]
    ),
    max_size=14,
)  # fmt: skip


@given(BITS, st.sampled_from([URL, None, "", "https://[x", "nonsense"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_stands_on_a_page_its_article_is_whole_or_it_is_refused(
    bits: list[str], url: str | None
) -> None:
    try:
        found = read("".join(bits), url=url)
    except CannotRead:
        return
    assert is_whole(found)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_refused_or_read(body: bytes) -> None:
    with suppress(CannotRead):
        assert is_whole(extract_article(Page(URL, b"<html><body>" + paragraphs().encode() + body)))


def test_reading_a_page_twice_gives_the_same_article() -> None:
    assert fetched(report()) == fetched(report())


# ── real pages ──────────────────────────────────────────────────────────────────────────────────────


def real() -> list[Page]:
    index = json.loads((PAGES / "index.json").read_text("utf-8"))
    return [Page(entry["url"], gzip.decompress((PAGES / entry["file"]).read_bytes())) for entry in index]


@pytest.mark.skipif(not PAGES.is_dir(), reason="../shared/eval/pages is not here")
def test_real_pages_are_read_whole_with_nearly_all_their_words_and_links() -> None:
    index = json.loads((PAGES / "index.json").read_text("utf-8"))
    found = [extract_article(page) for page in real()]
    assert all(is_whole(each) for each in found)
    assert [each.language for each in found] == [entry["language"] for entry in index]
    for each, entry in zip(found, index, strict=True):
        assert len(each.text.split()) >= 0.95 * entry["n_words"], entry["file"]
        assert len(each.links) >= entry["n_inbody_links"], entry["file"]


@pytest.mark.skipif(not PAGES.is_dir(), reason="../shared/eval/pages is not here")
def test_the_seed_is_read_as_the_product_wants_it() -> None:
    found = extract_article(Page("https://21stcenturywire.example/seed", (PAGES / "seed.html").read_bytes()))
    assert (found.outlet, str(found.published), found.links) == ("21st Century Wire", "2019-02-10", ())
    assert [role for role, _ in by_role(found)] == ["title", "caption", "caption", *["body"] * 13]
    assert "\u00a0" not in found.text


def test_words_for_those_who_hear_the_page_are_left_out() -> None:
    heard = '<span class="visually-hidden">, opens new tab</span>'
    found = read(report(f'<p>The <a href="/f">ferry{heard}</a> sails on Friday.</p>'))
    assert "opens new tab" not in found.text
