"""Links to what a source itself published, each tied to its source.

Left out: links within the page's own site, tags, topics, sharing, players, and pages without a path.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from bot.model import Anchor, Article, Original, Source
from bot.reading.prose import Prose
from bot.reading.sources import Who
from bot.reading.views import READ

NOT_AN_ORIGINAL = re.compile(
    r"""
      /(?:tags?|topics?|category|categories|author|authors|search|share|sharer|intent|subscribe|newsletter
         |hashtag|keyword|quote|quotes|symbol|stocks?|signup|login|account)(?:[/?.]|$)
    | [?&](?:share|utm_source=share)=
    """,
    re.VERBOSE | re.IGNORECASE,
)
SHARING = (
    "://t.co/",
    "://pic.twitter.com/",
    "facebook.com/sharer",
    "twitter.com/intent",
    "twitter.com/share",
    "wa.me/",
    "t.me/share",
    "mailto:",
)


def site(url: str) -> str:
    """The last labels of a host that tell one publisher from another: "www.bbc.co.uk" → "bbc.co.uk"."""
    labels = host_of(url).split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3  # noqa: PLR2004  # co.uk, com.br
    return ".".join(labels[-3:] if short else labels[-2:])


def host_of(url: str) -> str:
    """Lower-case; empty for what a stranger's page calls a link and is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def publisher(url: str) -> str:
    """The site without its ending: "bbc.com" and "bbc.co.uk" are one publisher."""
    return site(url).partition(".")[0]


def originals(prose: Prose, who: Who) -> tuple[Original, ...]:
    """In the order of the text; a canonical URL on another site comes last."""
    article = prose.article
    homes = {publisher(url) for url in (article.canonical_url, article.url) if url}
    read = _read_places(article)
    ties = _Ties(prose, who)
    result: list[Original] = []
    for link in article.links:
        if not _leads_out(link.url, homes) or not _stands_in(link.anchor.start, read):
            continue
        source = ties.speaker(link)
        if source is None and _published_by_a_body(link.url):
            result.append(Original(link.url, link.anchor, ties.whose_words(link)))
        elif source is not None:
            result.append(Original(link.url, link.anchor, source))
    if article.canonical_url and article.url and site(article.canonical_url) != site(article.url):
        result.append(Original(article.canonical_url, None, None))
    return tuple(_unique(result))


def _unique(found: Sequence[Original]) -> list[Original]:
    return list({o.url: o for o in reversed(found)}.values())[::-1]


def _read_places(article: Article) -> list[tuple[int, int]]:
    return [(b.start, b.end) for b in article.blocks if b.role in READ]


def _stands_in(place: int, ranges: list[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the ranges, which are in order."""
    at = bisect_right(ranges, (place, len(ranges) and ranges[-1][1])) - 1
    return at >= 0 and place < ranges[at][1]


def _leads_out(url: str, homes: AbstractSet[str]) -> bool:
    if publisher(url) in homes or not _path(url).strip("/") or NOT_AN_ORIGINAL.search(url):
        return False
    return not any(s in url for s in SHARING)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _published_by_a_body(url: str) -> bool:
    """A document, or a page of an authority, a university, an account: no other outlet's story."""
    return bool(BODIES.search(host_of(url)) or _path(url).lower().endswith(".pdf") or POST.search(url))


BODIES = re.compile(r"(?:^|\.)(?:gov|mil|edu|int|ac|europa)(?:\.|$)|courtlistener|documentcloud")
POST = re.compile(
    r"(?:twitter|x)\.com/\w+/status/|facebook\.com/[^/]+/posts/|instagram\.com/p/|bsky\.app/profile/.+/post/"
)


class _Ties:
    """Which source a link belongs to, looked up by the words that carry it or the name that it bears."""

    def __init__(self, prose: Prose, who: Who) -> None:
        self._starts = prose.starts
        self._ends = prose.ends
        self._mentioned: dict[int, int] = {}
        self._said: dict[int, int] = {}
        self._names: dict[str, int] = {}
        for f, source in who.pairs():
            if source is not None:
                self._note(self._mentioned, (f.source, f.cue), source)
                self._note(self._said, f.content, source)
        for named in (s for s in who.sources if s.named):
            for key in _bears(named):
                self._names.setdefault(key, named.id)

    @staticmethod
    def _note(table: dict[int, int], ranges: Iterable[tuple[int, int] | None], source: int) -> None:
        for tokens in ranges:
            for token in range(*tokens) if tokens else ():
                table.setdefault(token, source)

    def _tokens(self, link: Anchor) -> range:
        return range(bisect_right(self._ends, link.anchor.start), bisect_left(self._starts, link.anchor.end))

    def speaker(self, link: Anchor) -> int | None:
        """The source in whose mention or cue the link stands; else the one whose name the link bears."""
        for token in self._tokens(link):
            if token in self._mentioned:
                return self._mentioned[token]
        host = _letters(publisher(link.url))
        anchor = link.anchor.text.lower().removeprefix("the ").strip(" .,’'")
        return self._names.get(host, self._names.get(anchor))

    def whose_words(self, link: Anchor) -> int | None:
        """The source in whose words the link stands."""
        return next((self._said[t] for t in self._tokens(link) if t in self._said), None)


def _bears(source: Source) -> Iterator[str]:
    """What a host or a link of this source can be called: "courier" and "dalecourier" of the Dale Courier."""
    names = [n.lower().removeprefix("the ") for n in (source.name.text, *source.aliases)]
    yield from names
    for word in names[0].split():
        yield _letters(word)
    whole = _letters(names[0])
    yield from (whole[:length] for length in range(len(whole), SHORTEST_HOST, -1))


SHORTEST_HOST = 4  # letters of a host that can be the beginning of a name


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text)
