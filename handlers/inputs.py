"""What a person gives `hearsay check`: a web address, a saved page, a text, or standard input."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from bot.errors import EmptyPage, NoSuchFile, NotAnArticle, NotText
from bot.model import Page

LIMIT: Final = 2 * 2**20  # bytes of a page that are read, as from the web
STDIN: Final = "-"
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|head|body|meta|title|article|div|p|h1)\b", re.IGNORECASE)
_HEAD: Final = 4096


def is_address(target: str) -> bool:
    """Whether a target is to be fetched: it looks like an address and no file has that name."""
    return target != STDIN and bool(_ADDRESS.match(target)) and not _exists(Path(target))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name longer than the system allows
        return False


def given_bytes(target: str) -> bytes:
    """The bytes of a file or of standard input. Raises NoSuchFile, NotText, NotAnArticle and EmptyPage."""
    body = sys.stdin.buffer.read() if target == STDIN else _file(target)
    if not body.strip():
        raise EmptyPage
    if body.startswith(b"%PDF"):
        raise NotAnArticle("document")
    if b"\0" in body[:_HEAD] and not body.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise NotText(_name(target))
    return body


def _file(target: str) -> bytes:
    try:
        return Path(target).read_bytes()
    except (OSError, ValueError):  # ValueError: a NUL in the name
        raise NoSuchFile(target) from None


def _name(target: str) -> str:
    return "standard input" if target == STDIN else target


def is_page(body: bytes) -> bool:
    """Whether the bytes are markup."""
    return bool(_MARKUP.search(body[:_HEAD].replace(b"\0", b"")))


def page(body: bytes, url: str | None) -> Page:
    return Page(url or "", body[:LIMIT], cut=len(body) > LIMIT)


def text(body: bytes, target: str) -> str:
    """Plain text, in UTF-8 or UTF-16 with its mark. Raises NotText."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        raise NotText(_name(target)) from None
