"""Sanitize strangers' words for any chat, before a platform escapes its own markup."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from bot.replying.sanitize import sanitize

_KEPT: Final = "%/:;?@!$&'*+,=~-._"  # no brackets: they end an address in Markdown


def one_line(text: str) -> str:
    """Return sanitized words with the blanks that part them from their neighbours in a line."""
    core = sanitize(text)
    if not core:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + core + (" " if text[-1].isspace() else "")


def web_address(url: str | None) -> str | None:
    """Return the address in ASCII, without brackets or blanks, as chats accept it; None if it is not for the
    web."""
    try:
        parts = urlsplit(url or "")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    place = f"[{host}]" if ":" in host else host
    rest = (quote(part, safe=_KEPT, errors="replace") for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, f"{place}:{port}" if port else place, *rest))
