"""The stance: an article puts its claim as a fact, as somebody's word, or as false."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from bot.model import BlockRole, Hedge, SourceKind, Stance
from bot.reading.caveats import Caveats
from bot.reading.document import Document
from bot.reading.lead import Lead
from bot.reading.sources import ResolvedFindings

NEXT = 1  # sentences after the claim in which it may be passed on
RELAYERS = frozenset({SourceKind.OUTLET, SourceKind.ANONYMOUS, SourceKind.SOCIAL_MEDIA})


def judge_stance(
    document: Document, lead: Lead, resolved: ResolvedFindings, caveats: Caveats, hedged: Sequence[Hedge]
) -> tuple[Stance, str]:
    """Return the stance and the rule of what decides it: a caveat, a verdict, an attribution or a hedge."""
    place, words = document.sentences[lead.sentence], document.lexicon.words
    sentence = document.sentence_excerpt(place)
    if caveats.on_claim:
        return Stance.UNCONFIRMED, caveats.on_claim[0].why
    told = resolved.list_tellers(lead.sentence, place)
    own = [f for f, _ in told]
    denied = next((f.why for f in own if f.lemma in words.rejecting), None)  # "the council denied that …"
    denied = denied or _find_denial_in_headline(document, resolved, {source for _, source in told})
    verdict = caveats.verdict.settled or caveats.verdict.leaning or denied
    if verdict is not None:
        return Stance.DENIES, verdict
    following = (f for f in resolved.pairs() if 0 < f[0].sentence - lead.sentence <= NEXT)
    reasons = chain(
        (f.why for f in own if f.lemma not in words.asserting),
        (hedge.why for hedge in hedged if sentence.holds(hedge.words)),
        _find_claiming_words(document, lead),
        (
            f"passed on next: {f.why}"
            for f, source in following
            if f.reporting and source is not None and resolved.sources[source].kind in RELAYERS
        ),
    )
    why = next(reasons, None)
    return (Stance.ASSERTS, "no caveat, attribution or hedge") if why is None else (Stance.UNCONFIRMED, why)


def _find_denial_in_headline(
    document: Document, resolved: ResolvedFindings, tellers: Collection[int]
) -> str | None:
    """Return the rule by which the headline says that who tells the claim denies something: “Venn denies
    rumours” above “Venn said that she stays”."""
    return next(
        (
            f.why
            for f, source in resolved.pairs()
            if source in tellers
            and document.sentences[f.sentence].role is BlockRole.TITLE
            and f.lemma in document.lexicon.words.rejecting
        ),
        None,
    )


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
