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
BODIES = frozenset({SourceKind.ORGANISATION, SourceKind.OUTLET, SourceKind.DOCUMENT, SourceKind.SOCIAL_MEDIA})
OUTLETS = frozenset({SourceKind.OUTLET})
MANY = frozenset({SourceKind.GROUP, SourceKind.ANONYMOUS})


class Antecedent(NamedTuple):
    """The entry or entity that an anaphor stands for, and the rule that found it."""

    referent: SourceEntry | Entity
    why: str


class Antecedents:
    """Finds the antecedent of an anaphor among those who spoke before, whom `remember` notes, and the
    subjects of the sentences before it."""

    def __init__(self, document: Document, names: Names, quoted: frozenset[int]) -> None:
        self._document, self._names, self._quoted = document, names, quoted
        self._lexicon = document.lexicon
        self._spoke: dict[int, list[tuple[int, SourceEntry]]] = {}
        self._last_of: dict[SourceKind, tuple[int, SourceEntry]] = {}  # with the number of its turn
        self._last_outlet: tuple[int, SourceEntry] | None = None  # told or passing on, with its turn
        self._turns = 0
        self.asker: SourceEntry | None = None  # the last who asked
        self._persons = {e.id for e in names.entities if is_evidently_person(e, document.lexicon)}

    def remember(self, entry: SourceEntry, head: int, *, asks: bool = False) -> None:
        """Note that `entry` spoke, or asked, where token `head` stands."""
        self.asker = entry if asks else self.asker
        self._spoke.setdefault(self._document.sentence_of[head], []).append((head, entry))
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
        near = self._find_near(head, OUTLETS)
        if near is not None:
            return near
        spoke = (self._last_of.get(SourceKind.OUTLET), self._last_outlet)
        turns = [turn for turn in spoke if turn is not None]
        last = max(turns, key=lambda turn: turn[0], default=None)
        return None if last is None else Antecedent(last[1], "last of its kind to speak or to be told")

    def find_body(self, head: int) -> Antecedent | None:
        """Return the antecedent of "it": a body or a document that spoke or that a sentence is about."""
        return self.find_of_kind(head, BODIES)

    def find_group(self, head: int) -> Antecedent | None:
        """Return the antecedent of "they": people who spoke, else a body."""
        kinds = MANY | BODIES
        near = self._find_speaker_near(head, kinds)
        return Antecedent(near, "spoke near") if near else self._find_last(kinds)

    def find_of_kind(self, head: int, kinds: frozenset[SourceKind]) -> Antecedent | None:
        """Return the antecedent of "the group" or "the paper"."""
        return self._find_near(head, kinds) or self._find_last(kinds)

    def find_firm(self, head: int) -> Antecedent | None:
        """Return the antecedent of "the company": an organisation that spoke near and is no place."""
        near = self._find_speaker_near(head, frozenset({SourceKind.ORGANISATION}))
        if near is None or near.entity is None or near.judged.place:
            return None
        return Antecedent(near, "spoke near")

    def _find_speaker_near(self, head: int, kinds: frozenset[SourceKind]) -> SourceEntry | None:
        """Return the nearest who spoke in the sentences looked back at."""
        spoke = (self._find_speaker(index, head, kinds) for _, _, index in self._look_back(head))
        return next(filter(None, spoke), None)

    def _find_near(self, head: int, kinds: frozenset[SourceKind]) -> Antecedent | None:
        """Return the nearest who spoke in the sentences looked back at, or whom one of them is about."""
        for first, last, index in self._look_back(head):
            spoke = self._find_speaker(index, head, kinds)
            if spoke is not None:
                return Antecedent(spoke, "spoke near")
            subject = self._find_subject(first, min(last, head), kinds)
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

    def _find_speaker(self, index: int, head: int, kinds: frozenset[SourceKind]) -> SourceEntry | None:
        said = self._spoke.get(index, [])[:MOST]
        return next((e for at, e in said if at < head and e.kind in kinds), None)

    def _find_subject(self, first: int, last: int, kinds: frozenset[SourceKind]) -> Entity | None:
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
            shown = entity.kind is not SourceKind.PERSON or entity.id in self._persons
            outside = not placed and not owner and start not in self._quoted
            if entity.kind in kinds and shown and outside:
                return entity
        return None
