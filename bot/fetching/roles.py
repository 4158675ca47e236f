"""The role of each passage of a page: nothing is deleted, everything is labelled.

A passage is judged by where it stands (the classes around its element), by its own shape (all link, no
sentence) and by the words of `boilerplate.toml`; what no rule names is the report itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, Final

from lxml.html import HtmlElement

from bot.fetching.blocks import Passage, count_words, make_text_key
from bot.fetching.metadata import PageMetadata, reduce_to_letters
from bot.model import BlockRole

_SHORT: Final = 30
_LONGEST_LINE: Final = 1000  # characters
_LEAD: Final = 20
_DECK: Final = 8
_TOLD: Final = 40
_LINKS, _LINK = 2, 4  # links of a bar, at least more than so many, and the words of one
_HEADING: Final = 60  # characters of a heading over further reading
# The most words that a name on its element is believed for.
_LONGEST: Final = {BlockRole.CAPTION: 60, BlockRole.BYLINE: 30, BlockRole.DECK: 60, BlockRole.TAIL: 150}
_HEADINGS: Final = frozenset(("head", "h1", "h2", "h3", "h4", "h5", "h6"))
_BY_TAG: Final = {
    **dict.fromkeys(("item", "li", "cell", "row", "list", "table"), BlockRole.ITEM),
    **dict.fromkeys(("quote", "blockquote"), BlockRole.QUOTE),
    **dict.fromkeys(_HEADINGS, BlockRole.HEADING),
}
_HOLDERS: Final = frozenset(("item", "li", "quote", "blockquote"))  # what they hold is what they are
REPORT: Final = frozenset((BlockRole.BODY, BlockRole.HEADING, BlockRole.QUOTE, BlockRole.ITEM))


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The patterns of boilerplate.toml, ready to match."""

    names: dict[str, BlockRole]
    promo: re.Pattern[str]
    menu: re.Pattern[str]
    tail: re.Pattern[str]
    kept: re.Pattern[str]
    caption: re.Pattern[str]
    byline: re.Pattern[str]
    opens: re.Pattern[str]
    tells: re.Pattern[str]


@cache
def load_boilerplate() -> Boilerplate:
    told: dict[str, Any] = tomllib.loads(
        files("bot.fetching").joinpath("boilerplate.toml").read_text("utf-8")
    )
    return Boilerplate(
        names={name: BlockRole(role) for role, names in told["names"].items() for name in names},
        promo=_compile(told["promo"]["begins"], "^"),
        menu=re.compile(rf"\W*(?:(?:{'|'.join(told['menu']['words'])})\b\W*)+", re.IGNORECASE),
        tail=_compile(told["tail"]["matches"]),
        kept=_compile(told["kept"]["matches"]),
        caption=_compile(told["caption"]["matches"]),
        byline=_compile(told["byline"]["matches"]),
        opens=re.compile(rf"(?:{'|'.join(told['headline']['opens'])})\b", re.IGNORECASE),
        tells=re.compile(rf"\b(?:{'|'.join(told['headline']['tells'])})\b", re.IGNORECASE),
    )


def _compile(patterns: Iterable[str], before: str = "") -> re.Pattern[str]:
    return re.compile(before + "(?:" + "|".join(patterns) + ")", re.IGNORECASE)


def label_roles(found: Sequence[Passage], page: Sequence[Passage], about: PageMetadata) -> list[BlockRole]:
    """Return the role of each passage in `found`, which was extracted from `page`."""
    # of passages with the same beginning the last, nearest the report
    places = {make_text_key(passage.text): passage.element for passage in page}
    stands = [places.get(make_text_key(passage.text)) for passage in found]
    given = [_label_one(passage, place, about) for passage, place in zip(found, stands, strict=True)]
    _label_head(found, stands, given, about)
    texts = [passage.text for passage in found]
    _label_further_reading(texts, given)
    _label_tail(texts, given)
    under = BlockRole.TAIL
    for at in reversed(range(len(given))):
        if given[at] is BlockRole.HEADING and under is BlockRole.TAIL:
            given[at] = BlockRole.TAIL  # a heading over nothing but boilerplate
        under = given[at]
    return given


# ── where it stands ─────────────────────────────────────────────────────────────────────────────────

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NEAR: Final = 4


def _iterate_around(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the element and its nearest ancestors, up to what holds a whole article."""
    for near in islice((element, *element.iterancestors()), _NEAR):
        if near.tag in ("article", "main", "body", "html"):
            return
        yield near


def find_named_role(element: HtmlElement) -> BlockRole | None:
    names = load_boilerplate().names
    for near in _iterate_around(element):
        if near.tag == "figcaption":
            return BlockRole.CAPTION
        for word in _WORD.findall(f"{near.get('class') or ''} {near.get('id') or ''}"):
            if role := names.get(word.lower()):
                return role
    return None


# ── what it is by itself ────────────────────────────────────────────────────────────────────────────

_SENTENCE: Final = re.compile(r"[.!?…。！？।]['\"”’»)\]]*$")


def _label_one(passage: Passage, place: HtmlElement | None, about: PageMetadata) -> BlockRole:
    """Return the role by the first rule that applies; else by the tag."""
    element = passage.element
    holder = next((near for near in islice(element.iterancestors(), _NEAR) if near.tag in _HOLDERS), element)
    usual = _BY_TAG.get(element.tag) or _BY_TAG.get(holder.tag, BlockRole.BODY)
    if about.title and reduce_to_letters(passage.text) == reduce_to_letters(about.title):
        return BlockRole.TITLE
    short = _is_short(passage.text)
    if short and load_boilerplate().kept.search(passage.text):
        return usual
    if role := _get_role_by_place(passage, place):
        return role
    if not short:
        return usual
    if passage.all_link and element.tag not in _HEADINGS and not _SENTENCE.search(passage.text):
        return BlockRole.TAIL
    return _get_role_by_line(passage.text) or usual


def _is_short(text: str, most: int = _SHORT) -> bool:
    """Return True for few words, of a length that no pattern runs away on."""
    return len(text) <= _LONGEST_LINE and count_words(text) <= most


def _get_role_by_place(passage: Passage, place: HtmlElement | None) -> BlockRole | None:
    if place is None:
        return None
    role = find_named_role(place)
    if role and passage.words <= _LONGEST[role]:
        return role
    if any(near.tag == "header" for near in _iterate_around(place)):
        return BlockRole.DECK if passage.words >= _DECK else BlockRole.BYLINE
    return None


def _get_role_by_line(line: str) -> BlockRole | None:
    """Return the role of a short line by its words alone."""
    if load_boilerplate().promo.match(line) or load_boilerplate().menu.fullmatch(line) or _is_bar(line):
        return BlockRole.TAIL
    return BlockRole.CAPTION if load_boilerplate().caption.search(line) else None


def _is_bar(line: str) -> bool:
    """“Privacy | Contact Us | Home”: several links of a few words each."""
    links = line.split("|")
    return len(links) > _LINKS and all(len(link.split()) <= _LINK for link in links)


def is_description(passage: Passage, about: PageMetadata) -> bool:
    """Return True if the page's description of itself begins with the same words."""
    told = reduce_to_letters(about.description or "")[:_TOLD]
    return bool(told) and reduce_to_letters(passage.text[: 4 * _TOLD]).startswith(told)


# ── what it is among the others ─────────────────────────────────────────────────────────────────────


def _label_head(
    found: Sequence[Passage],
    stands: Sequence[HtmlElement | None],
    given: list[BlockRole],
    about: PageMetadata,
) -> None:
    """Label deck, bylines, dates and names of sections before the first paragraph of the report."""
    for at, passage in enumerate(found):
        if given[at] not in REPORT:
            continue
        place, following = stands[at], stands[at + 1] if at + 1 < len(stands) else None
        # a heading, or in another container than the paragraph that follows
        apart = (
            place is not None
            and following is not None
            and (place.tag in _HEADINGS or place.getparent() is not following.getparent())
        )
        if apart and is_description(passage, about):
            given[at] = BlockRole.DECK
        elif _is_short(passage.text) and load_boilerplate().byline.search(passage.text):
            given[at] = BlockRole.BYLINE
        elif passage.words >= _LEAD or _SENTENCE.search(passage.text):
            return


def _label_tail(texts: Sequence[str], given: list[BlockRole]) -> None:
    """Label the tail, from the end back to the last paragraph that is no boilerplate."""
    for at in reversed(range(len(texts))):
        if given[at] not in REPORT:
            continue
        text = texts[at]
        if not _is_short(text, 2 * _SHORT) or not load_boilerplate().tail.search(text):
            return
        if load_boilerplate().kept.search(text):
            return
        given[at] = BlockRole.TAIL


def _label_further_reading(texts: Sequence[str], given: list[BlockRole]) -> None:
    """Label what stands under a heading such as “Related stories:”, where nothing behind it reads like a
    report: short lines, few of them sentences."""
    for at in reversed(range(len(texts))):
        heading = len(texts[at]) <= _HEADING and load_boilerplate().promo.match(texts[at])
        behind = texts[at + 1 :]
        if not all(map(_is_short, behind)):
            return
        told = sum(bool(_SENTENCE.search(text)) for text in behind)
        if heading and 3 * told <= len(behind):
            given[at:] = [BlockRole.TAIL if role in REPORT else role for role in given[at:]]


# ── plain text ──────────────────────────────────────────────────────────────────────────────────────


def label_lines(lines: Sequence[str]) -> list[BlockRole]:
    """Return the roles of the lines of a plain text below its headline, by their words alone."""
    given = [
        (_get_role_by_line(line) if _is_short(line) and not load_boilerplate().kept.search(line) else None)
        or BlockRole.BODY
        for line in lines
    ]
    _label_further_reading(lines, given)
    _label_tail(lines, given)
    return given
