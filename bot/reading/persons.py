"""What the text shows of a name's being a person, and of the person's being "he" or "she"."""

from __future__ import annotations

from bot.model import SourceKind
from bot.reading.document import Document
from bot.reading.entities import Entity
from bot.reading.names import Names

MENTIONS = 12  # of one person that are looked at
REACH = 40  # tokens after a name in which its pronoun is looked for
FULL = range(2, 4)  # words of a full name
PERSONAL = (
    "full name",
    "surname alone",
    "with an age",
    "acts",
    "somebody is in it",
    "small letters or digits",
)


class Persons:
    """Looks at the names of an entity, each once."""

    def __init__(self, document: Document, names: Names, quoted: frozenset[int]) -> None:
        self._document, self._names, self._quoted = document, names, quoted
        self._genders: dict[int, float] = {}
        self._described: dict[int, dict[str, float]] = {}

    def describe(self, entity: Entity) -> dict[str, float]:
        """Return the features `PERSONAL` of an entity."""
        known = self._described.get(entity.id)
        if known is None:
            known = self._described[entity.id] = self._describe(entity)
        return known

    def _describe(self, entity: Entity) -> dict[str, float]:
        document, tags, placing = self._document, self._document.tags, self._document.lexicon.words.placing
        names = entity.names[:MENTIONS]
        surnames = {n.key[-1] for n in names if len(n.key) > 1}
        acting = sum(n.last < len(tags) and tags[n.last].is_finite for n in names)
        found = (
            any(len(n.key) in FULL and all(w.isalpha() for w in n.key) for n in names),
            any(len(n.key) == 1 and n.key[0] in surnames for n in names),
            any(self._has_age(n.last) for n in names),
            acting / (len(names) + 1),
            any(n.first > 0 and document.lowers[n.first - 1] in placing for n in names),
            not all(document.words[i][0].isupper() for i in range(names[0].first, names[0].last)),
        )
        return dict(zip(PERSONAL, map(float, found), strict=True))

    def _has_age(self, at: int) -> bool:
        """Return whether an age stands at a token, between a comma and a stop: “, 31,”."""
        words = self._document.words[at : at + 2]
        return len(words) > 1 and words[0] in {",", "("} and words[1].isdigit() and len(words[1]) == len("31")

    def judge_gender(self, entity: Entity) -> float:
        """Return from −1, always "he", to 1, always "she", how pronouns speak of a person; 0 for unknown. A
        pronoun is a name's where nobody else is named before it."""
        known = self._genders.get(entity.id)
        if known is None:
            found = [she for name in entity.names[:MENTIONS] for she in self._find_pronoun(name.last, entity)]
            known = sum(1 if she else -1 for she in found) / (len(found) + 1)
            self._genders[entity.id] = known
        return known

    def _find_pronoun(self, first: int, entity: Entity) -> tuple[bool, ...]:
        """Return whether the first pronoun after a name, in its sentence or opening the next, is "she";
        nothing where another person is named or called first."""
        document, words = self._document, self._document.lexicon.words
        here = document.sentence_of[min(first, len(document.words) - 1)]
        for at in range(first, min(len(document.words), first + REACH)):
            if at in self._quoted:
                continue
            word, other = document.lowers[at], self._names.of(at)
            if word in words.person_pronouns:
                return (word in words.feminine_pronouns,)
            person = other is not None and other.kind is SourceKind.PERSON and other is not entity
            if document.sentence_of[at] > here or person or word in words.she_nouns | words.he_nouns:
                return ()
        return ()
