"""Proper names and the things that they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from bot.model import SourceKind


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens `first` to `last` (end exclusive) of a proper name.

    `key` is its words in lower case; `title` the honorific before it, without its full stop; `capitals`
    whether it is one short word of capitals; `owns` whether a possessive ending stands in it; `acronym` the
    letters in brackets after it, whose tokens end at `acronym_last`.
    """

    first: int
    last: int
    key: tuple[str, ...]
    title: str = ""
    capitals: bool = False
    owns: bool = False
    acronym: str | None = None
    acronym_last: int = 0


class KindJudgement(NamedTuple):
    """The kind of a named thing and the rule that gave it; `place`: it is named like a country or a city;
    `by_shape`: no word of it says so, only its capitals or the article before it."""

    kind: SourceKind
    why: str
    place: bool = False
    by_shape: bool = False


@dataclass(slots=True)
class Entity:
    """One thing that is named in the text: all its names in order, and what it is."""

    id: int
    judged: KindJudgement
    names: list[Name] = field(default_factory=list)
    acronym: str | None = None

    @property
    def kind(self) -> SourceKind:
        return self.judged.kind

    @property
    def fullest(self) -> Name:
        """The first of the longest names, "Joshua Apte" before "Josh Apte"; one that introduces the acronym
        wins."""
        return max(
            self.names,
            key=lambda n: (n.acronym is not None, len(n.key) - n.owns, len(n.key[0]), -n.first),
        )
