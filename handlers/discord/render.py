"""A reply as Components V2: its text in a container, its buttons under it, within Discord's limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, assert_never

from discord import ui

from bot.replies import Action, BlockQuote, Headline, Label, ListEntry, Reply, ReplyBlock, SmallPrint, Text
from handlers.discord.markup import escape, render_heading, render_line
from handlers.sanitize import web_address
from handlers.truncate import Cost, MarkupChunk, gap, truncate, utf16_length

_LIMIT: Final = Cost(4000)
ROW_LIMIT: Final = 5
ADDRESS_LIMIT: Final = 512  # characters of a button's address
_LONGEST_LINK: Final = 2000  # characters of links in the text, which leave room for the answer
_RESERVE: Final = Cost(60)  # the line that says how much is left out


def render(reply: Reply, buttons: Sequence[ui.Item[Any]] = ()) -> ui.LayoutView:
    """The message. Its buttons answer across restarts, so it never times out."""
    view = ui.LayoutView(timeout=None)
    opening = _open_links(reply)
    shown = render_text(reply.blocks, room=utf16_length(opening)) + opening
    view.add_item(ui.Container(ui.TextDisplay(shown), spoiler=reply.spoiler))
    for start in range(0, len(buttons), ROW_LIMIT):
        view.add_item(ui.ActionRow(*buttons[start : start + ROW_LIMIT]))
    return view


def _open_links(reply: Reply) -> str:
    """The article's address as a link in the text, where it is too long for a button."""
    long = [
        f"[{escape(button.words)}]({address})"
        for button in reply.buttons
        if button.action is Action.OPEN
        and (address := web_address(button.url)) is not None
        and ADDRESS_LIMIT < len(address) <= _LONGEST_LINK
    ]
    return f"\n\n-# {' · '.join(long)}" if long and sum(map(len, long)) <= _LONGEST_LINK else ""


def render_text(blocks: Sequence[ReplyBlock], *, room: int = 0) -> str:
    """Render all blocks as Markdown of at most 4,000 characters less `room`, or as many as fit and how many
    are left out."""
    kept = truncate(list(_chunks(blocks)), Cost(_LIMIT.units - room), _RESERVE)
    return (kept.markup + (f"\n\n-# {kept.more}" if kept.more else "")).strip("\n")


def render_pages(blocks: Sequence[ReplyBlock]) -> list[str]:
    """Render all blocks as Markdown, in as few messages as hold them; never cut inside a quotation, and no
    heading stands last."""
    found: list[list[MarkupChunk]] = [[]]
    for chunk in _chunks(blocks):
        if chunk.units > _LIMIT.units:
            continue  # no article has such a line; what cannot be shown whole is not shown
        page = found[-1]
        if sum(one.units for one in page) + chunk.units > _LIMIT.units:
            fits = len(page) > 1 and page[-1].heading and page[-1].units + chunk.units <= _LIMIT.units
            found.append([page.pop()] if fits else [])
        found[-1].append(chunk)
    return ["".join(chunk.markup for chunk in page).strip("\n") for page in found]


def render_details(reply: Reply, page: int, turns: Sequence[ui.Item[Any]]) -> ui.LayoutView:
    """One page of details, with the buttons that lead to its neighbours."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(render_pages(reply.blocks)[page]), spoiler=reply.spoiler))
    if turns:
        view.add_item(ui.ActionRow(*turns))
    return view


def _chunks(blocks: Sequence[ReplyBlock]) -> Iterator[MarkupChunk]:
    before: ReplyBlock | None = None
    for block in blocks:
        first, *folded = _lines(block)
        markup = gap(before, block) + first
        yield MarkupChunk(markup, utf16_length(markup), heading=isinstance(block, Label))
        yield from (
            MarkupChunk("\n" + bar, utf16_length(bar) + 1, rank=rank)
            for rank, bar in enumerate(folded, start=1)
        )
        before = block


def _lines(block: ReplyBlock) -> list[str]:
    match block:
        case Headline(quoted):
            return ["### " + render_line(quoted)]
        case Label(pieces):
            return [render_heading(*pieces)]
        case BlockQuote(quoted):
            return ["> " + render_line(quoted)]
        case Text(pieces):
            return [render_line(*pieces)]
        case SmallPrint(pieces):
            return ["-# " + render_line(*pieces)]
        case ListEntry(pieces, evidence):
            return [render_line(*pieces), *("> " + render_line(quoted) for quoted in evidence)]
        case _:
            assert_never(block)
