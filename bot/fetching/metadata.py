"""What a page states of itself, and where: nothing is guessed, what is not stated is None.

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

from bot.fetching.blocks import fold
from bot.fetching.jsonld import (
    ARTICLES,
    MOST_PEOPLE,
    Node,
    article_node,
    count,
    followed,
    listed,
    nodes_of,
    paid_parts,
    types,
    web,
    words,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A page about itself. `stated_in` names the place of each fact; `kinds` are its JSON-LD and og types.

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
        """The page calls itself an article."""
        return "article" in self.kinds or any(kind.endswith(ARTICLES) for kind in self.kinds)

    @property
    def is_video(self) -> bool:
        """The page calls itself a video and nothing else."""
        return not self.is_article and any(kind.startswith("video") for kind in self.kinds)

    @property
    def is_post(self) -> bool:
        return bool(self.kinds & _POSTS)


_POSTS: Final = frozenset(("socialmediaposting", "discussionforumposting"))

Found = tuple[str, str]  # what is stated, and where


def stated(tree: HtmlElement, url: str | None = None) -> Stated:
    """What `tree`, read from `url`, states of itself."""
    metas, nodes = _metas(tree), nodes_of(tree)
    node = _with_people(article_node(nodes, url), nodes)
    outlet = _first(_outlets(metas, node))
    title = _title(tree, metas, node, outlet and outlet[0])
    authors, author_place = _authors(metas, node, outlet and outlet[0])
    published = _first(_dates(tree, metas, node))
    canonical, language = _canonical(tree), _language(tree)
    places = {
        "title": title,
        "outlet": outlet,
        "authors": ("", author_place) if authors else None,
        "published": published,
        "canonical_url": canonical,
        "language": language,
    }
    return Stated(
        title=title and title[0],
        outlet=outlet and outlet[0],
        authors=authors,
        published=published and _day(published[0]),
        canonical_url=canonical and canonical[0],
        language=language and language[0],
        description=_description(metas, node),
        post=words(node.get("articleBody") or node.get("text")),
        words=count(node.get("wordCount")),
        paid=paid_parts(nodes),
        kinds=frozenset(_kinds(metas, nodes)),
        stated_in=tuple(sorted((name, found[1]) for name, found in places.items() if found)),
    )


def _with_people(node: Node, nodes: tuple[Node, ...]) -> Node:
    people: Node = {role: followed(node[role], nodes) for role in ("author", "publisher") if role in node}
    return {**node, **people}


def _first(found: Iterable[Found]) -> Found | None:
    return next(iter(found), None)


# ── meta elements ───────────────────────────────────────────────────────────────────────────────────

_MOST_METAS: Final = 2000


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The content of meta elements by lower-case name, the first of each name."""
    found: dict[str, str] = {}
    for meta in islice(tree.iter("meta"), _MOST_METAS):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = fold(meta.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _named(metas: dict[str, str], *names: str) -> Iterator[Found]:
    return ((metas[name], name) for name in names if name in metas)


def _kinds(metas: dict[str, str], nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        yield from types(node)
    if "og:type" in metas:
        yield metas["og:type"].lower()


# ── title ───────────────────────────────────────────────────────────────────────────────────────────

_WORDS: Final = re.compile(r"\w+")
_FEW: Final = 4
_MOST_SHARED: Final = 0.6
_LETTERS: Final = re.compile(r"[\W_]+")
_SITE: Final = re.compile(r"\s+[|–—·»:-]\s+")
_MOST_HEADINGS: Final = 20
_LONGEST_TITLE: Final = 400


def plain(text: str) -> str:
    """Letters and digits alone, lower case: two spellings of the same words are equal."""
    return _LETTERS.sub("", text).lower()


def _title(tree: HtmlElement, metas: dict[str, str], node: Node, outlet: str | None) -> Found | None:
    """A heading that another place repeats; else JSON-LD, og, heading and title element, in this order."""
    headings = [text for text in _headings(tree) if plain(text) != plain(outlet or "")]
    told = [(text, place) for text, place in _told(metas, node) if text]
    whole = _window(tree)
    repeats = [text for text in (*(text for text, _ in told), whole) if text]
    agreed = [(text, "h1") for text in headings if any(_agree(text, other) for other in repeats)]
    longest = sorted(agreed, key=lambda each: -len(each[0]))  # the shorter ones may be the site's name
    alone = ((text, "h1") for text in headings)
    found = _first((*longest, *told, *alone, *([(_SITE.split(whole)[0], "title")] if whole else [])))
    return found and (_cut(found[0]), found[1])


def _headings(tree: HtmlElement) -> Iterator[str]:
    texts = (fold(h1.text_content()) for h1 in islice(tree.iter("h1"), _MOST_HEADINGS))
    return (text for text in texts if text and len(text) <= _LONGEST_TITLE)


def _told(metas: dict[str, str], node: Node) -> Iterator[tuple[str | None, str]]:
    yield words(node.get("headline")), "json-ld"
    yield from _named(metas, "og:title", "twitter:title")


def _window(tree: HtmlElement) -> str:
    title = next(tree.iter("title"), None)
    return fold(title.text_content())[: 2 * _LONGEST_TITLE] if title is not None else ""


def _agree(heading: str, other: str) -> bool:
    """`other` holds the heading and little else, is the heading cut short, or has most of its words."""
    bare, told = plain(heading), plain(other)
    if not bare or not told:
        return False
    if bare in told:
        return 3 * len(bare) > len(told)
    if bare.startswith(told):
        return 2 * len(told) > len(bare)
    words, among = set(_WORDS.findall(heading.lower())), set(_WORDS.findall(other.lower()))
    return len(words) >= _FEW and len(words & among) >= _MOST_SHARED * max(len(words), len(among))


def _cut(title: str) -> str:
    """A title that no headline writer wrote is cut at a word."""
    return title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rsplit(" ", 1)[0]


# ── outlet, authors, date ───────────────────────────────────────────────────────────────────────────

_LONGEST_NAME: Final = 120
_BY: Final = re.compile(r"^(?:by|von|par|por|di)\s+", re.IGNORECASE)


def _outlets(metas: dict[str, str], node: Node) -> Iterator[Found]:
    """Names, not addresses; a handle loses its sign."""
    told = (*_named(metas, "og:site_name"), (words(node.get("publisher")) or "", "json-ld"))
    bare = ((text.removeprefix("@"), place) for text, place in told)
    return ((text, place) for text, place in bare if text and not web(text))


def _authors(metas: dict[str, str], node: Node, outlet: str | None) -> tuple[tuple[str, ...], str]:
    told = node.get("author")
    places = (
        (tuple(map(words, listed(told))), "json-ld"),
        *(((text,), place) for text, place in _named(metas, "author", "article:author", "parsely-author")),
    )
    for names, place in places:
        people = tuple(dict.fromkeys(filter(None, (_person(name, outlet) for name in names))))
        if people:
            return people[:MOST_PEOPLE], place
    return (), ""


def _person(name: str | None, outlet: str | None) -> str | None:
    bare = _BY.sub("", name or "")
    fits = 0 < len(bare) <= _LONGEST_NAME and not web(bare) and "@" not in bare
    return bare if fits and plain(bare) != plain(outlet or "") else None


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


def _dates(tree: HtmlElement, metas: dict[str, str], node: Node) -> Iterator[Found]:
    """Stated days of publication that are days at all, the surest place first."""
    told = ((words(node.get("datePublished")) or "", "json-ld"), *_named(metas, *_DATES), *_times(tree))
    return ((text, place) for text, place in told if _day(text))


def _times(tree: HtmlElement) -> Iterator[Found]:
    """`time` elements that say they give the day of publication; else the only day that any gives."""
    times = list(islice(tree.iter("time"), _MOST_HEADINGS))
    texts = [(time, time.get("datetime") or fold(time.text_content())) for time in times]
    yield from ((text, "time") for time, text in texts if _marked(time))
    if len({_day(text) for _, text in texts}) == 1:
        yield texts[0][1], "time"


def _marked(time: HtmlElement) -> bool:
    return "pubdate" in time.attrib or "datepublished" in (time.get("itemprop") or "").lower()


def _day(text: str) -> date | None:
    """The day as it is written: "2019-02-10T23:00-05:00" is the tenth, wherever the reader is."""
    found = _NUMBERS.match(text)
    spelt = None if found else parsedate_tz(text[:60])
    parts = (found[1], found[3], found[4]) if found else spelt[:3] if spelt else ()
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


# ── addresses, language, description ────────────────────────────────────────────────────────────────

_LANGUAGE: Final = re.compile(r"^\s*([a-zA-Z]{2,3})(?:[-_].*)?\s*$")


def _canonical(tree: HtmlElement) -> Found | None:
    """The first canonical link that names a page: no site root, no address without a name."""
    links = (link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    urls = (fold(link.get("href") or "") for link in islice(links, _MOST_HEADINGS))
    return _first((url, "link") for url in urls if web(url) and _names_page(url))


def _names_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(parts.path.strip("/") or parts.query) and host.rpartition(".")[2].isalpha() and "." in host


def _language(tree: HtmlElement) -> Found | None:
    root = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    found = _LANGUAGE.match(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    return (found[1].lower(), "html") if found else None


def _description(metas: dict[str, str], node: Node) -> str | None:
    told = (metas.get("og:description"), metas.get("description"), words(node.get("description")))
    return next(filter(None, told), None)
