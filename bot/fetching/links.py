"""The links in what somebody wrote: text in, `Link`s out, in one pass over the characters.

    "see (https://news.example/a_(b)), ||https://m.news.example/c||"
      → Link("https://news.example/a_(b)"), Link("https://m.news.example/c", spoiler=True)

Not links: `<https://…>`, what stands in code or in a quoted line, and the label of a Markdown link.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from bot.errors import BadLink
from bot.fetching.dedup_keys import make_dedup_key, make_story_key
from bot.fetching.ip_addresses import is_loopback_name, parse_literal
from bot.fetching.url_validation import parse_target
from bot.model import Link

__all__ = ["find_links", "make_dedup_key", "make_story_key", "parse_link"]

_BACKTICKS: Final = re.compile(r"`+")
_FENCE: Final = 3
_QUOTED: Final = re.compile(r"^ *(?:>>> .*\Z|> [^\n]*)", re.MULTILINE | re.DOTALL)
_BRACKETED: Final = re.compile(r"<https?://[^\s<>]*>", re.IGNORECASE)
_BARS: Final = re.compile(r"\|\|")

# Cannot stand in an address: blanks, controls, invisible joints, angle brackets, quotation marks, and the
# full-width punctuation that ends a clause where no blank follows.
_OUTSIDE: Final = (
    r"\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    r"<>\"“”„«»`，、；！？（）［］｛｝「」『』【】〈〉《》"
)
_START: Final = re.compile(
    rf"""
    (?<![A-Za-z0-9+.-])(?<!view-source:)        # not the tail of another scheme
    https?://
    (?:\[[0-9a-f:.%]*\])?                       # an IPv6 address
    [^{_OUTSIDE}()\[\]{{}},;|/?\#]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_REST: Final = re.compile(
    rf"""
      (?P<closing>[)\]}}])
    | (?P<opening>[(\[{{])
    | (?P<end>\|\| | [,;|](?=https?://))        # a spoiler's bars, or the next link after a comma
    | [^{_OUTSIDE}()\[\]{{}},;|。]+ | [,;|]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_TRAILING: Final = frozenset(".,:;!?*_~'’‘‹›`\"|\\([{…。\u200c\u200d")


def find_links(text: str, *, loopback: bool = False) -> tuple[Link, ...]:
    """Return the links in order, each story once; spoilered if it stood in a spoiler anywhere.

    `loopback` lets a developer read pages from his own machine, on any port.
    """
    # Blanks in the place of what is not read keep every character where it is. Fences before quotes: ">>> "
    # inside a code block is a Python prompt. Quotes before inline code: a backtick in a quoted line does not
    # pair with one outside.
    seen = _blank(text, _find_code(text, fences=True))
    seen = _blank(seen, (quote.span() for quote in _QUOTED.finditer(seen)))
    seen = _blank(seen, _find_code(seen, fences=False))
    seen = _blank(seen, (silenced.span() for silenced in _BRACKETED.finditer(seen)))
    bars = [found.start() for found in _BARS.finditer(seen)]
    found: dict[str, Link] = {}
    place = 0
    while opening := _START.search(seen, place):
        start, place = opening.start(), _find_end(seen, opening.end())
        if seen.startswith("](", place):
            continue  # the label of a Markdown link is words, not a link
        before = bisect_right(bars, start)
        spoiler = before % 2 == 1 and before < len(bars)  # a last bar without its partner hides nothing
        if new := _parse_in_prose(seen[start : _trim(seen, place)], spoiler=spoiler, loopback=loopback):
            known = found.setdefault(new.key, new)
            found[new.key] = Link(known.url, known.key, known.spoiler or new.spoiler)
    return tuple(found.values())


def parse_link(url: str, *, loopback: bool = False) -> Link:
    """Parse the one given address. Raises NotALink, RefusedScheme, RefusedPort or RefusedUserinfo."""
    url = url.strip(" \n\t")
    parse_target(url, loopback=loopback)
    return Link(url, make_dedup_key(url))


# ── what is not read ────────────────────────────────────────────────────────────────────────────────


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += text[done:start], " " * (end - start)
        done = end
    return "".join((*pieces, text[done:]))


def _find_code(text: str, *, fences: bool) -> Iterator[tuple[int, int]]:
    """Yield the spans between runs of backticks of the same width; a run that is never closed is no code."""
    runs = [run.span() for run in _BACKTICKS.finditer(text)]
    runs = [(start, end) for start, end in runs if (end - start >= _FENCE) is fences]
    next_of_width: dict[int, int] = {}
    closings: list[int | None] = [None] * len(runs)
    for here in reversed(range(len(runs))):
        width = min(runs[here][1] - runs[here][0], _FENCE)
        closings[here] = next_of_width.get(width)
        next_of_width[width] = here
    here = 0
    while here < len(runs):
        closing = closings[here]
        if closing is not None:
            yield runs[here][0], runs[closing][1]
        here = (here if closing is None else closing) + 1


# ── where a link ends ───────────────────────────────────────────────────────────────────────────────


def _find_end(text: str, place: int) -> int:
    """Return the end of an address that goes on at `place`: the first bracket that it did not open itself."""
    if not text.startswith(("/", "?", "#"), place):
        return place
    opened: list[str] = []
    while (piece := _REST.match(text, place)) and not piece["end"]:
        if closing := piece["closing"]:
            if not opened or opened.pop() != _PAIRS[closing]:
                break
        elif piece["opening"]:
            opened.append(piece["opening"])
        place = piece.end()
    return place


def _trim(text: str, end: int) -> int:
    while text[end - 1] in _TRAILING:
        end -= 1
    return end


def _parse_in_prose(written: str, *, spoiler: bool, loopback: bool) -> Link | None:
    try:
        there = parse_target(written, loopback=loopback)
    except BadLink:
        return None
    # "http://exa" is what is left of "http://exa mple.com/": no public name lacks a dot.
    reachable = "." in there.host.strip(".") or parse_literal(there.host) or is_loopback_name(there.host)
    return Link(written, make_dedup_key(written), spoiler) if reachable else None
