"""Those who pass words on: outlets and accounts that heard, obtained, published or relayed what others said.

    “…,” Venn told the Dale Courier · in an interview with Lake Radio · a memo seen by the Courier · via JTA

A construction of the lexicon stands right before the name, past what describes it: "the local website".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.document import Document
from bot.reading.entities import Entity, KindJudgement
from bot.reading.entity_kinds import is_evidently_person
from bot.reading.names import Names

DESCRIPTION = 7  # tokens between a construction and the name: "the Norwegian local news website"
SHORTEST = 3  # tokens of a name in brackets
MARKS = frozenset("\"'“‘")  # before the name of a programme
PASSING_ON = frozenset({SourceKind.OUTLET, SourceKind.SOCIAL_MEDIA})


class Relay(NamedTuple):
    """A place where somebody is said to have passed words on: the construction with the name, and the name,
    as tokens."""

    entity: Entity
    place: Range
    name: Range
    sentence: int
    why: str


def find_relays(document: Document, names: Names) -> Iterator[Relay]:
    """Yield those who pass words on, in the order of the text of each sort."""
    lexicon = document.lexicon
    for index, sentence in enumerate(document.sentences):
        for constructions, surely in ((lexicon.hearers, True), (lexicon.publishers, False)):
            for match in constructions.patterns.find(document, sentence.first, sentence.last):
                name = _find_name(document, names, match.last, sentence.last)
                entity = None if name is None else names.of(name[0])
                if name is None or entity is None:
                    continue
                judged = _judge_outlet(document, entity, (match.last, name[0]), name[1], surely=surely)
                if judged is not None:
                    entity.judged = judged
                    why = f"{constructions.labels[match.entry]}: {constructions.sources[match.entry]}"
                    yield Relay(entity, (match.first, name[1]), name, index, why)
        yield from _find_bracketed(document, names, index)


def _find_bracketed(document: Document, names: Names, index: int) -> Iterator[Relay]:
    """Yield the outlet in brackets with which a blog ends what it has from it: “It fell. [Courier]”."""
    last = document.sentences[index].last
    if last < SHORTEST or document.words[last - 1] != "]":
        return
    outlet = names.of(last - 2)
    opens = max(document.sentences[index].first, last - DESCRIPTION)
    first = next((i for i in range(last - 2, opens - 1, -1) if document.words[i] == "["), None)
    if outlet is None or outlet.kind not in PASSING_ON or first is None:
        return
    name = (first + 1 + (document.lowers[first + 1] in document.lexicon.words.the), last - 1)
    if names.past(name[0], last) == name[1] and names.of(name[0]) is outlet:
        yield Relay(outlet, (first, last), name, index, "brackets at the end")


def _find_name(document: Document, names: Names, at: int, stop: int) -> Range | None:
    """Return the name that follows, past what describes it: the last of “the UK paper the Lake Comet”."""
    found = None
    for here in range(at, min(stop, at + DESCRIPTION)):
        if here in names.at:
            if found is None or here >= found[1]:
                described = found is None or document.tags[here - 1].is_common_noun or here - found[1] > 1
                if not described:
                    break
                found = here, names.past(here, stop)
            continue
        tag = document.tags[here]
        labels = document.lowers[here] in document.lexicon.kinds[SourceKind.OUTLET]  # "the daily", an adverb
        marks = here == at and document.words[here] in MARKS
        describes = (
            tag.is_determiner
            or tag.is_adjective
            or tag.is_noun
            or tag.is_possessive_pronoun
            or labels
            or marks
        )
        if not describes or (found is not None and tag.is_possessive_pronoun):
            break
    return found


def _judge_outlet(
    document: Document, entity: Entity, described: Range, after: int, *, surely: bool
) -> KindJudgement | None:
    """Return the judgement that a name is that of an outlet or account: by its kind, by a noun beside it, or,
    `surely` after such words, because nothing says that it is anything else."""
    if entity.kind in PASSING_ON:
        return entity.judged
    lexicon = document.lexicon
    if is_evidently_person(entity, lexicon):
        return None
    nouns = [document.lowers[i] for i in range(described[0], min(after + 1, len(document.lowers)))]
    noun = next((word for word in nouns if word in lexicon.kinds[SourceKind.OUTLET]), None)
    if noun is not None:
        return KindJudgement(SourceKind.OUTLET, f"noun beside the name: {noun}")
    # “told the Addie”, “told KTNV”, “told MailOnline”, “told Forest News”
    unsure = entity.kind is SourceKind.PERSON or entity.judged.by_shape
    return KindJudgement(SourceKind.OUTLET, "told like an outlet") if surely and unsure else None
