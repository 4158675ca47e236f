"""The provenance of a page's article: another site, an agency, a dateline, "originally published by"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.model import Anchor, Article, BlockRole, SourceKind
from bot.reading.document import Prose
from bot.reading.sites import outlet_key, publisher, site

AGENCY = re.compile(r"\(([A-Z][\w ./&-]{1,30})\) ?[-–—]")  # "DALE (AP) —"
OPENING = 3  # paragraphs in which a dateline can stand, past an editor's note
DATELINE = 80  # characters of a paragraph in which a dateline ends
DASH = re.compile(r"\s?[—–-]\s")
PART = re.compile(r"[A-Z]\S*(?: [A-Z]\S*)*")


class Origin(NamedTuple):
    """The place where the text names the source of a page's article, and the rule that says so."""

    start: int
    end: int
    why: str


def find_agencies(prose: Prose) -> Iterator[Origin]:
    """Yield the agencies that the first paragraphs' datelines name: the "AP" of "DALE (AP) —"."""
    text, lexicon = prose.article.text, prose.lexicon
    bodies = [b for b in prose.article.blocks if b.role is BlockRole.BODY]
    outlets = lexicon.outlets | lexicon.kinds[SourceKind.OUTLET]
    for block in bodies[:OPENING]:
        match = AGENCY.search(text, block.start, min(block.end, block.start + DATELINE))
        words = [] if match is None else re.findall(r"\w+", match[1].lower())
        known = next((w for w in words if w in outlets), None)
        if match is not None and known is not None:
            yield Origin(*match.span(1), f"dateline: {known}")


def is_reprint(article: Article) -> bool:
    """Return whether the page says that its article stands on another site first."""
    first = article.canonical_url
    return bool(first and article.url and site(first) != site(article.url))


def find_original_outlets(prose: Prose, first: int, last: int) -> Iterator[Origin]:
    """Yield the outlets that the text names as the first to have its news: “This article originally appeared
    in the Dale Courier” anywhere, and in the sentences from `first` to `last` “first reported by the Dale
    Courier” too."""
    relays = prose.lexicon.relays
    for index, sentence in enumerate(prose.sentences):
        for match in relays.patterns.find(prose, sentence.first, sentence.last):
            name = _find_name(prose, match.last, sentence.last)
            if name is not None and (first <= index <= last or _is_about_itself(prose, sentence.first)):
                yield Origin(*name, f"relay: {relays.sources[match.entry]}")


def _find_name(prose: Prose, at: int, stop: int) -> tuple[int, int] | None:
    """The name that follows, an article left out."""
    first = at + (at < stop and prose.lowers[at] in prose.lexicon.words.definite)
    last = first
    while last < stop and prose.tags[last].is_name:
        last += 1
    return (prose.starts[first], prose.ends[last - 1]) if last > first else None


def _is_about_itself(prose: Prose, first: int) -> bool:
    """“This article”, "the story" at the beginning of a sentence."""
    words, lexicon = prose.lowers[first : first + 2], prose.lexicon
    itself = lexicon.words.stories | lexicon.kinds[SourceKind.DOCUMENT]
    return len(words) > 1 and words[0] in lexicon.words.definite and words[1] in itself


def find_linked_datelines(prose: Prose) -> Iterator[Origin]:
    """The names in a linked dateline, outermost first: the JTA and the KVELLER of "KVELLER via JTA —"."""
    words = prose.lexicon.words
    own = outlet_key(publisher(prose.article.url or ""), words)
    for link in _find_leading_links(prose.article):
        parts = list(PART.finditer(link.anchor.text))
        houses = [outlet_key(part[0], words) for part in parts]
        if outlet_key(publisher(link.url), words) in houses and own not in houses:
            start = link.anchor.start
            for part in reversed(parts):
                yield Origin(start + part.start(), start + part.end(), "linked dateline")


def _find_leading_links(article: Article) -> Iterator[Anchor]:
    """Links that open a paragraph before a dash."""
    opening = {b.start for b in article.blocks if b.role is BlockRole.BODY}
    for link in article.links:
        if link.anchor.start in opening and DASH.match(article.text, link.anchor.end):
            yield link
