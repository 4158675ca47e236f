"""The filter of links that are never fetched unasked: entries that match an address, and the default list.

"youtube.com"    the domain and all that lies under it
"/unsubscribe"   a part of the path between slashes, its ending apart ("/unsubscribe.php")
"?token"         the name of a parameter, also behind "#"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from bot.room_settings.domains import LONGEST, is_within, normalize_host, parse_domain

_PART: Final = re.compile(r"[/?][a-z0-9_~-]+")


def parse_entry(written: str) -> str | None:
    """Parse an entry into the spelling in which it is compared; None for what is none."""
    name = written.strip().lower()
    if name.startswith(("/", "?")):
        return name if len(name) <= LONGEST and _PART.fullmatch(name) else None
    return parse_domain(name)


def matches(url: str, entries: Collection[str], spared: Collection[str] = ()) -> bool:
    """Return True if an entry matches an address. A spared domain takes itself out of a wider one's entry,
    and a spared part itself alone: a password's reset page on a spared domain still matches.
    """
    name = normalize_host(url)
    if is_within(name, entries) and not is_within(name, spared):
        return True
    try:
        there = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return False
    return any(part in entries and part not in spared for part in _parts(there))


@cache
def load_default_entries() -> frozenset[str]:
    """Return the default list."""
    text = files("bot.room_settings").joinpath("link_filter.toml").read_text(encoding="utf-8")
    return frozenset(one for group in tomllib.loads(text).values() for one in group)


def _parts(there: SplitResult) -> Iterator[str]:
    for segment in there.path.split("/"):
        yield "/" + unquote(segment).partition(".")[0].lower()
    for told in (there.query, there.fragment):
        yield from ("?" + name.lower() for name, _ in parse_qsl(told, keep_blank_values=True))
