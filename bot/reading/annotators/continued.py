"""Quotations in paragraphs of their own, which no verb attributes: whoever speaks above them goes on.

Venn said it fell. ¶ “We had warned them twice.” ¶ “Nobody came.”
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.reading.annotators.base import AttributionFrame, Finding, Range
from bot.reading.annotators.sentence_views import READ
from bot.reading.document import Document, Sentence
from bot.reading.quotes import Quotation, is_speech

GOING_ON = frozenset({AttributionFrame.DIRECT, AttributionFrame.INDIRECT, AttributionFrame.ACCORDING})
LINE = 14  # tokens of a signature


def add_continued(
    document: Document, quotations: Sequence[Quotation], found: Sequence[Finding]
) -> list[Finding]:
    """Return the findings, each with the quotations by which its speaker goes on."""
    said = {token for one in found for first, last in one.content for token in (first, last - 1)}
    busy = {block for one in found for block in _list_blocks(document, one)}
    speaking = _find_last_speakers(document, quotations, found)
    added: dict[int, list[Range]] = {}
    for quote in quotations:
        block = document.sentences[document.sentence_of[quote.first]].block
        alone = block not in busy and _fills_paragraph(document, quote)
        number = speaking.get(block - 1)
        if number is None or not alone or quote.first in said or not is_speech(document, quote):
            continue
        added.setdefault(number, []).append((quote.first, quote.last))
        speaking[block] = number
    return [
        replace(one, content=(*one.content, *added[number])) if number in added else one
        for number, one in enumerate(found)
    ]


def _list_blocks(document: Document, one: Finding) -> Iterator[int]:
    """Yield the paragraphs in which something is attributed or part of what is said."""
    for token in (one.cue[0], *(at for first, last in one.content for at in (first, last - 1))):
        yield document.sentences[document.sentence_of[token]].block


def _find_last_speakers(
    document: Document, quotations: Sequence[Quotation], found: Sequence[Finding]
) -> dict[int, int]:
    """Return, by paragraph, the number of the last attribution outside quotations."""
    quoted = {token for quote in quotations for token in range(quote.first, quote.last)}
    speaking: dict[int, int] = {}
    for number, one in enumerate(found):
        goes_on = one.reporting and one.frame in GOING_ON and one.head is not None
        if goes_on and one.cue[0] not in quoted:
            speaking[document.sentences[one.sentence].block] = number
    return speaking


def _fills_paragraph(document: Document, quote: Quotation) -> bool:
    """Return whether a quotation is all that a paragraph holds, and no line below it signs it."""
    sentence = document.sentences[document.sentence_of[quote.first]]
    if sentence.role not in READ or document.first_of(sentence.block).first != quote.first:
        return False
    if quote.last == len(document.words):
        return True
    below = document.sentences[document.sentence_of[quote.last]]
    return below.block != sentence.block and not _signs(document, below)


def _signs(document: Document, line: Sentence) -> bool:
    """Return whether a line is a name with what it is: “Mara Venn, the mayor of Dale”."""
    tags = document.tags[line.first : line.last]
    return len(tags) < LINE and tags[0].is_name and not any(tag.is_finite for tag in tags)
