"""Quotations of the page in a reply: cut at a word, never longer than the law allows, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from bot.model import Article, BlockRole, Excerpt
from bot.replies import QUOTATION_LIMIT, Piece, Quoted, Stated

NAME_LIMIT: Final = 120  # characters of a name; longer ones are a page's prank, and still shown cut
BEGINNING: Final = 80  # characters of words that tell what they are, where all of them are not shown
_PROSE: Final = frozenset(
    {BlockRole.BODY, BlockRole.QUOTE, BlockRole.ITEM, BlockRole.DECK, BlockRole.HEADING}
)


def quote(
    article: Article,
    excerpt: Excerpt,
    limit: int = QUOTATION_LIMIT,
    *,
    marks: bool = True,
    url: str | None = None,
) -> Quoted:
    """Quote the excerpt, or its beginning up to the last word that fits `limit`."""
    if len(excerpt.text) <= limit:
        return Quoted(excerpt, marks, cut=False, url=url)
    # after the last whole word, or at the limit in a text without spaces
    head = excerpt.text[: limit + 1]
    spaced = max((n for n, letter in enumerate(head) if letter.isspace()), default=0)
    end = len(head[:spaced].rstrip()) or limit
    return Quoted(article.cut(excerpt.start, excerpt.start + end), marks, cut=True, url=url)


def quote_around(article: Article, words: Excerpt, sentence: Excerpt, limit: int = QUOTATION_LIMIT) -> Quoted:
    """Quote the sentence for a bar, cut so that `words`, or their beginning, stand in what is shown."""
    if min(words.end, words.start + BEGINNING) - sentence.start <= limit or not sentence.holds(words):
        return quote_as_block(article, sentence, limit)
    start = max(words.start - limit // 2, sentence.start)
    lead = article.text[start : words.start]
    start += next((n + 1 for n, letter in enumerate(lead) if letter.isspace()), len(lead))  # the next word
    return quote_as_block(article, article.cut(start, sentence.end), limit)


def quote_as_block(article: Article, excerpt: Excerpt, limit: int = QUOTATION_LIMIT) -> Quoted:
    """Quote an excerpt in a bar, so that it needs no quotation marks."""
    begun = excerpt.text[:1].islower() and _begins_inside(article, excerpt)
    return replace(quote(article, excerpt, limit, marks=False), begun=begun)


def _begins_inside(article: Article, excerpt: Excerpt) -> bool:
    """Return whether an excerpt begins inside a sentence: behind a word or a comma of its block."""
    block = next((b for b in article.blocks if b.start <= excerpt.start < b.end), None)
    before = "" if block is None else article.text[block.start : excerpt.start].rstrip()
    return before[-1:].isalnum() or before[-1:] == ","


def quote_name(article: Article, excerpt: Excerpt, *, marks: bool = False) -> Quoted:
    return quote(article, excerpt, NAME_LIMIT, marks=marks)


def quote_or_state(article: Article, words: str, places: Iterable[Excerpt], *, marks: bool = False) -> Piece:
    """Quote `words` from the first place that holds them, else state them as the page does."""
    for place in places:
        at = place.text.find(words)
        if words and at >= 0:
            return quote_name(
                article, article.cut(place.start + at, place.start + at + len(words)), marks=marks
            )
    return Stated(words[:NAME_LIMIT])


def merge_excerpts(article: Article, pieces: Iterable[Excerpt | None]) -> Excerpt | None:
    """Return the excerpt from the first to the last of some; None for none."""
    found = [piece for piece in pieces if piece is not None]
    if not found:
        return None
    return article.cut(min(e.start for e in found), max(e.end for e in found))


def find_title(article: Article) -> Excerpt | None:
    return next((article.cut(b.start, b.end) for b in article.blocks if b.role is BlockRole.TITLE), None)


def count_words(article: Article) -> int:
    """Count the words of the article itself, without title, byline, captions and tail."""
    prose = [article.text[b.start : b.end] for b in article.blocks if b.role in _PROSE]
    return sum(len(text.split()) for text in prose or [article.text])


def make_host_link(url: str | None) -> Stated | None:
    """Return the host of a link as the only words that may stand for it; None for no web address."""
    try:
        parts = urlsplit(url or "")
        there = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not there:
        return None
    return Stated(there.removeprefix("www."), url=url)
