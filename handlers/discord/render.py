"""A reply as Components V2: its text in a container, its buttons under it, within Discord's limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, assert_never

from discord import ui

from bot.replies import Bar, Entry, Fine, Headline, Label, Reply, ReplyBlock, Text
from handlers.discord.markup import heading, line
from handlers.fitting import Chunk, Cost, fitted, gap, units

_LIMIT: Final = Cost(4000)
ROW_LIMIT: Final = 5
_RESERVE: Final = Cost(60)  # the line that says how much is left out


def layout(reply: Reply, buttons: Sequence[ui.Item[Any]] = ()) -> ui.LayoutView:
    """The message. Its buttons answer across restarts, so it never times out."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text(reply.blocks)), spoiler=reply.spoiler))
    for start in range(0, len(buttons), ROW_LIMIT):
        view.add_item(ui.ActionRow(*buttons[start : start + ROW_LIMIT]))
    return view


def text(blocks: Sequence[ReplyBlock]) -> str:
    """All blocks as Markdown of at most 4,000 characters, or as many as fit and how many are left out."""
    kept = fitted(list(_chunks(blocks)), _LIMIT, _RESERVE)
    return (kept.markup + (f"\n\n-# {kept.more}" if kept.more else "")).strip("\n")


def pages(blocks: Sequence[ReplyBlock]) -> list[str]:
    """All blocks as Markdown, in as few messages as hold them; never cut inside a quotation, and no heading
    stands last."""
    found: list[list[Chunk]] = [[]]
    for chunk in _chunks(blocks):
        page = found[-1]
        if sum(one.units for one in page) + chunk.units > _LIMIT.units - _RESERVE.units:
            carried = [page.pop()] if page and page[-1].heading and len(page) > 1 else []
            found.append(carried)
        found[-1].append(chunk)
    return ["".join(chunk.markup for chunk in page).strip("\n") for page in found]


def panel(reply: Reply, page: int, turns: Sequence[ui.Item[Any]]) -> ui.LayoutView:
    """One page of details, with the buttons that lead to its neighbours."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(pages(reply.blocks)[page]), spoiler=reply.spoiler))
    if turns:
        view.add_item(ui.ActionRow(*turns))
    return view


def _chunks(blocks: Sequence[ReplyBlock]) -> Iterator[Chunk]:
    before: ReplyBlock | None = None
    for block in blocks:
        first, *folded = _lines(block)
        markup = gap(before, block) + first
        yield Chunk(markup, units(markup), heading=isinstance(block, Label))
        yield from (Chunk("\n" + bar, units(bar) + 1, rank=rank) for rank, bar in enumerate(folded, start=1))
        before = block


def _lines(block: ReplyBlock) -> list[str]:
    match block:
        case Headline(quoted):
            return ["### " + line(quoted)]
        case Label(pieces):
            return [heading(*pieces)]
        case Bar(quoted):
            return ["> " + line(quoted)]
        case Text(pieces):
            return [line(*pieces)]
        case Fine(pieces):
            return ["-# " + line(*pieces)]
        case Entry(pieces, evidence):
            return [line(*pieces), *("> " + line(quoted) for quoted in evidence)]
        case _:
            assert_never(block)
