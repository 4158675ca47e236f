"""The site and publisher of an address, as far as its letters tell: "bbc.co.uk" and "bbc.com" are one
publisher."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.reading.languages.lexicon import Words, remove_ending, remove_prefixes


def extract_site(url: str) -> str:
    """Return the last labels of a host, that tell one publisher from another: "www.bbc.co.uk" →
    "bbc.co.uk"."""
    labels = extract_host(url).split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3  # noqa: PLR2004  # co.uk, com.br
    return ".".join(labels[-3:] if short else labels[-2:])


def extract_host(url: str) -> str:
    """Return the host in lower case; empty for what a page calls a link and is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def extract_publisher(url: str) -> str:
    """Return the site without its ending: "bbc.com" and "bbc.co.uk" are one publisher."""
    return extract_site(url).partition(".")[0]


def normalize_outlet(name: str, words: Words) -> str:
    """Return a publisher or an outlet's name as one word: "apnews", "ap" and "AP" are one outlet."""
    bare = strip_article(name, words)
    return remove_ending(bare, words.outlet_endings) or bare or name.lower()


def strip_article(name: str, words: Words) -> str:
    """Return the letters of a name without its article: "thelake" is "lake"."""
    return remove_prefixes(keep_letters(name), words.outlet_prefixes)


def keep_letters(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
