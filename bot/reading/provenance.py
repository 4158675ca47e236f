"""The provenance of a page's article: another site, an agency, a dateline, "originally published by"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.model import Article, BlockRole, SourceKind
from bot.reading.document import Document
from bot.reading.names import Names
from bot.reading.sites import extract_publisher, extract_site, normalize_outlet

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


def find_agencies(document: Document) -> Iterator[Origin]:
    """Yield the agencies that the first paragraphs' datelines name: the "AP" of "DALE (AP) —"."""
    text, lexicon = document.article.text, document.lexicon
    bodies = [b for b in document.article.blocks if b.role is BlockRole.BODY]
    outlets = lexicon.words.outlets | lexicon.kinds[SourceKind.OUTLET]
    for block in bodies[:OPENING]:
        match = AGENCY.search(text, block.start, min(block.end, block.start + DATELINE))
        words = [] if match is None else re.findall(r"\w+", match[1].lower())
        known = next((w for w in words if w in outlets), None)
        if match is not None and known is not None:
            yield Origin(*match.span(1), f"dateline: {known}")


def is_reprint(article: Article) -> bool:
    """Return whether the page says that its article stands on another site first."""
    first = article.canonical_url
    return bool(first and article.url and extract_site(first) != extract_site(article.url))


def find_reprint_site(document: Document, names: Names) -> Iterator[Origin]:
    """Yield the first place where a reprint names the site on which it stands first."""
    article, words = document.article, document.lexicon.words
    if not is_reprint(article):
        return
    first_site = normalize_outlet(extract_publisher(article.canonical_url or ""), words)
    anchors = [(a.anchor.start, a.anchor.end) for a in article.links]
    spelled = [n for e in names.entities for n in e.names]
    places = [(document.starts[n.first], document.ends[n.last - 1]) for n in spelled]
    for place in sorted([*anchors, *places]):
        if normalize_outlet(article.text[slice(*place)], words) == first_site:
            yield Origin(*place, "reprint: its site's name in the text")
            return


def find_original_outlets(document: Document, first: int, last: int) -> Iterator[Origin]:
    """Yield the outlets that the text names as the first to have its news: “This article originally appeared
    in the Dale Courier” anywhere, and in the sentences from `first` to `last` “first reported by the Dale
    Courier” too."""
    relays, definite = document.lexicon.relays, document.lexicon.words.definite_determiners
    documents = document.lexicon.words.stories | document.lexicon.kinds[SourceKind.DOCUMENT]
    for index, sentence in enumerate(document.sentences):
        opening, stop = document.lowers[sentence.first : sentence.first + 2], sentence.last
        about_itself = len(opening) > 1 and opening[0] in definite and opening[1] in documents
        for match in relays.patterns.find(document, sentence.first, stop):
            name = match.last + (match.last < stop and document.lowers[match.last] in definite)
            end = next((i for i in range(name, stop) if not document.tags[i].is_name), stop)
            if end > name and (first <= index <= last or about_itself):
                why = f"relay: {relays.sources[match.entry]}"
                yield Origin(document.starts[name], document.ends[end - 1], why)


def find_linked_datelines(document: Document) -> Iterator[Origin]:
    """Yield the names in a linked dateline, outermost first: the JTA and the KVELLER of "KVELLER via JTA
    —"."""
    article, words = document.article, document.lexicon.words
    own = normalize_outlet(extract_publisher(article.url or ""), words)
    openings = {b.start for b in article.blocks if b.role is BlockRole.BODY}
    for link in article.links:
        start = link.anchor.start
        if start not in openings or not DASH.match(article.text, link.anchor.end):
            continue
        parts = list(PART.finditer(link.anchor.text))
        outlets = [normalize_outlet(part[0], words) for part in parts]
        if normalize_outlet(extract_publisher(link.url), words) in outlets and own not in outlets:
            for part in reversed(parts):
                yield Origin(start + part.start(), start + part.end(), "linked dateline")
