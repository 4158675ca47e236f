from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NameNotFound, RefusedAddress
from bot.fetching.ip_addresses import (
    PublicResolver,
    SystemResolver,
    is_loopback_name,
    is_refused,
    parse_literal,
    vet_addresses,
)

PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8")
PRIVATE = (
    "0.0.0.0",
    "10.0.0.5",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.31.0.1",
    "192.0.0.9",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "2606:4700:4700::1111%lo",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
)


class Names:
    """A resolver that knows some names, and remembers what it was asked."""

    def __init__(self, **names: Sequence[str]) -> None:
        self._names = names
        self.asked: list[str] = []

    async def resolve(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        return self._names.get(host.partition(".")[0], ())


class Silent:
    """A resolver that never answers."""

    async def resolve(self, _: str) -> Sequence[str]:
        await asyncio.Event().wait()
        return PUBLIC


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_dialled(address: str) -> None:
    assert vet_addresses([address]) == (address,)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_special_and_tunnelling_addresses_may_not(address: str) -> None:
    assert is_refused(ip_address(address))
    with pytest.raises(RefusedAddress):
        vet_addresses([address])


@pytest.mark.parametrize("address", PRIVATE)
def test_one_refused_answer_refuses_them_all(address: str) -> None:
    with pytest.raises(RefusedAddress):
        vet_addresses([*PUBLIC, address])


def test_an_answer_that_is_no_address_is_refused() -> None:
    with pytest.raises(RefusedAddress):
        vet_addresses(["news.example"])


def test_no_answer_is_a_name_not_found() -> None:
    with pytest.raises(NameNotFound):
        vet_addresses([])


@given(st.ip_addresses())
def test_what_is_not_global_is_never_dialled(address: IPv4Address | IPv6Address) -> None:
    assert address.is_global or is_refused(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_mapped_into_ipv6_is_judged_as_itself(address: IPv4Address) -> None:
    assert is_refused(IPv6Address(f"::ffff:{address}")) == is_refused(address)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001"]
)
def test_every_spelling_of_a_number_is_the_address_that_a_resolver_would_make_of_it(host: str) -> None:
    assert parse_literal(host) == IPv4Address("127.0.0.1") == IPv4Address(socket.gethostbyname(host))


@pytest.mark.parametrize(
    "host", ["news.example", "256.256.256.256", "1.2.3.4.5", "1.2.3.08", "", "1.2.3.4 x"]
)
def test_what_is_no_address_is_none(host: str) -> None:
    assert parse_literal(host) is None


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]
)
def test_names_of_this_machine_are_known_without_a_lookup(host: str) -> None:
    assert is_loopback_name(host)


@pytest.mark.parametrize(
    "host", ["localhost.example", "mylocalhost", "128.0.0.1", "::2", "10.0.0.1", "news.example"]
)
def test_other_names_are_not_this_machine_s(host: str) -> None:
    assert not is_loopback_name(host)


async def test_a_name_s_answers_are_all_vetted_and_kept_in_order() -> None:
    resolver = PublicResolver(
        Names(news=["8.8.8.8", "93.184.216.34", "8.8.8.8"], trap=["8.8.8.8", "10.0.0.1"])
    )
    assert await resolver.resolve("news.example") == ("8.8.8.8", "93.184.216.34")
    with pytest.raises(RefusedAddress):
        await resolver.resolve("trap.example")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.0.0.1", "93.184.216.34", "::1"])
async def test_addresses_and_names_of_this_machine_are_never_looked_up(host: str) -> None:
    names = Names(localhost=PUBLIC)
    with suppress(RefusedAddress):
        assert await PublicResolver(names).resolve(host) == (host,)
    assert names.asked == []


@pytest.mark.parametrize(
    "host", ["a..b", "a" * 64 + ".example", "a." * 127 + "example", "ü" * 70, ".", "nowhere.example"]
)
async def test_names_that_cannot_be_or_are_not_there_are_not_found(host: str) -> None:
    with pytest.raises(NameNotFound):
        await PublicResolver(Names(a=PUBLIC)).resolve(host)


async def test_a_resolver_that_never_answers_is_given_up_on() -> None:
    with pytest.raises(NameNotFound):
        await PublicResolver(Silent(), seconds=0.02).resolve("news.example")


async def test_a_developer_may_reach_this_machine_by_its_own_names_alone() -> None:
    resolver = PublicResolver(Names(trap=["127.0.0.1"]), loopback=True)
    assert await resolver.resolve("localhost") == ("127.0.0.1", "::1")
    assert await resolver.resolve("::ffff:127.0.0.1") == ("127.0.0.1",)
    for host in ("trap.example", "10.0.0.1", "0.0.0.0"):
        with pytest.raises(RefusedAddress):
            await resolver.resolve(host)


# ── the operating system's resolver ─────────────────────────────────────────────────────────────────

Answers = list[tuple[int, int, int, str, tuple[str, int]]]


def answers(*addresses: str) -> Answers:
    return [(2, 1, 6, "", (address, 0)) for address in addresses]


async def test_the_system_s_answers_come_back_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers("8.8.8.8", "1.1.1.1", "8.8.8.8"))
    assert await SystemResolver().resolve("news.example") == ["8.8.8.8", "1.1.1.1"]


@pytest.mark.parametrize("failure", [socket.gaierror(), UnicodeError(), OSError()])
async def test_whatever_the_system_fails_with_is_a_name_not_found(
    monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object, **__: object) -> Answers:
        raise failure

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NameNotFound):
        await SystemResolver().resolve("news.example")


async def test_a_name_that_the_system_cannot_spell_is_not_found() -> None:
    with pytest.raises(NameNotFound):
        await SystemResolver().resolve("a" * 70 + ".example")


async def test_a_lookup_that_hangs_frees_its_place_once_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Event()

    def hang(*_: object, **__: object) -> Answers:
        held.wait(5)
        return answers("8.8.8.8")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    resolver = SystemResolver(at_once=1)
    with pytest.raises(NameNotFound):
        await PublicResolver(resolver, seconds=0.02).resolve("slow.example")
    with pytest.raises(NameNotFound):
        await PublicResolver(resolver, seconds=0.02).resolve("next.example")
    held.set()
    assert await resolver.resolve("third.example") == ["8.8.8.8"]
