"""A mention → whom it names: the entity of its head, of an apposition or of an office, and those that a list
joins to it."""

from __future__ import annotations

from bot.model import SourceKind
from bot.reading.annotators.base import Range
from bot.reading.document import Document
from bot.reading.entities import Entity, KindJudgement
from bot.reading.entity_kinds import is_evidently_person
from bot.reading.names import Names
from bot.reading.tags import Tag
from bot.reading.voices import SpokenFor

OFFICE = 6  # tokens: "secretary of state Mara"
LONGEST_DESCRIPTION = 20  # tokens
LONGEST_BRACKET = 6  # tokens: "(R-Dale)"


def _tells_more(tag: Tag) -> bool:
    """A word with which a description after a comma can begin: “, alarmed”, “, who”, “, now”."""
    return (
        tag.is_relative
        or tag.is_participle
        or tag.is_past
        or tag.is_preposition
        or tag.is_plain_adjective
        or tag.is_plain_adverb
    )


def _leads_to_role(tag: Tag) -> bool:
    """A word right after which a role can stand."""
    described = tag.is_noun or tag.is_plain_adjective or tag.is_determiner
    return described or tag.is_possessive_pronoun or tag.is_possessive_marker or tag.is_comma


def trim_description(document: Document, source: Range, head: int) -> Range:
    """An unnamed source without what is told of it after a comma: “A group, alarmed that it fell,”."""
    first, last = source
    for at in range(head + 1, last):
        if document.words[at] == "," and (at + 1 == last or _tells_more(document.tags[at + 1])):
            return first, at
    return source


class Mentions:
    """Looks up whom the words of a mention name."""

    def __init__(self, document: Document, names: Names) -> None:
        self.document, self.names, self.lexicon = document, names, document.lexicon
        self._voices = SpokenFor(document, names)

    def find_head(self, source: Range, head: int) -> int:
        """“one of its sources” is headed by "sources", “a series of letters” by "letters"."""
        words = self.lexicon.words
        counted = self.document.lowers[head] in words.one_of | words.measures | words.group_nouns
        if not counted or head + 1 >= source[1]:
            return head
        nouns = {i for i in range(head + 1, source[1]) if self.document.tags[i].is_noun}
        last = min(nouns, default=head)
        after = range(head + 2, min(source[1], head + 5))
        of_people = self.document.lowers[head + 1] in words.genitive and any(
            self.document.tags[i].is_plural_noun for i in after
        )
        if self.document.lowers[head] in words.group_nouns and not of_people:
            return head  # the people of “a group of physicians” are the source, a group of none is itself
        common = {i for i in nouns if not self.document.tags[i].is_name}
        while last + 1 < source[1]:
            if self.document.tags[last + 1].is_possessive_marker:  # "one of Venn's climate advisers"
                last = min((i for i in nouns if i > last), default=last + 1)
            elif last + 1 in (common if last in common else nouns):  # "the local council leaders"
                last += 1
            else:
                break
        return last

    def find_entity(self, source: Range, head: int) -> tuple[Entity, str] | None:
        """The entity that a mention names, and the rule that found it: its head's, or that of an apposition;
        "the Dale Courier newspaper" too."""
        own = self.names.of(head)
        person = own is not None and own.kind is SourceKind.PERSON
        introduced = None if person else self._find_introduced(source)
        if introduced is not None:
            return introduced, "name after a role"
        titular = own is None or self.document.lowers[head] in self.lexicon.kinds[SourceKind.PERSON]
        outlet = self._find_labelled_outlet(source, head) if own is None else None
        if outlet is not None:
            outlet.judged = KindJudgement(
                SourceKind.OUTLET, f"noun after the name: {self.document.lowers[head]}"
            )
            return outlet, "name before its noun"
        body = self._find_labelled_body(source, head) if own is None else None
        if body is not None:
            return body, "name before its noun"
        apposed = self._find_apposed(source, head) if titular else None
        if apposed is not None:
            return apposed, "name in apposition"
        office = self._find_by_office(source, head) or self._find_at_end(source, head) if titular else None
        if office is not None:
            return office, "name after an office"
        described = self._find_described(source, head) if own is None else None
        if described is not None:
            return described, "name before its description"
        return (own, "name") if own is not None else self._find_joined_or_owner(source, head)

    def _find_joined_or_owner(self, source: Range, head: int) -> tuple[Entity, str] | None:
        joined = self._find_joined(source, head)
        if joined is not None:
            return joined, "name joined to the head"
        owner = self._voices.find_owner(source, head)
        return None if owner is None else (owner, f"owner: {self.document.lowers[head]}")

    def _find_described(self, source: Range, head: int) -> Entity | None:
        """“Mara Venn, an envoy to Dale who”: the name that opens a mention headed by its description."""
        entity = self.names.of(source[0])
        if entity is None or entity.kind is not SourceKind.PERSON:
            return None
        after = self.names.past(source[0], source[1])
        return entity if after < head and self.document.words[after] == "," else None

    def _find_joined(self, source: Range, head: int) -> Entity | None:
        """“Mara Venn and two analysts”, “an analyst and Mara Venn”: the person joined to the head."""
        first = self.names.of(source[0])
        after = source[0] if first is None else self.names.past(source[0], source[1])
        if first is not None and after < head and self._joins(after):
            return first if first.kind is SourceKind.PERSON else None
        last = self.names.of(head + 2) if head + 2 < source[1] and self._joins(head + 1) else None
        whole = last is not None and self.names.past(head + 2, source[1]) == source[1]
        return last if last is not None and whole and last.kind is SourceKind.PERSON else None

    def _joins(self, at: int) -> bool:
        return self.document.lowers[at] in self.lexicon.words.joining

    def _find_labelled_outlet(self, source: Range, head: int) -> Entity | None:
        """“the Dale Courier newspaper”: the name before a noun for outlets."""
        word = self.document.lowers[head]
        if word not in self.lexicon.kinds[SourceKind.OUTLET] and word not in self.lexicon.words.agency_nouns:
            return None
        named = head - 1 if self.document.lowers[head - 1] in self.lexicon.words.news_nouns else head
        adjacent = named > source[0] and named - 1 in self.names.at
        return self.names.entity(source[0], named) if adjacent else None

    def _find_labelled_body(self, source: Range, head: int) -> Entity | None:
        """“the Northline group”: the name of a body right before a noun for bodies."""
        words, stem = self.lexicon.words, self.document.stems[head]
        called = stem in words.group_nouns | words.firm_nouns | words.body_nouns
        entity = self.names.of(head - 1) if called and head - 1 >= source[0] else None
        if entity is None or entity.judged.place:
            return None
        return entity if entity.kind in {SourceKind.ORGANISATION, SourceKind.OUTLET} else None

    def _find_by_office(self, source: Range, head: int) -> Entity | None:
        """“the secretary of state Mara Venn”: a name that follows the office without a comma."""
        role = self.document.lowers[head].rstrip(".")
        titular = role in self.lexicon.kinds[SourceKind.PERSON] or role in self.lexicon.words.honorifics
        if not titular or head + 1 >= source[1]:
            return None
        # the "of" of "secretary of state", the "to" of "envoy to Iran", not that of "aide to Venn"
        place = head + 2
        unnamed = place < source[1] and place not in self.names.at
        placed = unnamed and self.document.lowers[place] in self.lexicon.words.places
        if not placed and self.document.lowers[head + 1] not in self.lexicon.words.genitive:
            return None
        for at in range(head + 2, min(source[1], head + OFFICE)):
            entity = self.names.of(at)
            if entity is not None:
                return entity if at > head + 2 and entity.kind is SourceKind.PERSON else None
            if not self.document.tags[at].is_noun:
                return None
        return None

    def _find_at_end(self, source: Range, head: int) -> Entity | None:
        """“Secretary for Inland Waterways Mara Venn”: the person whose name ends a mention of an office in
        capitals."""
        entity = self.names.of(source[1] - 1)
        role = self.document.lowers[head].rstrip(".")
        if (
            entity is None
            or not is_evidently_person(entity, self.lexicon)
            or not self.document.words[head][0].isupper()
            or role not in self.lexicon.kinds[SourceKind.PERSON] | self.lexicon.words.honorifics
        ):
            return None
        first = source[1] - 1
        while first > head and self.names.at.get(first) == entity.id:
            first -= 1
        tags, words = self.document.tags, self.document.words
        named = (
            words[i][0].isupper() or tags[i].is_preposition or tags[i].is_determiner or tags[i].is_conjunction
            for i in range(head + 1, first + 1)
        )
        governed = head + 1 < first and tags[head + 1].is_preposition
        return entity if governed and words[first][0].isupper() and all(named) else None

    def _find_introduced(self, source: Range) -> Entity | None:
        """“the council's spokesman Jason Ort”: a name right after a role is the speaker."""
        for at in range(source[0], source[1] - 1):
            far = self.document.words[at] == "," and at > source[0] + LONGEST_DESCRIPTION
            placed = at > source[0] and self.document.tags[at].is_preposition and not self._is_inside_name(at)
            clause = self.document.tags[at].is_relative_pronoun or placed
            if far or clause or self.document.lowers[at] in self.lexicon.words.examples:
                return None
            role = (
                self.document.lowers[at] in self.lexicon.kinds[SourceKind.PERSON] and at not in self.names.at
            )
            joined = (
                self.document.tags[at - 1].is_conjunction
                and self.document.lowers[at - 2] in self.lexicon.kinds[SourceKind.PERSON]
            )
            leads = joined or _leads_to_role(self.document.tags[at - 1])  # not "an aide to President Venn"
            opens = at == source[0] or leads
            entity = self._find_name_after(at + 1) if role and opens else None
            if entity is not None:
                return entity
        return None

    def _is_inside_name(self, at: int) -> bool:
        """The "of" of "the Department of Harbours"."""
        body = self.document.lowers[at - 1] in self.lexicon.kinds[SourceKind.ORGANISATION]
        return at in self.names.at or (body and self.document.lowers[at] in self.lexicon.words.genitive)

    def _find_apposed(self, source: Range, head: int) -> Entity | None:
        """“the mayor, Mara Venn,”: only a name right after a comma is an apposition; a document has none."""
        if self.document.lowers[head] in self.lexicon.kinds[SourceKind.DOCUMENT]:
            return None
        for at in range(head + 1, source[1] - 1):
            if self.document.words[at] != ",":
                continue
            found = self._find_name_after(self._skip_description(at + 1, source[1]))
            after = at + 2  # the "and" of “in Dale, Lakeland and Harbour”; a longer name is no further place
            listed = at - 1 in self.names.at and after < len(self.document.words)
            joined = listed and self.document.lowers[after] in self.lexicon.words.joining
            if found is not None and not joined:
                return found
        return None

    def _find_name_after(self, at: int) -> Entity | None:
        while (
            at < len(self.document.words)
            and self.document.lowers[at].rstrip(".") in self.lexicon.words.honorifics
        ):
            at += 1
        entity = self.names.of(at)
        return entity if entity is not None and entity.kind is SourceKind.PERSON else None

    def find_listed(self, source: Range, first: Entity) -> tuple[int, list[tuple[int, Entity]]]:
        """Return the end of what is said of the first name of a mention, and the names that "and" joins to
        it, with their places."""
        inside = (i for i in range(*source) if self.names.at.get(i) == first.id)
        end = at = self._skip_apposition(self.names.past(next(inside, source[1]), source[1]), source[1])
        listed: list[tuple[int, Entity]] = []
        joined, closed = False, self.document.words[source[1] - 1] == ","
        while not joined:
            after, joined = self._skip_separators(at, source[1])
            if closed and not joined:  # "Venn, Northline CTO, Europe and Asia, said": no list, but an office
                return end, []
            place = self._skip_description(after, source[1])
            entity = self.names.of(place)
            if after == at or entity is None or place >= source[1]:
                break
            at = self.names.past(place, source[1])
            if at < source[1] and self.document.tags[at].is_noun:  # ", the Gold Star parents"
                return end, []
            listed.append((place, entity))
        return end, listed if joined else []

    def _skip_apposition(self, at: int, last: int) -> int:
        """Past ", the mayor of Dale" when ", and" follows it."""
        if at + 1 >= last or self.document.words[at] != "," or not self.document.tags[at + 1].is_determiner:
            return at
        commas = (
            i for i in range(at + 1, min(last, at + LONGEST_DESCRIPTION)) if self.document.words[i] == ","
        )
        closed = next(commas, last)
        return (
            closed
            if closed + 1 < last and self.document.lowers[closed + 1] in self.lexicon.words.joining
            else at
        )

    def _skip_separators(self, at: int, last: int) -> tuple[int, bool]:
        """Past "(R-Dale), and" to the word after it, and whether it held the word that ends a list; stays
        where no separator follows."""
        bracket = at < last and self.document.words[at] == "("
        inside = range(at, min(last, at + LONGEST_BRACKET)) if bracket else ()
        start = here = next((i + 1 for i in inside if self.document.words[i] == ")"), at)
        joined = False
        while here < last and (
            self.document.words[here] == "," or self.document.lowers[here] in self.lexicon.words.joining
        ):
            joined = joined or self.document.words[here] != ","
            here += 1
        return (at if here == start else here), joined

    def _skip_description(self, at: int, last: int) -> int:
        """Past "the", "former Harbour Gov.", "Secretary of State" before a joined name."""
        for here in range(at, min(last, at + OFFICE)):
            word = self.document.lowers[here]
            role = word in self.lexicon.kinds[SourceKind.PERSON] or word in self.lexicon.words.honorifics
            if here in self.names.at and not role:
                return here
            titled = (
                self.document.words[here - 1].istitle()
                and self.document.lowers[here - 1] in self.lexicon.words.honorifics
            )
            office = titled and word in self.lexicon.words.genitive
            tag = self.document.tags[here]
            if not (tag.is_noun or tag.is_adjective or tag.is_determiner or office):
                break
        return at
