"""A reply as Components V2: its text in a container, its buttons under it, within Discord's limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, assert_never

from discord import ui

from bot.model import Bar, Entry, Fine, Headline, Label, Reply, ReplyBlock, Text
from bot.replying.words import words
from handlers.discord.markup import heading, line
from handlers.fitting import Chunk, fitted, gap, units

TEXT_LIMIT: Final = 4000
ROW_LIMIT: Final = 5
_RESERVE: Final = 60  # the line that says how much is left out


def layout(reply: Reply, buttons: Sequence[ui.Item[Any]] = ()) -> ui.LayoutView:
    """The message. Its buttons answer across restarts, so it never times out."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text(reply.blocks)), spoiler=reply.spoiler))
    for start in range(0, len(buttons), ROW_LIMIT):
        view.add_item(ui.ActionRow(*buttons[start : start + ROW_LIMIT]))
    return view


def text(blocks: Sequence[ReplyBlock], limit: int = TEXT_LIMIT) -> str:
    """All blocks as Markdown of at most `limit` characters, or as many as fit and how many are left out."""
    kept = fitted(list(_chunks(blocks)), units=limit, reserve=_RESERVE)
    more = "\n\n-# " + words().say("places.and_more", n=kept.left_out) if kept.left_out else ""
    return (kept.markup + more).strip("\n")


def _chunks(blocks: Sequence[ReplyBlock]) -> Iterator[Chunk]:
    before: ReplyBlock | None = None
    for index, block in enumerate(blocks):
        first, *folded = _lines(block)
        markup = gap(before, block) + first
        yield Chunk(markup, index, units(markup), heading=isinstance(block, Label) or bool(folded))
        yield from (Chunk("\n" + bar, index, units(bar) + 1) for bar in folded)
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
