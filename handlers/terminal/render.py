"""A reply for a terminal: rich renderables, in colour where there is colour, readable without.

Everything that the page says goes through `one_line`, so that no escape sequence, no direction sign and
no rich markup of a stranger reaches the screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.text import Text as Words

from bot.replies import (
    Action,
    BlockQuote,
    Button,
    Headline,
    Label,
    Line,
    ListEntry,
    Piece,
    Quoted,
    Reply,
    ReplyBlock,
    Said,
    SmallPrint,
    Stated,
    Text,
)
from bot.replying.phrasebook import get_phrases as phrases
from handlers.sanitize import one_line, web_address

_BAR: Final = "│ "
_STRONG: Final = Style(bold=True)
_TITLE: Final = Style(bold=True)
_LABEL: Final = Style(bold=True, color="cyan")
_QUOTE: Final = Style(color="yellow")
_FINE: Final = Style(dim=True)


def render(reply: Reply, *, keys: bool = False) -> RenderableType:
    """Render the whole message. `keys`: a last line says which key opens what."""
    rows: list[RenderableType] = []
    before: ReplyBlock | None = None
    for block in reply.blocks:
        rows += [Words("")] * _gap(before, block) + [_block(block)]
        before = block
    if keys and (line := key_line(reply.buttons)):
        rows += [Words(""), line]
    return Group(*rows)


def _block(block: ReplyBlock) -> RenderableType:
    match block:
        case Headline(words):
            return _line((words,), _TITLE)
        case Label(line):
            return _line(line, _LABEL)
        case BlockQuote(words):
            return _MarkedText(_line((words,), _QUOTE), _BAR, _BAR)
        case Text(line):
            return _line(line)
        case SmallPrint(line):
            return _line(line, _FINE)
        case ListEntry(line, evidence):
            bars = (_MarkedText(_line((words,), _QUOTE), "  " + _BAR, "  " + _BAR) for words in evidence)
            return Group(_MarkedText(_line(line), "• ", "  "), *bars)
        case _:
            assert_never(block)


def _gap(before: ReplyBlock | None, block: ReplyBlock) -> int:
    """Return the empty lines: small print stands close to the headline, a section's content to its label."""
    match before, block:
        case (
            (None, _)
            | (Headline(), SmallPrint())
            | (Label(), _)
            | (BlockQuote(), BlockQuote())
            | (SmallPrint(), SmallPrint())
        ):
            return 0
        case (ListEntry(), ListEntry()):
            return 0
        case _:
            return 1


class _MarkedText:
    """Text with a mark before its first line and another before the lines that wrapping makes."""

    def __init__(self, text: Words, first: str, rest: str) -> None:
        self._text = text
        self._first = first
        self._rest = rest

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(options.max_width - len(self._rest), 1)
        lines = console.render_lines(self._text, options.update(width=width), pad=False)
        for number, line in enumerate(lines):
            yield Segment(self._rest if number else self._first, _FINE)
            yield from line
            yield Segment.line()


def _line(line: Line, style: Style | None = None) -> Words:
    found = Words(style=style or "")
    for piece in line:
        found.append(_display(piece), _style(piece))
    return found


def _display(piece: Piece) -> str:
    match piece:
        case Said(text) | Stated(text):
            return one_line(text)
        case Quoted(excerpt, marks, cut, begun=begun):
            words = one_line(excerpt.text).strip()
            return "… " * begun + (f"“{words}”" if marks else words) + "…" * cut
        case _:
            assert_never(piece)


def _style(piece: Piece) -> Style | None:
    """Return bold for what is strong; a link that a terminal can open, where the piece leads somewhere."""
    if isinstance(piece, Said):
        return _STRONG if piece.strong else None
    url = web_address(piece.url)
    return Style(link=url, underline=True) if url else None


def key_line(buttons: Iterable[Button]) -> Words | None:
    """As in: [s] Sources (6)  [d] Words of doubt (7)  [x] Remove. One key opens all links."""
    shown = {KEYS[button.action]: button.words for button in buttons if button.action in KEYS}
    if not shown:
        return None
    if KEYS[Action.OPEN] in shown:
        shown[KEYS[Action.OPEN]] = phrases().say("buttons.open")
    line = Words(style=_FINE)
    for number, (key, label) in enumerate(shown.items()):
        line.append("   " * bool(number)).append(f"[{key}]", Style(bold=True)).append(" " + label)
    return line


KEYS: Final = {
    Action.SOURCES: "s",
    Action.HEDGES: "d",
    Action.WRONG: "w",
    Action.REMOVE: "x",
    Action.OPEN: "o",
    Action.PASTE: "p",
    Action.SHOW: "e",
    Action.AGAIN: "a",
}


def first_line(reply: Reply) -> str:
    """Return the line by which an answer is listed: its headline, else its first words."""
    for block in reply.blocks:
        found = _block(block)
        if isinstance(found, Words) and found.plain.strip():
            return found.plain.strip()
    return ""
