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


def escape(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", one_line(text))


def render_line(*pieces: Piece) -> str:
    """One line that starts no heading, list or fine print of its own."""
    return _LINE_START.sub(r"\1\2\\\3", "".join(map(_render_piece, pieces)))


def render_heading(*pieces: Piece) -> str:
    return f"**{render_line(*(Said(p.text) if isinstance(p, Said) else p for p in pieces))}**"


def _render_piece(piece: Piece) -> str:
    match piece:
        case Said(text, strong):
            return f"**{escape(text)}**" if strong and one_line(text).strip() else escape(text)
        case Stated(text, url):
            return _add_link(escape(text), url)
        case Quoted(excerpt, marks, cut, url, begun):  # "…" for words left out stands outside the quotation
            words = _add_link(escape(excerpt.text), url)
            return "… " * begun + (f"“{words}”" if marks else words) + (" …" if cut else "")
        case _:
            assert_never(piece)


def _add_link(text: str, url: str | None) -> str:
    address = web_address(url)
    # A label with brackets, even escaped ones, is not reliably one label to Discord's parser.
    if address is None or len(address) > _LONGEST_LINK or not text.strip() or set(text) & set("[]"):
        return text
    return f"[{text}]({address})"
