"""A reply as plain lines, so that a snapshot can be read."""

from __future__ import annotations

from bot.replies import (
    Action,
    BlockQuote,
    Headline,
    Label,
    Line,
    ListEntry,
    Piece,
    Quoted,
    Reply,
    ReplyBlock,
    SmallPrint,
    Text,
)


def lines(reply: Reply) -> list[str]:
    return [line for block in reply.blocks for line in block_lines(block)]


def block_lines(block: ReplyBlock) -> list[str]:
    match block:
        case Headline(words):
            return ["### " + _piece(words)]
        case Label(line):
            return ["**" + text(line) + "**"]
        case BlockQuote(words):
            return ["> " + _piece(words)]
        case Text(line):
            return [text(line)]
        case SmallPrint(line):
            return ["-# " + text(line)]
        case ListEntry(line, evidence):
            return ["* " + text(line), *("  > " + _piece(words) for words in evidence)]


def text(line: Line) -> str:
    return "".join(_piece(piece) for piece in line)


def _piece(piece: Piece) -> str:
    if isinstance(piece, Quoted):
        words = f"“{piece.excerpt.text}”" if piece.marks else piece.excerpt.text
        return words + "…" * piece.cut
    return piece.text


def buttons(reply: Reply) -> str:
    return " ".join(f"[{button.words}]" for button in reply.buttons)


def panel(reply: Reply, action: Action) -> list[str]:
    blocks = next(found.blocks for found in reply.panels if found.action is action)
    return [line for block in blocks for line in block_lines(block)]


def quotations(reply: Reply) -> list[Quoted]:
    """Every quotation of a reply and its panels."""
    blocks = [*reply.blocks, *(block for found in reply.panels for block in found.blocks)]
    return [piece for block in blocks for piece in _pieces(block) if isinstance(piece, Quoted)]


def _pieces(block: ReplyBlock) -> tuple[Piece, ...]:
    match block:
        case Headline(words) | BlockQuote(words):
            return (words,)
        case Label(line) | Text(line) | SmallPrint(line):
            return line
        case ListEntry(line, evidence):
            return (*line, *evidence)
