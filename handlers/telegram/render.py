"""A reply as one HTML message: the card, the details folded under it, within Telegram's limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from bot.model import Bar, Entry, Fine, Headline, Label, Panel, Reply, ReplyBlock, Text
from bot.replying.words import words
from handlers.fitting import Chunk, Fitted, fitted, gap, units
from handlers.telegram.markup import entities, escaped, line, quoted, seen

TEXT_LIMIT: Final = 4096  # UTF-16 code units, after entities are read
ENTITY_LIMIT: Final = 100
_RESERVE: Final = 60  # the line that says how much is left out
_SMALLEST_PANEL: Final = 200


def message(reply: Reply) -> str:
    """The whole answer. What does not fit is left out by blocks, and how many is said."""
    card = fitted(list(_card(reply)), units=TEXT_LIMIT, entities=ENTITY_LIMIT, reserve=_RESERVE)
    parts = [card.markup + _more(card)]
    for place, panel in enumerate(reply.panels):
        waiting = len(reply.panels) - place
        parts += _panel(reply, panel, _left(parts, TEXT_LIMIT, ENTITY_LIMIT, waiting))
    return "\n\n".join(part for part in parts if part).strip("\n")


def _left(parts: Sequence[str], text: int, marks: int, waiting: int) -> tuple[int, int]:
    """An even share of the units and entities that are left, for each of the panels that wait."""
    used = "\n\n".join(parts)
    return (text - units(seen(used))) // waiting, (marks - entities(used)) // waiting


# ── the card ────────────────────────────────────────────────────────────────────────────────────────


def _card(reply: Reply) -> Iterator[Chunk]:
    before: ReplyBlock | None = None
    for index, block in enumerate(reply.blocks):
        first, *folded = (_hidden(part, reply) for part in _parts(block))
        yield _chunk(gap(before, block) + first, index, heading=isinstance(block, Label) or bool(folded))
        yield from (_chunk("\n" + part, index) for part in folded)
        before = block


def _parts(block: ReplyBlock) -> list[tuple[str, str]]:
    """The tag around each part of a block, and its content."""
    match block:
        case Headline(words):
            return [("b", quoted(words))]
        case Label(pieces):
            return [("b", line(pieces))]
        case Bar(words):
            return [("blockquote", quoted(words))]
        case Text(pieces):
            return [("", line(pieces))]
        case Fine(pieces):
            return [("i", line(pieces))]
        case Entry(pieces, evidence):
            return [("", line(pieces)), *(("blockquote", quoted(words)) for words in evidence)]
        case _:
            assert_never(block)


def _hidden(part: tuple[str, str], reply: Reply) -> str:
    # The spoiler stands inside the block quotation: a quotation inside a spoiler is not documented.
    tag, content = part
    return _tagged(tag, _tagged("tg-spoiler" if reply.spoiler else "", content))


def _tagged(tag: str, content: str) -> str:
    return f"<{tag}>{content}</{tag}>" if tag else content


def _chunk(markup: str, block: int, *, heading: bool = False) -> Chunk:
    return Chunk(markup, block, units(seen(markup)), entities(markup), heading)


# ── the details ─────────────────────────────────────────────────────────────────────────────────────


def _panel(reply: Reply, panel: Panel, left: tuple[int, int]) -> list[str]:
    """The panel under the name that its button has elsewhere, folded; nothing where it does not fit."""
    text, marks = left[0] - 2, left[1] - 2  # the gap before it, the quotation and the spoiler around it
    if text < _SMALLEST_PANEL or marks < 1:
        return []
    name = next((button.words for button in reply.buttons if button.action is panel.action), "")
    title = [_chunk(f"<b>{escaped(name)}</b>", -1, heading=True)] if name else []
    kept = fitted([*title, *_folded(panel, named=bool(name))], units=text, entities=marks, reserve=_RESERVE)
    inside = _tagged("tg-spoiler" if reply.spoiler else "", (kept.markup + _more(kept)).strip("\n"))
    return [f"<blockquote expandable>{inside}</blockquote>"] if kept.chunks else []


def _folded(panel: Panel, *, named: bool) -> Iterator[Chunk]:
    before: ReplyBlock | None = None
    for index, block in enumerate(panel.blocks):
        between = "\n" if before is None and named else gap(before, block)
        first, *folded = _folded_parts(block)
        yield _chunk(between + first, index, heading=isinstance(block, Label) or bool(folded))
        yield from (_chunk("\n" + part, index) for part in folded)
        before = block


def _folded_parts(block: ReplyBlock) -> list[str]:
    """Quotation marks for every excerpt: there is no quotation inside a quotation on Telegram."""
    match block:
        case Headline(words) | Bar(words):
            return [quoted(words, marks=True)]
        case Label(pieces):
            return [f"<b>{line(pieces)}</b>"]
        case Text(pieces) | Fine(pieces):
            return [line(pieces)]
        case Entry(pieces, evidence):
            return ["• " + line(pieces), *(quoted(words, marks=True) for words in evidence)]
        case _:
            assert_never(block)


def _more(kept: Fitted) -> str:
    return f"\n\n<i>{words().say('places.and_more', n=kept.left_out)}</i>" if kept.left_out else ""
