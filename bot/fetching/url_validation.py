"""A given address, vetted by its words alone: scheme, authority and port (no lookup, no network).

    parse_target("HTTP://Bücher.example:80/a?b#c") == Target("http", "xn--bcher-kva.example", 80, "/a?b")

What may be dialled is decided on resolved addresses, in `ip_addresses`; here only the spelling is judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from bot.errors import NotALink, RefusedPort, RefusedScheme, RefusedUserinfo
from bot.fetching.ip_addresses import is_loopback_name, parse_literal
from bot.hosts import ascii_host

LONGEST_LINK: Final = 2048  # characters; what browsers and search engines agree to carry
LONGEST_HOP: Final = 8192  # a redirect's address is a machine's, and sign-in detours are long
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
ALLOWED_PORTS: Final = frozenset(DEFAULT_PORTS.values())
PORTS: Final = 65536

_SCHEME: Final = re.compile(r"(?P<scheme>[a-z][a-z0-9+-]*):(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_SPLIT: Final = re.compile(
    r"""
    //(?P<authority>[^/?\#]+)
    (?P<path>[^?\#]*)
    (?P<query>\?[^\#]*)?
    (?:\#.*)?
    """,
    re.VERBOSE,
)
_AUTHORITY: Final = re.compile(r"(?:\[(?P<six>[^\[\]]*)\]|(?P<name>[^:\[\]]+))(?::(?P<port>[0-9]*))?")
_UNPRINTABLE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_IN_A_NAME: Final = re.compile(r"[\x00-\x2c/:-@\[-^`{-\x7f]")  # ASCII but letters, digits, "-._"
_NUMBER: Final = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


@dataclass(frozen=True, slots=True)
class Target:
    """The target of a request. `host` is lower-case ASCII where it can be written so, IPv6 without
    brackets."""

    scheme: str
    host: str
    port: int
    rest: str

    @property
    def url(self) -> str:
        """The address to request: no fragment, and no port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.rest}"


def parse_target(url: str, *, loopback: bool = False, longest: int = LONGEST_LINK) -> Target:
    """Parse `url`. Raises BadLink. `loopback` allows every port on loopback hosts."""
    if len(url) > longest or _UNPRINTABLE.search(url):
        raise NotALink
    if not (found := _SCHEME.fullmatch(url)):
        raise NotALink
    scheme = found["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise RefusedScheme
    if not (parts := _SPLIT.fullmatch(found["rest"])):
        raise NotALink
    if "\\" in url or "@" in parts["authority"]:
        raise RefusedUserinfo
    host, port = _parse_authority(parts["authority"], DEFAULT_PORTS[scheme])
    if port not in (range(1, PORTS) if loopback and is_loopback_name(host) else ALLOWED_PORTS):
        raise RefusedPort
    return Target(scheme, host, port, (parts["path"] or "/") + (parts["query"] or ""))


def _parse_authority(authority: str, default_port: int) -> tuple[str, int]:
    if not (parts := _AUTHORITY.fullmatch(authority)):
        raise NotALink
    if parts["six"] is None:
        host = ascii_host(parts["name"]).removesuffix(
            "."
        )  # certificates and Host headers go without that dot
        if _NOT_IN_A_NAME.search(host) or not any(letter.isalnum() for letter in host):
            raise NotALink
        if _NUMBER.fullmatch(host.rpartition(".")[2]):  # browsers read such a name as an address
            if (address := parse_literal(host)) is None:
                raise NotALink
            host = str(address)
    else:
        host = unquote(parts["six"]).lower()  # a zone comes after "%25"
        if ":" not in host or parse_literal(host) is None:
            raise NotALink
    port = parts["port"] or str(default_port)
    return host, int(port) if len(port) <= len(str(PORTS)) else PORTS
