"""Lines of a reply in Telegram's HTML, with every character that means something there escaped."""

from __future__ import annotations

import html
import re
from typing import Final, assert_never

from bot.replies import Line, Piece, Quoted, Said, Stated
from handlers.sanitize import one_line, web_address

# Telegram turns @name into a mention whatever the markup says; a word joiner, which nobody sees and
# `one_line` takes out of strangers' words, keeps the two apart.
_JOINER: Final = "\u2060"
_NO_MENTION: Final = "@" + _JOINER
_ADDRESS: Final = re.compile(
    r"(?<![\w/])/(?=\w)|(?<=\w)\.(?=[^\W\d_]{2})|:(?=//)"
)  # a command, a host, a scheme
_TAG: Final = re.compile(r"<[^>]*>")
_OPENING_TAG: Final = re.compile(r"<(?!/)")


def escape(text: str) -> str:
    """Escape words of our own, in which a command may be tapped."""
    return _escape_html(one_line(text))


def escape_inert(text: str) -> str:
    """Escape words of strangers, in which nothing may be tapped: Telegram makes links of bare addresses,
    too."""
    return _escape_html(_ADDRESS.sub(lambda found: found[0] + _JOINER, one_line(text)))


def _escape_html(text: str) -> str:
    return html.escape(text.replace("@", _NO_MENTION), quote=False)


def render_line(pieces: Line) -> str:
    return "".join(map(_render_piece, pieces))


def render_quotation(words: Quoted) -> str:
    """An excerpt, marked as the reply asks; "…" for words that go on stands outside the quotation."""
    text = _add_link(escape_inert(words.excerpt.text), words.url)
    return "… " * words.begun + ("“" + text + "”" if words.marks else text) + (" …" if words.cut else "")


def strip_markup(markup: str) -> str:
    """Return what is left for the reader after Telegram has read the tags and entities."""
    return html.unescape(_TAG.sub("", markup))


def count_entities(markup: str) -> int:
    return len(_OPENING_TAG.findall(markup))


def _render_piece(piece: Piece) -> str:
    match piece:
        case Said(text, strong):
            return f"<b>{escape(text)}</b>" if strong else escape(text)
        case Stated(text, url):
            return _add_link(escape_inert(text), url)
        case Quoted():
            return render_quotation(piece)
        case _:
            assert_never(piece)


def _add_link(text: str, url: str | None) -> str:
    address = web_address(url)
    return text if address is None else f'<a href="{html.escape(address)}">{text}</a>'
