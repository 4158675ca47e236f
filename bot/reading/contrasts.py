"""Sentences in which another named source disputes or qualifies the claim."""

from __future__ import annotations

from bot.model import Chosen, Excerpt
from bot.reading.core import Core, content_words, dangling
from bot.reading.prose import Prose
from bot.reading.sources import Who
from bot.reading.views import Finding


def contrasts(prose: Prose, main: Core, who: Who) -> tuple[Chosen, ...]:
    """Sentences after the claim in which another named source disputes or qualifies it."""
    claim = prose.sentences[main.sentence]
    claim_words = content_words(prose, claim.first, claim.last)
    denies = any(prose.lexicon.debunks.patterns.find(prose, claim.first, claim.last))
    tellers = {source for f, source in who.pairs() if f.sentence == main.sentence}
    chosen: dict[Excerpt, str] = {}
    for f, source in who.pairs():
        sentence = prose.sentences[f.sentence]
        named = source is not None and who.sources[source].named and source not in tellers
        if f.sentence <= main.sentence or not named or dangling(prose, sentence):
            continue
        why = (None if denies else _called_false(prose, f)) or _contrasting(prose, f, claim_words)
        if why is not None:
            chosen.setdefault(prose.sentence_excerpt(sentence), why)
    return tuple(Chosen(words, why) for words, why in chosen.items())


def _contrasting(prose: Prose, f: Finding, claim_words: frozenset[str]) -> str | None:
    """The rule by which a finding is against the claim: its sentence's first word, or its verb."""
    opening, verb = prose.lowers[prose.sentences[f.sentence].first], f.lemma
    if not _opposes(prose, f, claim_words):
        return None
    if opening in prose.lexicon.words.contrasting:
        return f"contrast: {opening}"
    return f"denial: {verb}" if verb in prose.lexicon.words.denying and _of_words(prose, f) else None


def _opposes(prose: Prose, f: Finding, claim_words: frozenset[str]) -> bool:
    """Whether what is said is about the claim: two of its words, one of them no name; or one of them where it
    turns round, is denied, or speaks of the story itself."""
    first, last = prose.sentences[f.sentence].first, prose.sentences[f.sentence].last
    shared = content_words(prose, first, last) & claim_words
    plain = any(
        prose.lowers[i].removesuffix("s") in shared and not prose.tags[i].startswith("NNP")
        for i in range(first, last)
    )
    words = prose.lexicon.words
    turned = not (words.stories | words.negations | words.persisting).isdisjoint(prose.lowers[f.begin : last])
    return plain and (len(shared) > 1 or turned or f.lemma in words.denying)


def _called_false(prose: Prose, f: Finding) -> str | None:
    """“Venn said the rumour is not true”: the rule by which a source calls a story false."""
    debunks, stories = prose.lexicon.debunks, prose.lexicon.words.stories
    for first, last in f.content if f.reporting else ():
        for match in debunks.patterns.find(prose, first, last):
            of_a_noun = prose.tags[match.last : match.last + 1] in {("NN",), ("NNS",)}  # "the fake site"
            if not of_a_noun and not stories.isdisjoint(prose.lowers[first:last]):
                return f"called false: {debunks.sources[match.entry]}"
    return None


def _of_words(prose: Prose, f: Finding) -> bool:
    """Whether what is rejected was said, and is no plan, case or person."""
    words = prose.lexicon.words
    said = prose.lowers[f.content[0][0] : f.content[-1][1]] if f.content else ()
    return f.lemma not in words.dismissing or not (words.stories | words.that).isdisjoint(said)
