"""How blocks stand together in a chat, and how a long reply is cut: never inside a quotation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Bar, Fine, Headline, Label, ReplyBlock


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts and as Discord's clients do."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece that is shown whole or not at all: markup, what it costs, and which block it belongs to.

    A `heading` says nothing without what follows it, so it is not shown last and not counted as left out.
    """

    markup: str
    block: int
    units: int
    entities: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Fitted:
    """The pieces that fit, and how many blocks are missing or incomplete."""

    chunks: tuple[Chunk, ...]
    left_out: int

    @property
    def markup(self) -> str:
        return "".join(chunk.markup for chunk in self.chunks)

    @property
    def units(self) -> int:
        return sum(chunk.units for chunk in self.chunks)

    @property
    def entities(self) -> int:
        return sum(chunk.entities for chunk in self.chunks)


def fitted(chunks: Sequence[Chunk], *, units: int, entities: int = 0, reserve: int = 0) -> Fitted:
    """All of it, or the longest beginning that leaves `reserve` units (and one entity) for "and N more"."""
    whole = Fitted(tuple(chunks), 0)
    if whole.units <= units and whole.entities <= entities:
        return whole
    kept = list(_beginning(chunks, units - reserve, max(entities - 1, 0)))
    while kept and kept[-1].heading:
        kept.pop()
    missing = {chunk.block for chunk in chunks[len(kept) :] if not chunk.heading}
    return Fitted(tuple(kept), len(missing))


def _beginning(chunks: Sequence[Chunk], units: int, entities: int) -> Sequence[Chunk]:
    for index, chunk in enumerate(chunks):
        units, entities = units - chunk.units, entities - chunk.entities
        if units < 0 or entities < 0:
            return chunks[:index]
    return chunks


def gap(before: ReplyBlock | None, block: ReplyBlock) -> str:
    """Small print stands close to the headline, a section's content to its label, bars to each other."""
    match before, block:
        case None, _:
            return ""
        case (Headline(), Fine()) | (Label(), _) | (Bar(), Bar()) | (Fine(), Fine()):
            return "\n"
        case _:
            return "\n\n"
