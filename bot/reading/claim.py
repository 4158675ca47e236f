"""The claim as a value: what it states, how the article puts it, what stands against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from bot.model import Chosen, Claim, Conflict, Excerpt, Hedge, Kind, Role, Stance
from bot.reading.core import CLAUSE_ENDS, Core, content_words, dangling
from bot.reading.doubts import Doubts
from bot.reading.lexicon.load import Frame
from bot.reading.prose import Prose, Sentence
from bot.reading.sources import Who
from bot.reading.syntax import FINITE
from bot.reading.views import Finding, Range

SHORTEST, LEAST = 5, 0.3  # tokens of a statement, and its share of the sentence
OPENING = 9  # tokens before the speaker or what he says
TIES = 2  # content words that a headline shares with the claim that it states
HEADLINE_MARKS = frozenset({"“", "”", '"', "‘", "'", "''", "?"})
DASHES = frozenset({"-", "--"})  # of a speaker behind a headline
NEXT = 1  # sentences after the claim in which it may be passed on
RELAYERS = frozenset({Kind.OUTLET, Kind.ANONYMOUS, Kind.SOCIAL_MEDIA})
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
    """What is said in the claim's sentence, without who says it; the whole sentence where only a part of it
    is said, or where it is denied."""
    place = prose.sentences[main.sentence]
    said = (_stated(prose, place, f) for f in found if f.sentence == main.sentence)
    whole = [words for words in said if words is not None]
    if not whole:
        return sentence
    first, last = max(whole, key=lambda words: words[1] - words[0])
    return prose.excerpt(first, last)


def _stated(prose: Prose, sentence: Sentence, f: Finding) -> Range | None:
    """The longest piece of what a finding says, when that is what its sentence is for."""
    inside = [c for c in f.content if sentence.first <= c[0] and c[1] <= sentence.last]
    if not inside or not f.reporting or f.outer is not None or f.lemma in prose.lexicon.words.denying:
        return None
    first, last = max(inside, key=lambda c: c[1] - c[0])
    length = last - first
    if length < SHORTEST or length < LEAST * (sentence.last - sentence.first):
        return None
    if last <= f.begin + 1:  # "…, Venn said"
        return (first, last) if first - sentence.first <= OPENING else None
    return (first, last) if _speaks_first(prose, sentence, f, first) else None


def _speaks_first(prose: Prose, sentence: Sentence, f: Finding, first: int) -> bool:
    """“Venn said that …”: the speaker opens the sentence, in no clause of another, and what is said is no
    mere circumstance."""
    words = prose.lexicon.words
    late = f.begin - sentence.first > OPENING
    linked = prose.lowers[f.begin - 1] if f.begin > sentence.first else ""
    dependent = linked in words.relative | words.subordinators | words.that | words.as_marker | words.joining
    participle = prose.tags[f.cue[0]] in {"VBG", "VBN"}
    placed = prose.tags[first] in {"IN", "TO"} and prose.lowers[first] not in words.that
    return not (late or dependent or participle or placed)


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
    attributed = (f.why for f in _own(prose, main, who) if f.lemma not in prose.lexicon.words.asserting)
    marked = (h.why for h in hedged if sentence.holds(h.words))
    why = next(chain(attributed, marked, _claimed(prose, main), _told_next(prose, main, who)), None)
    return (Stance.ASSERTS, "no caveat, attribution or hedge") if why is None else (Stance.UNCONFIRMED, why)


def _told_next(prose: Prose, main: Core, who: Who) -> Iterator[str]:
    """The sentence after the claim passes it on from an outlet or from somebody unnamed."""
    for f, source in who.pairs():
        near = 0 < f.sentence - main.sentence <= NEXT
        if near and f.reporting and source is not None and who.sources[source].kind in RELAYERS:
            yield f"passed on next: {f.why}"


def _claimed(prose: Prose, main: Core) -> Iterator[str]:
    """“The group claims to have freed her”: told as its claim alone."""
    sentence, words = prose.sentences[main.sentence], prose.lexicon.words
    for at in range(sentence.first, sentence.last - 1):
        if prose.lowers[at] in words.claiming and prose.lowers[at + 1] in words.infinitive:
            yield f"claimed: {prose.lowers[at]}"


def _own(prose: Prose, main: Core, who: Who) -> Iterator[Finding]:
    """The attributions of the claim itself: those that cover most of its sentence."""
    sentence = prose.sentences[main.sentence]
    enough = COVERING * (sentence.last - sentence.first)
    for f, source in who.pairs():
        if f.sentence == main.sentence and source is not None and sum(b - a for a, b in f.content) >= enough:
            yield f


def _denying(prose: Prose, main: Core, who: Who) -> str | None:
    """The rule of the attribution by which the claim is denied: “the council denied that …”."""
    denied = (f.why for f in _own(prose, main, who) if f.lemma in prose.lexicon.words.rejecting)
    return next(denied, None)


def _against(prose: Prose, main: Core, who: Who) -> tuple[Chosen, ...]:
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


# ── the headline ────────────────────────────────────────────────────────────────────────────────────


def conflict(
    prose: Prose, main: Core, doubted: Doubts, hedged: Sequence[Hedge], found: Sequence[Finding]
) -> Conflict | None:
    """The headline says plainly what the body calls unconfirmed."""
    title = next((s for s in prose.sentences if s.role is Role.TITLE), None)
    if title is None or not doubted.core:
        return None
    headline, doubt = prose.sentence_excerpt(title), doubted.core[0]
    careful = any(headline.holds(h.words) for h in hedged) or any(
        prose.sentences[f.sentence] == title for f in found
    )
    if careful or doubt.sentence == headline or _marked(prose, title) or not _same_news(prose, main, title):
        return None
    return Conflict(headline, doubt.sentence, f"plain headline against {doubt.why}")


def _marked(prose: Prose, title: Sentence) -> bool:
    """Quotation marks, a question, a word of doubt, or a speaker behind the last comma, dash or colon."""
    tokens = range(title.first, title.last)
    lexicon = prose.lexicon
    doubtful = lexicon.words.headline_doubts | lexicon.words.reportative | lexicon.words.negations
    if not (HEADLINE_MARKS | doubtful).isdisjoint(prose.lowers[title.first : title.last]):
        return True
    last = next((i for i in reversed(tokens) if prose.words[i] in CLAUSE_ENDS | DASHES), None)
    behind = () if last is None else prose.lowers[last + 1 : title.last]
    told = any(Frame.CLAUSE in lexicon.cue(w)[1] or lexicon.noun_kind(w) is not None for w in behind)
    before = next((i for i in tokens if prose.words[i] == ":"), None)
    announced = before is not None and prose.lowers[before - 1] not in lexicon.words.alerting
    return told or announced


def _same_news(prose: Prose, main: Core, title: Sentence) -> bool:
    """Whether the headline states something, and of what the claim does."""
    claim = prose.sentences[main.sentence]
    shared = content_words(prose, title.first, title.last) & content_words(prose, claim.first, claim.last)
    states = not FINITE.isdisjoint(prose.tags[title.first : title.last])
    return states and len(shared) >= TIES
