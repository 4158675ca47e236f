"""Bytes become the right characters, and characters a tree, whatever a page claims."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fetching.markup import decode, make_links_absolute, parse_tree
from bot.model import Page

RUSSIAN = (
    "Порт останется закрытым до пятницы, сообщил в понедельник мэр города, а рыбакам велено ждать на берегу."
)
CHINESE = "市长星期一表示，港口将关闭到星期五，渔民被告知不要出海，因为风暴损坏了外墙，修理工作正在进行。"
JAPANESE = (
    "市長は月曜日、港は金曜日まで閉鎖されると述べた。嵐で外壁が壊れ、漁師は海に出ないように言われている。"
)
GERMAN = (
    "Der Bürgermeister sagte am Montag, der Hafen bleibe geschlossen; für die Fischer gäbe es Hilfe – „bald“."
)
SCRIPTS = "<script>" + "var a = 1;" * 3000 + "</script>"


def written(text: str, declared: str = "") -> str:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}{SCRIPTS}</head><body><p>{text * 6}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "header"),
    [
        (RUSSIAN, "utf-16", "", None),
        (RUSSIAN, "utf-16-le", "", None),
        (RUSSIAN, "utf-8-sig", "", "windows-1251"),
        (RUSSIAN, "windows-1251", "", None),
        (RUSSIAN, "windows-1251", "windows-1251", None),
        (RUSSIAN, "koi8-r", "", "koi8-r"),
        (CHINESE, "gb18030", "", None),
        (CHINESE, "gb18030", "gb2312", None),
        (JAPANESE, "shift_jis", "", None),
        (JAPANESE, "cp932", "Shift_JIS", None),
        (JAPANESE, "iso2022_jp", "iso-2022-jp", None),
        (GERMAN, "utf-8", "klingon", None),
        (GERMAN, "utf-8", "utf-8", "iso-8859-1"),
        (GERMAN, "cp1252", "", "ISO-8859-1"),
        (GERMAN, "cp1252", "", None),
        (GERMAN, "utf-8", "rot13", "utf-7"),
    ],
)
def test_a_page_is_decoded_without_mojibake(
    text: str, encoding: str, declared: str, header: str | None
) -> None:
    page = Page("https://post.example/", written(text, declared).encode(encoding), header)
    assert text in decode(page)


def test_a_page_that_was_cut_in_the_middle_of_a_character_is_still_utf_8() -> None:
    assert decode(Page("https://post.example/", "<p>Порт".encode()[:-1])) == "<p>Пор"


def test_utf_7_never_hides_markup() -> None:
    assert "<script>" not in decode(Page("https://post.example/", b"<p>+ADw-script+AD4-", "utf-7"))


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "shift_jis", "hz", "base64", "nonsense", "\ud800"]),
)
def test_any_bytes_become_characters(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(Page("https://post.example/", body, charset)), str)


@given(st.text(st.sampled_from("<>/ap!-\"'= \x00\ud800x&;"), max_size=60))
def test_any_characters_become_a_tree_or_none(html: str) -> None:
    root = parse_tree(html)
    assert root is None or isinstance(root.tag, str)


def test_a_tag_with_a_hundred_thousand_attributes_loses_them_and_not_its_text() -> None:
    monster = "<p " + " ".join(f'a{n}="1"' for n in range(100_000)) + ">The port is closed.</p>"
    start = time.process_time()
    root = parse_tree(f"<html><body>{monster}<p>It opens on Friday.</p></body></html>")
    assert time.process_time() - start < 2
    assert root is not None
    assert root.text_content() == "The port is closed.It opens on Friday."


def test_a_long_attribute_stays() -> None:
    root = parse_tree(
        f'<html><body><p title="{"word " * 20_000}" id="a">The port.</p><p>More.</p></body></html>'
    )
    assert root is not None
    assert [p.get("id") for p in root.iter("p")] == ["a", None]


def test_charsets_declared_inside_characters_are_ignored() -> None:
    root = parse_tree(
        '<?xml version="1.0" encoding="koi8-r"?><html><head><meta charset="koi8-r"></head><body><p>Порт</p>'
    )
    assert root is not None
    assert "Порт" in root.text_content()


@pytest.mark.parametrize(
    ("base", "href", "whole"),
    [
        ("", "/a", "https://post.example/a"),
        ("", "b", "https://post.example/news/b"),
        ("", "//other.example/c", "https://other.example/c"),
        ("", " https://other.example/d ", "https://other.example/d"),
        ("", "javascript:alert(1)", "javascript:alert(1)"),
        ("", "https://[broken", "https://[broken"),
        ('<base href="/archive/">', "e", "https://post.example/archive/e"),
        ('<base href="https://cdn.example/x/">', "f", "https://cdn.example/x/f"),
    ],
)
def test_links_are_made_whole_against_the_page_or_its_base(base: str, href: str, whole: str) -> None:
    root = parse_tree(f'<html><head>{base}</head><body><p><a href="{href}">word</a></p></body></html>')
    assert root is not None
    make_links_absolute(root, "https://post.example/news/1")
    assert [a.get("href") for a in root.iter("a")] == [whole]
