"""How an article puts its claim: as a fact, as somebody's word, or as false."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from bot.model import Hedge, SourceKind, Stance
from bot.reading.annotators.base import Finding
from bot.reading.caveats import Caveats
from bot.reading.document import Prose
from bot.reading.lead import Lead
from bot.reading.sources import ResolvedFindings

COVERING = 0.4  # share of the claim's sentence that its own attribution covers
NEXT = 1  # sentences after the claim in which it may be passed on
RELAYERS = frozenset({SourceKind.OUTLET, SourceKind.ANONYMOUS, SourceKind.SOCIAL_MEDIA})


def stance(
    prose: Prose, lead: Lead, resolved: ResolvedFindings, caveats: Caveats, hedged: Sequence[Hedge]
) -> tuple[Stance, str]:
    """The stance and the rule of what decides it: a caveat, a verdict, an attribution or a hedge."""
    sentence = prose.sentence_excerpt(prose.sentences[lead.sentence])
    if caveats.on_claim:
        return Stance.UNCONFIRMED, caveats.on_claim[0].why
    verdict = caveats.settled or caveats.leaning or _denying(prose, lead, resolved)
    if verdict is not None:
        return Stance.DENIES, verdict
    attributed = (f.why for f in _own(prose, lead, resolved) if f.lemma not in prose.lexicon.words.asserting)
    marked = (h.why for h in hedged if sentence.holds(h.words))
    why = next(chain(attributed, marked, _claimed(prose, lead), _told_next(lead, resolved)), None)
    return (Stance.ASSERTS, "no caveat, attribution or hedge") if why is None else (Stance.UNCONFIRMED, why)


def _told_next(lead: Lead, resolved: ResolvedFindings) -> Iterator[str]:
    """The sentence after the claim passes it on from an outlet or from somebody unnamed."""
    for f, source in resolved.pairs():
        near = 0 < f.sentence - lead.sentence <= NEXT
        if near and f.reporting and source is not None and resolved.sources[source].kind in RELAYERS:
            yield f"passed on next: {f.why}"


def _claimed(prose: Prose, lead: Lead) -> Iterator[str]:
    """“The group claims to have freed her”, “After reports of a fire”: told as a claim or a report alone."""
    sentence, words = prose.sentences[lead.sentence], prose.lexicon.words
    for at in range(sentence.first, sentence.last - 1):
        word, behind = prose.lowers[at], prose.lowers[at + 1]
        if word in words.claiming and behind in words.infinitive:
            yield f"claimed: {word}"
        elif word in words.hearsay and behind in words.genitive | words.that:
            yield f"passed on: {word}"


def _own(prose: Prose, lead: Lead, resolved: ResolvedFindings) -> Iterator[Finding]:
    """The attributions of the claim itself: those that cover most of its sentence."""
    sentence = prose.sentences[lead.sentence]
    enough = COVERING * (sentence.last - sentence.first)
    for f, source in resolved.pairs():
        if f.sentence == lead.sentence and source is not None and sum(b - a for a, b in f.content) >= enough:
            yield f


def _denying(prose: Prose, lead: Lead, resolved: ResolvedFindings) -> str | None:
    """The rule of the attribution by which the claim is denied: “the council denied that …”."""
    denied = (f.why for f in _own(prose, lead, resolved) if f.lemma in prose.lexicon.words.rejecting)
    return next(denied, None)
