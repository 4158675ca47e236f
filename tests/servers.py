"""A network of the tests' own on loopback: servers that answer as told, names that resolve as told.

    async with serve(html("<p>…")) as site:
        internet = Internet({"news.example": [PUBLIC]}, http=site)
        page = await internet.fetch(link("http://news.example/"))

Vetting is exercised for real: names resolve to public literals, and only the dialling of an address that
was already vetted is bent to a server on 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import httpcore

from bot.errors import NameNotFound
from bot.fetching.fetch import FetchLimits, HttpFetch, dial
from bot.fetching.host_rate_limiter import RateLimits
from bot.model import Link, Page

PUBLIC: Final = "93.184.216.34"
OTHER_PUBLIC: Final = "2606:2800:220:1:248:1893:25c8:1946"
CONTACT: Final = "https://hearsay.example/bot"
PATIENT: Final = FetchLimits(total=20, name=5)
HURRIED: Final = RateLimits(at_once=1000, in_all=1000, gap=0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in: "host/path" and its headers, names in lower case."""

    host: str = ""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return self.host + self.path


Answer = Callable[[Asked], AsyncIterator[bytes]]


@dataclass(slots=True)
class Served:
    port: int = 0
    connections: int = 0
    asked: list[Asked] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)  # a request came in
    left: asyncio.Event = field(default_factory=asyncio.Event)  # a client was answered, or has gone away


@asynccontextmanager
async def serve(
    answer: Answer, *, tls: ssl.SSLContext | None = None, hears: bool = True
) -> AsyncIterator[Served]:
    """A server on 127.0.0.1. `hears`: reads the request before it answers."""
    served = Served()
    busy: set[asyncio.Task[None]] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        if (task := asyncio.current_task()) is not None:
            busy.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                asked = await _heard(reader) if hears else Asked()
                served.asked.append(asked)
                served.heard.set()
                async for piece in answer(asked):
                    writer.write(piece)
                    await writer.drain()
        except asyncio.CancelledError:
            writer.transport.abort()  # the test is over, and streams complain when their task is cancelled
        finally:
            served.left.set()
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


async def _heard(reader: asyncio.StreamReader) -> Asked:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Asked(headers.get("host", ""), first.split(" ")[1], headers)


# ── answers ─────────────────────────────────────────────────────────────────────────────────────────


def raw(*pieces: bytes) -> Answer:
    """These bytes, whatever was asked."""

    async def answer(_: Asked) -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return answer


def head(status: str = "200 OK", **headers: str) -> bytes:
    """A status line and headers: `content_type="text/html"` becomes `Content-Type: text/html`."""
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")


def typed(content_type: str, body: bytes, **headers: str) -> Answer:
    length = str(len(body))
    return raw(head(content_type=content_type, content_length=length, **headers) + body)


def html(body: str = "<p>It rained.</p>", **headers: str) -> Answer:
    return typed("text/html; charset=utf-8", body.encode(), **headers)


def versioned(body: str, etag: str | None = None, modified: str | None = None) -> Answer:
    """A page with its version; whoever repeats all of it hears that nothing has changed."""
    said = {"etag": etag, "last_modified": modified}
    given = {name: value for name, value in said.items() if value}

    async def answer(asked: Asked) -> AsyncIterator[bytes]:
        repeated = (asked.headers.get("if-none-match"), asked.headers.get("if-modified-since"))
        unchanged = raw(head("304 Not Modified", **given))
        async for piece in (unchanged if given and repeated == (etag, modified) else html(body, **given))(
            asked
        ):
            yield piece

    return answer


def status(line: str, **headers: str) -> Answer:
    return raw(head(line, content_type="text/html", content_length="13", **headers) + b"<p>Sorry.</p>")


def redirect(location: str, line: str = "302 Found") -> Answer:
    return raw(head(line, location=location, content_length="0"))


def places(answers: Mapping[str, Answer]) -> Answer:
    """By "host/path"; anything else is 404."""

    async def answer(asked: Asked) -> AsyncIterator[bytes]:
        async for piece in answers.get(asked.place, status("404 Not Found"))(asked):
            yield piece

    return answer


def endless(beginning: bytes, piece: bytes, *, every: float = 0.0) -> Answer:
    """A beginning, then the same bytes for as long as somebody listens; `every`: seconds between them."""

    async def answer(_: Asked) -> AsyncIterator[bytes]:
        yield beginning
        while True:
            await asyncio.sleep(every)
            yield piece

    return answer


def silence() -> Answer:
    async def answer(_: Asked) -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    return answer


# ── the network ─────────────────────────────────────────────────────────────────────────────────────


class Internet:
    """Names, their addresses, and what answers there.

    `names` gives the answer to every lookup, or to one lookup after the other in a list of lists; the
    last one stays. None: the resolver never answers. Whatever is dialled reaches `http` (port 80) or
    `https` (port 443), so a connection to a refused address would be counted there; an address that is
    `deaf` never takes the connection.
    """

    def __init__(
        self,
        names: Mapping[str, Sequence[str] | Sequence[Sequence[str]] | None],
        *,
        http: Served | None = None,
        https: Served | None = None,
        deaf: str | None = None,
    ) -> None:
        self._names = names
        self._servers = {80: http, 443: https}
        self._deaf = deaf
        self.looked_up: list[str] = []
        self.dialled: list[tuple[str, int]] = []

    async def resolve(self, host: str) -> Sequence[str]:
        self.looked_up.append(host)
        if host not in self._names:
            raise NameNotFound
        answers = self._names[host]
        if answers is None:
            await asyncio.Event().wait()
        return _nth(answers or [], self.looked_up.count(host) - 1)

    async def dial(self, address: str, port: int) -> httpcore.AsyncNetworkStream:
        self.dialled.append((address, port))
        if address == self._deaf:
            await asyncio.Event().wait()
        if (served := self._servers.get(port)) is None:
            raise ConnectionRefusedError
        return await dial("127.0.0.1", served.port)

    def fetcher(
        self,
        *,
        limits: FetchLimits = PATIENT,
        tls: ssl.SSLContext | None = None,
        allow_loopback: bool = False,
        rate_limits: RateLimits = HURRIED,
    ) -> HttpFetch:
        return HttpFetch(
            contact=CONTACT,
            limits=limits,
            resolver=self,
            dial=self.dial,
            tls=tls or plain_tls(),
            allow_loopback=allow_loopback,
            rate_limits=rate_limits,
        )

    async def fetch(
        self,
        link: Link,
        *,
        limits: FetchLimits = PATIENT,
        tls: ssl.SSLContext | None = None,
        allow_loopback: bool = False,
    ) -> Page:
        async with self.fetcher(limits=limits, tls=tls, allow_loopback=allow_loopback) as fetch:
            return await fetch.fetch(link)


def plain_tls() -> ssl.SSLContext:
    """Trusts nobody, and is quick to make."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _nth(answers: Sequence[str] | Sequence[Sequence[str]], lookup: int) -> Sequence[str]:
    one = [answer for answer in answers if isinstance(answer, str)]
    many = [answer for answer in answers if not isinstance(answer, str)]
    return one or (many[min(lookup, len(many) - 1)] if many else [])
