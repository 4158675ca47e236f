"""The verdict: whether an article calls its own story false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.content_words import ABOVE
from bot.reading.document import Document
from bot.reading.lead import Lead
from bot.reading.quotes import Quotation

LEADING = 60  # words of the lead


@dataclass(frozen=True, slots=True)
class DebunkVerdict:
    """The rules by which an article says that its story is false: `settled` leaves no room for a flag,
    `leaning` only for the stance."""

    settled: str | None
    leaning: str | None


def find_verdict(document: Document, lead: Lead, quotations: Sequence[Quotation]) -> DebunkVerdict:
    quoted = frozenset(t for q in quotations for t in range(q.first, q.last))
    debunks = document.lexicon.debunks.patterns
    strong = tuple(sorted({m.first for m in debunks.find(document, 0, len(document.words))}))
    return DebunkVerdict(_find_settled(document, lead, strong, quoted), _find_leaning(document, strong))


def _find_settled(
    document: Document, lead: Lead, strong: Sequence[int], quoted: frozenset[int]
) -> str | None:
    """Return the rule by which headline, deck or claim say that the story is false, or lead and body call it
    so; `strong`: the places of words that do."""
    settling = document.lexicon.settled
    for index, sentence in enumerate(document.sentences):
        if sentence.role in ABOVE or index == lead.sentence:
            for match in settling.patterns.find(document, sentence.first, sentence.last):
                if match.first not in quoted:
                    return f"settled: {settling.sources[match.entry]}"
    said = sum(at not in quoted for at in strong)
    words = len(document.words)
    leading = sum(at < LEADING for at in strong)
    if leading and len(strong) > 1 and len(strong) * 300 >= words:
        return "settled: lead and body call it false"
    if said > 2 and said * 200 >= words:  # noqa: PLR2004  # more than a mention
        return "settled: the body calls it false"
    claim = document.sentences[lead.sentence]
    denied = any(
        document.lowers[i] in document.lexicon.words.negations for i in range(claim.first, claim.last)
    )
    return (
        "settled: claim negated" if denied and any(claim.first <= at < claim.last for at in strong) else None
    )


def _find_leaning(document: Document, strong: Sequence[int]) -> str | None:
    """Return the rule by which an article leans towards calling its story false: often enough, early, or with
    words of denial in its lead."""
    words = len(document.words)
    if len(strong) > 1 and len(strong) * 250 >= words:
        return f"debunks: {len(strong)} in {words} words"
    if any(at < LEADING for at in strong):
        return "debunks: in the lead"
    weak = any(w in document.lexicon.words.denial_words for w in document.lowers[:LEADING])
    return "debunks: with a denial in the lead" if strong and weak else None
