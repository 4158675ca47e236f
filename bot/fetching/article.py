"""Page → Article: one text, labelled blocks, links with exact offsets, and what the page states of itself.

    Page ─decode─ parse_tree ─trafilatura─ fill_gaps ─rescue_passages─ label_roles ─assemble→ Article

Raises CannotRead for what is no article, so that nothing is said about a page that was not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from bot.errors import EmptyPage, NotAnArticle, TooShort
from bot.fetching.blocks import Passage, find_passages
from bot.fetching.embeds import strip_embeds
from bot.fetching.gaps import fill_gaps
from bot.fetching.language_detection import detect_language
from bot.fetching.markup import decode, make_links_absolute, parse_tree
from bot.fetching.metadata import PageMetadata, find_metadata
from bot.fetching.plain_text import article_from_text
from bot.fetching.rescue import rescue_passages
from bot.fetching.roles import REPORT, label_roles
from bot.fetching.walls import (
    is_post_host,
    is_video_host,
    refuse_address,
    refuse_empty,
    refuse_invitation,
    refuse_page,
)
from bot.model import Anchor, Article, Block, BlockRole, Excerpt, Page

__all__ = ["article_from_html", "article_from_text", "extract_article"]

_GAP: Final = "\n\n"
_FEWEST_WORDS: Final = 80
_FEWEST_OF_POST: Final = 3
_HEARD: Final = frozenset(
    (
        "visually-hidden",
        "visuallyhidden",
        "sr-only",
        "screen-reader-text",
        "screenreader",
        "u-visually-hidden",
    )
)
_WHOLE: Final = 0.8  # of the length that the page states

LabelledPassage = tuple[BlockRole, Passage]


def extract_article(page: Page) -> Article:
    """Extract the article of a fetched page, or of a saved one whose address is "". Raises CannotRead."""
    refuse_address(page.url)
    return _extract(decode(page), page.url or None, fewest=_FEWEST_WORDS, cut=page.cut)


def article_from_html(html: str, url: str | None) -> Article:
    """Extract the article of a page that is characters already: charsets declared inside are ignored.

    What a batch gives is never refused for its length. Raises CannotRead for walls and empty pages.
    """
    return _extract(html, url, fewest=0, cut=False)


def _extract(html: str, url: str | None, *, fewest: int, cut: bool) -> Article:
    root = parse_tree(html)
    if root is not None:
        _drop_heard(root)
    page = () if root is None else tuple(find_passages(root, skip=_is_hidden))
    if root is None or not page:
        raise EmptyPage
    if url:
        make_links_absolute(root, url)
    about = find_metadata(root, url)
    refuse_page(root, about, page)
    labelled = _label_passages(root, page, about, url)
    words = sum(passage.words for role, passage in labelled if role in REPORT)
    if words < fewest:
        labelled = _find_post(root, labelled, about, url, words)
    # The paid part may stand on the page all the same: by the words that it states, or marked.
    if about.words is not None:
        complete = words >= _WHOLE * about.words
    else:
        marked = (element for name in about.paid or () for element in root.find_class(name))
        complete = any(len(element.text_content().split()) >= _FEWEST_WORDS for element in marked)
    paywall = about.paid is not None and not complete
    return _assemble(labelled, about, url, "paywall" if paywall else "cut at 2 MiB" if cut else None)


def _drop_heard(root: HtmlElement) -> None:
    """Take out, in place, words that the page keeps for those who hear it: “, opens new tab”."""
    for element in list(root.iter("span")):
        if not _HEARD.isdisjoint((element.get("class") or "").split()) and element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: HtmlElement) -> bool:
    """Return True if the page's own markup hides an element."""
    style = element.get("style")
    return "hidden" in element.attrib or bool(style and "display:none" in style.replace(" ", "").lower())


# ── what is the article ─────────────────────────────────────────────────────────────────────────────


def _label_passages(
    root: HtmlElement, page: Sequence[Passage], about: PageMetadata, url: str | None
) -> list[LabelledPassage]:
    strip_embeds(root)
    # `fast`: trafilatura's comparisons cost a quarter of the time and lose precision.
    document = bare_extraction(root, url=url, fast=True, include_links=True, include_comments=False)
    body = getattr(document, "body", None)
    extracted = () if body is None else tuple(find_passages(body))
    found = rescue_passages(root, fill_gaps(extracted, page, about), page)
    given = label_roles(found, page, about)
    rest = [each for each in zip(given, found, strict=True) if each[0] is not BlockRole.TITLE]
    # The title once, and first.
    return [(BlockRole.TITLE, Passage(about.title, root)), *rest] if about.title else rest


# ── what is too little ──────────────────────────────────────────────────────────────────────────────


def _find_post(
    root: HtmlElement, labelled: list[LabelledPassage], about: PageMetadata, url: str | None, words: int
) -> list[LabelledPassage]:
    """Return the words of a single post, as its page states or shows them. Raises CannotRead for other
    pages."""
    refuse_empty(root, about)
    if about.is_video or is_video_host(url):
        raise NotAnArticle("video")
    if not about.is_post and not is_post_host(url):
        raise TooShort(words)
    if text := about.post or (about.description if is_post_host(url) else None):
        refuse_invitation(text)
        return [
            *(each for each in labelled if each[0] is BlockRole.TITLE),
            (BlockRole.BODY, Passage(text, root)),
        ]
    if not about.is_post or words < _FEWEST_OF_POST:
        raise NotAnArticle("post")
    return labelled


# ── one text ────────────────────────────────────────────────────────────────────────────────────────


def _assemble(
    labelled: Sequence[LabelledPassage], about: PageMetadata, url: str | None, partial: str | None
) -> Article:
    text = _GAP.join(passage.text for _, passage in labelled)
    starts = list(accumulate((len(passage.text) + len(_GAP) for _, passage in labelled), initial=0))[:-1]
    placed = list(zip(starts, labelled, strict=True))
    return Article(
        text=text,
        blocks=tuple(Block(role, at, at + len(passage.text)) for at, (role, passage) in placed),
        links=tuple(link for at, (_, passage) in placed for link in _find_links(text, at, passage)),
        url=url,
        canonical_url=about.canonical_url,
        title=about.title,
        outlet=about.outlet,
        authors=about.authors,
        published=about.published,
        stated_in=about.stated_in,
        language=about.language or detect_language(text),
        partial=partial,
    )


def _find_links(text: str, at: int, passage: Passage) -> Iterator[Anchor]:
    for link in passage.links:
        if link.url.startswith(("http://", "https://")):
            start, end = at + link.start, at + link.end
            yield Anchor(link.url, Excerpt(start, end, text[start:end]))
