"""Posts of others that a page shows: their text and links are the page's, whatever their wrappers are called.

An extractor throws away what is called "embed", "social" or "share". Classes and ids of embedded posts, and
of wrappers that hold nothing else, are taken off first.
"""

from __future__ import annotations

from typing import Final

from lxml.html import HtmlElement

_POSTS: Final = frozenset(
    """twitter-tweet twitter-video instagram-media tiktok-embed bluesky-embed fb-post fb-video mastodon-embed
    text-post-media threads-post telegram-post reddit-embed-bq reddit-card""".split(),
)
_LOADERS: Final = frozenset(("script", "style", "noscript", "link"))
_MOST_LOADERS: Final = 4


def strip_embeds(root: HtmlElement) -> None:
    """Takes class and id off embedded posts and their wrappers, in place."""
    for element in root.iter("blockquote", "div"):
        if not _POSTS.isdisjoint((element.get("class") or "").split()):
            wrapper: HtmlElement | None = element
            while wrapper is not None and wrapper.tag not in ("body", "article", "main", "html"):
                for name in ("class", "id"):
                    wrapper.attrib.pop(name, None)
                parent = wrapper.getparent()
                wrapper = parent if parent is not None and _holds_only(parent, wrapper) else None


def _holds_only(parent: HtmlElement, child: HtmlElement) -> bool:
    if len(parent) > _MOST_LOADERS or any(e is not child and e.tag not in _LOADERS for e in parent):
        return False
    return not any(text and not text.isspace() for text in (parent.text, *(other.tail for other in parent)))
