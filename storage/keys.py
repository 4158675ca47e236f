"""Keys of links, as columns can hold them."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

LONGEST: Final = 1000  # characters; a longer or unprintable key is kept as its digest


def shorten_key(key: str) -> str:
    """The key itself, or its digest where a column could not hold it."""
    if len(key) <= LONGEST and key.isprintable():
        return key
    return "sha256:" + sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
