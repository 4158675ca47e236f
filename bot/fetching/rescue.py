"""A second reading of the pages that the extractor cuts short (2 in 181), and of none that it reads well."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Final

from lxml.etree import ParserError, tostring
from lxml.html import HtmlElement, fromstring

from bot.fetching.blocks import Passage, find_passages, make_text_key

_LONG: Final = 25  # words of a paragraph that counts as the page's
_LINKED: Final = 0.3
_HELD: Final = 0.7
_LONGER: Final = 1.3
_SHARED: Final = 0.6
_SHINGLE: Final = 4
_LARGEST: Final = 20_000  # words; a page that long is not one that was cut short
# Text that a page holds and an article does not.
_BESIDE: Final = frozenset(("aside", "footer", "nav", "form", "figure"))


def rescue_passages(
    root: HtmlElement, found: Sequence[Passage], page: Sequence[Passage]
) -> Sequence[Passage]:
    """Return `found`, or the passages that readability finds where `found` holds too little of the long
    paragraphs of `page`."""
    held = {make_text_key(passage.text) for passage in found}
    long = [
        passage
        for passage in page
        if passage.words >= _LONG
        and passage.linked <= _LINKED * len(passage.text)
        and not any(near.tag in _BESIDE for near in passage.element.iterancestors())
    ]
    total = sum(passage.words for passage in long)
    kept = sum(passage.words for passage in long if make_text_key(passage.text) in held)
    if kept >= _HELD * total or total >= _LARGEST:
        return found
    other = tuple(_run_readability(root))
    length, linked = sum(len(p.text) for p in other), sum(p.linked for p in other)
    if length <= _LONGER * sum(len(p.text) for p in found) or linked >= _LINKED * length:
        return found
    mine, theirs = _make_shingles(found), _make_shingles(other)
    return other if len(mine & theirs) >= _SHARED * len(mine) else found


def _run_readability(root: HtmlElement) -> Iterator[Passage]:
    from readability import Document  # noqa: PLC0415  # 60 ms to load, for few pages

    logging.getLogger("readability.readability").setLevel(logging.CRITICAL)
    try:
        summary = Document(tostring(root, encoding="unicode")).summary(html_partial=True)
        return find_passages(fromstring(summary))
    except (ParserError, ValueError, TypeError, KeyError, AttributeError):
        return iter(())


def _make_shingles(found: Sequence[Passage]) -> set[tuple[str, ...]]:
    words = " ".join(passage.text for passage in found).split()
    return {tuple(words[at : at + _SHINGLE]) for at in range(max(len(words) - _SHINGLE + 1, 0))}
