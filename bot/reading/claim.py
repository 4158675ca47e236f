"""The main news, and whether the article itself calls it unconfirmed.

A caveat raises the flag only in the article's own voice or in an account of trying to verify, and only
when it concerns the core claim; a caveat about something else is kept as one on a detail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from bot.model import Caveat, Chosen, Claim, Conflict, Excerpt, Hedge, Role, Stance
from bot.reading.patterns import Match
from bot.reading.prose import Prose, Sentence
from bot.reading.quotes import Quotation
from bot.reading.sources import Who
from bot.reading.views import Finding

CARRIES = frozenset({Role.BODY, Role.ITEM, Role.QUOTE, Role.DECK})
CAVEATED = frozenset({Role.TITLE, Role.DECK, Role.BODY, Role.HEADING, Role.ITEM, Role.TAIL, Role.QUOTE})
SHORTEST = 6  # tokens of a sentence that can carry news
LEAD = 6  # sentences among which the headline's words decide
DELAY = 0.12  # share of the headline that a sentence must add to be the lead one place later
NEAR = 2  # sentences after the claim in which a caveat without an object speaks of it
SHARED = 2  # content words that tie a caveat to the claim


@dataclass(frozen=True, slots=True)
class Core:
    """The sentence that carries the main news; `introduced_by` is the finding "X reports …" before it.

    What stands before token `comment_until` is the site's own comment; `why` names the rule that chose.
    """

    sentence: int
    introduced_by: int | None
    comment_until: int
    why: str


def core(prose: Prose, found: Sequence[Finding]) -> Core | None:
    """The main news: after an introduced report its first sentence, else the lead."""
    candidates = [i for i, s in enumerate(prose.sentences) if _can_carry(prose, s)]
    if not candidates:
        return _first(prose)
    return _introduced(prose, found, candidates) or _lead(prose, candidates)


def _first(prose: Prose) -> Core | None:
    """The first sentence of an article in which none can carry news."""
    places = (i for i, s in enumerate(prose.sentences) if s.role in CARRIES or s.role is Role.TITLE)
    first = next(places, None)
    return None if first is None else Core(first, None, 0, "first sentence, as none can carry news")


def _can_carry(prose: Prose, sentence: Sentence) -> bool:
    if sentence.last - sentence.first < SHORTEST or prose.words[sentence.last - 1] == "?":
        return False
    return sentence.role in CARRIES or (sentence.role is Role.TITLE and _written_out(prose, sentence))


def _written_out(prose: Prose, sentence: Sentence) -> bool:
    """A first line that is a sentence like any other: in small letters, and with its full stop."""
    words = [w for w in prose.words[sentence.first + 1 : sentence.last] if w[0].isalpha()]
    small = sum(w[0].islower() for w in words)
    return prose.words[sentence.last - 1] == "." and small > len(words) / 2


def _introduced(prose: Prose, found: Sequence[Finding], candidates: list[int]) -> Core | None:
    """“South Front reports…” on a line of its own, or "The following report", hands over to a report."""
    for number, f in enumerate(found):
        if f.why.startswith("introduction") and prose.sentences[f.sentence].role in CARRIES:
            after = next((c for c in candidates if c > f.sentence), None)
            opening = prose.sentences[f.sentence].first
            return None if after is None else Core(after, number, opening, f"after {f.why}")
    for i, sentence in enumerate(prose.sentences):
        relay = _relay(prose, sentence)
        if relay is not None:
            after = next((c for c in candidates if c > i), None)
            return None if after is None else Core(after, None, sentence.first, f"after relay: {relay}")
    return None


def _relay(prose: Prose, sentence: Sentence) -> str | None:
    """The entry that fits how a sentence begins, if it hands over to a report."""
    lexicon, first = prose.lexicon, sentence.first
    if sentence.role not in CARRIES or prose.lowers[first] not in lexicon.words.definite:
        return None
    match = next(lexicon.relays.patterns.find(prose, first, min(first + 4, sentence.last)), None)
    return None if match is None else lexicon.relays.sources[match.entry]


def _lead(prose: Prose, candidates: list[int]) -> Core:
    """The early sentence that shares most with the headline; each place further down counts against it."""
    title = {
        w for s in prose.sentences if s.role is Role.TITLE for w in content_words(prose, s.first, s.last)
    }
    early = [prose.sentences[c] for c in candidates[:LEAD]]
    shared = [len(title & content_words(prose, s.first, s.last)) for s in early]

    def likely(place: int) -> float:
        return shared[place] / max(len(title), 1) - DELAY * place

    best = max(range(len(early)), key=lambda place: (likely(place), -place))
    led = f"headline words: {shared[best]} of {len(title)}"
    return Core(candidates[best], None, 0, led if shared[best] else "first sentence that can carry news")


def content_words(prose: Prose, first: int, last: int) -> frozenset[str]:
    """Nouns, names, verbs and numbers, in lower case; plurals without their s."""
    return frozenset(
        prose.lowers[i].removesuffix("s")
        for i in range(first, last)
        if prose.tags[i][:2] in {"NN", "CD", "JJ"}
        or (prose.tags[i][:2] == "VB" and len(prose.words[i]) > LONG_VERB)
    )


def dangling(prose: Prose, sentence: Sentence) -> bool:
    """Whether a pronoun stands before anything that it could mean."""
    for at in range(sentence.first, sentence.last):
        if prose.tags[at].startswith("NNP"):
            return False
        if prose.lowers[at] in prose.lexicon.words.standing_for:
            return True
    return False


LONG_VERB = 4  # letters; shorter verbs are auxiliaries and too common to tie two sentences


@dataclass(frozen=True, slots=True)
class Doubts:
    """Caveats on the claim, caveats on a detail, and the rule by which the article says that it is false."""

    core: tuple[Caveat, ...]
    side: tuple[Caveat, ...]
    settled: str | None


def doubts(prose: Prose, main: Core, quotations: Sequence[Quotation]) -> Doubts:
    """Every caveat, sorted by what it concerns."""
    quoted = {t for q in quotations for t in range(q.first, q.last)}
    on_core: list[Caveat] = []
    on_side: list[Caveat] = []
    last = -1
    for index, match in _caveats(prose):
        if match.first < last or not _own_voice(prose, match, quoted):
            continue
        last = match.last
        sentence = prose.sentence_excerpt(prose.sentences[index])
        why = f"caveat: {prose.lexicon.caveats.sources[match.entry]}"
        caveat = Caveat(prose.excerpt(match.first, match.last), sentence, why)
        (on_core if _about_core(prose, main, index, match) else on_side).append(caveat)
    settled = _settled(prose, main, quoted)
    if settled is not None:
        on_core, on_side = [], [*on_core, *on_side]
    return Doubts(tuple(on_core), tuple(on_side), settled)


def _caveats(prose: Prose) -> Iterator[tuple[int, Match]]:
    for index, sentence in enumerate(prose.sentences):
        if sentence.role in CAVEATED:
            matches = prose.lexicon.caveats.patterns.find(prose, sentence.first, sentence.last)
            for match in sorted(matches, key=lambda m: (m.first, m.first - m.last)):
                yield index, match


def _own_voice(prose: Prose, match: Match, quoted: set[int]) -> bool:
    """Inside a quotation only a speaker's own failure to verify counts ("We cannot confirm")."""
    return match.first not in quoted or any(
        prose.lowers[i] in prose.lexicon.words.verifying for i in range(match.first, match.last)
    )


def _about_core(prose: Prose, main: Core, index: int, match: Match) -> bool:
    """In or right after the claim's sentence, introducing it, or sharing its words."""
    if main.sentence <= index <= main.sentence + NEAR:
        return True
    if (
        main.comment_until
        and prose.sentences[index].first <= main.comment_until
        and _demonstrates(prose, index)
    ):
        return True
    claim = prose.sentences[main.sentence]
    sentence = prose.sentences[index]
    shared = content_words(prose, claim.first, claim.last) & content_words(
        prose, sentence.first, sentence.last
    )
    return len(shared) >= SHARED or _whole_story(prose, match, sentence)


def _demonstrates(prose: Prose, index: int) -> bool:
    sentence = prose.sentences[index]
    return not prose.lexicon.words.following.isdisjoint(prose.lowers[sentence.first : sentence.first + 4])


def _whole_story(prose: Prose, match: Match, sentence: Sentence) -> bool:
    """“these reports”, "the story": what the caveat is about is the news itself."""
    around = prose.lowers[max(match.first - 4, sentence.first) : min(match.last + 4, sentence.last)]
    return any(
        a in prose.lexicon.words.definite and b in prose.lexicon.words.stories
        for a, b in pairwise(around)
    )  # fmt: skip


def _settled(prose: Prose, main: Core, quoted: set[int]) -> str | None:
    """The rule by which headline, deck or claim say that the story is false."""
    settling = prose.lexicon.settled
    for index, sentence in enumerate(prose.sentences):
        if sentence.role in {Role.TITLE, Role.DECK} or index == main.sentence:
            for match in settling.patterns.find(prose, sentence.first, sentence.last):
                if match.first not in quoted:
                    return f"settled: {settling.sources[match.entry]}"
    return None


def claim(prose: Prose, main: Core, who: Who, doubted: Doubts, hedged: Sequence[Hedge]) -> Claim:
    """The claim as a value."""
    sentence = prose.sentence_excerpt(prose.sentences[main.sentence])
    stance, stance_why = _stance(main, who, doubted, hedged, sentence)
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
    main: Core, who: Who, doubted: Doubts, hedged: Sequence[Hedge], sentence: Excerpt
) -> tuple[Stance, str]:
    """The stance and the rule of what decides it: a caveat, a verdict, an attribution or a hedge."""
    if doubted.core:
        return Stance.UNCONFIRMED, doubted.core[0].why
    if doubted.settled is not None:
        return Stance.DENIES, doubted.settled
    attributed = (f.why for f, s in who.pairs() if f.sentence == main.sentence and s is not None)
    marked = (h.why for h in hedged if sentence.holds(h.words))
    why = next(chain(attributed, marked), None)
    return (Stance.ASSERTS, "no caveat, attribution or hedge") if why is None else (Stance.UNCONFIRMED, why)


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
    opening, verb = prose.lowers[prose.sentences[f.sentence].first], f.why.rpartition(" ")[2]
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
