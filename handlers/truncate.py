"""Truncate a long reply to a platform's limits, never inside a quotation; and set its blocks apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.replies import BlockQuote, Headline, Label, ListEntry, ReplyBlock, SmallPrint
from bot.replying.phrasebook import get_phrases


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts and as Discord's clients do."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """Return at most so many units, cut at a blank where there is one, with "…" behind."""
    if utf16_length(text) <= limit:
        return text
    cut = text[:limit]
    while utf16_length(cut) > limit - 2:
        cut = cut[:-1]
    return (cut.rpartition(" ")[0] or cut) + " …"


@dataclass(frozen=True, slots=True)
class MarkupChunk:
    """A piece that is shown whole or not at all: markup, what it costs, and where it belongs.

    `rank` 0 is a block's own line, 1 its first evidence, and so on: every line comes before any evidence. A
    `heading` says nothing without what follows it, so it is not shown last and not counted as left out.
    """

    markup: str
    units: int
    entities: int = 0
    rank: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    units: int
    entities: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.units + other.units, self.entities + other.entities)

    def fits(self, limit: Cost) -> bool:
        return self.units <= limit.units and self.entities <= limit.entities


@dataclass(frozen=True, slots=True)
class TruncatedMarkup:
    """The pieces that fit, in order, and what is left out."""

    chunks: tuple[MarkupChunk, ...]
    left_out: tuple[MarkupChunk, ...] = ()

    @property
    def markup(self) -> str:
        return "".join(chunk.markup for chunk in self.chunks)

    @property
    def more(self) -> str | None:
        """The missing pieces, in words: blocks, or, where every block is there, quotations under them."""
        blocks = sum(chunk.rank == 0 and not chunk.heading for chunk in self.left_out)
        if blocks:
            return get_phrases().say("places.and_more", n=blocks)
        quotations = sum(chunk.rank > 0 for chunk in self.left_out)
        return get_phrases().count("places.more_quotations", quotations) if quotations else None


def total_cost(chunks: Iterable[MarkupChunk]) -> Cost:
    return sum((Cost(chunk.units, chunk.entities) for chunk in chunks), Cost(0))


def truncate(chunks: Sequence[MarkupChunk], limit: Cost, reserve: Cost) -> TruncatedMarkup:
    """Return all of it, or as much as leaves `reserve` for the words that say what is missing."""
    if total_cost(chunks).fits(limit):
        return TruncatedMarkup(tuple(chunks))
    kept = _choose(chunks, Cost(limit.units - reserve.units, limit.entities - reserve.entities))
    while len(kept) > 1 and chunks[kept[-1]].heading:  # a message of headings alone still says something
        kept.pop()
    missing = sorted(set(range(len(chunks))) - set(kept))
    return TruncatedMarkup(tuple(chunks[n] for n in kept), tuple(chunks[n] for n in missing))


def _choose(chunks: Sequence[MarkupChunk], limit: Cost) -> list[int]:
    """Return lines from the first to the last that fits; only under a whole list of lines, what evidence
    fits."""
    kept: list[int] = []
    spent = Cost(0)
    for index in sorted(range(len(chunks)), key=lambda n: chunks[n].rank):
        chunk = chunks[index]
        with_it = spent + Cost(chunk.units, chunk.entities)
        if with_it.fits(limit):
            kept.append(index)
            spent = with_it
        elif chunk.rank == 0:
            break
    return sorted(kept)


def gap(before: ReplyBlock | None, block: ReplyBlock) -> str:
    """Return what parts two blocks: small print stands close to the headline, a section's content to its
    label, bars to each other."""
    match before, block:
        case None, _:
            return ""
        case (
            (Headline(), SmallPrint())
            | (Label(), _)
            | (BlockQuote(), BlockQuote())
            | (SmallPrint(), SmallPrint())
        ):
            return "\n"
        case ListEntry(evidence=()), ListEntry(evidence=()):
            return "\n"
        case _:
            return "\n\n"
