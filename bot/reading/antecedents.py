"""The antecedents of anaphora: of pronouns and definite descriptions.

What a sentence is about, its first subject or whoever speaks in it, is the likeliest antecedent in the next
(Grosz, Joshi and Weinstein 1995, "Centering"; Lappin and Leass 1994 rank subjects first and nearer
sentences before farther ones). Words inside quotations name nobody for the sentences around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.model import SourceKind
from bot.reading.annotators.sentence_views import READ
from bot.reading.document import Document
from bot.reading.entities import Entity
from bot.reading.entity_kinds import is_evidently_person
from bot.reading.names import Names
from bot.reading.source_entries import SourceEntry

LONGEST, MOST = 150, 20  # tokens and speakers of a sentence that are looked at
REACH = 2  # sentences looked at, the pronoun's own among them, those inside quotations not counted
PEOPLE = frozenset({SourceKind.PERSON})
NOBODY: frozenset[str] = frozenset()  # forenames that nobody may bear
BODIES = frozenset({SourceKind.ORGANISATION, SourceKind.OUTLET, SourceKind.DOCUMENT, SourceKind.SOCIAL_MEDIA})
OUTLETS = frozenset({SourceKind.OUTLET})
MANY = frozenset({SourceKind.GROUP, SourceKind.ANONYMOUS})


class Antecedent(NamedTuple):
    """The entry or entity that an anaphor stands for, and the rule that found it."""

    referent: SourceEntry | Entity
    why: str


class _Constraints(NamedTuple):
    """The agreement asked of an antecedent: one of these kinds, with none of the forenames of the
    `other` gender, and not the `excluded` entry."""

    kinds: frozenset[SourceKind]
    other: frozenset[str] = NOBODY
    excluded: SourceEntry | None = None


class Antecedents:
    """Finds the antecedent of an anaphor among those who spoke before, whom `remember` notes, and the
    subjects of the sentences before it. Forenames and titles tell whom "he" and "she" cannot mean."""

    def __init__(self, document: Document, names: Names, quoted: frozenset[int]) -> None:
        self._document, self._names, self._quoted = document, names, quoted
        self._lexicon = document.lexicon
        self._spoke: dict[int, list[tuple[int, SourceEntry]]] = {}
        self._latest: list[SourceEntry] = []  # the last two
        self._last_of: dict[SourceKind, tuple[int, SourceEntry]] = {}  # with the number of its turn
        self._last_outlet: tuple[int, SourceEntry] | None = None  # told or passing on, with its turn
        self._turns = 0
        self.asker: SourceEntry | None = None  # the last who asked
        # The first words of an entity's names and the words before them, titles among them; worked out once,
        # so that many mentions stay linear.
        self._forenames = [
            {n.key[0] for n in e.names if len(n.key) > 1}
            | {document.lowers[n.first - 1].rstrip(".") for n in e.names}
            for e in names.entities
        ]
        self._persons = {e.id for e in names.entities if is_evidently_person(e, document.lexicon)}

    def remember(self, entry: SourceEntry, head: int, *, asks: bool = False) -> None:
        """Note that `entry` spoke, or asked, where token `head` stands."""
        self.asker = entry if asks else self.asker
        self._spoke.setdefault(self._document.sentence_of[head], []).append((head, entry))
        if not self._latest or self._latest[-1] is not entry:
            self._latest = [*self._latest[-1:], entry]
        self._turns += 1
        self._last_of[entry.kind] = (self._turns, entry)
        if entry.entity is not None and entry.kind is SourceKind.PERSON:
            self._persons.add(entry.entity.id)

    def remember_outlet(self, entry: SourceEntry) -> None:
        """Note that an outlet was told or passed words on: “the paper” can mean it, “it” cannot."""
        self._turns += 1
        self._last_outlet = (self._turns, entry)

    def find_outlet(self, head: int) -> Antecedent | None:
        """Return the antecedent of "the paper": an outlet near, else the last that spoke or was told."""
        near = self._find_near(head, _Constraints(OUTLETS))
        if near is not None:
            return near
        spoke = (self._last_of.get(SourceKind.OUTLET), self._last_outlet)
        turns = [turn for turn in spoke if turn is not None]
        last = max(turns, key=lambda turn: turn[0], default=None)
        return None if last is None else Antecedent(last[1], "last of its kind to speak or to be told")

    def find_person(self, head: int, word: str, *, answers: bool = False) -> Antecedent | None:
        """Return the antecedent of "he" or "she" at token `head`; somebody who `answers` is not who asked."""
        words = self._lexicon.words
        she = word in words.feminine_pronouns
        other = words.men | words.he_nouns if she else words.women | words.she_nouns
        constraints = _Constraints(PEOPLE, other, self.asker if answers else None)
        latest = (Antecedent(e, "spoke last") for e in reversed(self._latest) if self._fits(e, constraints))
        return self._find_near(head, constraints) or next(latest, None)

    def find_body(self, head: int) -> Antecedent | None:
        """Return the antecedent of "it": a body or a document that spoke or that a sentence is about."""
        return self.find_of_kind(head, BODIES)

    def find_group(self, head: int) -> Antecedent | None:
        """Return the antecedent of "they": people who spoke, else a body."""
        constraints = _Constraints(MANY | BODIES)
        near = self._find_speaker_near(head, constraints)
        return Antecedent(near, "spoke near") if near else self._find_last(constraints.kinds)

    def find_of_kind(self, head: int, kinds: frozenset[SourceKind]) -> Antecedent | None:
        """Return the antecedent of "the group" or "the paper"."""
        return self._find_near(head, _Constraints(kinds)) or self._find_last(kinds)

    def find_firm(self, head: int) -> Antecedent | None:
        """Return the antecedent of "the company": an organisation that spoke near and is no place."""
        near = self._find_speaker_near(head, _Constraints(frozenset({SourceKind.ORGANISATION})))
        if near is None or near.entity is None or near.judged.place:
            return None
        return Antecedent(near, "spoke near")

    def _find_speaker_near(self, head: int, constraints: _Constraints) -> SourceEntry | None:
        """Return the nearest who spoke in the sentences looked back at."""
        spoke = (self._find_speaker(index, head, constraints) for _, _, index in self._look_back(head))
        return next(filter(None, spoke), None)

    def _find_near(self, head: int, constraints: _Constraints) -> Antecedent | None:
        """Return the nearest who spoke in the sentences looked back at, or whom one of them is about."""
        for first, last, index in self._look_back(head):
            spoke = self._find_speaker(index, head, constraints)
            if spoke is not None:
                return Antecedent(spoke, "spoke near")
            subject = self._find_subject(first, min(last, head), constraints)
            if subject is not None:
                return Antecedent(subject, "subject near")
        return None

    def _find_last(self, kinds: frozenset[SourceKind]) -> Antecedent | None:
        """Return the last that spoke of all of these kinds."""
        spoke = (self._last_of[kind] for kind in kinds if kind in self._last_of)
        entry = max(spoke, key=lambda turn: turn[0], default=(0, None))[1]
        return None if entry is None else Antecedent(entry, "last of its kind to speak")

    def _look_back(self, head: int) -> Iterator[tuple[int, int, int]]:
        """Yield the sentences from that of `head` back, as token ranges with their numbers."""
        left = REACH
        for index in range(self._document.sentence_of[head], -1, -1):
            sentence = self._document.sentences[index]
            yield sentence.first, sentence.last, index
            quoted = sentence.first in self._quoted and sentence.last - 1 in self._quoted
            left -= not quoted and sentence.role in READ
            if left == 0:
                return

    def _find_speaker(self, index: int, head: int, constraints: _Constraints) -> SourceEntry | None:
        said = self._spoke.get(index, [])[:MOST]
        return next((e for at, e in said if at < head and self._fits(e, constraints)), None)

    def _fits(self, entry: SourceEntry, constraints: _Constraints) -> bool:
        if entry.kind not in constraints.kinds or entry is constraints.excluded:
            return False
        if entry.entity is None:
            return entry.key.rpartition(" ")[2] not in constraints.other
        return not self._bears_any(entry.entity, constraints.other)

    def _find_subject(self, first: int, last: int, constraints: _Constraints) -> Entity | None:
        """Return the first entity of these kinds named in a range: outside quotations, not after a
        preposition and not as an owner."""
        tags = self._document.tags
        at, last = first, min(last, first + LONGEST)
        while at < last:
            entity, start = self._names.of(at), at
            at = at + 1 if entity is None else self._names.past(at, last)
            if entity is None:
                continue
            placed = start > first and (
                tags[start - 1].is_preposition or tags[start - 1].is_infinitive_marker
            )
            owner = at < len(tags) and tags[at].is_possessive_marker
            if entity.kind in constraints.kinds and not placed and not owner and start not in self._quoted:
                shown = entity.kind is not SourceKind.PERSON or entity.id in self._persons
                asked = constraints.excluded is not None and constraints.excluded.entity is entity
                if shown and not asked and not self._bears_any(entity, constraints.other):
                    return entity
        return None

    def _bears_any(self, entity: Entity, names: frozenset[str]) -> bool:
        """Return whether a title or given name of the entity stands in `names`."""
        return not names.isdisjoint(self._forenames[entity.id])
