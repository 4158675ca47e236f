"""Names of hosts, in the spelling in which they are looked up and compared."""

from __future__ import annotations

from urllib.parse import urlsplit

import idna

from bot.model import Link


def ascii_host(host: str) -> str:
    """As the name system spells it, lower-case; a name that cannot be spelled so stays as it is."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return _older_spelling(host)


def _older_spelling(host: str) -> str:
    # Names that the newer rules forbid are registered and answer: ☃.net, a_b.пример.рф.
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def host_of(link: Link) -> str:
    """All of a link that the log may hold: paths and queries can be what makes it private."""
    try:
        return urlsplit(link.url).hostname or "an unknown host"
    except ValueError:  # brackets that hold no address
        return "an unknown host"
