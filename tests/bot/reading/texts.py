"""Articles of the tests' own, written as paragraphs, and what the finders see in them."""

from __future__ import annotations

from bot.model import Article, Block, BlockRole, Report
from bot.reading.document import Prose, prose
from bot.reading.languages.base import Language
from bot.reading.languages.registry import find_language
from bot.reading.report import report

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


def english() -> Language:
    found = find_language("en")
    assert found is not None
    return found


def seen(*paragraphs: str) -> Prose:
    return prose(article(*paragraphs), english())


def read(*paragraphs: str, outlet: str | None = None) -> Report:
    return report(article(*paragraphs, outlet=outlet))


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
