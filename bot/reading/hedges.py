"""Hedge detection: finds the constructions of a lexicon that mark a fact as less than certain.

A look-alike ("likely voters", "could not resist") silences whatever it covers. Of two overlapping findings
the longer construction wins, so that "could possibly be" is one hedge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.model import BlockRole, Category, Hedge, Voice
from bot.reading.annotators.base import Finding
from bot.reading.annotators.sentence_views import READ
from bot.reading.document import OPENERS, Document, Sentence
from bot.reading.languages.lexicon import Constructions
from bot.reading.patterns import Match
from bot.reading.quotes import Quotation, is_speech
from bot.reading.sources import ResolvedFindings

BY_CAVEAT = {"condition": Category.CONDITIONAL}  # by the group of a caveat; the others disclaim
QUOTED = tuple((mark,) for mark in ("”", '"', "''", "’"))
SHORT_SUBJECT = 4  # tokens: "The sources believe" is shown whole, a long subject is not


def find_hedges(
    document: Document, resolved: ResolvedFindings, quotations: Sequence[Quotation], comment_until: int
) -> tuple[Hedge, ...]:
    """Return every hedge in reading order; before token `comment_until` the site itself comments."""
    spans: list[tuple[int, int, str, str]] = []
    scare = {t for q in quotations if not is_speech(document, q) for t in range(q.first, q.last)}
    for sentence in document.sentences:
        if sentence.role in READ:
            spans += [
                s
                for s in _match_sentence(document, sentence)
                if s[0] not in scare or _is_quoted_alone(document, s)
            ]
    said = {t for f, source in resolved.pairs() if source is not None for t in range(*f.cue)}
    spans = [s for s in spans if s[2] != Category.EVIDENTIAL or s[0] not in said]  # "he suggests" is a cue
    words, voices = document.lexicon.words, _Voices(resolved, quotations, comment_until)
    for f in resolved.findings:  # a belief verb is a hedge even with a speaker: "The sources believe"
        if f.lemma not in words.beliefs or f.source is None:
            continue
        if document.lowers[f.source[0]] not in words.speech_pronouns and not _is_asked(document, f):
            near = f.source[1] == f.cue[0] and f.source[1] - f.source[0] <= SHORT_SUBJECT
            first = f.source[0] if near else f.cue[0]
            spans.append((first, f.cue[1], Category.BELIEF.value, f"belief with {f.rule}: {f.lemma}"))
    hedges: list[Hedge] = []
    for first, last, category, why in _keep_longest(spans):
        voice, source = voices.find(first, last)
        around = document.sentence_excerpt(document.sentences[document.sentence_of[first]])
        hedges.append(
            Hedge(document.excerpt(first, last), Category(category), around, voice, why, source_id=source)
        )
    return tuple(hedges)


def _match_sentence(document: Document, sentence: Sentence) -> Iterator[tuple[int, int, str, str]]:
    silenced = list(_find_matches(document, sentence, document.lexicon.lookalikes))
    for match in _find_matches(document, sentence, document.lexicon.caveats):
        kind = document.lexicon.caveats.labels[match.entry]
        entry = document.lexicon.caveats.sources[match.entry]
        category = BY_CAVEAT.get(kind, Category.DISCLAIMER).value
        yield match.first, match.last, category, f"{category}: {entry}"
    for match in _find_matches(document, sentence, document.lexicon.hedges):
        category = document.lexicon.hedges.labels[match.entry]
        alike = any(s.first <= match.first < s.last for s in silenced) or _is_name(document, match, category)
        if not alike or category == Category.DISCLAIMER:
            yield (
                match.first,
                match.last,
                category,
                f"{category}: {document.lexicon.hedges.sources[match.entry]}",
            )


def _is_quoted_alone(document: Document, span: tuple[int, int, str, str]) -> bool:
    """Return whether quotation marks hold a word of doubt and nothing else: the crew “likely” fired."""
    first, last, category, _ = span
    marked = document.words[first - 1] in OPENERS and document.words[last : last + 1] in QUOTED
    return category == Category.MODAL and marked


def _is_name(document: Document, match: Match, category: str) -> bool:
    """Return whether what fits a modal is somebody of that name: “May has promised”, “Will Might said”.

    No modal stands before a verb that carries tense, and none inside a sentence has a capital.
    """
    first = match.first
    named = document.tags[first].is_modal or document.tags[first].is_name
    if category != Category.MODAL or not named or not document.words[first].istitle():
        return False
    behind = (i for i in range(first + 1, match.last) if not document.tags[i].is_adverb)
    verb = next((i for i in behind if document.tags[i].is_verb), None)
    sentence = document.sentences[document.sentence_of[first]]
    opens = first == sentence.first or document.words[first - 1] in OPENERS | {":"}
    inside = not opens and sentence.role is not BlockRole.TITLE
    return (
        inside
        or document.surnames.get(document.lowers[first], first) != first
        or (verb is not None and document.tags[verb].is_finite)
    )


def _is_asked(document: Document, f: Finding) -> bool:
    """Return whether a belief is what somebody is asked about: “Asked if he believed it, …”."""
    words, begin = document.lexicon.words, f.begin
    if begin < 2 or document.lowers[begin - 1] not in words.conditions:  # noqa: PLR2004  # “asked if”
        return False
    before = document.lowers[max(0, begin - 4) : begin - 1]
    return any(document.lexicon.find_cue(word)[0] in words.asking for word in before)


def _find_matches(document: Document, sentence: Sentence, what: Constructions) -> Iterator[Match]:
    return what.patterns.find(document, sentence.first, sentence.last)


def _keep_longest(spans: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    """Return the spans without overlaps: the longer one stays, then the earlier, then the first of the
    lexicon."""
    ranked = sorted(range(len(spans)), key=lambda i: (spans[i][0] - spans[i][1], spans[i][0], i))
    taken: set[int] = set()
    kept: list[tuple[int, int, str, str]] = []
    for i in ranked:
        tokens = range(spans[i][0], spans[i][1])
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            kept.append(spans[i])
    return sorted(kept)


class _Voices:
    """The voices of an article: the source of each token, if it has one."""

    def __init__(
        self, resolved: ResolvedFindings, quotations: Sequence[Quotation], comment_until: int
    ) -> None:
        self._comment_until = comment_until
        self._quoted = {t for q in quotations for t in range(q.first, q.last)}
        self._speaker: dict[int, int] = {}
        skip: dict[int, int] = {}  # from a token that has its speaker to one that may have none yet
        for f, source in reversed(tuple(resolved.pairs())):
            if source is not None:
                for first, last in f.content:
                    _assign(self._speaker, skip, range(first, last), source)

    def find(self, first: int, last: int) -> tuple[Voice, int | None]:
        """Return the voice of the words from token `first` to before `last`, and the number of its source."""
        source = self._speaker.get(last - 1) if first in self._speaker else None
        if source is not None or first in self._quoted:
            return Voice.SOURCE, source
        return (Voice.COMMENT if first < self._comment_until else Voice.ARTICLE), None


def _assign(speaker: dict[int, int], skip: dict[int, int], tokens: range, source: int) -> None:
    """Give `source` the tokens that nobody has; long overlapping contents are stepped over, not walked."""
    at, passed = tokens.start, []
    while at < tokens.stop:
        if at in skip:
            passed.append(at)
            at = skip[at]
        else:
            speaker[at] = source
            skip[at] = at + 1
            at += 1
    for token in passed:
        skip[token] = at
