"""Bytes → characters → tree, cheaply and without surprises.

    Page ─decode()→ str ─parse_tree()→ HtmlElement | None ─make_links_absolute()→ its links are whole

What a page says of its own character set is believed last: valid UTF-8 is UTF-8 whatever a header claims.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement
from trafilatura.utils import detect_encoding, load_html

from bot.model import Page

_DECLARED: Final = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_HEAD: Final = 4096
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_TAG: Final = re.compile(rb"<[^<>]{0,2000}>")
_SAMPLE: Final = 8000
_FEW: Final = 20

# Browsers read these names as their supersets, and pages rely on it (the Encoding Standard).
_SUPERSETS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Written in ASCII bytes alone, so they would pass for UTF-8.
_SEVEN_BIT: Final = {"iso2022_jp", "hz"}


def decode(page: Page) -> str:
    """Decode a page: by byte-order mark, as UTF-8, as declared, as detected; never an error."""
    for mark, name in _MARKS:
        if page.body.startswith(mark):
            return page.body.decode(name, "replace").removeprefix("\ufeff")
    utf8 = codecs.getincrementaldecoder("utf-8")  # does not mind a last character that was cut in the middle
    for name in _rank_encodings(page.body, page.charset):
        try:
            decoded = utf8().decode(page.body) if name == "utf-8" else page.body.decode(name)
        except (UnicodeError, LookupError):
            continue
        if decoded:
            return decoded
    return page.body.decode("utf-8", "replace")


def _rank_encodings(body: bytes, header: str | None) -> Iterator[str]:
    """Yield UTF-8, then the declared encodings, then guesses, the likeliest first."""
    in_markup = _DECLARED.search(body, 0, _HEAD)
    declared = tuple(
        filter(None, map(_find_codec, (header, in_markup and in_markup[1].decode("ascii", "ignore"))))
    )
    yield from (name for name in declared if name in _SEVEN_BIT)
    yield "utf-8"
    yield from (name for name in declared if name != "utf-8")
    if "utf-8" in declared:
        return
    # the first words that are not ASCII, with their surroundings: a head of scripts tells nothing
    found = _HIGH.search(body)
    start = max(found.start() - 100, 0) if found else 0
    sample = _TAG.sub(b" ", body[start : start + 4 * _SAMPLE])[:_SAMPLE]
    if len(_HIGH.findall(sample)) < _FEW:
        yield "cp1252"  # the browsers' fallback: a few letters tell nothing
    else:
        yield from (name for name in detect_encoding(sample) if not name.startswith(("utf_16", "utf_32")))


def _find_codec(label: str | None) -> str | None:
    """Return Python's name of a text encoding, widened as browsers do; None for one that nobody knows."""
    try:
        found = codecs.lookup((label or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    # UTF-7 hides markup from every check, and codecs such as "rot13" are no character sets.
    if found.name == "utf-7" or not found._is_text_encoding:  # noqa: SLF001  # codecs has no public word for it
        return None
    return _SUPERSETS.get(found.name, found.name)


# A tag this long with this many attributes is no writer's; lxml's time grows with the square of them.
_LONG_TAG: Final = re.compile(r"<([a-zA-Z][\w:-]{0,40})\s([^<>]{8000,})>?")
_QUOTED: Final = re.compile(r""""[^"]*"|'[^']*'""")
_ATTRIBUTES: Final = 1000
_LONE: Final = re.compile(r"[\ud800-\udfff]")


def parse_tree(html: str) -> HtmlElement | None:
    """Parse a page; None where there is no markup to speak of."""
    if "<" not in html:
        return None
    try:
        html.encode()
    except UnicodeEncodeError:
        html = _LONE.sub("", html)  # JSON may carry lone surrogates, and no parser takes them
    shorter = _LONG_TAG.sub(
        lambda tag: f"<{tag[1]}>" if len(_QUOTED.sub("", tag[2]).split()) > _ATTRIBUTES else tag[0], html
    )
    return load_html(shorter)


def make_links_absolute(root: HtmlElement, url: str) -> None:
    """Make the addresses of links whole, in place, against `url` or the base that the page names.

    Only links: lxml's own function goes through style sheets too, and takes up to ten times a whole reading.
    """
    named = next((base.get("href") for base in root.iter("base") if base.get("href")), None)
    base = _join(url, named.strip()) if named else url
    for link in root.iter("a", "link"):
        href = (link.get("href") or "").strip()
        if href:
            link.set("href", href if href.startswith(("http://", "https://")) else _join(base, href))


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return ""
