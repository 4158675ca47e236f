"""Links to what a source itself published, each tied to its source.

Left out: links within the page's own site, tags, topics, sharing, players, and pages without a path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from bot.model import Anchor, Article, Original, Role
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
    labels = (urlsplit(url).hostname or "").split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3  # noqa: PLR2004  # co.uk, com.br
    return ".".join(labels[-3:] if short else labels[-2:])


def publisher(url: str) -> str:
    """The site without its ending: "bbc.com" and "bbc.co.uk" are one publisher."""
    return site(url).partition(".")[0]


def originals(prose: Prose, who: Who) -> tuple[Original, ...]:
    """In the order of the text; a canonical URL on another site comes last."""
    article = prose.article
    homes = {publisher(url) for url in (article.canonical_url, article.url) if url}
    result: list[Original] = []
    for link in article.links:
        if _leads_out(link, article, homes):
            source = _spoken_by(prose, link, who)
            if source is None and _published_by_a_body(link.url):
                source = _by_content(prose, link, who)
                result.append(Original(link.url, link.anchor, source))
            elif source is not None:
                result.append(Original(link.url, link.anchor, source))
    if article.canonical_url and article.url and site(article.canonical_url) != site(article.url):
        result.append(Original(article.canonical_url, None, None))
    return tuple(_unique(result))


def _unique(found: Sequence[Original]) -> list[Original]:
    return list({o.url: o for o in reversed(found)}.values())[::-1]


def _leads_out(link: Anchor, article: Article, homes: AbstractSet[str]) -> bool:
    parts = urlsplit(link.url)
    if publisher(link.url) in homes or not parts.path.strip("/") or NOT_AN_ORIGINAL.search(link.url):
        return False
    role = next((b.role for b in article.blocks if b.start <= link.anchor.start < b.end), Role.TAIL)
    return role in READ and not any(s in link.url for s in SHARING)


def _spoken_by(prose: Prose, link: Anchor, who: Who) -> int | None:
    """The source in whose mention or cue the link stands; else the one whose name the link bears."""
    for f, source in who.pairs():
        if source is not None and any(_over(prose, r, link) for r in (f.source, f.cue)):
            return source
    return _host_named_after(link, who)


def _by_content(prose: Prose, link: Anchor, who: Who) -> int | None:
    """The source in whose words the link stands."""
    for f, source in who.pairs():
        if source is not None and any(_over(prose, r, link) for r in f.content):
            return source
    return None


def _published_by_a_body(url: str) -> bool:
    """A document, or a page of an authority, a university, an account: no other outlet's story."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return bool(BODIES.search(host)) or parts.path.lower().endswith(".pdf") or bool(POST.search(url))


BODIES = re.compile(r"(?:^|\.)(?:gov|mil|edu|int|ac|europa)(?:\.|$)|courtlistener|documentcloud|sec\.gov")
POST = re.compile(
    r"(?:twitter|x)\.com/\w+/status/|facebook\.com/[^/]+/posts/|instagram\.com/p/|bsky\.app/profile/.+/post/"
)


def _over(prose: Prose, tokens: tuple[int, int] | None, link: Anchor) -> bool:
    return tokens is not None and prose.excerpt(*tokens).overlaps(link.anchor)


def _host_named_after(link: Anchor, who: Who) -> int | None:
    """The source whose name the host bears ("courier.example", the Dale Courier) or the link's words are."""
    host = _letters(site(link.url).partition(".")[0])
    anchor = link.anchor.text.lower().removeprefix("the ").strip(" .,’'")
    for source in who.sources:
        if not source.named or not host:
            continue
        whole = _letters(source.name.text.lower().removeprefix("the "))
        words = {_letters(w) for w in source.name.text.lower().split()}
        if host in words or whole.startswith(host) or (whole and host.startswith(whole)):
            return source.id
        if anchor in {n.lower() for n in (source.name.text, *source.aliases)}:
            return source.id
    return None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text)
