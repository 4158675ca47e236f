"""At most three sentences: the claim, then those that tell the most of what a reader must know."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Chosen, Claim
from bot.reading.decisions.facts import choose_facts
from bot.reading.decisions.sentences import Candidate, load_sentence_models
from bot.reading.document import Document
from bot.reading.lead import Lead


def choose_summary(
    document: Document, lead: Lead, candidates: Sequence[Candidate], said: Claim
) -> tuple[Chosen, ...]:
    """Return the claim's sentence, then up to two that add the most facts and can stand alone."""
    claim = Chosen(said.sentence, "claim")
    if lead.comment_until is not None:
        # nothing marks where the words of the introduced report end, and the page's own go on
        return (claim, *said.against[:1])
    news = next((c for c in candidates if c.sentence == lead.sentence), None)
    if news is None:  # a headline, or a text of a few words
        return (claim,)
    facts = choose_facts(news, candidates, load_sentence_models(candidates))
    return (
        claim,
        *(
            Chosen(document.standing_excerpt(document.sentences[c.sentence]), f"adds facts: {why}")
            for c, why in facts
        ),
    )
