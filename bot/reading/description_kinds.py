"""The kind of thing that a description such as “the mayor” or “two engineers” means."""

from __future__ import annotations

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.document import Document
from bot.reading.entities import KindJudgement
from bot.reading.entity_kinds import UNKNOWN

BY_HEAD = (
    SourceKind.DOCUMENT,
    SourceKind.SOCIAL_MEDIA,
    SourceKind.PERSON,
    SourceKind.OUTLET,
    SourceKind.ORGANISATION,
    SourceKind.GROUP,
)


def judge_description(document: Document, source: Range, head: int) -> KindJudgement:
    """Return the kind of an unnamed source: that of its noun, unless its words withhold who it is."""
    lexicon, word = document.lexicon, document.lowers[head]
    if word in lexicon.words.hearsay:
        return KindJudgement(SourceKind.ANONYMOUS, f"hearsay: {word}")
    match = next(iter(lexicon.anonymous.patterns.find(document, source[0], source[1])), None)
    if match is not None:
        return KindJudgement(SourceKind.ANONYMOUS, f"anonymous: {lexicon.anonymous.sources[match.entry]}")
    if word in lexicon.words.anonymous_heads:
        return KindJudgement(SourceKind.ANONYMOUS, f"anonymous: {word}")
    kind = lexicon.find_noun_kind(word, BY_HEAD)
    if kind is not None:
        return KindJudgement(kind, f"noun: {word}")
    if document.tags[head].is_plural:
        return KindJudgement(SourceKind.GROUP, f"plural: {word}")
    return KindJudgement(SourceKind.PERSON, UNKNOWN)
