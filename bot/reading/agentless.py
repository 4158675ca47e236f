"""Attributions to nobody: the article says that something was said, and not by whom."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import Attribution
from bot.reading.annotators.base import Finding
from bot.reading.annotators.sentence_views import READ
from bot.reading.document import Document


def find_agentless(document: Document, found: tuple[Finding, ...]) -> tuple[Attribution, ...]:
    """Return the attributions without a source, where their words are no part of a finding and do not
    qualify its cue: “reportedly”, “is said to”, “there are reports that”. Their content is the sentence."""
    taken = {t for f in found for t in range(f.cue[0] - 1, f.cue[1] + 1)}  # "Venn reportedly said"
    taken.update(t for f in found if f.source is not None for t in range(*f.source))
    return tuple(_find_untaken(document, taken))


def _find_untaken(document: Document, taken: set[int]) -> Iterator[Attribution]:
    agentless = document.lexicon.agentless
    for sentence in document.sentences:
        if sentence.role not in READ:
            continue
        for match in agentless.patterns.find(document, sentence.first, sentence.last):
            cue = range(match.first, match.last)
            if taken.isdisjoint(cue):
                taken.update(cue)
                yield Attribution(
                    source=None,
                    cue=document.excerpt(match.first, match.last),
                    content=(document.sentence_excerpt(sentence),),
                    reporting=True,
                    why=f"agentless: {agentless.sources[match.entry]}",
                )
