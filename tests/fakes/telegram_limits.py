"""Telegram's HTML and the limits that the Bot API documents."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

Json = dict[str, Any]

_TOKEN: Final = re.compile(
    r"""
      <(?P<close>/)?(?P<tag>[a-z-]+)(?P<attributes>(?:\ [^<>]*)?)>   # a tag
    | &(?P<named>lt|gt|amp|quot|\#\d+|\#x[0-9a-fA-F]+);              # the entities that Telegram knows
    | (?P<plain>[^<&]+)
    | (?P<stray>[<&])
    """,
    re.VERBOSE,
)
_ENTITY: Final = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "s": "strikethrough",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-spoiler": "spoiler",
}  # fmt: skip
_QUOTES: Final = {"blockquote", "expandable_blockquote"}


class Unparsable(ValueError):  # noqa: N818  # named for what the message is
    """Telegram would answer "can't parse entities"."""


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _Open:
    tag: str
    kind: str
    offset: int
    url: str | None


def parse(markup: str) -> tuple[str, list[Json]]:
    """The text and the entities that Telegram makes of a message in HTML; raises Unparsable."""
    text, entities, still_open = "", [], list[_Open]()
    for found in _TOKEN.finditer(markup):
        if found["plain"] is not None:
            text += found["plain"]
        elif found["named"] is not None:
            text += html.unescape(found[0])
        elif found["stray"] is not None:
            raise Unparsable(f"stray {found['stray']} at {found.start()}")
        elif found["close"]:
            entities.append(_closed(still_open, found["tag"], units(text)))
        else:
            still_open.append(_opened(found["tag"], found["attributes"], units(text), still_open))
    if still_open:
        raise Unparsable(f"<{still_open[-1].tag}> is never closed")
    return text, sorted((e for e in entities if e["length"]), key=lambda e: (e["offset"], -e["length"]))


def _opened(tag: str, attributes: str, offset: int, around: list[_Open]) -> _Open:
    if tag not in _ENTITY:
        raise Unparsable(f"unsupported start tag <{tag}>")
    kind = _ENTITY[tag]
    if tag == "blockquote" and attributes.strip() == "expandable":
        kind = "expandable_blockquote"
    elif tag == "a":
        if not (href := re.fullmatch(r' href="([^"]*)"', attributes)):
            raise Unparsable("<a> without href")
        return _Open(tag, kind, offset, html.unescape(href[1]))
    elif attributes:
        raise Unparsable(f"<{tag}> with attributes {attributes!r}")
    if kind in _QUOTES and any(outer.kind in _QUOTES for outer in around):
        raise Unparsable("a blockquote inside a blockquote")
    return _Open(tag, kind, offset, None)


def _closed(still_open: list[_Open], tag: str, end: int) -> Json:
    if not still_open or still_open[-1].tag != tag:
        raise Unparsable(f"unmatched end tag </{tag}>")
    was = still_open.pop()
    entity: Json = {"type": was.kind, "offset": was.offset, "length": end - was.offset}
    return entity | ({"url": was.url} if was.url is not None else {})


def faults(markup: str, keyboard: list[list[Json]]) -> list[str]:
    """Every documented limit that this message breaks, in Telegram's words where it has some."""
    try:
        text, entities = parse(markup)
    except Unparsable as unparsable:
        return [f"can't parse entities: {unparsable}"]
    found = []
    if not text.strip():
        found.append("message text is empty")
    if units(text) > 4096:
        found.append("message is too long")
    if len(entities) > 100:
        found.append(f"{len(entities)} entities")
    return found + [wrong for row in keyboard for button in row if (wrong := _button(button))]


def _button(button: Json) -> str | None:
    if not button["text"].strip():
        return "a button without words"
    if "url" in button:
        parts = urlsplit(button["url"])
        sound = (
            parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and button["url"].isascii()
        )
        return None if sound else "BUTTON_URL_INVALID"
    return None if 1 <= len(button["callback_data"].encode()) <= 64 else "BUTTON_DATA_INVALID"
