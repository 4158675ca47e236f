"""The words that fit a pattern of a caveat, with their voice: the article's own, now or of an earlier time.

Look-alikes and the words of others are left out. What a caveat concerns is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from bot.model import BlockRole
from bot.reading.document import Document, Sentence
from bot.reading.languages.lexicon import Frame
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

BEFORE, AFTER = 14, 16  # tokens of a caveat's clause on either side of it
BREAKS = frozenset({",", ";", ":", "—", "–", "--", "(", ")"})


class CaveatKind(Enum):
    """The kinds of caveats, as the lexicon groups them."""

    ADJECTIVE = "adjective"
    CONDITION = "condition"
    FAILURE = "failure"
    REFUSAL = "refusal"
    SILENCE = "silence"
    ABSENCE = "absence"
    WARNING = "warning"


MENTIONED = frozenset({CaveatKind.CONDITION, CaveatKind.ADJECTIVE, CaveatKind.WARNING})  # in others' words


class CaveatMatch(NamedTuple):
    """A caveat in the sentence numbered `place`; `past`: it tells of an earlier time; `quoted`: it stands
    between quotation marks."""

    place: int
    match: Match
    kind: CaveatKind
    past: bool
    quoted: bool


class _CaveatVoice(Enum):
    """The standing of words that fit the pattern of a caveat."""

    NONE = "a look-alike, or somebody else's words"
    PAST = "about an earlier time"
    OWN = "the article's own, now"


class _Fit(NamedTuple):
    """Words that fit a pattern, in the sentence numbered `place`."""

    place: int
    match: Match
    kind: CaveatKind


def find_caveat_matches(document: Document, quotations: Sequence[Quotation]) -> tuple[CaveatMatch, ...]:
    """Return the caveats of an article's own, in reading order and without overlaps."""
    quoted = {t: q for q in quotations for t in range(q.first, q.last)}
    caveats = document.lexicon.caveats
    found: list[CaveatMatch] = []
    for place, sentence in enumerate(document.sentences):
        if sentence.role not in CAVEATED:
            continue
        matches = caveats.patterns.find(document, sentence.first, sentence.last)
        for match in sorted(matches, key=lambda m: (m.first, m.first - m.last)):
            if found and match.first < found[-1].match.last:
                continue
            fit = _Fit(place, match, CaveatKind(caveats.labels[match.entry]))
            voice = _judge_voice(document, fit, quoted)
            if voice is not _CaveatVoice.NONE:
                found.append(CaveatMatch(*fit, voice is _CaveatVoice.PAST, match.first in quoted))
    return tuple(found)


def _judge_voice(document: Document, found: _Fit, quoted: dict[int, Quotation]) -> _CaveatVoice:
    words, lowers = document.lexicon.words, document.lowers
    match, sentence = found.match, document.sentences[found.place]
    before = lowers[max(sentence.first, match.first - 5) : match.first]
    after = lowers[match.last : min(match.last + 3, sentence.last)]
    near = words.accounts.intersection(before + after)
    if near and found.kind is CaveatKind.ADJECTIVE:
        return _CaveatVoice.NONE  # "an unverified Twitter account"
    none = document.tags[match.first - 1].is_determiner and not words.missing_words.isdisjoint(before[-1:])
    if found.kind is CaveatKind.ADJECTIVE and (none or not words.negations.isdisjoint(before[-1:])):
        return _CaveatVoice.NONE  # "no unverified guesses"
    if not words.generic_adverbs.isdisjoint(before):
        return _CaveatVoice.NONE  # "almost always impossible to verify"
    if (
        document.lowers[match.first - 1] in words.be
        and document.lowers[match.first - 2] in words.hypothetical
    ):
        return _CaveatVoice.NONE  # "it would be difficult to confirm"
    if lowers[sentence.first] in words.correcting:
        return _CaveatVoice.PAST  # a correction tells what an earlier version said
    if sentence.role is BlockRole.QUOTE and found.kind in MENTIONED:
        return _CaveatVoice.NONE  # somebody else's post
    if match.first in quoted:
        own = _judge_quotation(document, found, quoted[match.first])
        return _CaveatVoice.PAST if own is _CaveatVoice.OWN and _is_at_the_time(document, sentence) else own
    if found.kind is CaveatKind.CONDITION:
        unreal = not words.past_be.isdisjoint(lowers[match.first : match.last])  # "if the news was real"
        verbs = (i for i in range(sentence.first, match.first) if document.tags[i].upos is Upos.VERB)
        # "Venn said that the idea, if true, …": the condition is a speaker's
        said = any(Frame.CLAUSE in document.lexicon.find_cue(lowers[i])[1] for i in verbs)
        return _CaveatVoice.NONE if unreal or said else _CaveatVoice.OWN
    past = not words.past_adverbs.isdisjoint(lowers[max(sentence.first, match.first - 2) : match.last])
    return _CaveatVoice.PAST if past or _is_at_the_time(document, sentence) else _CaveatVoice.OWN


def _is_at_the_time(document: Document, sentence: Sentence) -> bool:
    """Return whether “at the time” stands there, which is not "at the time of writing"."""
    lowers, words = document.lowers, document.lexicon.words
    return any(
        lowers[i] in words.time_nouns
        and lowers[i - 1] in words.the
        and words.publication_nouns.isdisjoint(lowers[i + 1 : i + 3])
        for i in range(sentence.first + 1, sentence.last)
    )


def _judge_quotation(document: Document, found: _Fit, quote: Quotation) -> _CaveatVoice:
    """Return the standing of words inside a quotation. Only a speaker's own failure to verify counts: “We
    cannot confirm …”, “not in a position to confirm”; words alone between the marks are only mentioned."""
    match = found.match
    if found.kind in MENTIONED:
        return _CaveatVoice.NONE
    if found.kind is not CaveatKind.ABSENCE and quote.last - quote.first <= match.last - match.first + 2:
        return _CaveatVoice.NONE
    start = max(quote.first, match.first - 8)
    ours = any(document.lowers[i] in document.lexicon.words.own_pronouns for i in range(start, match.last))
    opens = match.first - quote.first <= 2  # noqa: PLR2004  # the mark and one word
    body = any(document.words[i].isupper() and len(document.words[i]) > 1 for i in range(start, match.first))
    needed = document.lowers[match.first] in document.lexicon.words.requirement_verbs
    return _CaveatVoice.OWN if ours or opens or body or needed else _CaveatVoice.NONE


def find_clause(document: Document, sentence: Sentence, match: Match) -> tuple[int, int]:
    """Return the tokens around a caveat, to the nearest break on either side; further back where its subject
    stands before an aside: “Her death, Venn wrote, is unconfirmed”."""
    breaks = BREAKS | document.lexicon.words.clause_breaks
    first, last = match.first, match.last
    named = False
    while first > max(sentence.first, match.first - BEFORE):
        if document.lowers[first - 1] in breaks and (named or document.lowers[first - 1] not in BREAKS):
            break  # "but she has not …"
        first -= 1
        named = named or document.tags[first].is_noun or document.tags[first].is_pronoun
    while last < min(sentence.last, match.last + AFTER) and document.lowers[last] not in breaks:
        last += 1
    return first, last
