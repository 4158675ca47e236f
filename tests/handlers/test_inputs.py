from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from bot.errors import CannotCheck, EmptyPage, NoSuchFile, NotAnArticle, NotText, TooLarge
from bot.model import Page
from handlers.inputs import LIMIT, hint, is_address, is_page, page, read_input, text


def test_an_address_is_told_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a:b").write_text("x")
    assert is_address("https://harbour-post.example/")
    assert is_address("ftp://harbour-post.example/")
    assert not any(map(is_address, ("page.html", "-", "a:b", "/tmp/x", "x" * 9000)))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", EmptyPage()),
        (b" \r\n\t", EmptyPage()),
        (b"%PDF-1.7", NotAnArticle("document")),
        (b"\x89PNG\r\n\0\0", NotText("given")),
    ],
)
def test_what_is_no_text_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes, problem: CannotCheck
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "given").write_bytes(body)
    with pytest.raises(type(problem)) as refused:
        read_input("given")
    assert refused.value == problem


@pytest.mark.parametrize("name", ["none", ".", "a\0b", "x" * 9000])
def test_a_file_that_cannot_be_opened_is_refused_by_name(name: str) -> None:
    with pytest.raises(NoSuchFile) as refused:
        read_input(name)
    assert refused.value == NoSuchFile(name)


def test_standard_input_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"<p>x</p>")))
    assert read_input("-") == b"<p>x</p>"


def test_what_is_larger_than_any_page_is_refused_before_it_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(TooLarge):
        read_input(str(tmp_path / "sparse"))
    with Path("/dev/zero").open() as endless, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", endless)
        with pytest.raises(TooLarge):
            read_input("-")


def test_pipes_and_devices_are_refused_by_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name in (str(tmp_path / "fifo"), "/dev/zero"):
        with pytest.raises(NoSuchFile):
            read_input(name)


def test_a_standard_input_that_is_closed_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(EmptyPage):
        read_input("-")


@pytest.mark.parametrize("name", ["example.com/news", "www.example.com", "harbour-post.example:8080/x?y"])
def test_an_address_without_its_scheme_is_recognised(name: str) -> None:
    assert "https://" in hint(NoSuchFile(name))


@pytest.mark.parametrize("name", ["page.html", "notes.txt", "folder/page.html", "../page.html", "page"])
def test_a_file_name_is_not_taken_for_an_address(name: str) -> None:
    assert hint(NoSuchFile(name)) == ""


def test_markup_is_told_from_text() -> None:
    assert is_page(b"\n<!DOCTYPE html>")
    assert is_page("<html><p>x".encode("utf-16"))
    assert not is_page(b"The mayor <said> that 3 < 4 and I <3 you.")


def test_a_page_is_cut_where_pages_from_the_web_are() -> None:
    assert page(b"x" * LIMIT, None) == Page("", b"x" * LIMIT, cut=False)
    assert page(b"x" * (LIMIT + 1), "https://a.example/") == Page(
        "https://a.example/", b"x" * LIMIT, cut=True
    )


def test_text_is_unicode_or_refused() -> None:
    assert text("\ufeffBrücke".encode(), "f") == "Brücke"
    assert text("Brücke".encode("utf-16"), "f") == "Brücke"
    with pytest.raises(NotText):
        text("Brücke".encode("latin-1"), "f")
