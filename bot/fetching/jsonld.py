"""JSON-LD: a page's statements about itself as objects of schema.org. Broken blocks are passed over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.fetching.blocks import fold_whitespace

Node = dict[str, Any]

ARTICLES: Final = ("article", "blogposting", "report", "reportage")
_MOST_NODES: Final = 500
MOST_PEOPLE: Final = 20
_CLASS: Final = re.compile(r"^\.([\w-]+)$")
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


def find_nodes(tree: HtmlElement) -> tuple[Node, ...]:
    """Return the first JSON-LD objects of the page, outer before inner."""
    scripts = (s.text for s in tree.iter("script") if "ld+json" in (s.get("type") or "") and s.text)
    nodes = (node for text in scripts for node in _parse_nodes(text))
    return tuple(islice(nodes, _MOST_NODES))


def _parse_nodes(text: str) -> Iterator[Node]:
    try:
        waiting: list[Any] = [json.loads(text.strip().rstrip(";"), strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        here = waiting.pop(0) if len(waiting) < _MOST_NODES else waiting.pop()
        if isinstance(here, list):
            waiting[:0] = here[:_MOST_NODES]
        elif isinstance(here, dict):
            yield here
            waiting[:0] = [here[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in here]


def get_types(node: Node) -> tuple[str, ...]:
    named = node.get("@type")
    return tuple(str(name).lower() for name in as_list(named) if name)


def find_article_node(nodes: tuple[Node, ...], url: str | None) -> Node:
    """Return the object that describes the article of this page, its people resolved; {} when none does."""
    found = [node for node in nodes if any(t.endswith((*ARTICLES, "posting")) for t in get_types(node))]
    mine = []
    for node in found:
        page = node.get("mainEntityOfPage")
        addresses = (
            node.get("url"),
            node.get("@id"),
            page,
            page.get("@id") if isinstance(page, dict) else None,
        )
        if url and _get_path(url) in (_get_path(each) for each in addresses if isinstance(each, str)):
            mine.append(node)
    node = next(iter([*mine, *found]), {})
    people: Node = {
        role: _resolve_references(node[role], nodes) for role in ("author", "publisher") if role in node
    }
    return {**node, **people}


def _resolve_references(value: Any, nodes: tuple[Node, ...]) -> Any:
    """Resolve a reference by @id → the object of the page that has this @id and a name."""
    if isinstance(value, list):
        return [_resolve_references(each, nodes) for each in value[:MOST_PEOPLE]]
    if not isinstance(value, dict) or "name" in value or "@id" not in value:
        return value
    return next((node for node in nodes if node.get("@id") == value["@id"] and "name" in node), value)


def _get_path(url: str) -> str:
    return urlsplit(url).path.rstrip("/") if is_web_address(url) else ""


def parse_text(value: Any) -> str | None:
    """Return a stated text, unescaped and folded; the first of a list; a name of an object.

    Half a sign and NUL, which JSON can spell and no text holds, are left out.
    """
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("name")
    return fold_whitespace(_NO_TEXT.sub("", unescape(value))) or None if isinstance(value, str) else None


def parse_count(value: Any) -> int | None:
    return (
        int(value) if isinstance(value, int | str) and str(value).isascii() and str(value).isdigit() else None
    )


def find_paid_parts(nodes: Iterable[Node]) -> tuple[str, ...] | None:
    """Return the classes that `isAccessibleForFree: false` is said of."""
    paid = [node for node in nodes if str(node.get("isAccessibleForFree")).strip().lower() == "false"]
    parts = [part for node in paid for part in as_list(node.get("hasPart")) if isinstance(part, dict)]
    selectors = [str(part.get("cssSelector") or "") for part in (*paid, *parts)]
    return tuple(found[1] for text in selectors if (found := _CLASS.match(text))) if paid else None


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def is_web_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))
