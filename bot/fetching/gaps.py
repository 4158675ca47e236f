"""Passages of the page that an extraction lost, put back where they stand.

Between two kept neighbours of one container no extractor drops a paragraph on purpose; above the first one
stand the lead and the deck, which a description in the page's head repeats. Boilerplate gets its label later.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Final

from lxml.html import HtmlElement

from bot.fetching.blocks import Passage, make_text_key
from bot.fetching.metadata import PageMetadata, reduce_to_letters
from bot.fetching.roles import find_named_role, is_description, load_boilerplate
from bot.model import BlockRole

_WIDEST: Final = 12  # passages that one gap may hold
_FARTHEST: Final = 40  # passages from the title to the first paragraph
_FEW: Final = 5
_LEAD: Final = 20
_NEAR: Final = 15  # passages below the last paragraph in which a notice may stand
_LONGEST: Final = 1000  # characters of a notice
_NOTICE: Final = 80  # words of a notice
_WORD: Final = re.compile(r"\w{2}")
_WORD_OF_MARKUP: Final = re.compile(r"[a-z]+")
_APART_BY_TAG: Final = frozenset(("footer", "aside", "nav"))
_APART_BY_NAME: Final = frozenset(
    ("comment", "comments", "disqus", "respond", "replies", "teaser", "teasers", "more", "related", "footer")
)
_BESIDE: Final = frozenset(("figure", "aside", "nav", "form", "li"))


def fill_gaps(found: Sequence[Passage], page: Sequence[Passage], about: PageMetadata) -> list[Passage]:
    """Return `found` with the passages of `page` that belong above it, between its own and below it."""
    at = _locate(found, page)
    whole = [*_find_above(found, at, page, about), *found[:1]]
    for (left, right), passage in zip(pairwise(at), found[1:], strict=False):
        if left is not None and right is not None and 1 < right - left <= _WIDEST:
            container = page[left].element.getparent()
            if container is not None and container is page[right].element.getparent():
                whole.extend(each for each in page[left + 1 : right] if _is_text_of(each, container))
        whole.append(passage)
    return [*whole, *_find_below(found, at, page)]


def _locate(found: Sequence[Passage], page: Sequence[Passage]) -> list[int | None]:
    """Return the place of each found passage on the page, in rising order; None where it is not found
    again."""
    places: dict[str, list[int]] = {}
    for at, passage in enumerate(page):
        places.setdefault(make_text_key(passage.text), []).append(at)
    last, rising = -1, []
    for passage in found:
        mine = places.get(make_text_key(passage.text), ())
        after = bisect_right(mine, last)
        place = mine[after] if after < len(mine) else None
        last = last if place is None else place
        rising.append(place)
    return rising


def _is_text_of(passage: Passage, container: HtmlElement) -> bool:
    """Return True if a passage stands in the container itself, is text, and belongs to no image or margin."""
    element = passage.element
    inside = element is container or element.getparent() is container
    return inside and element.tag not in _BESIDE and bool(_WORD.search(passage.text))


# ── above the first paragraph ───────────────────────────────────────────────────────────────────────


def _find_above(
    found: Sequence[Passage], at: Sequence[int | None], page: Sequence[Passage], about: PageMetadata
) -> Iterator[Passage]:
    """Yield the lead and the deck between the title and the first paragraph."""
    first = next((place for place, each in zip(at, found, strict=True) if place and each.words >= _FEW), None)
    if first is None or not about.title:
        return
    title = reduce_to_letters(about.title)
    top = next((k for k in reversed(range(first)) if reduce_to_letters(page[k].text) == title), None)
    if top is None or first - top > _FARTHEST:
        return
    held = {make_text_key(passage.text) for passage in found}
    container = page[first].element.getparent()
    for passage in page[top + 1 : first]:
        if make_text_key(passage.text) in held or passage.words < _FEW:
            continue
        beside_it = passage.words >= _LEAD and container is not None and _is_text_of(passage, container)
        if beside_it or is_description(passage, about) or find_named_role(passage.element) is BlockRole.DECK:
            yield passage


# ── below the last paragraph ────────────────────────────────────────────────────────────────────────


def _is_outside(element: HtmlElement, paragraph: HtmlElement) -> bool:
    """Return True if an element stands in a part of the page that its markup sets apart from the article."""
    holders = set(paragraph.iterancestors())
    for near in takewhile(lambda each: each not in holders, (element, *element.iterancestors())):
        names = _WORD_OF_MARKUP.findall(f"{near.get('class') or ''} {near.get('id') or ''}".lower())
        if "article" in names:  # its own footer
            continue
        if near.tag in _APART_BY_TAG or not _APART_BY_NAME.isdisjoint(names):
            return True
    return False


def _find_below(
    found: Sequence[Passage], at: Sequence[int | None], page: Sequence[Passage]
) -> Iterator[Passage]:
    """Yield corrections and notices of first publication, which an extractor takes for boilerplate."""
    last = next((place for place in reversed(at) if place is not None), None)
    if last is None:
        return
    held = {make_text_key(passage.text) for passage in found}
    for passage in page[last + 1 : last + 1 + _NEAR]:
        fits = _FEW <= passage.words <= _NOTICE and len(passage.text) <= _LONGEST and not passage.all_link
        fits = fits and not _is_outside(passage.element, page[last].element)
        if fits and make_text_key(passage.text) not in held and load_boilerplate().kept.search(passage.text):
            yield passage
