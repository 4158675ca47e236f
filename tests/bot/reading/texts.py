"""Articles of the tests' own, written as paragraphs, and what the finders see in them."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.model import Anchor, Article, Block, BlockRole, Claim, Report, Source
from bot.reading.annotators.rules import RULES
from bot.reading.document import Document, parse_document
from bot.reading.languages.base import Language
from bot.reading.languages.registry import find_language
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.report import report
from bot.reading.source_candidates import find_candidates

LINK = re.compile(r"\[([^\]]+)\]\((https://[^)]+)\)")
MARKS = {
    "# ": BlockRole.TITLE,
    "> ": BlockRole.QUOTE,
    "~ ": BlockRole.CAPTION,
    "^ ": BlockRole.DECK,
    "$ ": BlockRole.TAIL,
    "= ": BlockRole.HEADING,
}


def article(*paragraphs: str, outlet: str | None = None, language: str | None = "en") -> Article:
    """Paragraphs as blocks of body text; "# " opens a title, "~ " a caption, "^ " a deck, "$ " a tail."""
    text, blocks = "", []
    for paragraph in paragraphs:
        role = MARKS.get(paragraph[:2], BlockRole.BODY)
        words = paragraph[2:] if paragraph[:2] in MARKS else paragraph
        text += "\n\n" if text else ""
        blocks.append(Block(role, len(text), len(text) + len(words)))
        text += words
    return Article(text, tuple(blocks), outlet=outlet, language=language)


def example_article(example: str | list[str]) -> Article:
    """The example of a word list: paragraphs as above; "@ " opens the outlet, and [words](address) is a
    link on a page of dale.example."""
    paragraphs = [example] if isinstance(example, str) else example
    outlet = next((p[2:] for p in paragraphs if p.startswith("@ ")), None)
    plain = article(*(LINK.sub(r"\1", p) for p in paragraphs if not p.startswith("@ ")), outlet=outlet)
    links = tuple(
        Anchor(url, plain.cut(at, at + len(words)))
        for words, url in (found.groups() for p in paragraphs for found in LINK.finditer(p))
        for at in [plain.text.rindex(words)]
    )
    return replace(plain, links=links, url="https://dale.example/news/1") if links else plain


def english() -> Language:
    found = find_language("en")
    assert found is not None
    return found


def seen(*paragraphs: str) -> Document:
    return parse_document(article(*paragraphs), english())


def read(*paragraphs: str, outlet: str | None = None) -> Report:
    return report(article(*paragraphs, outlet=outlet))


def find_entries(*paragraphs: str) -> list[Source]:
    """Return those whom the rules take for sources, before it is chosen who is one."""
    document = seen(*paragraphs)
    quotations = find_quotations(document)
    findings = RULES.annotate(document, quotations)
    candidates = find_candidates(document, findings, find_names(document), quotations)
    return [entry.to_source(document) for entry in candidates.entries]


def who(found: Report) -> list[str]:
    """The names of the sources, in order."""
    return [s.name.text for s in found.sources]


def said(found: Report) -> list[tuple[str, str, str]]:
    """Source, cue and content of each attribution."""
    return [
        (
            a.source.text if a.source else "",
            a.cue.text if a.cue else "",
            " / ".join(c.text for c in a.content),
        )
        for a in found.attributions
    ]


def hedged(found: Report) -> list[str]:
    return [h.words.text for h in found.hedges]


def chain(*paragraphs: str, outlet: str | None = None) -> tuple[str, list[str]]:
    first = read(*paragraphs, outlet=outlet).chains[0]
    assert first.of_claim
    return first.end.value, [s.name for s in first.steps]


def rules(*paragraphs: str, outlet: str | None = None) -> list[str]:
    return [s.why for s in read(*paragraphs, outlet=outlet).chains[0].steps]


FALLEN = "The bridge at Dale fell in the night."
LONG = ("The ferry runs until spring.",) * 12
VERY_LONG = LONG * 10


def claim(*paragraphs: str) -> Claim:
    found = read(
        *paragraphs, "It rained on Monday.", "The ferry runs until spring.", "The harbour was full."
    ).claim
    assert found is not None
    return found
