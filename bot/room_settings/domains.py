"""Domains as a person writes them and as an address has them, spelled the one way in which they compare.

parse_domain("https://www.Bücher.example/") == "xn--bcher-kva.example"
is_within(normalize_host("https://news.harbour.example/a"), {"harbour.example"})
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from bot.hosts import ascii_host

LONGEST: Final = 100  # characters of a domain as the name system spells it; the longest news sites need 40
_LONGEST_HOST: Final = 253  # of the name system; encoding takes time quadratic in the length
_LABEL: Final = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")
_WRITTEN: Final = re.compile(r"(?:https?://)?(?:\*?\.)?(?P<name>[^/?#]+)/?", re.IGNORECASE)


def parse_domain(written: str) -> str | None:
    """Parse the domain that somebody means; None for what is none or says more: a path, a port, an
    address."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None or len(found["name"]) > LONGEST:
        return None
    name = _normalize(found["name"])
    while name.startswith("www.") and "." in name[4:]:  # its writer means the other hosts too
        name = name[4:]
    return name if len(name) <= LONGEST and _DOMAIN.fullmatch(name) else None


def normalize_host(url: str) -> str:
    """Return the host of an address in the same spelling; empty for what is no address."""
    try:
        return _normalize(urlsplit(url).hostname or "")
    except ValueError:  # brackets that hold no address
        return ""


def is_within(name: str, domains: Collection[str]) -> bool:
    """Return True if a host is one of the domains or lies under one."""
    labels = name.split(".")
    return any(".".join(labels[first:]) in domains for first in range(len(labels)))


def _normalize(name: str) -> str:
    name = name.removesuffix(".")
    if name.isascii() or len(name) > _LONGEST_HOST:
        return name.lower()
    return ascii_host(name).removesuffix(".")
