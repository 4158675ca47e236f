from __future__ import annotations

import asyncio
import gzip
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.errors import (
    BadAnswer,
    BadStatus,
    CannotCheck,
    EmptyPage,
    NameNotFound,
    NoAnswer,
    NotAnArticle,
    RedirectsNowhere,
    RefusedAddress,
    RefusedPort,
    RefusedScheme,
    TimedOut,
    TooLarge,
    TooManyRedirects,
)
from bot.fetching.fetch import FetchLimits, HttpFetch, _make_conditions, _make_version
from bot.fetching.links import parse_link
from bot.model import NotModified, Page, Version
from bot.ports import Fetcher
from tests.servers import (
    CONTACT,
    OTHER_PUBLIC,
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
    versioned,
)

USUAL = FetchLimits()
NEWS = "http://news.example/a"
PAGE = "<p>It rained.</p>"
NAMES = {"news.example": [PUBLIC], "other.example": [PUBLIC], "trap.example": ["10.0.0.5"]}


async def fetched(answer: Answer, url: str = NEWS, *, limits: FetchLimits = USUAL) -> Page:
    async with serve(answer) as site:
        return await Internet(NAMES, http=site).fetch(parse_link(url), limits=limits)


async def asked_for(answer: Answer, url: str = NEWS) -> list[Asked]:
    async with serve(answer) as site:
        await Internet(NAMES, http=site).fetch(parse_link(url))
        return site.asked


# ── the page ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_page_comes_back_as_the_server_sent_it() -> None:
    assert await fetched(html(PAGE)) == Page(NEWS, PAGE.encode(), "utf-8")


async def test_a_packed_page_is_unpacked() -> None:
    page = await fetched(typed("text/html", gzip.compress(PAGE.encode()), content_encoding="gzip"))
    assert page == Page(NEWS, PAGE.encode())


async def test_a_page_that_comes_in_chunks_is_put_together() -> None:
    chunks = raw(
        head(content_type="text/html", transfer_encoding="chunked"), b"3\r\n<p>\r\n", b"2\r\nIt\r\n0\r\n\r\n"
    )
    assert (await fetched(chunks)).body == b"<p>It"


async def test_a_foreign_address_is_asked_for_in_the_name_system_s_spelling() -> None:
    async with serve(html(PAGE)) as site:
        internet = Internet({"xn--bcher-kva.example": [PUBLIC]}, http=site)
        page = await internet.fetch(parse_link("http://Bücher.example/straße?q=ö#top"))
    assert page.url == "http://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%B6"
    assert site.asked[0].place == "xn--bcher-kva.example/stra%C3%9Fe?q=%C3%B6"


async def test_a_page_that_the_server_gives_no_type_is_known_by_its_markup() -> None:
    assert (await fetched(raw(head() + b"<!doctype html><p>It rained."))).charset is None


async def test_nothing_tells_a_site_more_than_who_asks_and_how_to_reach_him() -> None:
    [asked] = await asked_for(html())
    assert asked.headers == {
        "host": "news.example",
        "user-agent": f"Hearsay/0.1.0 (+{CONTACT})",
        "accept": "text/html,application/xhtml+xml;q=0.9",
        "accept-encoding": "gzip",
        "connection": "close",
    }


async def test_no_cookie_is_kept_and_no_referrer_sent_between_hops_or_pages() -> None:
    answers = {
        "news.example/a": raw(
            head("302 Found", location="/b", set_cookie="id=7; Path=/", content_length="0")
        ),
        "news.example/b": html(PAGE, set_cookie="id=8"),
    }
    async with serve(places(answers)) as site, Internet(NAMES, http=site).fetcher() as fetch:
        await fetch.fetch(parse_link(NEWS))
        await fetch.fetch(parse_link(NEWS))
    assert [asked.path for asked in site.asked] == ["/a", "/b", "/a", "/b"]
    assert not any({"cookie", "referer", "authorization"} & asked.headers.keys() for asked in site.asked)


async def test_no_connection_is_used_twice_so_every_hop_is_looked_up_anew() -> None:
    async with serve(places({"news.example/a": redirect("/b"), "news.example/b": html()})) as site:
        internet = Internet(NAMES, http=site)
        await internet.fetch(parse_link(NEWS))
    assert site.connections == 2
    assert internet.looked_up == ["news.example", "news.example"]


async def test_the_environment_s_proxies_and_passwords_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await fetched(html(PAGE))).body == PAGE.encode()


# ── where it connects ───────────────────────────────────────────────────────────────────────────────


async def test_the_address_that_was_vetted_is_the_one_that_is_dialled() -> None:
    async with serve(html()) as site:
        internet = Internet({"news.example": [[PUBLIC], ["127.0.0.1"]]}, http=site)
        async with internet.fetcher() as fetch:
            await fetch.fetch(parse_link(NEWS))
            assert internet.looked_up == ["news.example"]
            with pytest.raises(RefusedAddress):
                await fetch.fetch(parse_link(NEWS))
    assert internet.dialled == [(PUBLIC, 80)]
    assert site.connections == 1


@pytest.mark.parametrize("answers", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::ffff:10.0.0.1"], ["nonsense"]])
async def test_no_connection_is_opened_for_a_name_with_a_refused_address(answers: list[str]) -> None:
    async with serve(html()) as site:
        internet = Internet({"news.example": answers}, http=site)
        with pytest.raises(RefusedAddress):
            await internet.fetch(parse_link(NEWS))
    assert (internet.dialled, site.connections) == ([], 0)


async def test_the_next_address_of_a_name_is_tried_when_the_first_does_not_answer() -> None:
    async with serve(html(PAGE)) as site:
        internet = Internet({"news.example": [OTHER_PUBLIC, PUBLIC]}, http=site, deaf=OTHER_PUBLIC)
        page = await internet.fetch(parse_link(NEWS), limits=FetchLimits(dial=0.3))
    assert internet.dialled == [(OTHER_PUBLIC, 80), (PUBLIC, 80)]
    assert page.body == PAGE.encode()


async def test_a_site_that_nobody_can_reach_gives_no_answer() -> None:
    with pytest.raises(NoAnswer):
        await Internet(NAMES).fetch(parse_link(NEWS))


async def test_a_site_that_takes_no_connection_gives_no_answer() -> None:
    async with serve(html(PAGE)) as site:
        internet = Internet(NAMES, http=site, deaf=PUBLIC)
        with pytest.raises(NoAnswer):
            await internet.fetch(parse_link(NEWS), limits=FetchLimits(dial=0.1))


async def test_a_port_where_nobody_listens_gives_no_answer() -> None:
    async with serve(html(PAGE)) as site:
        port = site.port
    async with HttpFetch(contact=CONTACT, allow_loopback=True) as fetch:
        with pytest.raises(NoAnswer):
            await fetch.fetch(parse_link(f"http://127.0.0.1:{port}/", loopback=True))


@pytest.mark.parametrize("url", ["http://nowhere.example/", "http://xn--/", "http://xn--a/", "http://a..b/"])
async def test_a_name_that_is_not_there_is_not_found(url: str) -> None:
    with pytest.raises(NameNotFound):
        await Internet(NAMES).fetch(parse_link(url))


async def test_a_developer_may_fetch_from_this_machine_on_any_port() -> None:
    async with serve(html(PAGE)) as site, HttpFetch(contact=CONTACT, allow_loopback=True) as fetch:
        for host in ("127.0.0.1", "localhost", "127.1"):
            page = await fetch.fetch(parse_link(f"http://{host}:{site.port}/a", loopback=True))
            assert page.body == PAGE.encode()


async def test_without_the_developer_s_switch_this_machine_is_refused() -> None:
    async with serve(html(PAGE)) as site, HttpFetch(contact=CONTACT) as fetch:
        with pytest.raises(RefusedPort):
            await fetch.fetch(parse_link(f"http://127.0.0.1:{site.port}/a", loopback=True))
        with pytest.raises(RefusedAddress):
            await fetch.fetch(parse_link("http://127.0.0.1/a"))
    assert site.connections == 0


async def test_the_developer_s_switch_does_not_let_other_pages_lead_to_this_machine() -> None:
    async with serve(redirect("http://localhost/")) as site:
        internet = Internet(NAMES, http=site)
        with pytest.raises(RefusedAddress):
            await internet.fetch(parse_link(NEWS), allow_loopback=True)
    assert internet.dialled == [(PUBLIC, 80)]


# ── TLS ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_tls(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def client_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


async def test_the_certificate_is_checked_against_the_name_though_a_literal_is_dialled(
    authority: trustme.CA,
) -> None:
    seen: list[str] = []
    context = server_tls(authority, "news.example")
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    async with serve(html(PAGE), tls=context) as site:
        page = await Internet(NAMES, https=site).fetch(
            parse_link("https://news.example/a"), tls=client_tls(authority)
        )
    assert page.url == "https://news.example/a"
    assert seen == ["news.example"]
    assert site.asked[0].host == "news.example"


async def test_a_certificate_for_another_name_is_a_bad_answer(authority: trustme.CA) -> None:
    async with serve(html(PAGE), tls=server_tls(authority, "other.example")) as site:
        with pytest.raises(BadAnswer):
            await Internet(NAMES, https=site).fetch(
                parse_link("https://news.example/"), tls=client_tls(authority)
            )
    assert site.asked == []


async def test_two_names_behind_one_address_get_a_connection_each(authority: trustme.CA) -> None:
    context = server_tls(authority, "news.example", "other.example")
    answers = {"news.example/": redirect("https://other.example/"), "other.example/": html(PAGE)}
    async with serve(places(answers), tls=context) as site:
        page = await Internet(NAMES, https=site).fetch(
            parse_link("https://news.example/"), tls=client_tls(authority)
        )
    assert page.url == "https://other.example/"
    assert site.connections == 2


async def test_an_authority_that_nobody_knows_is_not_trusted(authority: trustme.CA) -> None:
    here = serve(html(PAGE), tls=server_tls(authority, "localhost"))
    async with here as site, HttpFetch(contact=CONTACT, allow_loopback=True) as fetch:
        with pytest.raises(BadAnswer):
            await fetch.fetch(parse_link(f"https://localhost:{site.port}/", loopback=True))


# ── redirects ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
async def test_the_page_of_a_redirect_carries_the_address_where_it_was_found(line: str) -> None:
    answers = {
        "news.example/a": redirect("http://other.example/b c?d#e", line),
        "other.example/b%20c?d": html(PAGE),
    }
    assert (await fetched(places(answers))).url == "http://other.example/b%20c?d"


@pytest.mark.parametrize("location", ["/b", "b", "//news.example/b", "?b", "http://news.example./b"])
async def test_a_redirect_may_be_relative(location: str) -> None:
    answers = {
        "news.example/a": redirect(location),
        "news.example/b": html(PAGE),
        "news.example/a?b": html(PAGE),
    }
    assert (await fetched(places(answers))).body == PAGE.encode()


def hops(count: int) -> Answer:
    async def answer(asked: Asked) -> AsyncIterator[bytes]:
        hop = int(asked.path.removeprefix("/"))
        async for piece in (redirect(f"/{hop + 1}") if hop < count else html(PAGE))(asked):
            yield piece

    return answer


async def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    assert (await fetched(hops(5), "http://news.example/0")).url == "http://news.example/5"
    with pytest.raises(TooManyRedirects):
        await fetched(hops(6), "http://news.example/0")


@pytest.mark.parametrize(
    ("location", "failure"),
    [
        ("http://10.0.0.1/", RefusedAddress),
        ("http://trap.example/", RefusedAddress),
        ("http://localhost/", RefusedAddress),
        ("http://127.0.0.1:6379/", RefusedPort),
        ("http://other.example:6379/", RefusedPort),
        ("file:///etc/passwd", RefusedScheme),
        ("javascript:alert(1)", RefusedScheme),
        ("", RedirectsNowhere),
        ("https:///etc", RedirectsNowhere),
        ("http://[::1", RedirectsNowhere),
        ("http://other.example/" + "a" * 9000, RedirectsNowhere),
        ("http://nowhere.example/", NameNotFound),
    ],
)
async def test_every_hop_is_vetted_like_the_first(location: str, failure: type[CannotCheck]) -> None:
    async with serve(redirect(location)) as site:
        internet = Internet(NAMES, http=site)
        with pytest.raises(failure):
            await internet.fetch(parse_link(NEWS))
    assert internet.dialled == [(PUBLIC, 80)]


async def test_a_refresh_of_the_page_is_not_followed() -> None:
    body = '<meta http-equiv="refresh" content="0; url=http://10.0.0.1/"><p>It rained.</p>'
    assert (await fetched(html(body, refresh="0; url=http://10.0.0.1/"))).body == body.encode()


# ── whether it has changed ──────────────────────────────────────────────────────────────────────────

MONDAY = "Mon, 23 Nov 2026 08:00:00 GMT"
TUESDAY = "Tue, 24 Nov 2026 08:00:00 GMT"
FIRST = Version(NEWS, '"one"', MONDAY)


async def asked_again(
    answer: Answer, known: Version | None, url: str = NEWS
) -> tuple[Page | NotModified, list[Asked]]:
    async with serve(answer) as site, Internet(NAMES, http=site).fetcher() as fetch:
        found = await fetch.fetch(parse_link(url), known)
        return found, site.asked


def conditions(asked: Asked) -> set[str]:
    return {"if-none-match", "if-modified-since"} & asked.headers.keys()


@pytest.mark.parametrize(
    ("etag", "modified"), [('"one"', MONDAY), ('W/"one"', None), (None, MONDAY), (None, None)]
)
async def test_a_page_carries_what_its_server_said_of_its_version(
    etag: str | None, modified: str | None
) -> None:
    page = await fetched(versioned(PAGE, etag, modified))
    assert page.version == (Version(NEWS, etag, modified) if etag or modified else None)


@pytest.mark.parametrize("known", [FIRST, Version(NEWS, '"one"'), Version(NEWS, None, MONDAY)])
async def test_a_page_that_has_not_changed_is_said_to_be_so(known: Version) -> None:
    found, [asked] = await asked_again(versioned(PAGE, known.etag, known.modified), known)
    assert found == NotModified()
    assert asked.headers.get("if-none-match") == known.etag
    assert asked.headers.get("if-modified-since") == known.modified


async def test_a_page_that_has_changed_comes_with_its_new_version() -> None:
    found, _ = await asked_again(versioned(PAGE, '"two"', TUESDAY), FIRST)
    assert found == Page(NEWS, PAGE.encode(), "utf-8", version=Version(NEWS, '"two"', TUESDAY))


async def test_a_server_that_knows_nothing_of_versions_sends_the_page() -> None:
    found, _ = await asked_again(html(PAGE), FIRST)
    assert found == Page(NEWS, PAGE.encode(), "utf-8")


@pytest.mark.parametrize("known", [None, Version("http://news.example/b", '"one"'), Version(NEWS)])
async def test_a_304_that_nobody_asked_for_is_an_empty_page(known: Version | None) -> None:
    async with (
        serve(raw(head("304 Not Modified", etag='"one"'))) as site,
        Internet(NAMES, http=site).fetcher() as fetch,
    ):
        with pytest.raises(EmptyPage):
            await fetch.fetch(parse_link(NEWS), known)
    assert [conditions(asked) for asked in site.asked] == [set()]


async def test_a_version_is_repeated_to_the_address_that_said_it_and_not_to_the_one_that_leads_there() -> (
    None
):
    answers = {"news.example/short": redirect("/a"), "news.example/a": versioned(PAGE, '"one"', MONDAY)}
    found, asked = await asked_again(places(answers), FIRST, "http://news.example/short")
    assert found == NotModified()
    assert [conditions(one) for one in asked] == [set(), {"if-none-match", "if-modified-since"}]


async def test_no_redirect_carries_a_version_to_another_host() -> None:
    there = Version("http://other.example/a", '"one"', MONDAY)
    for known in (FIRST, there):
        answers = {"news.example/a": redirect("http://other.example/a"), "other.example/a": html(PAGE)}
        found, asked = await asked_again(places(answers), known)
        assert isinstance(found, Page)
        assert conditions(asked[1]) == set()


async def test_a_redirect_that_was_not_there_before_is_followed_without_the_version() -> None:
    answers = {"news.example/a": redirect("/b"), "news.example/b": raw(head("304 Not Modified"))}
    with pytest.raises(EmptyPage):
        await asked_again(places(answers), FIRST)


async def test_a_version_is_known_by_the_address_as_it_was_asked_for() -> None:
    async with serve(versioned(PAGE, '"one"')) as site:
        internet = Internet({"xn--bcher-kva.example": [PUBLIC]}, http=site)
        async with internet.fetcher() as fetch:
            given = parse_link("http://Bücher.example/straße?q=ö#top")
            assert await fetch.fetch(given, (await fetch.fetch(given)).version) == NotModified()


@pytest.mark.parametrize(
    "etag", ["one", '"one', "*", '""', '"a", "b"', '"a\x01b"', '"a\x7fb"', '"é"', '"' + "a" * 10_000 + '"']
)
async def test_an_etag_that_is_none_is_not_kept(etag: str) -> None:
    page = await fetched(html(PAGE, etag=etag, last_modified=MONDAY))
    assert page.version == Version(NEWS, None, MONDAY)


@pytest.mark.parametrize(
    "modified", ["yesterday", "0", "Mon, 23 Nov 2026", f"{MONDAY}, {MONDAY}", "M" * 10_000]
)
async def test_a_date_that_is_none_is_not_kept(modified: str) -> None:
    assert (await fetched(html(PAGE, last_modified=modified))).version is None


@pytest.mark.parametrize("etag", ['"a"\r\nCookie: id=7', '"a\nb"', "*", '"' + "a" * 10_000 + '"'])
async def test_a_version_that_somebody_changed_in_the_store_is_not_sent(etag: str) -> None:
    found, [asked] = await asked_again(html(PAGE), Version(NEWS, etag, "yesterday"))
    assert isinstance(found, Page)
    assert conditions(asked) == set()


@given(etag=st.text() | st.from_regex(r'(W/)?"[!-~]*"', fullmatch=True), modified=st.text() | st.just(MONDAY))
def test_what_is_kept_of_a_version_is_short_and_printable_and_sent_back_as_it_was(
    etag: str, modified: str
) -> None:
    said = _make_version(NEWS, etag, modified)
    kept = [value for value in (said and said.etag, said and said.modified) if value]
    assert all(value in {etag, modified} and value.isprintable() and value.isascii() for value in kept)
    assert all(len(value) <= 1024 for value in kept)
    assert list(_make_conditions(said, NEWS).values()) == kept


async def test_a_page_that_has_not_changed_leaves_its_line() -> None:
    with capture_logs() as lines:
        await asked_again(versioned(PAGE, '"one"', MONDAY), FIRST)
    assert [line["outcome"] for line in lines] == ["not_modified"]


# ── what is no page ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", [201, 202, 206, 300, 400, 401, 403, 404, 410, 418, 429, 451, 500, 503, 999])
async def test_any_other_status_is_said(code: int) -> None:
    with pytest.raises(BadStatus) as failure:
        await fetched(status(f"{code} Whatever", retry_after="999999"))
    assert failure.value.facts == {"status": code}


@pytest.mark.parametrize(
    "answer",
    [
        raw(head("204 No Content")),
        raw(head("205 Reset Content", content_length="0")),
        raw(head("304 Not Modified")),
        typed("text/html", b""),
        typed("text/html", b" \r\n\t"),
        typed("text/html", gzip.compress(b""), content_encoding="gzip"),
        raw(head(content_length="0")),
    ],
)
async def test_nothing_is_an_empty_page(answer: Answer) -> None:
    with pytest.raises(EmptyPage):
        await fetched(answer)


async def test_the_body_of_another_type_is_not_even_read() -> None:
    with pytest.raises(NotAnArticle) as failure:
        await fetched(endless(head(content_type="video/mp4"), b"\0" * 65536), limits=FetchLimits(bytes=1))
    assert failure.value.facts == {"what": "video"}


async def test_a_pdf_that_calls_itself_html_is_a_document() -> None:
    with pytest.raises(NotAnArticle) as failure:
        await fetched(typed("text/html", b"%PDF-1.7 ..."))
    assert failure.value.facts == {"what": "document"}


# ── what it may cost ────────────────────────────────────────────────────────────────────────────────


def test_the_limits_of_the_product() -> None:
    assert FetchLimits() == FetchLimits(total=15.0, name=3.0, dial=4.0, bytes=2_097_152, hops=5)


async def test_a_page_of_exactly_the_limit_is_read_and_one_byte_more_is_too_large() -> None:
    limits = FetchLimits(bytes=1000)
    assert len((await fetched(typed("text/html", b"a" * 1000), limits=limits)).body) == 1000
    with pytest.raises(TooLarge):
        await fetched(typed("text/html", b"a" * 1001), limits=limits)
    with pytest.raises(TooLarge):
        await fetched(typed("text/html", gzip.compress(b"a" * 1001), content_encoding="gzip"), limits=limits)


async def test_a_declared_size_beyond_the_limit_is_refused_before_the_body() -> None:
    with pytest.raises(TooLarge):
        await fetched(raw(head(content_type="text/html", content_length=str(10**10))))


@pytest.mark.parametrize(
    "answer",
    [
        silence(),
        endless(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n", every=0.01),
        endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", every=0.002),
        endless(head(content_type="text/html"), b"a", every=0.01),
        endless(head(content_type="text/html", transfer_encoding="chunked"), b"1\r\na\r\n", every=0.01),
    ],
)
async def test_a_server_that_drips_or_says_nothing_times_out_as_a_whole(answer: Answer) -> None:
    with pytest.raises(TimedOut):
        await fetched(answer, limits=FetchLimits(total=0.1))


async def test_the_time_counts_over_all_hops() -> None:
    async def slow(asked: Asked) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.06)
        async for piece in redirect(f"{asked.path}b")(asked):
            yield piece

    with pytest.raises(TimedOut):
        await fetched(slow, limits=FetchLimits(total=0.1))


async def test_a_name_that_is_not_answered_in_time_is_not_found() -> None:
    with pytest.raises(NameNotFound):
        await Internet({"news.example": None}).fetch(parse_link(NEWS), limits=FetchLimits(name=0.02))


@pytest.mark.parametrize(
    "answer",
    [
        raw(b""),
        raw(b"\x00\x01\x02\r\n\r\n"),
        raw(b"<p>It rained.</p>"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: text/html\r\n\r\n<p>"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: rain\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n Rain\r\n\r\n"),
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: rain\r\n\r\n"),
        raw(head(content_type="text/html", transfer_encoding="chunked"), b"rain\r\n"),
        raw(head(content_type="text/html", transfer_encoding="rain") + b"<p>"),
        typed("text/html", b"<p>It rained.</p>", content_encoding="gzip"),
        typed("text/html", gzip.compress(PAGE.encode())[:-4], content_encoding="gzip"),
    ],
)
async def test_what_is_not_http_or_is_cut_off_is_a_bad_answer(answer: Answer) -> None:
    with pytest.raises((BadAnswer, BadStatus)):
        await fetched(answer)


async def test_giving_up_closes_the_connection() -> None:
    async with serve(endless(head(content_type="text/html"), b"a", every=0.002)) as site:
        fetching = asyncio.create_task(Internet(NAMES, http=site).fetch(parse_link(NEWS)))
        await site.heard.wait()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        await asyncio.wait_for(site.left.wait(), timeout=5)


async def test_after_hostile_servers_the_next_page_is_read_as_ever() -> None:
    answers = {"news.example/slow": silence(), "news.example/bad": raw(b"rain"), "news.example/a": html(PAGE)}
    urls = ["http://news.example/slow"] * 20 + ["http://news.example/bad"] * 20
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(serve(places(answers)))
        internet = Internet(NAMES, http=site)
        fetch = await stack.enter_async_context(internet.fetcher(limits=FetchLimits(total=1.0)))
        failures = await asyncio.gather(
            *(fetch.fetch(parse_link(url)) for url in urls), return_exceptions=True
        )
        assert failures == [TimedOut()] * 20 + [BadAnswer()] * 20
        assert (await fetch.fetch(parse_link(NEWS))).body == PAGE.encode()


# ── what it writes down ─────────────────────────────────────────────────────────────────────────────


async def test_a_fetch_leaves_one_line_with_its_host_and_outcome_and_never_the_address() -> None:
    with capture_logs() as lines:
        await fetched(html(PAGE), "http://news.example/a?token=secret")
    assert [{**line, "seconds": 0} for line in lines] == [
        {"event": "fetched", "host": "news.example", "outcome": "page", "seconds": 0, "log_level": "info"}
    ]


async def test_a_failure_leaves_a_line_with_its_kind() -> None:
    with capture_logs() as lines, pytest.raises(BadStatus):
        await fetched(status("403 Forbidden"))
    assert [line["outcome"] for line in lines] == ["bad_status"]


async def test_the_http_library_writes_no_address_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    await fetched(html(PAGE), "http://news.example/a?token=secret")
    assert "secret" not in caplog.text


def test_it_is_the_port_that_the_checks_ask_for() -> None:
    fetcher: Fetcher = HttpFetch(contact=CONTACT)
    assert callable(fetcher.fetch)
