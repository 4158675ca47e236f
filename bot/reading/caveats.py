"""Caveats: the words by which an article says that something is not established, and what they concern.

A caveat raises the flag only in the article's own voice, or in an account of trying to verify, and only when
it concerns the claim: that is learnt (`decisions/caveats.py`). One about something else, or about an earlier
time, is kept as a caveat on a detail. Where the article says that the story is false, no flag stands against
it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.model import Caveat
from bot.reading.caveat_matches import find_caveat_matches
from bot.reading.decisions.caveats import BY_RULES, CaveatFeatures, can_raise_flag
from bot.reading.decisions.linear import load_model
from bot.reading.document import Document
from bot.reading.lead import Lead
from bot.reading.quotes import Quotation
from bot.reading.sources import ResolvedFindings
from bot.reading.verdict import DebunkVerdict, find_verdict

FURTHER = 0.5  # probability from which another caveat counts beside the one that raises the flag
AS_RULED = 0.3  # probability that is enough where the rules say so too


@dataclass(frozen=True, slots=True)
class Caveats:
    """Caveats on the claim, caveats on a detail, and whether the article calls its story false."""

    on_claim: tuple[Caveat, ...]
    on_details: tuple[Caveat, ...]
    verdict: DebunkVerdict


def find_caveats(
    document: Document,
    lead: Lead,
    quotations: Sequence[Quotation],
    resolved: ResolvedFindings,
    scores: Mapping[int, Mapping[str, float]],
) -> Caveats:
    """Return every caveat, sorted by what it concerns. `scores` are the encoder's, by sentence."""
    verdict = find_verdict(document, lead, quotations)
    matches = find_caveat_matches(document, quotations)
    if not matches:
        return Caveats((), (), verdict)
    model = load_model("caveats")
    described = CaveatFeatures(document, lead, resolved, verdict, scores).describe(matches)
    known = [model.keep_known(features) for features in described]
    likely = [
        model.probability(features) if can_raise_flag(match, every, verdict) else 0.0
        for match, features, every in zip(matches, known, described, strict=True)
    ]
    bars = [AS_RULED if features.get(BY_RULES) else model.threshold for features in known]
    raised = any(probability >= bar for probability, bar in zip(likely, bars, strict=True))
    on_claim: list[Caveat] = []
    on_details: list[Caveat] = []
    for match, features, probability, bar in zip(matches, known, likely, bars, strict=True):
        concerns = raised and probability >= min(FURTHER, bar)
        why = f"caveat: {document.lexicon.caveats.sources[match.match.entry]}"
        learnt = f"learnt: {', '.join(model.explain(features, yes=concerns))}"
        words = document.excerpt(match.match.first, match.match.last)
        sentence = document.sentence_excerpt(document.sentences[match.place])
        (on_claim if concerns else on_details).append(Caveat(words, sentence, f"{why} ({learnt})"))
    return Caveats(tuple(on_claim), tuple(on_details), verdict)
