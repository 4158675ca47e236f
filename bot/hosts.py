"""Names of hosts, in the spelling in which they are looked up and compared."""

from __future__ import annotations

from urllib.parse import urlsplit

import idna

from bot.model import Link


def ascii_host(host: str) -> str:
    """Return a host as the name system spells it, lower-case; one that cannot be spelled so as it is."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        pass
    # Names that the newer rules forbid are registered and answer: ☃.net, a_b.пример.рф.
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def get_host(link: Link) -> str:
    """Return the host of a link, for the log: paths and queries can be what makes it private."""
    try:
        return urlsplit(link.url).hostname or "an unknown host"
    except ValueError:  # brackets that hold no address
        return "an unknown host"


def get_site_name(url: str | None) -> str:
    """Return the host of an address without "www."; empty for what has none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:  # brackets that hold no address
        return ""
