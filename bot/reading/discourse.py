"""The discourse so far: who was named where, how the text describes them, and who spoke last."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from bot.model import SourceKind
from bot.reading.document import Document
from bot.reading.entities import Entity
from bot.reading.names import Names
from bot.reading.persons import Persons
from bot.reading.roles import Roles
from bot.reading.source_entries import SourceEntry

NAMES_BACK = 40  # names looked at before an anaphor
SPEAKERS_BACK = 8  # turns looked at
MOST = 14  # candidates of one anaphor
FARTHEST = 12  # sentences; what is farther is as far
NEXT = 2  # sentences after a description in which an outlet is looked for
LONGEST = 60  # tokens of a sentence that are looked at
HOLDERS = 6  # entities described by one noun that are looked at


class AntecedentCandidate(NamedTuple):
    """Somebody or something that an anaphor may stand for: named in the text, or an entry without a name."""

    entity: Entity | None
    entry: SourceEntry | None

    @property
    def key(self) -> tuple[bool, int]:
        """The same for the same candidate."""
        if self.entity is not None:
            return True, self.entity.id
        return False, -1 if self.entry is None else self.entry.id


class Turn(NamedTuple):
    """The speakers by token."""

    head: int
    entry: SourceEntry


class Discourse:
    """Looks up who was named, described and heard before a token; each look-up is bounded."""

    def __init__(
        self, document: Document, names: Names, roles: Roles, skipped: set[int], quoted: frozenset[int]
    ) -> None:
        self.document, self._names, self._roles, self.quoted = document, names, roles, quoted
        self._places = sorted(
            (n.first, e.id, n.last) for e in names.entities if e.id not in skipped for n in e.names
        )
        self.persons = Persons(document, names, quoted)
        self.turns: list[Turn] = []
        self._last_turn: dict[int, int] = {}  # entry → the token of its last turn
        self._first_head: dict[int, int] = {}
        self._by_entity: dict[int, SourceEntry] = {}
        self._by_noun: dict[str, dict[int, SourceEntry]] = {}  # unnamed entries by their heads

    def remember(self, entry: SourceEntry, head: int) -> None:
        """Note that `entry` spoke where token `head` stands."""
        self.turns.append(Turn(head, entry))
        self._last_turn[entry.id] = head
        self._first_head.setdefault(entry.id, head)
        if entry.entity is not None:
            self._by_entity[entry.entity.id] = entry
        else:
            self._by_noun.setdefault(self.document.stems[head], {})[entry.id] = entry

    # who may be meant ───────────────────────────────────────────────────────────────────────────────

    def find_candidates(self, head: int) -> list[AntecedentCandidate]:
        """Return those who spoke or were named last before a token, the nearest turns first."""
        found: dict[tuple[bool, int], AntecedentCandidate] = {}
        for turn in self.turns[: -SPEAKERS_BACK - 1 : -1]:
            self._add(found, turn.entry)
        last = bisect_left(self._places, (head,))
        for _, entity, _ in self._places[max(0, last - NAMES_BACK) : last][::-1]:
            if len(found) >= MOST:
                break
            self._add(found, self._names.entities[entity])
        return list(found.values())

    def find_holders(self, noun: str) -> Iterator[AntecedentCandidate]:
        """Yield those whom the text describes by a noun, anywhere, and the unnamed who are called so."""
        for entity in self._holders.get(noun, ())[:HOLDERS]:
            yield AntecedentCandidate(entity, self._by_entity.get(entity.id))
        for entry in list(self._by_noun.get(noun, {}).values())[-HOLDERS:]:
            yield AntecedentCandidate(None, entry)

    def find_next_outlets(self, head: int) -> Iterator[AntecedentCandidate]:
        """Yield the outlets named in the sentences after that of a token: “a new report says so. The Dale
        Courier wrote”."""
        for entity in self._find_named_next(head):
            if entity.kind is SourceKind.OUTLET:
                yield AntecedentCandidate(entity, self._by_entity.get(entity.id))

    def is_named_next(self, entity: Entity, head: int) -> bool:
        """Return whether something is named in the sentences after that of a token."""
        return any(other is entity for other in self._find_named_next(head))

    def _find_named_next(self, head: int) -> Iterator[Entity]:
        sentences, here = self.document.sentences, self.document.sentence_of[head]
        last = sentences[min(here + NEXT, len(sentences) - 1)].last
        at = bisect_left(self._places, (head,))
        for first, entity, _ in self._places[at : at + MOST]:
            if first < last:
                yield self._names.entities[entity]

    def _add(self, found: dict[tuple[bool, int], AntecedentCandidate], one: SourceEntry | Entity) -> None:
        entity = one if isinstance(one, Entity) else one.entity
        entry = self._by_entity.get(one.id) if isinstance(one, Entity) else one
        candidate = AntecedentCandidate(entity, entry)
        found.setdefault(candidate.key, candidate)

    @cached_property
    def _holders(self) -> dict[str, list[Entity]]:
        """The named, by each noun that describes them."""
        holders: dict[str, list[Entity]] = {}
        for _, entity_id, _ in dict.fromkeys((0, e, 0) for _, e, _ in self._places):
            entity = self._names.entities[entity_id]
            for noun in sorted(self.describe(entity)):
                holders.setdefault(noun, []).append(entity)
        return holders

    def count_holders(self, noun: str) -> int:
        return len(self._holders.get(noun, ()))

    @cached_property
    def _described(self) -> dict[int, frozenset[str]]:
        return {}

    def describe(self, entity: Entity) -> frozenset[str]:
        """Return the words by which the text describes an entity beside its names, and those of its names."""
        known = self._described.get(entity.id)
        if known is None:
            known = self._described[entity.id] = self._roles.describe(entity)
        return known

    # where and how they stand ───────────────────────────────────────────────────────────────────────

    def find_last_mention(self, candidate: AntecedentCandidate, head: int) -> int | None:
        """Return the token of the last mention before `head`; None when there is none."""
        spoken = -1 if candidate.entry is None else self._last_turn.get(candidate.entry.id, -1)
        last = max(spoken, -1 if candidate.entity is None else self._find_last_name(candidate.entity, head))
        return last if 0 <= last < head else None

    def _find_last_name(self, entity: Entity, head: int) -> int:
        """Return the token of the last name before `head`, −1 when there is none; names in quotations count
        for words outside them only where there is no other."""
        places = self._outside.get(entity.id)
        if places is None:
            places = [n.first for n in entity.names if n.first not in self.quoted]
            self._outside[entity.id] = places
        at = bisect_left(places, head)
        if at and head not in self.quoted:
            return places[at - 1]
        at = bisect_left(entity.names, head, key=lambda n: n.first)
        return entity.names[at - 1].first if at else -1

    @cached_property
    def _outside(self) -> dict[int, list[int]]:
        """By entity, the tokens of its names outside quotations."""
        return {}

    def count_steps(self, there: int, head: int) -> int:
        """Return how many sentences stand between a mention and the pronoun at `head`, without those that are
        quoted and those in which the same pronoun stands."""
        document, word = self.document, self.document.lowers[head]
        she = word in document.lexicon.words.feminine_pronouns
        first, last = document.sentence_of[there] + 1, document.sentence_of[head]
        passed = range(max(first, last - FARTHEST), last)
        return sum(self._pronouns[i] is not None and she not in (self._pronouns[i] or ()) for i in passed)

    @cached_property
    def _pronouns(self) -> list[frozenset[bool] | None]:
        """By sentence, whether "she" (True) and "he" (False) stand in it; None for one that is quoted."""
        document, words = self.document, self.document.lexicon.words
        found: list[frozenset[bool] | None] = []
        for sentence in document.sentences:
            outside = [i for i in range(sentence.first, sentence.last) if i not in self.quoted]
            pronouns = (document.lowers[i] for i in outside)
            genders = frozenset(w in words.feminine_pronouns for w in pronouns if w in words.person_pronouns)
            found.append(genders if any(document.words[i][0].isalnum() for i in outside) else None)
        return found

    def is_said_beside(self, candidate: AntecedentCandidate, noun: str, head: int) -> bool:
        """Return whether a noun stands where a candidate was last mentioned or spoke before `head`."""
        turn = None if candidate.entry is None else self._last_turn.get(candidate.entry.id)
        places = {self.find_last_mention(candidate, head), turn} - {None}
        return any(noun in self._find_nouns(self.document.sentence_of[place]) for place in places if place)

    def _find_nouns(self, index: int) -> frozenset[str]:
        """Return the first words of a sentence as stems."""
        found = self._nouns.get(index)
        if found is None:
            sentence, stems = self.document.sentences[index], self.document.stems
            found = frozenset(stems[sentence.first : min(sentence.last, sentence.first + LONGEST)])
            self._nouns[index] = found
        return found

    @cached_property
    def _nouns(self) -> dict[int, frozenset[str]]:
        return {}

    def find_first_head(self, entry: SourceEntry) -> int | None:
        """Return the head of an entry's first mention."""
        return self._first_head.get(entry.id)

    def has_spoken_in(self, candidate: AntecedentCandidate, sentence: int) -> bool:
        """Return whether the candidate has a turn in a sentence, among the last few."""
        return any(
            turn.entry is candidate.entry and self.document.sentence_of[turn.head] == sentence
            for turn in self.turns[-SPEAKERS_BACK:]
        )

    def count_turns_since(self, candidate: AntecedentCandidate) -> int:
        """Return how many others spoke since the candidate did; SPEAKERS_BACK when it did not."""
        others: set[int] = set()
        for turn in self.turns[: -SPEAKERS_BACK - 1 : -1]:
            if turn.entry is candidate.entry:
                return len(others)
            others.add(turn.entry.id)
        return SPEAKERS_BACK

    def is_subject(self, token: int) -> bool:
        """Return whether the mention at a token can be the subject of its clause: no preposition or verb
        stands before it and no possessive ending after it."""
        document = self.document
        first = token
        while first > 0 and (document.tags[first - 1].is_noun or document.tags[first - 1].is_plain_adjective):
            first -= 1
        if first > 0 and document.tags[first - 1].is_determiner:
            first -= 1
        end = self._names.past(token, len(document.tags)) if token in self._names.at else token + 1
        owner = end < len(document.tags) and document.tags[end].is_possessive_marker
        before = document.tags[first - 1] if first > 0 else None
        governed = before is not None and (
            before.is_preposition or before.is_infinitive_marker or before.is_verb
        )
        return not owner and not governed

    def is_person_named_in(self, first: int, last: int) -> bool:
        """Return whether somebody is named in a range of tokens, of which only the first are looked at."""
        entities = (self._names.of(at) for at in range(first, min(last, first + LONGEST)))
        return any(entity is not None and entity.kind is SourceKind.PERSON for entity in entities)

    def is_named_in(self, first: int, last: int) -> bool:
        """Return whether something is named in a range of tokens, of which only the first are looked at."""
        return any(at in self._names.at for at in range(first, min(last, first + LONGEST)))

    def is_said_before(self, noun: str, token: int) -> bool:
        """Return whether a noun stands in the text before a token."""
        return self._first_noun.get(noun, token) < token

    @cached_property
    def _first_noun(self) -> dict[str, int]:
        """The token at which each noun stands first."""
        stems, tags = self.document.stems, self.document.tags
        return {stems[at]: at for at in range(len(stems) - 1, -1, -1) if tags[at].is_noun}

    def is_before_verb(self, token: int) -> bool:
        """Return whether a finite verb follows the mention at a token."""
        tags = self.document.tags
        end = self._names.past(token, len(tags)) if token in self._names.at else token + 1
        return end < len(tags) and tags[end].is_finite

    def is_person(self, candidate: AntecedentCandidate) -> bool:
        kind = (
            candidate.entity.kind
            if candidate.entity is not None
            else candidate.entry and candidate.entry.kind
        )
        return kind is SourceKind.PERSON
