"""The claim as a value: what it states, how the article puts it, what stands against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from bot.model import Chosen, Claim, Conflict, Excerpt, Hedge, Role, Stance
from bot.reading.core import Core, content_words, dangling
from bot.reading.doubts import Doubts
from bot.reading.prose import Prose
from bot.reading.sources import Who
from bot.reading.views import Finding

COVERING = 0.4  # share of the claim's sentence that its own attribution covers


def claim(prose: Prose, main: Core, who: Who, doubted: Doubts, hedged: Sequence[Hedge]) -> Claim:
    """The claim as a value."""
    sentence = prose.sentence_excerpt(prose.sentences[main.sentence])
    stance, stance_why = _stance(prose, main, who, doubted, hedged)
    return Claim(
        statement=_statement(prose, main, who.found, sentence),
        sentence=sentence,
        why=main.why,
        stance=stance,
        stance_why=stance_why,
        caveats=doubted.core,
        side_caveats=doubted.side,
        against=_against(prose, main, who),
    )


def _statement(prose: Prose, main: Core, found: Sequence[Finding], sentence: Excerpt) -> Excerpt:
    """What is said in the claim's sentence, without who says it."""
    best: Excerpt | None = None
    for f in found:
        for first, last in (
            f.content if f.sentence == main.sentence and f.reporting and f.outer is None else ()
        ):
            words = prose.excerpt(first, last)
            if sentence.holds(words) and (best is None or words.end - words.start > best.end - best.start):
                best = words
    return best or sentence


def _stance(
    prose: Prose, main: Core, who: Who, doubted: Doubts, hedged: Sequence[Hedge]
) -> tuple[Stance, str]:
    """The stance and the rule of what decides it: a caveat, a verdict, an attribution or a hedge."""
    sentence = prose.sentence_excerpt(prose.sentences[main.sentence])
    if doubted.core:
        return Stance.UNCONFIRMED, doubted.core[0].why
    verdict = doubted.settled or doubted.leaning or _denying(prose, main, who)
    if verdict is not None:
        return Stance.DENIES, verdict
    attributed = (f.why for f in _own(prose, main, who) if _lemma(f) not in prose.lexicon.words.asserting)
    marked = (h.why for h in hedged if sentence.holds(h.words))
    why = next(chain(attributed, marked), None)
    return (Stance.ASSERTS, "no caveat, attribution or hedge") if why is None else (Stance.UNCONFIRMED, why)


def _own(prose: Prose, main: Core, who: Who) -> Iterator[Finding]:
    """The attributions of the claim itself: those that cover most of its sentence."""
    sentence = prose.sentences[main.sentence]
    enough = COVERING * (sentence.last - sentence.first)
    for f, source in who.pairs():
        if f.sentence == main.sentence and source is not None and sum(b - a for a, b in f.content) >= enough:
            yield f


def _denying(prose: Prose, main: Core, who: Who) -> str | None:
    """The rule of the attribution by which the claim is denied: “the council denied that …”."""
    denied = (f.why for f in _own(prose, main, who) if _lemma(f) in prose.lexicon.words.rejecting)
    return next(denied, None)


def _lemma(f: Finding) -> str:
    """The word of the lexicon that made an attribution."""
    return f.why.rpartition(" ")[2]


def _against(prose: Prose, main: Core, who: Who) -> tuple[Chosen, ...]:
    """Sentences after the claim in which a named source disputes or qualifies it."""
    claim_words = content_words(
        prose, prose.sentences[main.sentence].first, prose.sentences[main.sentence].last
    )
    chosen: dict[Excerpt, str] = {}
    for f, source in who.pairs():
        sentence = prose.sentences[f.sentence]
        if f.sentence <= main.sentence or source is None or not who.sources[source].named:
            continue
        why = _contrasting(prose, f)
        words = content_words(prose, sentence.first, sentence.last)
        if why is not None and words & claim_words and not dangling(prose, sentence):
            chosen.setdefault(prose.sentence_excerpt(sentence), why)
    return tuple(Chosen(words, why) for words, why in chosen.items())


def _contrasting(prose: Prose, f: Finding) -> str | None:
    """The rule by which a finding is against what was said before: its sentence's first word, or its verb."""
    opening, verb = prose.lowers[prose.sentences[f.sentence].first], _lemma(f)
    if opening in prose.lexicon.words.contrasting:
        return f"contrast: {opening}"
    return f"denial: {verb}" if verb in prose.lexicon.words.denying else None


def conflict(
    prose: Prose, doubted: Doubts, hedged: Sequence[Hedge], found: Sequence[Finding]
) -> Conflict | None:
    """The headline says plainly what the body calls unconfirmed."""
    title = next((s for s in prose.sentences if s.role is Role.TITLE), None)
    if title is None or not doubted.core:
        return None
    headline = prose.sentence_excerpt(title)
    marked = any(c in headline.text for c in '“”"‘’?:') or any(headline.holds(h.words) for h in hedged)
    attributed = any(prose.sentences[f.sentence] == title for f in found)
    speaks = any(t in {"VBD", "VBZ", "VBP", "MD"} for t in prose.tags[title.first : title.last])
    if marked or attributed or not speaks or doubted.core[0].sentence == headline:
        return None
    doubt = doubted.core[0]
    return Conflict(headline, doubt.sentence, f"plain headline against {doubt.why}")
