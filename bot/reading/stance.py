"""The stance: an article puts its claim as a fact, as somebody's word, or as false."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from bot.model import Hedge, SourceKind, Stance
from bot.reading.annotators.base import Finding
from bot.reading.caveats import Caveats
from bot.reading.document import Document
from bot.reading.lead import Lead
from bot.reading.sources import ResolvedFindings

COVERING = 0.4  # share of the claim's sentence that its own attribution covers
NEXT = 1  # sentences after the claim in which it may be passed on
RELAYERS = frozenset({SourceKind.OUTLET, SourceKind.ANONYMOUS, SourceKind.SOCIAL_MEDIA})


def judge_stance(
    document: Document, lead: Lead, resolved: ResolvedFindings, caveats: Caveats, hedged: Sequence[Hedge]
) -> tuple[Stance, str]:
    """Return the stance and the rule of what decides it: a caveat, a verdict, an attribution or a hedge."""
    sentence = document.sentence_excerpt(document.sentences[lead.sentence])
    if caveats.on_claim:
        return Stance.UNCONFIRMED, caveats.on_claim[0].why
    own, words = tuple(_find_own_attributions(document, lead, resolved)), document.lexicon.words
    denied = next((f.why for f in own if f.lemma in words.rejecting), None)  # "the council denied that …"
    verdict = caveats.settled or caveats.leaning or denied
    if verdict is not None:
        return Stance.DENIES, verdict
    reasons = chain(
        (f.why for f in own if f.lemma not in words.asserting),
        (hedge.why for hedge in hedged if sentence.holds(hedge.words)),
        _find_claiming_words(document, lead),
        _find_relay_after(lead, resolved),
    )
    why = next(reasons, None)
    return (Stance.ASSERTS, "no caveat, attribution or hedge") if why is None else (Stance.UNCONFIRMED, why)


def _find_relay_after(lead: Lead, resolved: ResolvedFindings) -> Iterator[str]:
    """Yield the rules by which the sentence after the claim passes it on from an outlet or somebody
    unnamed."""
    for f, source in resolved.pairs():
        near = 0 < f.sentence - lead.sentence <= NEXT
        if near and f.reporting and source is not None and resolved.sources[source].kind in RELAYERS:
            yield f"passed on next: {f.why}"


def _find_claiming_words(document: Document, lead: Lead) -> Iterator[str]:
    """Yield the words by which it is told as a claim or a report alone: “The group claims to have freed her”,
    “After reports of a fire”."""
    sentence, words = document.sentences[lead.sentence], document.lexicon.words
    for at in range(sentence.first, sentence.last - 1):
        word, behind = document.lowers[at], document.lowers[at + 1]
        if word in words.claiming and behind in words.infinitive:
            yield f"claimed: {word}"
        elif word in words.hearsay and behind in words.genitive | words.that:
            yield f"passed on: {word}"


def _find_own_attributions(document: Document, lead: Lead, resolved: ResolvedFindings) -> Iterator[Finding]:
    """Yield the attributions of the claim itself: those that cover most of its sentence."""
    sentence = document.sentences[lead.sentence]
    enough = COVERING * (sentence.last - sentence.first)
    for f, source in resolved.pairs():
        if f.sentence == lead.sentence and source is not None and sum(b - a for a, b in f.content) >= enough:
            yield f
