"""The nouns of a reply: what is said, in which order, with which buttons; renderers know how it looks.

Pieces of a line are either ours (`Said`) or the page's (`Quoted`, `Stated`); renderers escape all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from bot.model import Excerpt


@dataclass(frozen=True, slots=True)
class Said:
    """Our own words, from phrases."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """A stranger's words outside the text: a statement of the page about itself (its outlet's name), or a
    host."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """An excerpt inside a line, between quotation marks if `marks`; `cut`: the page's words go on; `begun`:
    its sentence begins before it."""

    excerpt: Excerpt
    marks: bool = True
    cut: bool = False
    url: str | None = None
    begun: bool = False


Piece = Said | Stated | Quoted
Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The title of the answer: the article's headline, cut at a word when `cut`."""

    words: Quoted


@dataclass(frozen=True, slots=True)
class Label:
    """A section's heading, ours."""

    line: Line


@dataclass(frozen=True, slots=True)
class BlockQuote:
    """A block quotation: every line marked with a bar is quoted from the page."""

    words: Quoted


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class SmallPrint:
    """Small print."""

    line: Line


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A list entry, with its evidence folded under it."""

    line: Line
    evidence: tuple[Quoted, ...] = ()


ReplyBlock = Headline | Label | BlockQuote | Text | SmallPrint | ListEntry


class Action(StrEnum):
    """The action of a button."""

    SOURCES = "sources"
    HEDGES = "hedges"
    WRONG = "wrong"
    REMOVE = "remove"
    OPEN = "open"
    AGAIN = "again"
    PASTE = "paste"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Button:
    """`words` is the label; `url` is set for OPEN alone."""

    action: Action
    words: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class DetailPanel:
    """Details behind a button, or folded in the same message where a place prefers that."""

    action: Action
    blocks: tuple[ReplyBlock, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One message: typed blocks, the details behind its buttons, and the buttons in order."""

    blocks: tuple[ReplyBlock, ...]
    panels: tuple[DetailPanel, ...] = ()
    buttons: tuple[Button, ...] = ()
    spoiler: bool = field(default=False)


QUOTATION_LIMIT: Final = 400  # characters: a quotation and not a copy of the article
Style = Literal["card", "brief", "full"]
