"""The settings of the hostile inputs that are described in words: servers, certificates and resolvers."""

from __future__ import annotations

import random
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import trustme

from bot.errors import CannotCheck
from bot.fetching.fetch import FetchLimits
from bot.fetching.links import parse_link
from bot.model import Page
from tests.hostile.inputs import Entry
from tests.servers import (
    PUBLIC,
    Answer,
    Asked,
    Internet,
    endless,
    head,
    html,
    places,
    raw,
    redirect,
    serve,
    silence,
    status,
    typed,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands behind `url`. `before`: how often it is fetched in peace first."""

    url: str = "http://news.example/"
    answer: Answer = field(default_factory=html)
    names: Mapping[str, Sequence[str] | Sequence[Sequence[str]] | None] = field(default_factory=dict)
    certificate: Literal["fitting", "wrong host", "expired", "none"] = "fitting"
    hears: bool = True
    before: int = 0


def zeros(wbits: int, mebibytes: int = 256) -> bytes:
    """Compressed zeros: blocks that do not refer to each other, so one is repeated for the whole."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    first = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + block * (mebibytes - 1)


def packed(encoding: str, body: bytes) -> Setting:
    return Setting(answer=typed("text/html", body, content_encoding=encoding))


def sent(content_type: str, body: bytes) -> Setting:
    return Setting(answer=typed(content_type, body))


def said(line: str, **headers: str) -> Setting:
    return Setting(answer=status(line, **headers))


def led(location: str, line: str = "302 Found") -> Setting:
    return Setting(answer=redirect(location, line))


def named(**addresses: Sequence[str] | Sequence[Sequence[str]] | None) -> Setting:
    return Setting(url="http://trap.example/", names={"trap.example": addresses["trap"]})


async def twenty_hops(asked: Asked) -> AsyncIterator[bytes]:
    hop = int(asked.path.removeprefix("/") or 0)
    there = redirect(f"/{hop + 1}") if hop < 20 else html()
    async for piece in there(asked):
        yield piece


HTML_HEAD: Final = head(content_type="text/html")
CHUNKED: Final = head(content_type="text/html", transfer_encoding="chunked")
ENDLESS_CHUNK: Final = b"4000\r\n" + b"a" * 0x4000 + b"\r\n"
FEED: Final = b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>News</title></channel></rss>'

SETTINGS: Final[dict[str, Setting]] = {
    # cloud metadata and DNS
    "h043": Setting(
        url="http://metadata.google.internal/", names={"metadata.google.internal": ["169.254.169.254"]}
    ),
    "h044": named(trap=["127.0.0.1"]),
    "h045": named(trap=[PUBLIC, "127.0.0.1"]),
    "h046": replace(named(trap=[[PUBLIC], ["127.0.0.1"]]), before=1),
    "h047": named(trap=["::ffff:10.0.0.1"]),
    "h048": Setting(url="http://10.0.0.1.example/", names={"10.0.0.1.example": ["10.0.0.1"]}),
    "h049": Setting(url="http://nowhere.example/"),
    "h051": Setting(url=f"http://{'a' * 70}.example/"),
    "h053": named(trap=None),
    "h074": Setting(url="http://news.example/" + "a" * 70_000),
    # redirects
    "h089": led("http://127.0.0.1/"),
    "h090": led("http://169.254.169.254/"),
    "h091": replace(led("http://[::ffff:10.0.0.1]/"), url="https://news.example/"),
    "h092": replace(
        led("http://trap.example/", "307 Temporary Redirect"), names={"trap.example": ["10.0.0.5"]}
    ),
    "h093": Setting(
        answer=html('<meta http-equiv="refresh" content="0; url=http://169.254.169.254/"><p>It rained.</p>')
    ),
    "h094": led("file:///etc/passwd"),
    "h095": led("gopher://x"),
    "h096": led("http://news.example:6379/"),
    "h097": led("/"),
    "h098": Setting(answer=places({"news.example/": redirect("/b"), "news.example/b": redirect("/")})),
    "h099": Setting(answer=twenty_hops),
    "h100": Setting(answer=raw(head("302 Found", content_length="0"))),
    "h101": led("http://news.example/" + "a" * (1 << 20)),
    # body
    "h102": Setting(answer=raw(HTML_HEAD, *[b"a" * (1 << 16)] * 81)),
    "h103": Setting(answer=raw(head(content_type="text/html", content_length=str(10 * 10**9)))),
    "h104": Setting(answer=endless(CHUNKED, ENDLESS_CHUNK)),
    "h105": packed("gzip", zeros(31)),
    "h106": packed("br", b"\x5b\xff\xff\x0f" + bytes(401)),
    "h107": packed("zstd", b"\x28\xb5\x2f\xfd" + bytes(8000)),
    "h108": packed("gzip, gzip", zeros(31, 4)),
    "h109": packed("middle-out", b"<p>It rained.</p>"),
    "h110": Setting(answer=endless(HTML_HEAD, b"a", every=0.1)),
    "h111": Setting(answer=endless(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n", every=0.1)),
    "h112": Setting(answer=endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", every=0.002)),
    "h113": Setting(answer=silence()),
    "h114": Setting(url="https://news.example/", answer=silence(), certificate="none", hears=False),
    "h115": Setting(answer=raw(b"HTTP/1.1 200 OK\r\nX-Long: ", *[b"a" * (1 << 16)] * 128)),
    "h116": Setting(answer=raw(head(content_type="text/html", content_length="1000") + b"<p>")),
    "h117": Setting(answer=raw(b"<p>It rained.</p>")),
    "h118": Setting(answer=raw(random.Random(118).randbytes(4096))),
    "h119": Setting(url="https://news.example/", certificate="wrong host"),
    "h120": Setting(url="https://news.example/", certificate="expired"),
    # types
    "h121": sent("image/png", b"\x89PNG\r\n\x1a\n"),
    "h122": sent("application/pdf", b"%PDF-1.7\n"),
    "h123": sent("application/zip", b"PK\x03\x04"),
    "h124": sent("text/html", b"%PDF-1.7\n"),
    "h125": sent("application/octet-stream", b"\x00\x01"),
    "h126": sent("text/plain", b"It rained. " * 190_000),
    "h127": sent("application/json", b'{"rain": true}'),
    "h128": sent("audio/mpeg", b"ID3"),
    "h129": sent("application/rss+xml", FEED),
    "h130": sent("text/html", b""),
    "h131": Setting(answer=raw(head("204 No Content"))),
    "h132": Setting(answer=raw(head("304 Not Modified"))),
    # status
    "h133": said("401 Unauthorized", www_authenticate="Basic"),
    "h134": said("403 Forbidden"),
    "h135": said("404 Not Found"),
    "h136": said("410 Gone"),
    "h137": said("429 Too Many Requests", retry_after="999999"),
    "h138": said("451 Unavailable For Legal Reasons"),
    "h139": said("500 Internal Server Error"),
    "h140": said("503 Service Unavailable"),
    "h185": said("403 Forbidden", server="cloudflare", cf_mitigated="challenge"),
    "h188": said("451 Unavailable For Legal Reasons"),
}


def setting_of(entry: Entry) -> Setting:
    """Addresses that are meant literally may be followed by a remark in brackets."""
    return SETTINGS.get(entry.id) or Setting(url=entry.input.partition(" (")[0])


class Authority:
    """Certificates for news.example, from an authority that only these tests trust."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def trusting(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._ca.configure_trust(context)
        return context

    def server(self, certificate: str) -> ssl.SSLContext | None:
        if certificate == "none":
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._issued(certificate).configure_cert(context)
        return context

    def _issued(self, certificate: str) -> trustme.LeafCert:
        now = datetime.now(UTC)
        if certificate == "expired":
            return self._ca.issue_cert(
                "news.example", not_before=now - timedelta(days=9), not_after=now - timedelta(days=2)
            )
        return self._ca.issue_cert("other.example" if certificate == "wrong host" else "news.example")


@dataclass(frozen=True, slots=True)
class Met:
    """What came of it, and every address that was dialled."""

    result: Page | CannotCheck
    dialled: tuple[str, ...]
    connections: int


async def meet(setting: Setting, limits: FetchLimits, authority: Authority) -> Met:
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(serve(setting.answer, hears=setting.hears))
        server_tls = authority.server(setting.certificate)
        https = await stack.enter_async_context(serve(setting.answer, tls=server_tls, hears=setting.hears))
        internet = Internet({"news.example": [PUBLIC]} | dict(setting.names), http=http, https=https)
        fetch = await stack.enter_async_context(internet.fetcher(limits=limits, tls=authority.trusting()))
        try:
            given = parse_link(setting.url)
            for _ in range(setting.before):
                await fetch.fetch(given)
            result: Page | CannotCheck = await fetch.fetch(given)
        except CannotCheck as failure:
            result = failure
        dialled = tuple(address for address, _ in internet.dialled)
        return Met(result, dialled, http.connections + https.connections)
