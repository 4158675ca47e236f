"""A link's page over HTTP. The one module that knows the HTTP client.

    HttpFetch ── hop by hop: parse_target() ── PublicResolver ── dial the literal ── TLS by name ── raw body
                     └── 301, 302, 303, 307, 308: at most five, each vetted like the first

Against SSRF, the connection is pinned: the name is looked up once, every answer is vetted, and the literal
that was vetted is the one that is dialled, while SNI, Host and the certificate check keep the name. Pages are
strangers' choices, so nothing is carried from one to the next: no cookies, no kept connections, no
Referer, nothing of the environment. A meta refresh is a page, not a redirect. What a server said of a
page's version is repeated to the very address that said it, and to no host but the link's own.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from time import monotonic
from types import TracebackType
from typing import Final, Self, overload
from urllib.parse import urljoin

import httpcore
import httpx
import idna
import structlog

from bot.errors import (
    BadAnswer,
    BadStatus,
    CannotCheck,
    EmptyPage,
    NameNotFound,
    NoAnswer,
    NotALink,
    RedirectsNowhere,
    RefusedAddress,
    TimedOut,
    TooLarge,
    TooManyRedirects,
)
from bot.fetching.content_types import check_bytes, check_type, parse_charset
from bot.fetching.decompression import Decompressor
from bot.fetching.host_rate_limiter import DEFAULT_LIMITS, HostRateLimiter, RateLimits
from bot.fetching.ip_addresses import PublicResolver, Resolver, SystemResolver, is_loopback_name
from bot.fetching.url_validation import LONGEST_HOP, Target, parse_target
from bot.model import Link, NotModified, Page, Version
from bot.ports import HostSlots

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PAGES: Final = frozenset({200, 203})
_NOT_MODIFIED: Final = 304
_TIRED: Final = frozenset({429, 503})
_NOTHING: Final = frozenset({204, 205, _NOT_MODIFIED})  # unasked, 304 is no page: nothing is known here

# Strangers' words that are kept and sent back: exactly what RFC 9110 allows, in ASCII, and bounded.
_ETAG: Final = re.compile(r'(?:W/)?"[!#-~]{1,1000}"')
_MODIFIED: Final = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT")

Dial = Callable[[str, int], Awaitable[httpcore.AsyncNetworkStream]]
log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """The limits of one fetch: seconds, decoded bytes and redirects."""

    total: float = 15.0
    name: float = 3.0
    dial: float = 4.0
    bytes: int = 2 * 1024 * 1024  # the largest of 1,255 real pages had 1.6 MB
    hops: int = 5


async def dial(address: str, port: int) -> httpcore.AsyncNetworkStream:
    """Connect to a literal address."""
    return await httpcore.AnyIOBackend().connect_tcp(address, port)


class HttpFetch:
    """Fetches a link's page. Raises BadLink, CannotFetch, NotAnArticle and EmptyPage.

    `contact` is the address for owners of sites who ask about a request. `allow_loopback` is a developer's
    switch: links to this machine are then fetched, on any port. `host_slots`: those of other processes, where
    there are some. `dial` and `tls` are for tests.
    """

    def __init__(
        self,
        *,
        contact: str,
        limits: FetchLimits = FetchLimits(),
        resolver: Resolver | None = None,
        allow_loopback: bool = False,
        dial: Dial = dial,
        tls: ssl.SSLContext | None = None,
        rate_limits: RateLimits = DEFAULT_LIMITS,
        host_slots: HostSlots | None = None,
    ) -> None:
        self._limits = limits
        self._loopback = allow_loopback
        self._headers = {
            "User-Agent": f"Hearsay/{version('hearsay-bot')} (+{contact})",
            "Accept": "text/html,application/xhtml+xml;q=0.9",
            "Accept-Encoding": "gzip",  # what can be unpacked under a cap
            "Connection": "close",
        }
        self._rate_limiter = HostRateLimiter(rate_limits, host_slots=host_slots)
        public = PublicResolver(resolver or SystemResolver(), seconds=limits.name, loopback=allow_loopback)
        # A transport and no client: a client keeps cookies, reads the environment and writes whole
        # addresses, tokens and all, into the log.
        self._transport = _PinnedTransport(_PinnedBackend(public, dial, limits.dial), tls)

    @overload
    async def fetch(self, link: Link) -> Page: ...

    @overload
    async def fetch(self, link: Link, known: Version | None) -> Page | NotModified: ...

    async def fetch(self, link: Link, known: Version | None = None) -> Page | NotModified:
        there = parse_target(link.url, loopback=self._loopback)
        started = monotonic()
        try:
            async with self._turn(there):
                try:
                    async with asyncio.timeout(self._limits.total):
                        found = await self._follow(there, known)
                except TimeoutError:
                    raise TimedOut from None
        except CannotCheck as failure:
            _log_outcome(there, failure.kind, started)
            raise
        _log_outcome(there, "page" if isinstance(found, Page) else "not_modified", started)
        return found

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def _turn(self, there: Target) -> AbstractAsyncContextManager[None]:
        """Limit the rate for strangers' servers, not for a developer's own."""
        mine = self._loopback and is_loopback_name(there.host)
        return nullcontext() if mine else self._rate_limiter.acquire(there.host)

    async def _follow(self, first: Target, known: Version | None) -> Page | NotModified:
        there = first
        for _ in range(self._limits.hops + 1):
            if there.host == first.host:
                reached = await self._ask(there, known)
            else:
                async with self._turn(there):
                    reached = await self._ask(there, None)
            if not isinstance(reached, Target):
                return reached
            there = reached
        raise TooManyRedirects

    async def _ask(self, there: Target, known: Version | None) -> Page | NotModified | Target:
        """Ask for this address. Return its page, that it was not modified, or the target of its redirect."""
        try:
            request = httpx.Request("GET", there.url, headers=self._headers)
            conditions = _make_conditions(known, str(request.url))
            request.headers.update(conditions)
            async with aclosing(await self._transport.handle_async_request(request)) as response:
                if response.status_code in _REDIRECTS:
                    return self._next(there, response.headers.get("location", ""))
                if conditions and response.status_code == _NOT_MODIFIED:
                    return NotModified()
                if response.status_code in _TIRED:
                    await self._rate_limiter.obey_retry_after(there.host, response.headers.get("retry-after"))
                return await self._page(str(request.url), response)
        except (httpx.InvalidURL, idna.IDNAError):
            raise NameNotFound from None  # a host that cannot be spelled, such as "xn--"
        except (httpx.HTTPError, httpx.StreamError, OSError, ValueError):
            raise BadAnswer from None  # ValueError: numbers in headers that are none

    def _next(self, here: Target, location: str) -> Target:
        """Return the target of a redirect. Raises what `parse_target` raises, but RedirectsNowhere for what
        is no address at all."""
        local = self._loopback and is_loopback_name(here.host)
        try:
            there = parse_target(_join(here, location), loopback=local, longest=LONGEST_HOP)
        except NotALink:
            raise RedirectsNowhere from None
        if is_loopback_name(there.host) and not local:
            raise RefusedAddress  # a developer's switch is for what he types, not for where pages lead
        return there

    async def _page(self, url: str, response: httpx.Response) -> Page:
        content_type = response.headers.get("content-type", "")
        if response.status_code in _NOTHING:
            raise EmptyPage
        if response.status_code not in _PAGES:
            raise BadStatus(response.status_code)
        check_type(content_type)
        body = await self._body(response)
        if not body.strip():
            raise EmptyPage
        check_bytes(content_type, body)
        version = _make_version(url, response.headers.get("etag"), response.headers.get("last-modified"))
        return Page(url=url, body=body, charset=parse_charset(content_type), version=version)

    async def _body(self, response: httpx.Response) -> bytes:
        unpacking = Decompressor(response.headers.get("content-encoding", ""), self._limits.bytes)
        if int(response.headers.get("content-length", 0)) > self._limits.bytes:
            raise TooLarge
        async for piece in response.aiter_raw():
            unpacking.feed(piece)
        return unpacking.body()


def _make_version(url: str, etag: str | None, modified: str | None) -> Version | None:
    """Return the well formed part of a server's version; None where nothing is."""
    etag = etag if _ETAG.fullmatch(etag or "") else None
    modified = modified if _MODIFIED.fullmatch(modified or "") else None
    return Version(url, etag, modified) if etag or modified else None


def _make_conditions(known: Version | None, url: str) -> dict[str, str]:
    """Make the headers of a conditional request for the page at this address."""
    # Vetted once more: between its server and this request it has been in a database.
    known = known and _make_version(known.url, known.etag, known.modified)
    if known is None or known.url != url:
        return {}
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in given.items() if value}


def _join(here: Target, location: str) -> str:
    if not location.strip():
        raise RedirectsNowhere
    try:
        return urljoin(here.url, location.strip().replace(" ", "%20"))
    except ValueError:
        raise RedirectsNowhere from None


def _log_outcome(there: Target, outcome: str, started: float) -> None:
    # The host alone: paths and queries can hold what makes a link private.
    log.info("fetched", host=there.host, outcome=outcome, seconds=round(monotonic() - started, 3))


# ── the pinned connection ───────────────────────────────────────────────────────────────────────────


class _PinnedBackend(httpcore.AsyncNetworkBackend):
    """Dials the address that was vetted and no other, against SSRF and DNS rebinding."""

    def __init__(self, resolver: PublicResolver, dial: Dial, seconds: float) -> None:
        self._resolver = resolver
        self._dial = dial
        self._seconds = seconds

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  # httpcore's signature
        local_address: str | None = None,  # noqa: ARG002  # httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002  # httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        for address in await self._resolver.resolve(host):
            try:
                async with asyncio.timeout(self._seconds):
                    return _ClosingStream(await self._dial(address, port))
            except (OSError, httpcore.NetworkError, httpcore.TimeoutException):
                continue  # the next of its addresses may answer
        raise NoAnswer


class _ClosingStream(httpcore.AsyncNetworkStream):
    """A connection that is closed when its TLS handshake is cut short: httpcore leaves it open then."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except asyncio.CancelledError:
            await self.aclose()
            raise


class _PinnedTransport(httpx.AsyncHTTPTransport):
    def __init__(self, backend: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext | None) -> None:
        tls = tls or httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=tls, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,  # how many checks run at once is decided where work is accepted
            max_keepalive_connections=0,
            network_backend=backend,
        )
