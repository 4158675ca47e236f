"""A page's statements about itself, and their places: nothing is guessed, what is not stated is None.

Sources are JSON-LD, meta elements, link elements, h1, title and time elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_tz
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.fetching.blocks import fold_whitespace
from bot.fetching.jsonld import (
    ARTICLES,
    MOST_PEOPLE,
    Node,
    as_list,
    find_article_node,
    find_nodes,
    find_paid_parts,
    get_types,
    is_web_address,
    parse_count,
    parse_text,
)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """A page's statements about itself. `stated_in` names the place of each fact; `kinds` are its JSON-LD and
    og types.

    `words` is the length that it states; `paid` the classes of what is not free to read, () when it says
    only that something is not, None when all is free.
    """

    title: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    canonical_url: str | None = None
    language: str | None = None
    description: str | None = None
    post: str | None = None
    words: int | None = None
    paid: tuple[str, ...] | None = None
    kinds: frozenset[str] = frozenset()
    stated_in: tuple[tuple[str, str], ...] = ()

    @property
    def is_article(self) -> bool:
        """True if the page calls itself an article."""
        return "article" in self.kinds or any(kind.endswith(ARTICLES) for kind in self.kinds)

    @property
    def is_video(self) -> bool:
        """True if the page calls itself a video and nothing else."""
        return not self.is_article and any(kind.startswith("video") for kind in self.kinds)

    @property
    def is_post(self) -> bool:
        return bool(self.kinds & _POSTS)


_POSTS: Final = frozenset(("socialmediaposting", "discussionforumposting"))

StatedFact = tuple[str, str]  # a statement and its place


def find_metadata(tree: HtmlElement, url: str | None = None) -> PageMetadata:
    """Return the statements of `tree`, read from `url`, about itself."""
    metas, nodes = _read_metas(tree), find_nodes(tree)
    node = find_article_node(nodes, url)
    outlet = _get_first(_find_outlets(metas, node))
    title = _find_title(tree, metas, node, outlet and outlet[0])
    authors, author_place = _find_authors(metas, node, outlet and outlet[0])
    published = _get_first(fact for fact in _find_dates(tree, metas, node) if _parse_day(fact[0]))
    canonical, language = _find_canonical(tree), _find_language(tree)
    og_types = [metas["og:type"].lower()] if "og:type" in metas else []
    descriptions = metas.get("og:description"), metas.get("description"), parse_text(node.get("description"))
    places = {
        "title": title,
        "outlet": outlet,
        "authors": ("", author_place) if authors else None,
        "published": published,
        "canonical_url": canonical,
        "language": language,
    }
    return PageMetadata(
        title=title and title[0],
        outlet=outlet and outlet[0],
        authors=authors,
        published=published and _parse_day(published[0]),
        canonical_url=canonical and canonical[0],
        language=language and language[0],
        description=next(filter(None, descriptions), None),
        post=parse_text(node.get("articleBody") or node.get("text")),
        words=parse_count(node.get("wordCount")),
        paid=find_paid_parts(nodes),
        kinds=frozenset((*(kind for each in nodes for kind in get_types(each)), *og_types)),
        stated_in=tuple(sorted((name, found[1]) for name, found in places.items() if found)),
    )


def _get_first(found: Iterable[StatedFact]) -> StatedFact | None:
    return next(iter(found), None)


# ── meta elements ───────────────────────────────────────────────────────────────────────────────────

_MOST_METAS: Final = 2000


def _read_metas(tree: HtmlElement) -> dict[str, str]:
    """Return the content of meta elements by lower-case name, the first of each name."""
    found: dict[str, str] = {}
    for meta in islice(tree.iter("meta"), _MOST_METAS):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = fold_whitespace(meta.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _find_metas(metas: dict[str, str], *names: str) -> Iterator[StatedFact]:
    return ((metas[name], name) for name in names if name in metas)


# ── title ───────────────────────────────────────────────────────────────────────────────────────────

_WORDS: Final = re.compile(r"\w+")
_FEW: Final = 4
_MOST_SHARED: Final = 0.6
_LETTERS: Final = re.compile(r"[\W_]+")
_SITE: Final = re.compile(r"\s+[|–—·»:-]\s+")
_MOST_HEADINGS: Final = 20
_LONGEST_TITLE: Final = 400


def reduce_to_letters(text: str) -> str:
    """Reduce a text to letters and digits, lower case: two spellings of the same words are equal."""
    return _LETTERS.sub("", text).lower()


def _find_title(
    tree: HtmlElement, metas: dict[str, str], node: Node, outlet: str | None
) -> StatedFact | None:
    """Return a heading that another place repeats; else JSON-LD, og, heading and title element, in this
    order."""
    texts = [fold_whitespace(h1.text_content()) for h1 in islice(tree.iter("h1"), _MOST_HEADINGS)]
    fits = [text for text in texts if text and len(text) <= _LONGEST_TITLE]
    headings = [text for text in fits if reduce_to_letters(text) != reduce_to_letters(outlet or "")]
    json_ld = (parse_text(node.get("headline")), "json-ld")
    stated = (json_ld, *_find_metas(metas, "og:title", "twitter:title"))
    told = [(text, place) for text, place in stated if text]
    element = next(tree.iter("title"), None)
    whole = "" if element is None else fold_whitespace(element.text_content())[: 2 * _LONGEST_TITLE]
    repeats = [text for text in (*(text for text, _ in told), whole) if text]
    agreed = [(text, "h1") for text in headings if any(_is_agreed(text, other) for other in repeats)]
    longest = sorted(agreed, key=lambda each: -len(each[0]))  # the shorter ones may be the site's name
    alone = ((text, "h1") for text in headings)
    found = _get_first((*longest, *told, *alone, *([(_SITE.split(whole)[0], "title")] if whole else [])))
    if found is None or len(found[0]) <= _LONGEST_TITLE:
        return found
    return found[0][:_LONGEST_TITLE].rsplit(" ", 1)[0], found[1]  # no headline writer wrote it


def _is_agreed(heading: str, other: str) -> bool:
    """Return True if `other` holds the heading and little else, is the heading cut short, or has most of its
    words."""
    bare, told = reduce_to_letters(heading), reduce_to_letters(other)
    if not bare or not told:
        return False
    if bare in told:
        return 3 * len(bare) > len(told)
    if bare.startswith(told):
        return 2 * len(told) > len(bare)
    words, among = set(_WORDS.findall(heading.lower())), set(_WORDS.findall(other.lower()))
    return len(words) >= _FEW and len(words & among) >= _MOST_SHARED * max(len(words), len(among))


# ── outlet, authors, date ───────────────────────────────────────────────────────────────────────────

_LONGEST_NAME: Final = 120
_BY: Final = re.compile(r"^(?:by|von|par|por|di)\s+", re.IGNORECASE)


def _find_outlets(metas: dict[str, str], node: Node) -> Iterator[StatedFact]:
    """Yield names, not addresses; a handle loses its sign."""
    told = (*_find_metas(metas, "og:site_name"), (parse_text(node.get("publisher")) or "", "json-ld"))
    bare = ((text.removeprefix("@"), place) for text, place in told)
    return ((text, place) for text, place in bare if text and not is_web_address(text))


def _find_authors(metas: dict[str, str], node: Node, outlet: str | None) -> tuple[tuple[str, ...], str]:
    told = node.get("author")
    places = (
        (tuple(map(parse_text, as_list(told))), "json-ld"),
        *(
            ((text,), place)
            for text, place in _find_metas(metas, "author", "article:author", "parsely-author")
        ),
    )
    for names, place in places:
        bare = [_BY.sub("", name or "") for name in names]
        fits = [name for name in bare if 0 < len(name) <= _LONGEST_NAME and "@" not in name]
        people = [
            name
            for name in dict.fromkeys(fits)
            if not is_web_address(name) and reduce_to_letters(name) != reduce_to_letters(outlet or "")
        ]
        if people:
            return tuple(people[:MOST_PEOPLE]), place
    return (), ""


_DATES: Final = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "citation_publication_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "date",
)
_NUMBERS: Final = re.compile(r"^\s*((?:19|20)\d\d)([-/.]?)([01]\d)\2([0-3]\d)(?!\d)")


def _find_dates(tree: HtmlElement, metas: dict[str, str], node: Node) -> Iterator[StatedFact]:
    """Yield what is stated as the day of publication, the surest place first."""
    yield parse_text(node.get("datePublished")) or "", "json-ld"
    yield from _find_metas(metas, *_DATES)
    # `time` elements that are marked as publication; else the only day that any gives
    times = list(islice(tree.iter("time"), _MOST_HEADINGS))
    texts = [(time, time.get("datetime") or fold_whitespace(time.text_content())) for time in times]
    for time, text in texts:
        if "pubdate" in time.attrib or "datepublished" in (time.get("itemprop") or "").lower():
            yield text, "time"
    if len({_parse_day(text) for _, text in texts}) == 1:
        yield texts[0][1], "time"


def _parse_day(text: str) -> date | None:
    """Return the day as it is written: "2019-02-10T23:00-05:00" is the tenth, wherever the reader is."""
    found = _NUMBERS.match(text)
    spelt = None if found else parsedate_tz(text[:60])
    parts = (found[1], found[3], found[4]) if found else spelt[:3] if spelt else ()
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


# ── addresses, language, description ────────────────────────────────────────────────────────────────

_LANGUAGE: Final = re.compile(r"^\s*([a-zA-Z]{2,3})(?:[-_].*)?\s*$")


def _find_canonical(tree: HtmlElement) -> StatedFact | None:
    """Return the first canonical link that names a page: no site root, no address without a name."""
    links = (link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    urls = (fold_whitespace(link.get("href") or "") for link in islice(links, _MOST_HEADINGS))
    for url in filter(is_web_address, urls):
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        host = parts.hostname or ""
        if (parts.path.strip("/") or parts.query) and "." in host and host.rpartition(".")[2].isalpha():
            return url, "link"
    return None


def _find_language(tree: HtmlElement) -> StatedFact | None:
    root = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    found = _LANGUAGE.match(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    return (found[1].lower(), "html") if found else None
