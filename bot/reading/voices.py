"""A document, a spokesperson or staff → the body or person that speaks by them: “a report from the Dale
Courier”, “Venn's letter”, “a Northline spokeswoman”."""

from __future__ import annotations

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.document import Document, is_a_time
from bot.reading.entities import Entity
from bot.reading.entity_kinds import is_evidently_person
from bot.reading.names import Names
from bot.reading.tags import Tag

REACH = 14  # tokens after "report" in which its owner is looked for: “released on Sunday by the”
BEFORE = 6  # tokens before it: “Venn's second annual”


class SpokenFor:
    """Finds the entity by whose document, spokesperson or staff something is said."""

    def __init__(self, document: Document, names: Names) -> None:
        self._document, self._names, self._lexicon = document, names, document.lexicon

    def find_owner(self, source: Range, head: int) -> Entity | None:
        """Return the named owner of the document, or the body for which the spokesperson or the staff at
        token `head` speaks; None for other heads and for owners without a name."""
        words, noun = self._lexicon.words, self._document.lowers[head]
        written = (
            noun in self._lexicon.kinds[SourceKind.DOCUMENT] | words.stories and noun not in words.surveys
        )
        if not written and noun not in words.voices and noun not in words.staff:
            return None
        if next(iter(self._lexicon.anonymous.patterns.find(self._document, *source)), None) is not None:
            return None  # "Northline executives who asked not to be named" do not speak for it
        owner = self._find_before(source[0], head, written=written)
        owner = owner or self._find_after(head, written=written)
        if owner is None or owner.judged.place:
            return None
        return None if noun in words.staff and owner.kind is SourceKind.PERSON else owner

    def _find_before(self, first: int, head: int, *, written: bool) -> Entity | None:
        """“Venn's letter”, “a new Dale Courier report”, “Northline spokesmen”."""
        owned = medium = False
        for at in range(head - 1, max(first, head - BEFORE) - 1, -1):
            entity, tag = self._names.of(at), self._document.tags[at]
            if entity is not None:
                person = is_evidently_person(entity, self._lexicon)
                of_place = medium and entity.kind is not SourceKind.OUTLET  # "a US media report"
                return entity if not of_place and (not person or (owned and written)) else None
            word = self._document.lowers[at]
            medium = medium or word in self._lexicon.kinds[SourceKind.OUTLET] | self._lexicon.words.media
            owned = owned or tag.is_possessive_marker
            if not _is_before_noun(tag):
                return None
        return None

    def _find_after(self, head: int, *, written: bool) -> Entity | None:
        """“a report released on Sunday by the Dale Courier”, "a spokesman for the union"."""
        document, words = self._document, self._lexicon.words
        last = document.sentences[document.sentence_of[head]].last
        if not written:
            named = head + 1 < last and document.lowers[head + 1] in words.employing
            entity = self._find_named(head + 2, last) if named else None
            return None if entity is None or is_evidently_person(entity, self._lexicon) else entity
        for at in range(head + 1, min(last - 1, head + REACH)):
            word = document.lowers[at]
            entity = self._find_named(at + 1, last) if word in words.authoring | words.placing else None
            if entity is not None:
                return entity if word in words.authoring or self._is_outlet_after(at, entity) else None
            if self._ends_phrase(at) or word in words.obtaining:
                return None
        return None

    def _is_outlet_after(self, at: int, entity: Entity) -> bool:
        """Return whether what a report stands in is an outlet, and no place: “in the Post”, not “in Dale”."""
        known = entity.kind is SourceKind.OUTLET or self._document.tags[at + 1].is_determiner
        several = len(entity.fullest.key) > 1
        return known or (several and not is_evidently_person(entity, self._lexicon))

    def _ends_phrase(self, at: int) -> bool:
        """Return whether token `at` ends the noun phrase; “released” before “on Sunday” does not."""
        word, tag, after = self._document.words[at], self._document.tags[at], self._document.tags[at + 1]
        participial = word.endswith(self._lexicon.words.participle_endings) and tag.is_past
        reduced = participial and (after.is_preposition or is_a_time(self._document, at + 1))
        closed = tag.is_finite or tag.is_comma or tag.is_relative or tag.is_conjunction
        return (closed and not reduced) or not word[0].isalnum()

    def _find_named(self, at: int, last: int) -> Entity | None:
        """Return the entity named at token `at`, past a determiner, adjectives and a role:
        “the Dale Courier”, “Dale Courier reporter Mara Venn”."""
        found = None
        for here in range(at, min(last, at + REACH)):
            entity, tag = self._names.of(here), self._document.tags[here]
            if entity is not None:
                found = entity
            elif not (tag.is_determiner or tag.is_plain_adjective if found is None else tag.is_singular_noun):
                break
        return found


def _is_before_noun(tag: Tag) -> bool:
    return tag.is_noun or tag.is_adjective or tag.is_possessive_marker or tag.is_past_participle
