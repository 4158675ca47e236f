"""SSRF defence: the addresses that may be dialled, by the resolved address and never by the name's spelling.

    host ─parse_literal()→ address ┐
         ─Resolver────────▶ answers ┴─vet_addresses()→ every one public, or RefusedAddress

One refused answer refuses them all: a name with a public and a private address is a trap, not a choice.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Thread
from typing import Final, Protocol

from bot.errors import NameNotFound, RefusedAddress

Address = IPv4Address | IPv6Address

# Beyond `is_global`: tunnels into IPv4 and ranges that it calls global on some Python versions.
REFUSED: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments, one cloud's metadata among them
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # another cloud's metadata, on a public address
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # local NAT64
        "2002::/16",  # 6to4
        "2001::/32",  # Teredo
        "::/96",  # IPv4-compatible
        "fec0::/10",  # site-local
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)
LONGEST_NAME: Final = 253  # RFC 1035, as text without the last dot
LONGEST_LABEL: Final = 63

_DOTTED_NUMBERS: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE)


class Resolver(Protocol):
    """A name's addresses as strings. Raises NameNotFound."""

    async def resolve(self, host: str, /) -> Sequence[str]: ...


def parse_literal(host: str) -> Address | None:
    """Return the address that `host` itself spells, in any form a resolver would take ("127.1",
    "0x7f000001")."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    name = host.removesuffix(".")
    if not _DOTTED_NUMBERS.fullmatch(name):
        return None
    try:
        return IPv4Address(socket.inet_aton(name))
    except OSError:
        return None


def is_loopback_name(host: str) -> bool:
    """Return True if `host` by its own words means this machine (RFC 6761: no lookup may say otherwise)."""
    name = host.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = parse_literal(name)
    return address is not None and unmap(address).is_loopback


def unmap(address: Address) -> Address:
    """Return the IPv4 address inside an IPv4-mapped IPv6 one; others as they are."""
    return getattr(address, "ipv4_mapped", None) or address


def is_refused(address: Address) -> bool:
    """Return True if this address may never be dialled for a stranger."""
    inner = unmap(address)
    return (
        not inner.is_global
        or inner.is_multicast
        or inner.is_reserved
        or inner.is_link_local
        or bool(getattr(inner, "scope_id", None))
        or any(inner in network for network in REFUSED if network.version == inner.version)
    )


def vet_addresses(answers: Sequence[str]) -> tuple[str, ...]:
    """Return the answers, all of them public. Raises RefusedAddress for any that is not, NameNotFound for
    none."""
    if not answers:
        raise NameNotFound
    try:
        refused = any(is_refused(ip_address(answer)) for answer in answers)
    except ValueError:
        raise RefusedAddress from None
    if refused:
        raise RefusedAddress
    return tuple(dict.fromkeys(answers))


class PublicResolver:
    """A host's addresses to dial, in the order to try them.

    `loopback` is a developer's switch: hosts that by their own words mean this machine are then allowed.
    A name that merely resolves to this machine never is.
    """

    def __init__(self, resolver: Resolver, *, seconds: float = 3.0, loopback: bool = False) -> None:
        self._resolver = resolver
        self._seconds = seconds
        self._loopback = loopback

    async def resolve(self, host: str) -> tuple[str, ...]:
        """Resolve a host. Raises RefusedAddress or NameNotFound."""
        if is_loopback_name(host):
            if not self._loopback:
                raise RefusedAddress
            address = parse_literal(host)
            return ("127.0.0.1", "::1") if address is None else (str(unmap(address)),)
        if address := parse_literal(host):
            return vet_addresses([str(address)])
        return vet_addresses(await self._look_up(host))

    async def _look_up(self, host: str) -> Sequence[str]:
        name = host.removesuffix(".")
        labels_fit = all(0 < len(label) <= LONGEST_LABEL for label in name.split("."))
        if not (labels_fit and host.isascii() and len(name) <= LONGEST_NAME):
            raise NameNotFound
        try:
            async with asyncio.timeout(self._seconds):
                return await self._resolver.resolve(host)
        except TimeoutError:
            raise NameNotFound from None


class SystemResolver:
    """The operating system's resolver. Raises NameNotFound.

    Each lookup has a daemon thread of its own: one that hangs (nothing can interrupt getaddrinfo) must
    neither starve the loop's shared threads nor hold up the end of the process.
    """

    def __init__(self, at_once: int = 16) -> None:
        self._free = asyncio.Semaphore(at_once)

    async def resolve(self, host: str) -> list[str]:
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()
        Thread(target=self._ask, args=(host, loop, answer), daemon=True).start()
        return await answer

    def _ask(self, host: str, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[list[str]]) -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        except (OSError, UnicodeError):  # getaddrinfo spells names in IDNA first, and labels may not fit
            found = []
        addresses = list(dict.fromkeys(str(socket_address[0]) for *_, socket_address in found))
        try:
            loop.call_soon_threadsafe(self._tell, answer, addresses)
        except RuntimeError:
            return  # the loop was closed meanwhile, and nobody waits

    def _tell(self, answer: asyncio.Future[list[str]], found: list[str]) -> None:
        self._free.release()
        if answer.done():
            return
        if found:
            answer.set_result(found)
        else:
            answer.set_exception(NameNotFound())
