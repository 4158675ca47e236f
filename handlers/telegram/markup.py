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


def escaped(text: str) -> str:
    """Words of our own, in which a command may be tapped."""
    return _escaped(one_line(text))


def inert(text: str) -> str:
    """Words of strangers, in which nothing may: Telegram makes links of bare addresses, too."""
    return _escaped(_ADDRESS.sub(lambda found: found[0] + _JOINER, one_line(text)))


def _escaped(text: str) -> str:
    return html.escape(text.replace("@", _NO_MENTION), quote=False)


def line(pieces: Line) -> str:
    return "".join(map(_piece, pieces))


def quoted(words: Quoted) -> str:
    """An excerpt, marked as the reply asks; "…" for words that go on stands outside the quotation."""
    text = _linked(inert(words.excerpt.text), words.url)
    return ("“" + text + "”" if words.marks else text) + (" …" if words.cut else "")


def seen(markup: str) -> str:
    """What is left for the reader after Telegram has read the tags and entities."""
    return html.unescape(_TAG.sub("", markup))


def entities(markup: str) -> int:
    return len(_OPENING_TAG.findall(markup))


def _piece(piece: Piece) -> str:
    match piece:
        case Said(text, strong):
            return f"<b>{escaped(text)}</b>" if strong else escaped(text)
        case Stated(text, url):
            return _linked(inert(text), url)
        case Quoted():
            return quoted(piece)
        case _:
            assert_never(piece)


def _linked(text: str, url: str | None) -> str:
    address = web_address(url)
    return text if address is None else f'<a href="{html.escape(address)}">{text}</a>'
