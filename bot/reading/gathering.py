"""Mentions → entries: which name stands in a mention, and which earlier source a pronoun, a role or a
definite description stands for."""

from __future__ import annotations

from bot.model import Kind
from bot.reading.antecedents import Antecedents
from bot.reading.entries import Entry
from bot.reading.lexicon.load import Frame
from bot.reading.names import Entity, Names, page_name
from bot.reading.prose import Prose
from bot.reading.views import Finding, Range

WITHIN = frozenset({"DT", "JJ", "JJR", "JJS", "CD", "PRP$", "NN", "NNS", "NNP", "NNPS", "POS"})
LEADS_TO_ROLE = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "DT", "PRP$", "POS", ","})
BY_HEAD = (Kind.DOCUMENT, Kind.SOCIAL_MEDIA, Kind.PERSON, Kind.OUTLET, Kind.ORGANISATION, Kind.GROUP)
OFFICE = 6  # tokens: "secretary of state Mara"
LONGEST_ROLE = 20  # tokens; longer descriptions are no roles
LONGEST_BRACKET = 6  # tokens: "(R-Dale)"
DESCRIBING = ("NN", "JJ", "DT")


class Gathering:
    """Entries as they grow, finding by finding; look-ups keep each step short."""

    def __init__(self, prose: Prose, names: Names, quoted: frozenset[int]) -> None:
        self.prose, self.names, self.lexicon = prose, names, prose.lexicon
        self.entries: list[Entry] = []
        self._by_entity: dict[int, Entry] = {}
        self._by_key: dict[str, Entry] = {}
        self._antecedents = Antecedents(prose, names, quoted)
        self._noted: set[tuple[int, Range]] = set()
        self._pages = {e.id for e in names.entities if page_name(prose, e) is not None}
        self._token_to_entry: dict[int, int] = {}

    def add(self, found: Finding) -> int | None:
        """The entry of a finding's source, made when it is new."""
        if found.source is None or found.head is None or not found.reporting:
            return None
        entry = self._entry(found, found.source, found.head)
        if entry is None:
            return None
        self._note(entry, found.source)
        self._token_to_entry[found.head] = entry.id
        self._antecedents.remember(entry, found.head)
        return entry.id

    def _note(self, entry: Entry, mention: Range) -> None:
        if (entry.id, mention) not in self._noted:
            self._noted.add((entry.id, mention))
            entry.mentions.append(mention)

    def _entry(self, found: Finding, source: Range, head: int) -> Entry | None:
        head = self._real_head(source, head)
        word = self.prose.lowers[head]
        if self.prose.tags[head] in {"PRP", "PRP$"}:
            return self._pronoun(word, head)
        if word in self.lexicon.words.relative and source[1] - source[0] == 1:
            return self._relative(found, head)
        alone = source[1] - source[0] == 1  # "one, who asked not to be named, said" is somebody
        if (alone and word in self.lexicon.words.empty) or word in self.lexicon.words.speakers:
            return None
        entity = self._entity(source, head)
        if entity is not None:
            if found.why.startswith("introduction"):
                entity.kind = Kind.OUTLET
            if entity.kind is Kind.PERSON and _lemma(found) in self.lexicon.words.showing:
                return None  # "Venn showed the crowd a clip"
            entry = self._named(entity, source)
            self._joined(source, entity)
            return entry
        return self._unnamed(found, source, head)

    def _joined(self, source: Range, first: Entity) -> None:
        """“Rokita, the DNC and Bosma said”: the names joined to the first are sources too."""
        for place, entity in self._list_after(source, first)[1]:
            other = None if entity.id == first.id else self._named(entity, (place, source[1]))
            if other is not None:
                self._note(other, source)

    def _list_after(self, source: Range, first: Entity) -> tuple[int, list[tuple[int, Entity]]]:
        """Where what is said of the first name of a mention ends, and the names that "and" joins to it, with
        their places."""
        inside = (i for i in range(*source) if self.names.at.get(i) == first.id)
        end = at = self._past_apposition(self.names.past(next(inside, source[1]), source[1]), source[1])
        listed: list[tuple[int, Entity]] = []
        joined = False
        while not joined:
            start = self._past_brackets(at, source[1])
            at, joined = self._past_separators(start, source[1])
            place = self._past_description(at, source[1])
            entity = self.names.of(place)
            if at == start or entity is None or place >= source[1]:
                break
            at = self.names.past(place, source[1])
            if at < source[1] and self.prose.tags[at].startswith("NN"):  # ", the Gold Star parents"
                return end, []
            listed.append((place, entity))
        return end, listed if joined else []

    def _past_apposition(self, at: int, last: int) -> int:
        """Past ", the mayor of Dale" when ", and" follows it."""
        if at + 1 >= last or self.prose.words[at] != "," or self.prose.tags[at + 1] != "DT":
            return at
        commas = (i for i in range(at + 1, min(last, at + LONGEST_ROLE)) if self.prose.words[i] == ",")
        closed = next(commas, last)
        return (
            closed
            if closed + 1 < last and self.prose.lowers[closed + 1] in self.lexicon.words.joining
            else at
        )

    def _past_brackets(self, at: int, last: int) -> int:
        """Past "(R-Dale)"."""
        closed = (
            range(at, min(last, at + LONGEST_BRACKET)) if at < last and self.prose.words[at] == "(" else ()
        )
        return next((i + 1 for i in closed if self.prose.words[i] == ")"), at)

    def _past_separators(self, at: int, last: int) -> tuple[int, bool]:
        """Past ", and", and whether it held the word that ends a list."""
        joined = False
        while at < last and (
            self.prose.words[at] == "," or self.prose.lowers[at] in self.lexicon.words.joining
        ):
            joined = joined or self.prose.words[at] != ","
            at += 1
        return at, joined

    def _past_description(self, at: int, last: int) -> int:
        """Past "the", "former Harbour Gov.", "Secretary of State" before a joined name."""
        for here in range(at, min(last, at + OFFICE)):
            word = self.prose.lowers[here]
            role = word in self.lexicon.kinds[Kind.PERSON] or word in self.lexicon.honorifics
            if here in self.names.at and not role:
                return here
            titled = (
                self.prose.words[here - 1].istitle()
                and self.prose.lowers[here - 1] in self.lexicon.honorifics
            )
            office = titled and word in self.lexicon.words.genitive
            if not (self.prose.tags[here].startswith(DESCRIBING) or office):
                break
        return at

    # named ──────────────────────────────────────────────────────────────────────────────────────────

    def _entity(self, source: Range, head: int) -> Entity | None:
        """The entity that a mention names: its head's, or that of an apposition; "the Dale Courier
        newspaper" too."""
        own = self.names.of(head)
        person = own is not None and own.kind is Kind.PERSON
        introduced = None if person else self._introduced(source)
        if introduced is not None:
            return introduced
        if own is not None:
            titular = self.prose.lowers[head] in self.lexicon.kinds[Kind.PERSON]
            apposed = (self._apposed(source, head) or self._of_office(source, head)) if titular else None
            return apposed or own
        if (
            self.prose.lowers[head] in self.lexicon.kinds[Kind.OUTLET]
            or self.prose.lowers[head] in self.lexicon.words.labels
        ):
            named = head - 1 if self.prose.lowers[head - 1] in self.lexicon.words.news else head
            entity = self.names.entity(source[0], named)
            if entity is not None and self._adjacent(source[0], named):
                entity.kind = Kind.OUTLET
                return entity
        return self._apposed(source, head) or self._of_office(source, head)

    def _of_office(self, source: Range, head: int) -> Entity | None:
        """“the secretary of state Mara Venn”: a name that follows the office without a comma."""
        role = self.prose.lowers[head].rstrip(".")
        titular = role in self.lexicon.kinds[Kind.PERSON] or role in self.lexicon.honorifics
        if (
            not titular
            or head + 1 >= source[1]
            or self.prose.lowers[head + 1] not in self.lexicon.words.genitive
        ):
            return None
        for at in range(head + 2, min(source[1], head + OFFICE)):
            entity = self.names.of(at)
            if entity is not None:
                return entity if at > head + 2 and entity.kind is Kind.PERSON else None
            if not self.prose.tags[at].startswith("NN"):
                return None
        return None

    def _introduced(self, source: Range) -> Entity | None:
        """“the council's spokesman Jason Ort”: a name right after a role is the speaker."""
        for at in range(source[0], source[1] - 1):
            far = self.prose.words[at] == "," and at > source[0] + LONGEST_ROLE
            clause = self.prose.tags[at] in {"WP", "WDT"} or (at > source[0] and self.prose.tags[at] == "IN")
            if far or clause or self.prose.lowers[at] in self.lexicon.words.examples:
                return None
            role = self.prose.lowers[at] in self.lexicon.kinds[Kind.PERSON] and at not in self.names.at
            opens = (
                at == source[0] or self.prose.tags[at - 1] in LEADS_TO_ROLE
            )  # not "an aide to President Venn"
            entity = self._name_after(at + 1) if role and opens else None
            if entity is not None:
                return entity
        return None

    def _adjacent(self, first: int, head: int) -> bool:
        return head > first and (head - 1) in self.names.at

    def _apposed(self, source: Range, head: int) -> Entity | None:
        """“the mayor, Mara Venn,”: only a name right after a comma is an apposition; a document has none."""
        if self.prose.lowers[head] in self.lexicon.kinds[Kind.DOCUMENT]:
            return None
        for at in range(head + 1, source[1] - 1):
            found = self._name_after(at + 1) if self.prose.words[at] == "," else None
            if found is not None and not self._lists(at):
                return found
        return None

    def _lists(self, comma: int) -> bool:
        """“in Dale, Lakeland and Harbour”: a comma between names that "and" goes on to join."""
        after = comma + 2  # a longer name is no further place
        listed = comma - 1 in self.names.at and after < len(self.prose.words)
        return listed and self.prose.lowers[after] in self.lexicon.words.joining

    def _name_after(self, at: int) -> Entity | None:
        while at < len(self.prose.words) and self.prose.lowers[at].rstrip(".") in self.lexicon.honorifics:
            at += 1
        entity = self.names.of(at)
        return entity if entity is not None and entity.kind is Kind.PERSON else None

    def _named(self, entity: Entity, source: Range) -> Entry | None:
        if entity.id in self._pages:
            return None
        entry = self._by_entity.get(entity.id)
        if entry is None:
            name = entity.fullest
            last = name.acronym_last or name.last
            entry = self._new(entity.kind, entity, (name.first, last), " ".join(name.key))
            self._by_entity[entity.id] = entry
            if entity.kind in {Kind.ORGANISATION, Kind.OUTLET}:
                self._by_key[name.key[-1].removesuffix("s")] = entry
            entry.aliases = self._aliases(entity)
            entry.role = self._role(source, entity) or self._epithet(entity)
            self._remember_role(entry)
        elif entry.role is None:
            entry.role = self._role(source, entity)
            self._remember_role(entry)
        return entry

    def _remember_role(self, entry: Entry) -> None:
        """“the mayor” is whoever was last introduced as one."""
        for at in range(*entry.role) if entry.role else ():
            if self.prose.lowers[at] in self.lexicon.kinds[Kind.PERSON]:
                self._by_key[self.prose.lowers[at].removesuffix("s")] = entry

    def _epithet(self, entity: Entity) -> Range | None:
        """“US-backed” before the fullest name."""
        at = entity.fullest.first - 1
        described = at >= 0 and "-" in self.prose.words[at] and self.prose.words[at][-1].islower()
        return (at, at + 1) if described else None

    def _aliases(self, entity: Entity) -> list[str]:
        fullest = self.prose.excerpt(entity.fullest.first, entity.fullest.last).text
        texts = [self.prose.excerpt(n.first, n.last).text for n in entity.names]
        return sorted({t for t in texts if t != fullest})

    def _role(self, source: Range, entity: Entity) -> Range | None:
        """The description before or after the name, its comma left out."""
        inside = [i for i in range(*source) if self.names.at.get(i) == entity.id]
        if not inside:
            return None
        first, last = inside[0], inside[-1] + 1
        end, listed = self._list_after(source, entity)
        before, after = (source[0], first), (last, end if listed else source[1])
        for start, end in (self._trimmed(*after), self._trimmed(*before)):
            if 0 < end - start <= LONGEST_ROLE and self._describes(start, end):
                return start, end
        return None

    def _trimmed(self, start: int, end: int) -> Range:
        while start < end and (
            self.prose.words[start] in {",", "(", ")"}
            or self.prose.lowers[start] in self.lexicon.words.definite
        ):
            start += 1
        while start < end and self.prose.words[end - 1] in {",", "(", ")"}:
            end -= 1
        return start, end

    def _describes(self, start: int, end: int) -> bool:
        if self.prose.tags[start] in {"WP", "WDT", "CC", "IN", "VBG"} or self._names_a_person(start, end):
            return False
        first = self.prose.lowers[start].rstrip(".")
        labels = self.lexicon.titles | self.lexicon.kinds[Kind.OUTLET]
        return not (end - start == 1 and first in labels) and any(
            self.prose.tags[i].startswith(("NN", "JJ")) for i in range(start, end)
        )

    def _names_a_person(self, start: int, end: int) -> bool:
        """“Owen Pike and Lena Ort” after a name is no role of it."""
        entity, after = self.names.of(start), self.names.past(start, end)
        person = entity is not None and entity.kind is Kind.PERSON
        return person and (after >= end or self.prose.tags[after] in {"CC", ","})

    # unnamed and folded ─────────────────────────────────────────────────────────────────────────────

    def _pronoun(self, word: str, head: int) -> Entry | None:
        if word in self.lexicon.words.speakers:
            return None
        if word in self.lexicon.words.personal:
            return self._entered(self._antecedents.person(head, word), head)
        if word in self.lexicon.words.plural:
            return self._entered(self._antecedents.group(head), head)
        neuter = word in self.lexicon.words.neuter
        return self._entered(self._antecedents.body(head), head) if neuter else None

    def _entered(self, found: Entry | Entity | None, head: int) -> Entry | None:
        """The entry of an antecedent, made when nothing was attributed to it before."""
        return self._named(found, (head, head + 1)) if isinstance(found, Entity) else found

    def _relative(self, found: Finding, head: int) -> Entry | None:
        """“…, who said”: the name or noun phrase right before."""
        at = head - 1
        while at >= 0 and self.prose.words[at] in {",", ")"}:
            at -= 1
        entity = self.names.of(at)
        if entity is not None:
            while at >= 0 and self.names.at.get(at) == entity.id:
                at -= 1
            if at > 0 and self.prose.lowers[at] in self.lexicon.words.genitive:
                entity = self.names.of(at - 1) or entity
            personal = entity.kind is Kind.PERSON or self.prose.lowers[head] not in self.lexicon.words.who
            spoke = entity.id in self._by_entity or self._says(found)
            return self._named(entity, (head, head + 1)) if personal and spoke else None
        if at < 0 or self.prose.tags[at] != "NNS":  # a single one is listed by what else is said of it
            return None
        first = at
        while first > 0 and at - first < LONGEST_ROLE and self.prose.tags[first - 1] in WITHIN:
            first -= 1
        return self._unnamed(found, (first, at + 1), at)

    def _says(self, found: Finding) -> bool:
        """Whether the cue is a verb of saying, not of praise or blame: "Pike, who slams the ferry," is about
        him."""
        _, frames = self.lexicon.cue(self.prose.lowers[found.cue[1] - 1])
        return bool(frames & {Frame.CLAUSE, Frame.PERSON, Frame.BELIEF})

    def _unnamed(self, found: Finding, source: Range, head: int) -> Entry | None:
        """Folded into an entry with the same head when it says "the …"; else an entry of its own."""
        words = self.prose.lowers
        noun = words[head].removesuffix("s")
        definite = (
            words[source[0]] in self.lexicon.words.definite or words[source[0]] in self.lexicon.words.one_of
        )
        other = any(words[i] in self.lexicon.words.other for i in range(source[0], head))
        kind = self._kind(source, head)
        known = self.lexicon.kind(words[head])
        if known is None and (
            self._inanimate(found)
            or words[head].removesuffix("s").endswith(self.lexicon.words.abstract_endings)
        ):
            return None
        if definite and not other:
            folded = self._folded(noun, kind, head)
            if folded is not None:
                return folded
        key = (
            noun
            if kind is Kind.ANONYMOUS
            else " ".join(
                words[i]
                for i in range(*source)
                if words[i] not in self.lexicon.words.quantities | self.lexicon.words.definite
            )
        )
        entry = None if other else self._by_key.get(key)
        if entry is None:
            entry = self._new(kind, None, source, key)
            self._by_key[key] = entry
            if kind is not Kind.ANONYMOUS or noun not in self._by_key:
                self._by_key[noun] = entry
        if found.outer is not None and entry.relayed_by is None:
            relay = self._relay(found.outer)
            entry.relayed_by = None if relay == entry.id else relay
        return entry

    def _relay(self, token: int) -> int | None:
        if token in self._token_to_entry:
            return self._token_to_entry[token]
        if token in self.names.at:
            entry = self._by_entity.get(self.names.at[token])
            return None if entry is None else entry.id
        entity = self._entity((max(0, token - 6), token + 1), token)
        entry = None if entity is None else self._by_entity.get(entity.id)
        return None if entry is None else entry.id

    def _real_head(self, source: Range, head: int) -> int:
        """“one of its sources” is headed by "sources"."""
        if self.prose.lowers[head] in self.lexicon.words.one_of:
            for at in range(head + 1, source[1]):
                if self.prose.tags[at].startswith("NN"):
                    return at
        return head

    def _folded(self, noun: str, kind: Kind, head: int) -> Entry | None:
        known = self._by_key.get(noun)
        if known is not None:
            return known
        if kind is Kind.OUTLET:
            return self._entered(self._antecedents.of_kind(head, frozenset({Kind.OUTLET})), head)
        if noun in self.lexicon.words.bodies:
            return self._entered(self._antecedents.of_kind(head, frozenset({Kind.ORGANISATION})), head)
        return None

    def _inanimate(self, found: Finding) -> bool:
        """Whether the cue is one that things have too: “a number of cases demonstrate”."""
        return _lemma(found) in self.lexicon.words.evidencing

    def _kind(self, source: Range, head: int) -> Kind:
        words, tags = self.prose.lowers, self.prose.tags
        if words[head] in self.lexicon.words.hearsay:
            return Kind.ANONYMOUS
        matches = self.lexicon.anonymous.patterns.find(self.prose, source[0], source[1])
        if words[head] in self.lexicon.anonymous_heads or any(matches):
            return Kind.ANONYMOUS
        plural = tags[head] in {"NNS", "NNPS"}
        return self.lexicon.kind(words[head], BY_HEAD) or (Kind.GROUP if plural else Kind.PERSON)

    def _new(self, kind: Kind, entity: Entity | None, name: Range, key: str) -> Entry:
        entry = Entry(len(self.entries), kind, entity, name, key)
        self.entries.append(entry)
        return entry


def _lemma(found: Finding) -> str:
    """The lexicon entry that a finding names."""
    return found.why.partition(": ")[2]
