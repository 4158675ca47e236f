"""Pages of our own for the tests of articles."""

from __future__ import annotations

import json
from typing import Any, Final

from bot.fetching.article import article_from_html, extract_article
from bot.fetching.markup import parse_tree
from bot.fetching.metadata import PageMetadata, find_metadata
from bot.model import Article, Page

URL: Final = "https://post.example/news/harbour-stays-closed"
TITLE: Final = "The harbour stays closed until Friday"
PARAGRAPHS: Final = (
    "Both basins of the harbour stay closed until Friday, the port authority said on Monday, after a storm.",
    "“Nothing moves before the end of the week,” Ana Roe, the harbour master, told reporters at the hall.",
    "The fishermen had gathered at noon to ask when they could leave, and were told to come back on Tuesday.",
    "The wall could be mended sooner, two people familiar with it believe, but no one has confirmed it.",
    "Ships wait outside the bay, and the union said that its members would be called in by Thursday evening.",
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts or PARAGRAPHS)


def html(body: str, head: str = "", title: str = TITLE, lang: str = ' lang="en"') -> str:
    return f"<!DOCTYPE html><html{lang}><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def report(inside: str = "", after: str = "", heading: str = TITLE) -> str:
    """A report of five paragraphs under its heading; `inside` stands behind the second of them."""
    two, rest = paragraphs(*PARAGRAPHS[:2]), paragraphs(*PARAGRAPHS[2:])
    return f"<article><h1>{heading}</h1><div>{two}{inside}{rest}{after}</div></article>"


def read(body: str, head: str = "", url: str | None = URL) -> Article:
    return article_from_html(html(body, head), url)


def fetched(body: str, head: str = "", url: str = URL, title: str = TITLE) -> Article:
    return extract_article(Page(url, html(body, head, title).encode()))


def by_role(found: Article) -> list[tuple[str, str]]:
    """The role of each block and its first words."""
    return [(block.role.value, found.text[block.start : block.end][:40]) for block in found.blocks]


def role_of(found: Article, words: str) -> str:
    """The role of the one block that holds `words`."""
    (role,) = (b.role.value for b in found.blocks if words in found.text[b.start : b.end])
    return role


def about(body: str = "", head: str = "", title: str = TITLE, lang: str = ' lang="en"') -> PageMetadata:
    root = parse_tree(html(body + "<p>one</p><p>two</p>", head, title, lang))
    assert root is not None
    return find_metadata(root, URL)


def ld(*objects: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(each)}</script>' for each in objects)
