"""A report that the extractor cut short is read again, and one that it read well is left alone."""

from __future__ import annotations

from typing import Final

from lxml.html import HtmlElement

from bot.fetching.blocks import Passage, find_passages
from bot.fetching.markup import parse_tree
from bot.fetching.rescue import rescue_passages
from tests.bot.fetching.pages import PARAGRAPHS, html

PLACES: Final = "market school bridge station library theatre stadium museum airport garden".split()
LONG: Final = tuple(
    f"In the {place} nobody had heard of the closing before Monday noon, when two men of the port came,"
    f" looked at the {place} from outside for a while, and said that it would have to stay shut as well."
    for place in PLACES
)


def parsed(body: str) -> tuple[HtmlElement, tuple[Passage, ...]]:
    root = parse_tree(html(body))
    assert root is not None
    return root, tuple(find_passages(root))


def texts(found: object) -> list[str]:
    assert isinstance(found, tuple | list)
    return [passage.text for passage in found]


def test_a_report_that_was_cut_short_is_read_again() -> None:
    root, page = parsed("<div class=article>" + "".join(f"<p>{text}</p>" for text in LONG) + "</div>")
    assert texts(rescue_passages(root, page[:4], page)) == list(LONG)


def test_a_report_that_holds_most_of_the_page_is_left_alone() -> None:
    root, page = parsed("<div class=article>" + "".join(f"<p>{text}</p>" for text in LONG) + "</div>")
    found = page[:8]
    assert rescue_passages(root, found, page) is found


def test_another_text_of_the_page_does_not_take_the_place_of_the_report() -> None:
    other = "<div class=article>" + "".join(f"<p>{text}</p>" for text in LONG) + "</div>"
    mine = "<ul><li><span>" + "</span></li><li><span>".join(PARAGRAPHS) + "</span></li></ul>"
    root, page = parsed(f"<div><div>{mine}</div></div><section><div>{other}</div></section>")
    found = tuple(passage for passage in page if passage.text in PARAGRAPHS)
    assert rescue_passages(root, found, page) is found


def test_what_stands_in_margins_does_not_count_as_the_report() -> None:
    aside = "<aside>" + "".join(f"<p>{text}</p>" for text in LONG) + "</aside>"
    root, page = parsed(f"<div class=article><p>{LONG[0]} It will.</p></div>{aside}")
    found = page[:1]
    assert rescue_passages(root, found, page) is found
