"""The claim as a value, and what its sentence states without who says it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Claim, Hedge
from bot.reading.annotators.base import Finding, Range
from bot.reading.caveats import Caveats
from bot.reading.contrasts import find_contrasts
from bot.reading.document import Document, Sentence
from bot.reading.lead import Lead
from bot.reading.sources import ResolvedFindings
from bot.reading.stance import judge_stance

SHORTEST, LEAST = 5, 0.3  # tokens of a statement, and its share of the sentence
OPENING = 9  # tokens before the speaker or what he says


def build_claim(
    document: Document, lead: Lead, resolved: ResolvedFindings, caveats: Caveats, hedged: Sequence[Hedge]
) -> Claim:
    """Return the claim as a value; it states what is said in its sentence, without its speaker, or the whole
    sentence where only a part of it is said, or where it is denied."""
    place = document.sentences[lead.sentence]
    sentence = document.standing_excerpt(place)
    said = (_find_content(document, place, f) for f in resolved.findings if f.sentence == lead.sentence)
    whole = [words for words in said if words is not None]
    longest = max(whole, key=lambda words: words[1] - words[0], default=None)
    stated = sentence if longest is None else document.excerpt(*longest)
    how, how_why = judge_stance(document, lead, resolved, caveats, hedged)
    return Claim(
        statement=stated if sentence.holds(stated) else sentence,
        sentence=sentence,
        why=lead.why,
        stance=how,
        stance_why=how_why,
        caveats=caveats.on_claim,
        side_caveats=caveats.on_details,
        against=find_contrasts(document, lead, resolved),
    )


def _find_content(document: Document, sentence: Sentence, f: Finding) -> Range | None:
    """Return the longest piece of what a finding says, when that is what its sentence is for."""
    inside = [c for c in f.content if sentence.first <= c[0] and c[1] <= sentence.last]
    if not inside or not f.reporting or f.outer is not None or f.lemma in document.lexicon.words.denying:
        return None
    first, last = max(inside, key=lambda c: c[1] - c[0])
    length = last - first
    if length < SHORTEST or length < LEAST * (sentence.last - sentence.first):
        return None
    if last <= f.begin + 1:  # "…, Venn said"
        return (first, last) if first - sentence.first <= OPENING else None
    # “Venn said that …”: the speaker opens, in no clause of another, and what is said is no circumstance
    words = document.lexicon.words
    late = f.begin - sentence.first > OPENING
    linked = document.lowers[f.begin - 1] if f.begin > sentence.first else ""
    dependent = (
        linked in words.relative_pronouns | words.subordinators | words.that | words.as_marker | words.joining
    )
    participle = document.tags[f.cue[0]].is_participle
    opener = document.tags[first]
    placed = opener.is_preposition or opener.is_infinitive_marker
    placed = placed and document.lowers[first] not in words.that
    return None if late or dependent or participle or placed else (first, last)
