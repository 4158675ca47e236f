"""Lines of a reply in Discord's Markdown, with every character that means something there escaped."""

from __future__ import annotations

import re
from typing import Final, assert_never

from bot.replies import Piece, Quoted, Said, Stated
from handlers.sanitize import one_line, web_address

# "@" because \@everyone is no mention; ":" before "//" because an address in a quotation is no link.
_INLINE: Final = re.compile(r"[\\*_~`|<>\[\]@]|:(?=//)")
_LINE_START: Final = re.compile(r"^(\s*)(\d*)([#+.-])")
_LONGEST_LINK: Final = 512


def escaped(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", one_line(text))


def line(*pieces: Piece) -> str:
    """One line that starts no heading, list or fine print of its own."""
    return _LINE_START.sub(r"\1\2\\\3", "".join(map(_piece, pieces)))


def heading(*pieces: Piece) -> str:
    return f"**{line(*(Said(p.text) if isinstance(p, Said) else p for p in pieces))}**"


def _piece(piece: Piece) -> str:
    match piece:
        case Said(text, strong):
            return f"**{escaped(text)}**" if strong and one_line(text).strip() else escaped(text)
        case Stated(text, url):
            return _linked(escaped(text), url)
        case Quoted():
            return _quoted(piece)
        case _:
            assert_never(piece)


def _quoted(words: Quoted) -> str:
    """An excerpt, marked as the reply asks; "…" for words that go on stands outside the quotation."""
    text = _linked(escaped(words.excerpt.text), words.url)
    return ("“" + text + "”" if words.marks else text) + (" …" if words.cut else "")


def _linked(text: str, url: str | None) -> str:
    address = web_address(url)
    # A label with brackets, even escaped ones, is not reliably one label to Discord's parser.
    if address is None or len(address) > _LONGEST_LINK or not text.strip() or set(text) & set("[]"):
        return text
    return f"[{text}]({address})"
