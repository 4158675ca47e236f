"""The standing of a source that is not named: an institution, an office or a group, or somebody whose name is
withheld."""

from __future__ import annotations

from typing import NamedTuple

from bot.model import OFFICE, SourceKind, Standing
from bot.reading.document import Document
from bot.reading.entities import KindJudgement

HIDING = frozenset({SourceKind.PERSON, SourceKind.SOCIAL_MEDIA})  # kinds of whom one alone can be anybody


class StandingJudgement(NamedTuple):
    """A standing, and the rule that gave it."""

    standing: Standing
    why: str


NAMED = StandingJudgement(Standing.NAMED, "a name")


def judge_standing(document: Document, head: int, judged: KindJudgement) -> StandingJudgement:
    """Return the standing of an unnamed source: an official stays one where he asks not to be named, and
    people of whom only a private tie is told ("friends") are as good as nobody."""
    words, lexicon = document.lexicon.words, document.lexicon
    noun, stem = document.lowers[head], lexicon.singularise(document.lowers[head])
    nouns = {noun, stem}
    before = document.lowers[head - 1] if head else ""
    if noun in words.hearsay and before in lexicon.kinds[SourceKind.OUTLET]:  # "local media reports"
        return StandingJudgement(Standing.BY_OFFICE, f"unnamed media: {before}")
    if not nouns.isdisjoint(words.anonymous_heads | words.hearsay):
        return StandingJudgement(Standing.WITHHELD, f"nobody's noun: {noun}")
    if not nouns.isdisjoint(words.witnesses):
        return StandingJudgement(Standing.BY_OFFICE, f"witness: {noun}")
    if not nouns.isdisjoint(words.offices):
        return StandingJudgement(Standing.BY_OFFICE, f"{OFFICE}{noun}")
    if not nouns.isdisjoint(words.private_ties):
        return StandingJudgement(Standing.WITHHELD, f"private tie: {noun}")
    if judged.kind is SourceKind.ANONYMOUS:
        return StandingJudgement(Standing.WITHHELD, judged.why)
    alone = judged.kind in HIDING and not document.tags[head].is_plural
    if alone and lexicon.find_kind(noun, HIDING) is not None:
        return StandingJudgement(Standing.WITHHELD, f"one of many: {noun}")
    return StandingJudgement(Standing.BY_OFFICE, f"kind: {judged.kind.value}")
