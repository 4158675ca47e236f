"""A relative pronoun → the noun phrase before it that it stands for: “the owner of the boat, who said”."""

from __future__ import annotations

from typing import NamedTuple

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.document import Document, is_a_time
from bot.reading.names import Names
from bot.reading.tags import Tag

LONGEST = 20  # tokens of a noun phrase
PHRASES = 3  # noun phrases that are looked at: “a report last week on the boat that”
PEOPLE = (SourceKind.PERSON, SourceKind.GROUP)


class RelativeHead(NamedTuple):
    """The words that a relative pronoun stands for, and the token that heads them."""

    words: Range
    head: int


def is_within_phrase(tag: Tag) -> bool:
    """Return whether a word can stand in a noun phrase up to its head."""
    return tag.is_noun or tag.is_adjective or tag.is_specifier or tag.is_possessive_marker


def find_relative_head(document: Document, names: Names, relative: int) -> RelativeHead | None:
    """Return what the relative pronoun at a token stands for; None where no noun stands before it. "who"
    passes a place or a thing for the people whom it describes."""
    first_of_sentence = document.sentences[document.sentence_of[relative]].first
    who = document.lowers[relative] in document.lexicon.words.person_relatives
    last = at = _skip_aside(document, relative, first_of_sentence)
    nearest = None
    for _ in range(PHRASES):
        if at <= first_of_sentence or not _can_head(document.tags[at - 1]):
            break
        first = _find_start(document, at, first_of_sentence)
        if is_a_time(document, at - 1) or document.lexicon.is_time(document.lowers[at - 1]):
            last = at = first
            continue
        found = RelativeHead((first, last), at - 1)
        nearest = nearest or found
        if not who or _is_people(document, names, at - 1):
            return found
        if first <= first_of_sentence or not document.tags[first - 1].is_preposition:
            break
        at = first - 1
    return nearest


def _skip_aside(document: Document, relative: int, first: int) -> int:
    """Return the end of the words before a relative pronoun, without a comma and “, left,” between them."""
    at = relative
    while at > first and document.words[at - 1] in {",", ")"}:
        at -= 1
    aside = at - 2 >= first and at < relative and document.words[at - 2] == ","
    return at - 2 if aside and not _can_head(document.tags[at - 1]) else at


def _can_head(tag: Tag) -> bool:
    return tag.is_noun or tag.is_plain_adjective


def _find_start(document: Document, last: int, first: int) -> int:
    at = last - 1
    while at > max(first, last - LONGEST) and is_within_phrase(document.tags[at - 1]):
        at -= 1
    return at


def _is_people(document: Document, names: Names, token: int) -> bool:
    entity = names.of(token)
    if entity is not None:
        return entity.kind is SourceKind.PERSON
    return document.lexicon.guess_noun_kind(document.lowers[token], PEOPLE) is not None
