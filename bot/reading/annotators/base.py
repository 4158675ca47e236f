"""The seam for annotators: a document in, typed findings out. Nothing behind it knows who found them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from bot.reading.document import Document
from bot.reading.quotes import Quotation

Range = tuple[int, int]


class AttributionFrame(Enum):
    """The construction in which words are attributed."""

    DIRECT = "direct"  # “He left,” Venn said
    INDIRECT = "indirect"  # Venn said that he left
    ACCORDING = "according to"
    CITING = "citing"  # “…, citing special sources”
    RELAYED = "relayed"  # “quoted one of its sources as saying”
    LABEL = "label"  # “VENN: …”, “Poll: …”
    SIGNATURE = "signature"  # ““…” — Mara Venn”
    NOUN = "noun"  # “Venn's claim that …”
    INTRODUCTION = "introduction"  # “South Front reports…” on a line of its own


@dataclass(frozen=True, slots=True)
class Finding:
    """One attribution as token ranges. `head` is the token that names the source.

    `frame` and `lemma` (the cue's lemma, or the pattern of a phrasal cue) are what later steps decide on.
    `rule` names who found it, `why` explains it to people; nothing reads either.
    `outer` is the token of the source that relays this one ("… reported, citing …"); `told` the person or
    outlet that was told.
    """

    source: Range | None
    head: int | None
    cue: Range
    content: tuple[Range, ...]
    reporting: bool
    frame: AttributionFrame
    rule: str
    lemma: str
    sentence: int
    why: str
    outer: int | None = None
    told: int | None = None

    @property
    def begin(self) -> int:
        """The first token of who speaks and by which word."""
        return self.cue[0] if self.source is None else min(self.source[0], self.cue[0])

    @property
    def width(self) -> int:
        """The tokens of what is said."""
        return sum(last - first for first, last in self.content)

    def says(self, token: int) -> bool:
        """Return whether a token is part of what is said."""
        return any(first <= token < last for first, last in self.content)


class Annotator(Protocol):
    """Finds the attributions of a document."""

    def annotate(self, document: Document, quotations: tuple[Quotation, ...]) -> tuple[Finding, ...]:
        """Return every attribution, in the order of its cue."""
        ...
