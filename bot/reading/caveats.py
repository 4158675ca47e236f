"""Caveats: the words by which an article says that something is not established, and what they concern.

A caveat raises the flag only in the article's own voice, or in an account of trying to verify, and only when
its own clause concerns the core claim; one about something else, or about an earlier time, is kept as a
caveat on a detail. Where the article says that the story is false or confirmed, no flag stands against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import NamedTuple

from bot.model import BlockRole, Caveat
from bot.reading.document import Prose, Sentence
from bot.reading.languages.lexicon import Frame
from bot.reading.lead import Lead, content_words
from bot.reading.patterns import Match
from bot.reading.quotes import Quotation
from bot.reading.tags import Upos

CAVEATED = frozenset(
    {
        BlockRole.TITLE,
        BlockRole.DECK,
        BlockRole.BODY,
        BlockRole.HEADING,
        BlockRole.ITEM,
        BlockRole.TAIL,
        BlockRole.QUOTE,
    }
)
ABOVE = frozenset({BlockRole.TITLE, BlockRole.DECK})
NEAR = 2  # sentences after the claim in which a caveat without an object speaks of it
SHARED = 2  # content words that tie a caveat to the claim
BEFORE, AFTER = 14, 16  # tokens of a caveat's clause on either side of it
NAMED = 3  # tokens in which the noun of "the exact number of" stands
OBJECT = 10  # tokens after a caveat in which its object stands
LONG_WORD = 3  # letters; shorter words tie nothing
LEADING = 60  # words of the lead
BREAKS = frozenset({",", ";", ":", "—", "–", "--", "(", ")"})
MARKS = frozenset({".", "”", '"', "''"})


class _Kind(Enum):
    """What a caveat says, by its group in the lexicon."""

    ADJECTIVE = "adjective"
    CONDITION = "condition"
    FAILURE = "failure"
    REFUSAL = "refusal"
    SILENCE = "silence"
    ABSENCE = "absence"
    WARNING = "warning"


class _Standing(Enum):
    """Whether words that fit a caveat's pattern are one."""

    NONE = "a look-alike, or somebody else's words"
    PAST = "about an earlier time"
    OWN = "the article's own, now"


class _Found(NamedTuple):
    """A caveat in the sentence numbered `place`."""

    place: int
    match: Match
    kind: _Kind


@dataclass(frozen=True, slots=True)
class Doubts:
    """Caveats on the claim, caveats on a detail, and the rules by which the article says that it is false:
    `settled` leaves no room for a flag, `leaning` only for the stance."""

    core: tuple[Caveat, ...]
    side: tuple[Caveat, ...]
    settled: str | None
    leaning: str | None


def doubts(prose: Prose, lead: Lead, quotations: Sequence[Quotation]) -> Doubts:
    """Every caveat, sorted by what it concerns."""
    quoted = {t: q for q in quotations for t in range(q.first, q.last)}
    news = _News(prose, lead)
    strong = _debunks(prose)
    settled = _settled(prose, lead, frozenset(quoted)) or _debunked(prose, lead, strong, frozenset(quoted))
    found = tuple(_caveats(prose))
    confirmed = _confirmed(prose, news.sentence) or any(_until(prose, f) and news.concerns(f) for f in found)
    on_core: list[Caveat] = []
    on_side: list[Caveat] = []
    last = -1
    for one in found:
        standing = _standing(prose, one, quoted) if one.match.first >= last else _Standing.NONE
        if standing is _Standing.NONE:
            continue
        last = one.match.last
        open_yet = standing is _Standing.OWN and settled is None and not confirmed
        (on_core if open_yet and news.doubted_by(one) else on_side).append(_caveat(prose, one))
    return Doubts(tuple(on_core), tuple(on_side), settled, _leaning(prose, strong))


def _caveat(prose: Prose, found: _Found) -> Caveat:
    words = prose.excerpt(found.match.first, found.match.last)
    why = f"caveat: {prose.lexicon.caveats.sources[found.match.entry]}"
    return Caveat(words, prose.sentence_excerpt(prose.sentences[found.place]), why)


def _caveats(prose: Prose) -> Iterator[_Found]:
    caveats = prose.lexicon.caveats
    for index, sentence in enumerate(prose.sentences):
        if sentence.role in CAVEATED:
            matches = caveats.patterns.find(prose, sentence.first, sentence.last)
            for match in sorted(matches, key=lambda m: (m.first, m.first - m.last)):
                yield _Found(index, match, _Kind(caveats.labels[match.entry]))


# ── whose words, and of when ────────────────────────────────────────────────────────────────────────


def _standing(prose: Prose, found: _Found, quoted: dict[int, Quotation]) -> _Standing:
    words, lowers = prose.lexicon.words, prose.lowers
    match, sentence = found.match, prose.sentences[found.place]
    before = lowers[max(sentence.first, match.first - 5) : match.first]
    after = lowers[match.last : match.last + 3]
    if not words.accounts.isdisjoint(after) or not words.accounts.isdisjoint(before):
        return _Standing.NONE  # "an unverified Twitter account"
    if not words.generic.isdisjoint(before):
        return _Standing.NONE  # "almost always impossible to verify"
    if prose.lowers[match.first - 1] in words.be and prose.lowers[match.first - 2] in words.hypothetical:
        return _Standing.NONE  # "it would be difficult to confirm"
    if lowers[sentence.first] in words.correcting:
        return _Standing.PAST  # a correction tells what an earlier version said
    if match.first in quoted:
        own = _quoted_standing(prose, found, quoted[match.first])
        return _Standing.PAST if own is _Standing.OWN and _at_the_time(prose, sentence) else own
    if found.kind is _Kind.CONDITION:
        unreal = not words.past_be.isdisjoint(lowers[match.first : match.last])  # "if the news was real"
        return _Standing.NONE if unreal or _spoken_of(prose, sentence, match) else _Standing.OWN
    past = not words.earlier.isdisjoint(lowers[max(sentence.first, match.first - 2) : match.last])
    return _Standing.PAST if past or _at_the_time(prose, sentence) else _Standing.OWN


def _until(prose: Prose, found: _Found) -> bool:
    """“did not confirm it until Friday”: by now it is confirmed."""
    end = min(found.match.last + OBJECT, prose.sentences[found.place].last)
    return not prose.lexicon.words.until.isdisjoint(prose.lowers[found.match.last : end])


def _at_the_time(prose: Prose, sentence: Sentence) -> bool:
    """“At the time”, which is not "at the time of writing"."""
    lowers, words = prose.lowers, prose.lexicon.words
    return any(
        lowers[i] in words.then
        and lowers[i - 1] in words.the
        and words.nowadays.isdisjoint(lowers[i + 1 : i + 3])
        for i in range(sentence.first + 1, sentence.last)
    )


def _quoted_standing(prose: Prose, found: _Found, quote: Quotation) -> _Standing:
    """Inside a quotation only a speaker's own failure to verify counts: “We cannot confirm …”, “not in a
    position to confirm”; words that stand alone between the marks are only mentioned."""
    match = found.match
    if found.kind in {_Kind.CONDITION, _Kind.ADJECTIVE, _Kind.WARNING}:
        return _Standing.NONE
    if found.kind is not _Kind.ABSENCE and quote.last - quote.first <= match.last - match.first + 2:
        return _Standing.NONE
    start = max(quote.first, match.first - 8)
    ours = any(prose.lowers[i] in prose.lexicon.words.ours for i in range(start, match.last))
    opens = match.first - quote.first <= 2  # noqa: PLR2004  # the mark and one word
    body = any(prose.words[i].isupper() and len(prose.words[i]) > 1 for i in range(start, match.first))
    needed = prose.lowers[match.first] in prose.lexicon.words.requiring
    return _Standing.OWN if ours or opens or body or needed else _Standing.NONE


def _spoken_of(prose: Prose, sentence: Sentence, match: Match) -> bool:
    """“Venn said that the idea, if true, …”: the condition is the speaker's."""
    return any(
        prose.tags[i].upos is Upos.VERB and Frame.CLAUSE in prose.lexicon.cue(prose.lowers[i])[1]
        for i in range(sentence.first, match.first)
    )


# ── what a caveat concerns ──────────────────────────────────────────────────────────────────────────


class _News:
    """The claim, as caveats are held against it."""

    def __init__(self, prose: Prose, lead: Lead) -> None:
        self._prose, self._lead, self._words = prose, lead, prose.lexicon.words
        self.sentence = prose.sentences[lead.sentence]
        above = [s for s in prose.sentences if s.role in ABOVE]
        self.lowers = frozenset(prose.lowers[self.sentence.first : self.sentence.last])
        self._known = self.lowers.union(*(prose.lowers[s.first : s.last] for s in above))
        after = prose.sentences[lead.sentence + 1 : lead.sentence + 1 + NEAR]
        shown = frozenset(chain.from_iterable(prose.lowers[s.first : s.last] for s in after))
        self._artefacts = self._words.artefacts & (self._known | shown)
        self._content = content_words(prose, self.sentence.first, self.sentence.last).union(
            *(content_words(prose, s.first, s.last) for s in above)
        )
        self._plain = _plain_words(prose, self.sentence.first, self.sentence.last)
        self._events = self._events_in(self.lowers)
        self._relayed = not self._words.relaying.isdisjoint(self.lowers)
        self._denied = _denied(prose, self.sentence)

    def doubted_by(self, found: _Found) -> bool:
        """Whether a caveat of the article's own says that the claim is not established. To decline to speak
        says as little as "declined to comment"; not to confirm counts only where the claim is passed on; what
        a denial leaves unconfirmed is what was denied."""
        counts = found.kind is not _Kind.SILENCE and (self._relayed or found.kind is not _Kind.REFUSAL)
        apart = self._denied and found.place != self._lead.sentence
        return counts and not apart and self.concerns(found)

    def concerns(self, found: _Found) -> bool:
        """Whether a caveat's clause speaks of the claim: of an artefact in it, of the report itself, of its
        event, or of what the sentence before is about."""
        place, match = found.place, found.match
        sentence = self._prose.sentences[place]
        if place == self._lead.sentence or self._introduces(sentence):
            return True
        near = self._near(place)
        first, last = _clause(self._prose, sentence, match)
        if not self._words.asked.isdisjoint(self._prose.lowers[first : match.first]):
            return False  # "reports of where and how it was used could not be confirmed"
        lowers = frozenset(self._prose.lowers[first:last])
        if lowers & self._words.authenticity:
            return near or bool(self._artefacts)
        if lowers & self._words.distant and lowers & self._words.stories and not near:
            return self._tied(place, 1)
        if found.kind is _Kind.CONDITION:
            tellers = (
                self._words.stories | self._prose.lexicon.words.anonymous_heads
            )  # "if the reports are true"
            reports = not tellers.isdisjoint(self._prose.lowers[match.first : match.last])
            return near or reports or self._supposes(sentence, match)
        shared = content_words(self._prose, first, last) & self._content
        if lowers & self._words.stories and not self._particular(match):
            about = found.kind is not _Kind.ADJECTIVE or len(shared) >= SHARED
            return about or near or bool(self._events_in(lowers) & self._events)
        if lowers & self._artefacts or self._events_in(lowers) & self._events:
            return True
        if self._asks_whether(match, last):
            return bool(shared)
        same = len(shared) >= SHARED and bool(_plain_words(self._prose, first, last) & self._plain)
        return self._plainly(found) or (same and not self._particular(match))

    def _asks_whether(self, match: Match, last: int) -> bool:
        """“no way to confirm if the wing is real”."""
        lowers = self._prose.lowers[match.last : last]
        return not self._words.conditions.isdisjoint(lowers[:1]) and not self._words.real.isdisjoint(lowers)

    def _plainly(self, found: _Found) -> bool:
        """A caveat about nothing that has a name of its own: by its place, else by the sentence before."""
        near = self._near(found.place)
        if found.kind is _Kind.WARNING:
            return near or self._tied(found.place, 2)
        match, sentence = found.match, self._prose.sentences[found.place]
        if self._particular(match) or self._reported_past(match):
            return False
        following = self._prose.lowers[match.last : min(match.last + OBJECT, sentence.last)]
        bare = not following or following[0] in self._words.pronouns or following[0] in MARKS
        return near or (bare and self._tied(found.place, 2))

    def _near(self, place: int) -> bool:
        return 0 <= place - self._lead.sentence <= NEAR

    def _particular(self, match: Match) -> bool:
        """“could not confirm the name”, “… the colour of the bridge”: a detail."""
        prose = self._prose
        if any(w in self._words.particulars for w in prose.lowers[match.last : match.last + 3]):
            return True
        nouns = (
            i
            for i in range(match.last, min(match.last + NAMED, len(prose.tags)))
            if prose.tags[i].is_common_noun
        )
        noun = next(nouns, None)
        if noun is None or self._words.genitive.isdisjoint(prose.lowers[noun + 1 : noun + 2]):
            return False
        words = self._words
        known = self._known | words.stories | words.artefacts | words.authenticity | words.soundness
        return prose.lowers[noun] not in known and not self._events_in(frozenset({prose.lowers[noun]}))

    def _introduces(self, sentence: Sentence) -> bool:
        """“The following report is unconfirmed”, in what the site says before its report."""
        opening = self._prose.lowers[sentence.first : sentence.first + 4]
        comment = self._lead.comment_until
        return (
            comment is not None
            and sentence.first <= comment
            and not self._words.following.isdisjoint(opening)
        )

    def _supposes(self, sentence: Sentence, match: Match) -> bool:
        """“If true, the theft would be …”: the first noun of the main clause is the claim's."""
        prose = self._prose
        nouns = (i for i in range(match.last, sentence.last) if prose.tags[i].is_noun)
        noun = next(nouns, None)
        if noun is None:
            return False
        word = frozenset({prose.lowers[noun]})
        known = word & (self._known | self._words.stories | self._words.turns)
        return bool(known) or bool(self._events_in(word) & self._events)

    def _reported_past(self, match: Match) -> bool:
        """“was not confirmed by the rebels”: what happened then."""
        lowers, last = self._prose.lowers, match.last
        opens = lowers[match.first] in self._words.past_be and last < len(lowers)
        return opens and lowers[last] in self._words.agent

    def _tied(self, index: int, back: int) -> bool:
        """Whether one of the sentences right before speaks of the claim."""
        prose = self._prose
        for sentence in prose.sentences[max(0, index - back) : index]:
            if len(content_words(prose, sentence.first, sentence.last) & self._content) >= SHARED:
                return True
            if back > 1 and not self._words.stories.isdisjoint(prose.lowers[sentence.first : sentence.last]):
                return True
        return False

    def _events_in(self, lowers: frozenset[str]) -> frozenset[str]:
        return frozenset(name for name, words in self._prose.lexicon.events.items() if words & lowers)


def _clause(prose: Prose, sentence: Sentence, match: Match) -> tuple[int, int]:
    """The tokens around a caveat, to the nearest break on either side; further back where its subject stands
    before an aside: “Her death, Venn wrote, is unconfirmed”."""
    breaks = BREAKS | prose.lexicon.words.turning_points
    first, last = match.first, match.last
    named = False
    while first > max(sentence.first, match.first - BEFORE):
        if prose.lowers[first - 1] in breaks and (named or prose.lowers[first - 1] not in BREAKS):
            break  # "but she has not …"
        first -= 1
        named = named or prose.tags[first].is_noun or prose.tags[first].is_pronoun
    while last < min(sentence.last, match.last + AFTER) and prose.lowers[last] not in breaks:
        last += 1
    return first, last


def _plain_words(prose: Prose, first: int, last: int) -> frozenset[str]:
    """Content words that are no names."""
    return frozenset(
        prose.stems[i]
        for i in range(first, last)
        if prose.tags[i].is_content_word and not prose.tags[i].is_name and len(prose.words[i]) > LONG_WORD
    )


# ── settled ─────────────────────────────────────────────────────────────────────────────────────────


def _settled(prose: Prose, lead: Lead, quoted: frozenset[int]) -> str | None:
    """The rule by which headline, deck or claim say that the story is false."""
    settling = prose.lexicon.settled
    for index, sentence in enumerate(prose.sentences):
        if sentence.role in ABOVE or index == lead.sentence:
            for match in settling.patterns.find(prose, sentence.first, sentence.last):
                if match.first not in quoted:
                    return f"settled: {settling.sources[match.entry]}"
    return None


def _debunked(prose: Prose, lead: Lead, strong: Sequence[int], quoted: frozenset[int]) -> str | None:
    """The rule by which lead and body together call the story false, by the places of words that do."""
    said = sum(at not in quoted for at in strong)
    words = len(prose.words)
    leading = sum(at < LEADING for at in strong)
    if leading and len(strong) > 1 and len(strong) * 300 >= words:
        return "settled: lead and body call it false"
    if said > 2 and said * 200 >= words:  # noqa: PLR2004  # more than a mention
        return "settled: the body calls it false"
    claim = prose.sentences[lead.sentence]
    denied = any(prose.lowers[i] in prose.lexicon.words.negations for i in range(claim.first, claim.last))
    return (
        "settled: claim negated" if denied and any(claim.first <= at < claim.last for at in strong) else None
    )


def _leaning(prose: Prose, strong: Sequence[int]) -> str | None:
    """The rule by which an article leans towards calling its story false: often enough, early, or with words
    of denial in its lead."""
    words = len(prose.words)
    if len(strong) > 1 and len(strong) * 250 >= words:
        return f"debunks: {len(strong)} in {words} words"
    if any(at < LEADING for at in strong):
        return "debunks: in the lead"
    weak = any(w in prose.lexicon.words.doubting for w in prose.lowers[:LEADING])
    return "debunks: with a denial in the lead" if strong and weak else None


def _debunks(prose: Prose) -> tuple[int, ...]:
    """The tokens at which a word stands that calls a story false."""
    found = prose.lexicon.debunks.patterns.find(prose, 0, len(prose.words))
    return tuple(sorted({match.first for match in found}))


def _confirmed(prose: Prose, claim: Sentence) -> bool:
    """Whether the claim's own sentence says that it is confirmed."""
    words = prose.lexicon.words
    undone = words.negations | words.conditions | words.undone
    return any(
        prose.lowers[at] in words.confirmed and undone.isdisjoint(prose.lowers[max(claim.first, at - 4) : at])
        for at in range(claim.first, claim.last)
    )


def _denied(prose: Prose, claim: Sentence) -> bool:
    """Whether the claim's own sentence tells of a denial first."""
    cues = (
        prose.lexicon.cue(prose.lowers[i])
        for i in range(claim.first, claim.last)
        if prose.tags[i].upos is Upos.VERB
    )
    said = next((lemma for lemma, frames in cues if Frame.CLAUSE in frames), "")
    return said in prose.lexicon.words.rejecting
