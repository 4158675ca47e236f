"""A reply as one HTML message: the card, the details folded under it, within Telegram's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, assert_never

from bot.replies import (
    BlockQuote,
    DetailPanel,
    Headline,
    Label,
    ListEntry,
    Reply,
    ReplyBlock,
    SmallPrint,
    Text,
)
from handlers.telegram.markup import count_entities, escape, render_line, render_quotation, strip_markup
from handlers.truncate import Cost, MarkupChunk, TruncatedMarkup, gap, total_cost, truncate, utf16_length

_LIMIT: Final = Cost(4096, 100)  # UTF-16 code units after entities are read, and entities
_RESERVE: Final = Cost(60, 1)  # the line that says how much is left out
_AROUND: Final = Cost(2, 2)  # the gap before a panel, the quotation and the spoiler around it
_BAR: Final = "▎"
_SMALLEST: Final = Cost(200, 2)


def render(reply: Reply) -> str:
    """Render the whole answer. What does not fit is left out by blocks, and how many is said."""
    # The spoiler stands inside the block quotation: a quotation inside a spoiler is not documented.
    spoiler = "tg-spoiler" if reply.spoiler else ""
    chunks = _build_chunks(
        reply.blocks, lambda block: [_tag(tag, _tag(spoiler, content)) for tag, content in _parts(block)]
    )
    card = truncate(list(chunks), _LIMIT, _RESERVE)
    parts = [(card.markup + _more(card)).strip("\n")]
    panels = [list(_panel(reply, panel)) for panel in reply.panels]
    for place, panel in enumerate(panels):
        used = Cost(utf16_length(strip_markup("\n\n".join(parts))), sum(map(count_entities, parts)))
        parts += _fold(reply, panel, _panel_share(used, [total_cost(later) for later in panels[place:]]))
    return "\n\n".join(parts)


def _panel_share(used: Cost, needs: Sequence[Cost]) -> Cost:
    """Return what the first of some panels may take: an even share, and what the others do not need of
    theirs."""
    return Cost(
        _even_share(_LIMIT.units - used.units, [need.units + _AROUND.units for need in needs]),
        _even_share(_LIMIT.entities - used.entities, [need.entities + _AROUND.entities for need in needs]),
    )


def _even_share(left: int, needs: Sequence[int]) -> int:
    even = left // len(needs)
    return left - sum(min(need, even) for need in needs[1:])


# ── the card ────────────────────────────────────────────────────────────────────────────────────────


def _build_chunks(
    blocks: Iterable[ReplyBlock], render_block: Callable[[ReplyBlock], list[str]], *, named: bool = False
) -> Iterator[MarkupChunk]:
    """Yield the first line of each block, then its folded ones. `named`: a name stands right above them."""
    before: ReplyBlock | None = None
    for block in blocks:
        first, *folded = render_block(block)
        space = "\n" if before is None and named else gap(before, block)
        yield _chunk(space + first, heading=isinstance(block, Label))
        yield from (_chunk("\n" + line, rank) for rank, line in enumerate(folded, start=1))
        before = block


def _parts(block: ReplyBlock) -> list[tuple[str, str]]:
    """The tag around each part of a block, and its content."""
    match block:
        case Headline(words):
            return [("b", render_quotation(words))]
        case Label(pieces):
            return [("b", render_line(pieces))]
        case BlockQuote(words):
            return [("blockquote", render_quotation(words))]
        case Text(pieces):
            return [("", render_line(pieces))]
        case SmallPrint(pieces):
            return [("i", render_line(pieces))]
        case ListEntry(pieces, evidence):
            return [
                ("", render_line(pieces)),
                *(("blockquote", render_quotation(words)) for words in evidence),
            ]
        case _:
            assert_never(block)


def _tag(tag: str, content: str) -> str:
    return f"<{tag}>{content}</{tag}>" if tag else content


def _chunk(markup: str, rank: int = 0, *, heading: bool = False) -> MarkupChunk:
    return MarkupChunk(markup, utf16_length(strip_markup(markup)), count_entities(markup), rank, heading)


# ── the details ─────────────────────────────────────────────────────────────────────────────────────


def _fold(reply: Reply, panel: Sequence[MarkupChunk], limit: Cost) -> list[str]:
    """Return the panel as one part of the message; none where not even its beginning fits."""
    if not _SMALLEST.fits(limit):
        return []
    inside = Cost(limit.units - _AROUND.units, limit.entities - _AROUND.entities)
    kept = truncate(panel, inside, _RESERVE)
    words = _tag("tg-spoiler" if reply.spoiler else "", (kept.markup + _more(kept)).strip("\n"))
    return [f"<blockquote expandable>{words}</blockquote>"] if kept.chunks else []


def _panel(reply: Reply, panel: DetailPanel) -> Iterator[MarkupChunk]:
    """Yield its blocks under the name that its button has elsewhere."""
    name = next((button.words for button in reply.buttons if button.action is panel.action), "")
    if name:
        yield _chunk(f"<b>{escape(name)}</b>", heading=True)
    yield from _build_chunks(panel.blocks, _panel_lines, named=bool(name))


def _panel_lines(block: ReplyBlock) -> list[str]:
    """A drawn bar before every excerpt: there is no block quotation inside another on Telegram."""
    match block:
        case Headline(words) | BlockQuote(words):
            return [_BAR + render_quotation(words)]
        case Label(pieces):
            return [f"<b>{render_line(pieces)}</b>"]
        case Text(pieces) | SmallPrint(pieces):
            return [render_line(pieces)]
        case ListEntry(pieces, evidence):
            return ["• " + render_line(pieces), *(_BAR + render_quotation(words) for words in evidence)]
        case _:
            assert_never(block)


def _more(kept: TruncatedMarkup) -> str:
    return f"\n\n<i>{kept.more}</i>" if kept.more else ""
