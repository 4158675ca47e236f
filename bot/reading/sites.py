"""The site and publisher of an address, as far as its letters tell: "bbc.co.uk" and "bbc.com" are one
publisher."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.reading.languages.lexicon import Words, remove_ending, remove_prefixes


def site(url: str) -> str:
    """The last labels of a host that tell one publisher from another: "www.bbc.co.uk" → "bbc.co.uk"."""
    labels = host_of(url).split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3  # noqa: PLR2004  # co.uk, com.br
    return ".".join(labels[-3:] if short else labels[-2:])


def host_of(url: str) -> str:
    """Lower-case; empty for what a stranger's page calls a link and is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def publisher(url: str) -> str:
    """The site without its ending: "bbc.com" and "bbc.co.uk" are one publisher."""
    return site(url).partition(".")[0]


def outlet_key(name: str, words: Words) -> str:
    """A publisher or an outlet's name as one word: "apnews", "ap" and "AP" are one house."""
    bare = bare_letters(name, words)
    return remove_ending(bare, words.outlet_endings) or bare or name.lower()


def bare_letters(name: str, words: Words) -> str:
    """Return the letters of a name without its article: "thelake" is "lake"."""
    return remove_prefixes(letters(name), words.outlet_prefixes)


def letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
