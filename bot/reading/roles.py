"""Roles: the descriptions that stand beside a name."""

from __future__ import annotations

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.document import Document
from bot.reading.entities import Entity, Name
from bot.reading.names import UNTRUSTED, Names
from bot.reading.tags import Tag

MENTIONS = 20  # of one person that are looked at
LONGEST_ROLE = 20  # tokens; longer descriptions are no roles
PREDICATE = 8  # tokens of “is the mayor”


def _is_within_role(tag: Tag) -> bool:
    """A word that can stand in a role before a name: “the newly elected mayor of Dale's”."""
    described = tag.is_plain_adjective or tag.is_past_participle
    return tag.is_noun or described or tag.is_specifier or tag.is_possessive_marker


class Roles:
    """Looks up what is said of an entity beside its names."""

    def __init__(self, document: Document, names: Names) -> None:
        self.document, self.names, self.lexicon = document, names, document.lexicon
        words, people = self.lexicon.words, self.lexicon.kinds[SourceKind.PERSON]
        self.offices = people | words.honorifics - words.titles  # "mayor", "president"; not "Mr"

    def find_within(self, source: Range, entity: Entity, until: int) -> Range | None:
        """The description before or after the name, its comma left out; what stands after token `until` is
        said of somebody else."""
        inside = [i for i in range(*source) if self.names.at.get(i) == entity.id]
        if not inside:
            return None
        first, last = inside[0], inside[-1] + 1
        before = self._find_description((source[0], first))
        nearest = None if before is None else self.document.tags[before[1] - 1]
        # "experts such as Venn", "an analyst and Venn"
        many = nearest is not None and (nearest.is_plural_noun or nearest.is_conjunction)
        return self._find_description((last, until)) or (None if many else before)

    def find_elsewhere(self, entity: Entity) -> Range | None:
        """The office or the description that the text gives where it names a person without letting him
        speak: “President Mara Venn left”, “the founder, Owen Pike, is”, “Lena Ort, the mayor of Dale, is”."""
        if entity.kind is not SourceKind.PERSON:
            return None
        for name in entity.names[:MENTIONS]:
            sentence = self.document.sentences[self.document.sentence_of[name.first]]
            if sentence.role in UNTRUSTED:
                continue
            found = self._find_description(self._find_before(name.first, sentence.first))
            found = found or self._find_description(self._find_after(name.last, sentence.last))
            if found is not None and any(self.document.lowers[i] in self.offices for i in range(*found)):
                return found
        return None

    def describe(self, entity: Entity) -> frozenset[str]:
        """Return the stems by which the text describes an entity beside its names, its title among them; for
        a body also the words of its names."""
        document, found = self.document, set[str]()
        for name in entity.names[:MENTIONS]:
            sentence = document.sentences[document.sentence_of[name.first]]
            if name.title:
                found.add(name.title)
            own = document.stems[name.first : name.last]
            found.update(w for w in own if entity.kind is not SourceKind.PERSON or w in self.offices)
            before = self._find_before(name.first, sentence.first)
            for first, last in (
                before,
                self._find_after(name.last, sentence.last),
                self._find_predicate(name),
            ):
                found.update(
                    document.stems[i] for i in range(first, last) if _is_within_role(document.tags[i])
                )
        return frozenset(found)

    def _find_predicate(self, name: Name) -> Range:
        """Return the noun phrase of “Venn is the mayor of Dale”, “Venn, who is a clerk”."""
        tags, at = self.document.tags, name.last
        while at < len(tags) and at < name.last + 2 and (tags[at].is_comma or tags[at].is_relative_pronoun):
            at += 1
        verb = at < len(tags) and self.document.lowers[at] in self.lexicon.words.be
        if not verb or at + 1 >= len(tags) or not tags[at + 1].is_determiner:
            return at, at
        end = at + 2
        while end < len(tags) and end < at + PREDICATE and _is_within_role(tags[end]):
            end += 1
        return at + 2, end

    def _find_before(self, last: int, first: int) -> Range:
        """The noun phrase right before a name, or before the comma that sets the name off."""
        tags, lowers, lexicon = self.document.tags, self.document.lowers, self.lexicon
        set_off = last > first and self.document.words[last - 1] == ","
        at = last - set_off
        while at > max(first, last - LONGEST_ROLE):
            office = at > 1 and lowers[at - 2] in lexicon.kinds[SourceKind.PERSON]
            placed = office and lowers[at] in lexicon.words.places  # the "to" of "envoy to Iran Owen Pike"
            if not placed and not _is_within_role(tags[at - 1]):
                break
            at -= 1
        opened = set_off and (
            at == last - 1 or not (tags[at].is_determiner or tags[at].is_singular_name)
        )  # "In spring, Venn"
        return (last, last) if opened else (at, last)

    def _find_after(self, first: int, last: int) -> Range:
        """Return the words between a comma after a name and the next comma or stop."""
        if first + 1 >= last or self.document.words[first] != ",":
            return first, first
        ends = range(first + 1, min(last, first + LONGEST_ROLE))
        end = next((i for i in ends if self.document.words[i] in {",", ".", ";", "—"}), first)
        clause = any(self.document.tags[i].is_finite for i in range(first + 1, end))
        return (first, first) if clause else (first + 1, end)

    def _find_description(self, found: Range) -> Range | None:
        words, (start, end) = self.document.words, found
        if start < end and words[start] == "(":  # past the "(D-Dale), 32," after a name
            start = next((i + 1 for i in range(start, end) if words[i] == ")"), end)
        aged = start + 2 < end and words[start] == "," and words[start + 1].isdigit()
        start, end = self._trim(start + 2 if aged else start, end)
        relative = (i for i in range(start, end) if self.document.tags[i].is_relative_pronoun)
        start, end = self._trim(start, next(relative, end))
        while end - start > 1 and self.document.lowers[end - 1].rstrip(".") in self.lexicon.words.titles:
            end -= 1  # the "Dr." of the name
        return (start, end) if 0 < end - start <= LONGEST_ROLE and self._is_description(start, end) else None

    def _trim(self, start: int, end: int) -> Range:
        while start < end and (
            not self.document.words[start][0].isalnum()
            or self.document.lowers[start] in self.lexicon.words.definite_determiners
        ):
            start += 1
        while start < end and not any(c.isalnum() for c in self.document.words[end - 1]):
            end -= 1
        return start, end

    def _is_description(self, start: int, end: int) -> bool:
        ranking = start + 1 < end and self.document.lowers[start + 1] in self.lexicon.kinds[SourceKind.PERSON]
        tag = self.document.tags[start]
        clause = tag.is_relative or tag.is_conjunction or tag.is_preposition
        if clause or (tag.is_present_participle and not ranking):
            return False
        named, after = self.names.of(start), self.names.past(start, end)
        person = named is not None and named.kind is SourceKind.PERSON
        next_tag = self.document.tags[after] if after < end else None
        if person and (next_tag is None or next_tag.is_conjunction or next_tag.is_comma):
            return False  # “Owen Pike and Lena Ort” after a name is no role of it
        first = self.document.lowers[start].rstrip(".")
        labels = self.lexicon.words.titles | self.lexicon.kinds[SourceKind.OUTLET]
        noun = any(
            self.document.tags[i].is_noun or self.document.lowers[i] in self.lexicon.words.partisans
            for i in range(start, end)
        )
        epithet = "-" in first and not first[0].isdigit()  # "US-backed", not "54-year-old"
        owner = self.document.tags[end - 1].is_possessive_marker
        return not (end - start == 1 and first in labels) and not owner and (noun or epithet)

    def find_epithet(self, entity: Entity) -> Range | None:
        """“US-backed” before the fullest name."""
        at = entity.fullest.first - 1
        word = self.document.words[at] if at >= 0 else ""
        described = "-" in word and word[-1].islower() and not word[0].isdigit()
        return (at, at + 1) if described else None
