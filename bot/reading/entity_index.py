"""The things that an article names, as its names come in: which of them name the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from bot.model import SourceKind
from bot.reading.entities import Entity, KindJudgement, Name
from bot.reading.entity_kinds import STATION, is_evidently_person, judge_name
from bot.reading.languages.lexicon import Lexicon

FULL = 2  # words of a given name and a surname
BEARERS = 50  # of one surname that are told apart by more than their full names


class EntityIndex:
    """Entities as they grow, with the look-ups that keep joining linear."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.entities: list[Entity] = []
        self.at: dict[int, int] = {}
        self._lexicon = lexicon
        self._by_suffix: dict[tuple[str, ...], int] = {}  # "Wasserman Schultz" of Debbie Wasserman Schultz
        self._by_key: dict[tuple[str, ...], int] = {}
        self._by_word: dict[str, int] = {}
        self._surnames: dict[str, dict[int, None]] = {}  # those who bear each, in order
        self._given: dict[int, set[str]] = {}  # the first words of each entity's longer names

    def add(self, name: Name, *, only_known: bool = False) -> None:
        whole = self._by_key.get(name.key[1:]) if len(name.key) > FULL else None
        if whole is not None and self.entities[whole].kind is SourceKind.PERSON:
            name = replace(name, first=name.first + 1, key=name.key[1:])  # “Waitress Mara Venn”
        known = self._find_known(name)
        if known is None:
            if only_known:
                return
            known = len(self.entities)
            self.entities.append(Entity(known, self._judge_kind(name)))
        entity = self.entities[known]
        entity.names.append(name)
        entity.acronym = entity.acronym or name.acronym
        if entity.kind is SourceKind.PERSON and not self._is_evident(entity, name):
            entity.judged = self._judge_kind(name)
        self._remember(name, known)

    def _judge_kind(self, name: Name) -> KindJudgement:
        """Capitals alone ("NASA") name an organisation, unless a title says that it is a person."""
        judged = judge_name(name.key, self._lexicon, titled=bool(name.title))
        letters = judged.kind is SourceKind.PERSON and name.capitals and not name.title
        if letters and STATION.fullmatch(name.key[0]):
            return KindJudgement(SourceKind.OUTLET, "call sign")
        by_shape = KindJudgement(SourceKind.ORGANISATION, "capitals alone", by_shape=True)
        return by_shape if letters else judged

    def _is_evident(self, entity: Entity, name: Name) -> bool:
        """Return whether a name is a part of that of somebody known for a person: the “Ford” of John Ford."""
        longer = any(len(known.key) > len(name.key) for known in entity.names)
        return longer and is_evidently_person(entity, self._lexicon)

    def _find_known(self, name: Name) -> int | None:
        exact = self._by_key.get(name.key)
        if exact is not None and (len(name.key) > 1 or name.key[0] not in self._surnames):
            return exact
        if len(name.key) == 1:
            return self._find_bearer(name)
        suffix = self._by_suffix.get(name.key)
        if suffix is not None:
            return suffix
        if self._judge_kind(name)[0] is SourceKind.OUTLET:  # "Daily News", then "New York Daily News"
            shorter = (self._by_key.get(name.key[i:]) for i in range(1, len(name.key) - 1))
            known = next(
                (e for e in shorter if e is not None and self.entities[e].kind is SourceKind.OUTLET), None
            )
            if known is not None:
                return known
        for entity in self._find_bearers(name.key[-1]) if len(name.key) == FULL else ():
            pairs = (sorted((name.key[0], other), key=len) for other in self._given[entity])
            if any(len(short) >= FULL + 1 and long.startswith(short) for short, long in pairs):
                return entity  # “Josh Apte” is Joshua Apte
        found = self._by_key.get((name.key[0], name.key[-1]))
        if found is not None:
            return found
        found = self._by_key.get((name.key[-1],))  # a surname joins the first full name that ends in it
        if found is not None and found not in self._given and self.entities[found].kind is SourceKind.PERSON:
            return found
        if name.acronym is None:
            return self._find_by_initials(name)
        return self._by_word.get(name.acronym, self._by_key.get((name.acronym,)))

    def _find_by_initials(self, name: Name) -> int | None:
        """Return the outlet that was named by its initials before: the AP, then the Associated Press."""
        connectors = self._lexicon.words.connectors
        initials = "".join(word[0] for word in name.key if word not in connectors)
        known = self._by_key.get((initials,))
        if known is None or self._judge_kind(name).kind is not SourceKind.OUTLET:
            return None
        return known if all(one.capitals for one in self.entities[known].names) else None

    def _find_bearer(self, name: Name) -> int | None:
        """Return the bearer of a surname alone: of those who bear it and fit its title, the one named most
        often."""
        word = name.key[0]
        known = self._by_word.get(word, self._by_key.get(name.key))
        other = (
            self._lexicon.words.men if name.title in self._lexicon.words.women else self._lexicon.words.women
        )
        told = name.title in self._lexicon.words.gendered_titles
        fitting = [e for e in self._find_bearers(word) if not (told and not self._given[e].isdisjoint(other))]
        return max(fitting, key=lambda e: len(self.entities[e].names), default=known)

    def _find_bearers(self, surname: str) -> Iterator[int]:
        return islice(self._surnames.get(surname, ()), BEARERS)

    def _remember(self, name: Name, entity: int) -> None:
        self._by_key.setdefault(name.key, entity)
        if len(name.key) > 1:
            person = self.entities[entity].kind is SourceKind.PERSON
            self._given.setdefault(entity, set()).add(name.key[0])
            self._by_key.setdefault((name.key[0], name.key[-1]), entity)
            if person or self.entities[entity].kind is SourceKind.OUTLET:
                for at in range(1, len(name.key) - 1):
                    self._by_suffix.setdefault(name.key[at:], entity)
            if person:
                self._surnames.setdefault(name.key[-1], {}).setdefault(entity)
            if self.entities[entity].kind is SourceKind.OUTLET:
                self._by_word[name.key[-1]] = entity
            if person:
                self._by_word.setdefault(name.key[0], entity)
            connectors = self._lexicon.words.connectors
            self._by_word.setdefault("".join(w[0] for w in name.key if w not in connectors), entity)
        if name.acronym:
            self._by_word[name.acronym] = entity
        for at in range(name.first, name.last):
            self.at[at] = entity
