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
        if _POSTS.isdisjoint((element.get("class") or "").split()):
            continue
        wrapper = element
        while wrapper.tag not in ("body", "article", "main", "html"):
            for name in ("class", "id"):
                wrapper.attrib.pop(name, None)
            parent = wrapper.getparent()
            if parent is None or len(parent) > _MOST_LOADERS:
                break
            texts = (parent.text, *(child.tail for child in parent))
            if any(text and not text.isspace() for text in texts):
                break
            if any(child is not wrapper and child.tag not in _LOADERS for child in parent):
                break
            wrapper = parent
