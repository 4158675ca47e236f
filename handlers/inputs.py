"""The inputs of `hearsay check`: a web address, a saved page, a text, or standard input."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from bot.errors import CannotCheck, EmptyPage, NoSuchFile, NotAnArticle, NotText, TooLarge
from bot.model import Page

LIMIT: Final = 2 * 2**20  # bytes of a page that are read, as from the web
MOST: Final = 32 * 2**20  # bytes that are taken in at all
STDIN: Final = "-"
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|head|body|meta|title|article|div|p|h1)\b", re.IGNORECASE)
_HOST: Final = re.compile(
    r"(?:[a-z0-9-]+\.)+(?!(?:html?|txt|md|pdf|json|xml)\Z)[a-z]{2,}(?:[/:?#]|\Z)", re.IGNORECASE
)
_HEAD: Final = 4096


def is_address(target: str) -> bool:
    """Return True for a target that is to be fetched: it looks like an address and no file has that name."""
    if target == STDIN or not _ADDRESS.match(target):
        return False
    try:
        return not Path(target).exists()
    except OSError:  # a name longer than the system allows
        return True


def read_input(target: str) -> bytes:
    """The bytes of a file or of standard input.

    Raises NoSuchFile, TooLarge, NotText, NotAnArticle and EmptyPage.
    """
    if target != STDIN:
        body = _read_file(target)
    elif sys.stdin is None:  # closed by whoever started this
        raise EmptyPage
    else:
        body = sys.stdin.buffer.read(MOST + 1)
    if len(body) > MOST:
        raise TooLarge
    if not body.strip():
        raise EmptyPage
    if body.startswith(b"%PDF"):
        raise NotAnArticle("document")
    if b"\0" in body[:_HEAD] and not body.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise NotText(_display_name(target))
    return body


def _read_file(target: str) -> bytes:
    """A regular file: to open a pipe may wait for ever, and a device may never end."""
    path = Path(target)
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(MOST + 1)
    except (OSError, ValueError):  # ValueError: a NUL in the name
        pass
    raise NoSuchFile(target)


def hint(problem: CannotCheck) -> str:
    """Return a guess at what was meant by a file that is not there."""
    if isinstance(problem, NoSuchFile) and _HOST.match(problem.args[0]):
        return " If it is a web address, add https:// before it."
    return ""


def _display_name(target: str) -> str:
    return "standard input" if target == STDIN else target


def is_page(body: bytes) -> bool:
    """Return True if the bytes are markup."""
    return bool(_MARKUP.search(body[:_HEAD].replace(b"\0", b"")))


def page(body: bytes, url: str | None) -> Page:
    return Page(url or "", body[:LIMIT], cut=len(body) > LIMIT)


def text(body: bytes, target: str) -> str:
    """Return plain text, in UTF-8 or UTF-16 with its mark. Raises NotText."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        raise NotText(_display_name(target)) from None
