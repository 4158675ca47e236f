from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotAnArticle
from bot.fetching.content_types import check_bytes, check_type, parse_charset


@pytest.mark.parametrize(
    "named", ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml", "text/xml", ""]
)
def test_types_that_pages_have_are_read(named: str) -> None:
    check_type(named)


@pytest.mark.parametrize(
    ("named", "what"),
    [
        ("image/png", "image"),
        ("image/svg+xml", "image"),
        ("audio/mpeg", "audio"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document"),
        ("application/rss+xml; charset=utf-8", "feed"),
        ("application/atom+xml", "feed"),
        ("application/json", "data"),
        ("application/ld+json", "data"),
        ("application/soap+xml", "data"),
        ("text/plain", "file"),
        ("application/zip", "file"),
        ("application/octet-stream", "file"),
        ("nonsense", "file"),
    ],
)
def test_other_types_are_said_to_be_what_they_are(named: str, what: str) -> None:
    with pytest.raises(NotAnArticle) as failure:
        check_type(named)
    assert failure.value.facts == {"what": what}


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"%PDF-1.7", "document"),
        (b"\xef\xbb\xbf %PDF-1.7", "document"),
        (b"PK\x03\x04", "file"),
        (b"\x1f\x8b\x08", "file"),
        (b"\x89PNG\r\n", "image"),
        (b"GIF89a", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"<rss version='2.0'>", "feed"),
        (b"<?xml version='1.0'?>\n<!-- news --><?xml-stylesheet href='a'?>\n<feed xmlns='a'>", "feed"),
        (b"<?xml version='1.0'?><rdf:RDF>", "feed"),
        (b' {"rain": true}', "data"),
        (b'[\n {"rain": true}]', "data"),
        (b"{}", "data"),
    ],
)
def test_the_bytes_decide_where_the_server_says_html(body: bytes, what: str) -> None:
    with pytest.raises(NotAnArticle) as failure:
        check_bytes("text/html", body)
    assert failure.value.facts == {"what": what}


@pytest.mark.parametrize(
    ("named", "body"),
    [
        ("text/html", b"It rained."),
        ("text/html", b"{{ a template that was never filled }}"),
        ("text/html", "<p>It rained.</p>".encode("utf-16")),
        ("text/html", b"<html><p>How to write an <rss> feed"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html xmlns='a'>"),
        ("text/xml", b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='a'>"),
        ("", b"\n<!doctype html><title>Rain</title>"),
        ("", b"<p>It rained.</p>"),
    ],
)
def test_pages_are_let_through(named: str, body: bytes) -> None:
    check_bytes(named, body)


@pytest.mark.parametrize(("named", "what"), [("", "file"), ("text/xml", "data")])
def test_without_a_type_or_with_a_vague_one_only_markup_is_a_page(named: str, what: str) -> None:
    with pytest.raises(NotAnArticle) as failure:
        check_bytes(named, b"<rain/> It rained.")
    assert failure.value.facts == {"what": what}


@pytest.mark.parametrize("piece", [b"<!---->", b"<?a?>", b"<!-- ", b"<?", b" "])
def test_a_prologue_of_many_pieces_is_judged_at_once(piece: bytes) -> None:
    started = process_time()
    check_bytes("text/html", piece * 1_000)
    assert process_time() - started < 0.2


@given(st.text(), st.binary())
def test_any_type_and_any_bytes_are_a_page_or_not(named: str, body: bytes) -> None:
    with suppress(NotAnArticle):
        check_type(named)
        check_bytes(named, body)
    assert (parse_charset(named) or "").isprintable()


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("text/html; charset=UTF-8", "utf-8"),
        ('text/html;charset="windows-1251"', "windows-1251"),
        ("text/html; boundary=a; CHARSET = 'Shift_JIS'", "shift_jis"),
        ("text/html", None),
        ("text/html; charset=", None),
        ("", None),
    ],
)
def test_a_charset_is_what_the_header_names(named: str, expected: str | None) -> None:
    assert parse_charset(named) == expected
