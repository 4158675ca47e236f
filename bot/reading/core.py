"""The sentence that carries the main news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Role
from bot.reading.prose import Prose, Sentence
from bot.reading.views import Finding

CARRIES = frozenset({Role.BODY, Role.ITEM, Role.QUOTE, Role.DECK})
SHORTEST = 6  # tokens of a sentence that can carry news
LEAD = 6  # sentences among which the headline's words decide
DELAY = 0.12  # share of the headline that a sentence must add to be the lead one place later
LONG_VERB = 4  # letters; shorter verbs are auxiliaries and too common to tie two sentences


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
