"""The type of a body, by the server's Content-Type and by its first bytes: HTML, or something else."""

from __future__ import annotations

import re
from typing import Final

from bot.errors import NotAnArticle, PageKind

SNIFFED: Final = 1024  # bytes; the longest beginning that says what a file is

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_DECIDED_BY_ITS_BYTES: Final = frozenset({"", "text/xml", "application/xml"})
_NAMED: Final[dict[str, PageKind]] = {
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/feed+json": "feed",
    "application/pdf": "document",
    "application/x-pdf": "document",
    "application/msword": "document",
    "application/rtf": "document",
    "application/epub+zip": "document",
    "application/json": "data",
    "text/csv": "data",
}
_BEGINNINGS: Final[tuple[tuple[str, PageKind], ...]] = (
    ("image/", "image"),
    ("audio/", "audio"),
    ("video/", "video"),
    ("application/vnd.ms-", "document"),
    ("application/vnd.openxmlformats-", "document"),
    ("application/vnd.oasis.opendocument.", "document"),
)
_ENDINGS: Final[tuple[tuple[str, PageKind], ...]] = (("+json", "data"), ("+xml", "data"), ("/xml", "data"))
_SIGNATURES: Final[tuple[tuple[bytes, PageKind], ...]] = (
    (b"%PDF-", "document"),
    (b"{\\rtf", "document"),
    (b"\xd0\xcf\x11\xe0", "document"),  # office files before 2007
    (b"PK\x03\x04", "file"),
    (b"\x1f\x8b", "file"),  # packed once more than the server said
    (b"\x7fELF", "file"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
)
_UTF8_MARK: Final = b"\xef\xbb\xbf"
# Possessive, because a stranger's prologue of many comments would otherwise be tried in every grouping.
_FEED: Final = re.compile(rb"(?:<\?[^>]*+>|<!--(?>.*?-->)|\s)*+<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL)
_MARKUP: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|article|p|div)[\s>]", re.IGNORECASE
)
_JSON: Final = re.compile(rb"(?:\{|\[\s*[\[{])\s*[\"}\]]")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?\s*(?P<charset>[\w.:+-]{1,40})", re.IGNORECASE)


def parse_charset(content_type: str) -> str | None:
    """Return the charset of a Content-Type header, lower-case."""
    found = _CHARSET.search(content_type)
    return found["charset"].lower() if found else None


def check_type(content_type: str) -> None:
    """Raise NotAnArticle for a type that no page has, before a byte of the body is read."""
    media = _parse_media_type(content_type)
    if media not in _HTML | _DECIDED_BY_ITS_BYTES:
        by_beginning = (kind for beginning, kind in _BEGINNINGS if media.startswith(beginning))
        by_ending = (kind for ending, kind in _ENDINGS if media.endswith(ending))
        if media in _NAMED:
            raise NotAnArticle(_NAMED[media])
        raise NotAnArticle(next(by_beginning, next(by_ending, "file")))


def check_bytes(content_type: str, body: bytes) -> None:
    """Raise NotAnArticle for a body that is no HTML, whatever the server called it."""
    start = body[: 2 * SNIFFED].removeprefix(_UTF8_MARK).lstrip()[:SNIFFED]
    signed = next((kind for signature, kind in _SIGNATURES if start.startswith(signature)), None)
    if signed is not None:
        raise NotAnArticle(signed)
    if _FEED.match(start):
        raise NotAnArticle("feed")
    if _JSON.match(start):
        raise NotAnArticle("data")
    media = _parse_media_type(content_type)
    if media in _DECIDED_BY_ITS_BYTES and not _MARKUP.search(start):
        raise NotAnArticle("data" if media else "file")


def _parse_media_type(content_type: str) -> str:
    return content_type.partition(";")[0].partition(",")[0].strip().lower()
