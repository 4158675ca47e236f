from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadAnswer, TooLarge
from bot.fetching.decompression import Decompressor

PAGE = b"<p>It rained.</p>"


def unpacked(encoding: str, *pieces: bytes, limit: int = 1000) -> bytes:
    unpacking = Decompressor(encoding, limit)
    for piece in pieces:
        unpacking.feed(piece)
    return unpacking.body()


def in_pieces(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


@given(st.binary(max_size=1000), st.integers(1, 64))
def test_a_body_comes_out_as_it_was_packed_however_it_was_cut(body: bytes, size: int) -> None:
    assert unpacked("gzip", *in_pieces(gzip.compress(body), size), limit=2000) == body
    assert unpacked("identity", *in_pieces(body, size)) == body


@pytest.mark.parametrize("encoding", ["gzip", "GZIP ", "x-gzip"])
def test_gzip_has_several_names(encoding: str) -> None:
    assert unpacked(encoding, gzip.compress(PAGE)) == PAGE


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "gzip, br", "middle-out"])
def test_encodings_whose_size_cannot_be_bounded_are_refused_before_a_byte_is_read(encoding: str) -> None:
    with pytest.raises(TooLarge):
        Decompressor(encoding, 1000)


def test_a_body_of_exactly_the_limit_is_read() -> None:
    assert len(unpacked("gzip", gzip.compress(bytes(1000)))) == 1000
    assert len(unpacked("", bytes(1000))) == 1000


@pytest.mark.parametrize(
    ("encoding", "body"), [("", bytes(1001)), ("gzip", gzip.compress(bytes(1001)))], ids=["plain", "packed"]
)
def test_one_byte_more_is_too_large(encoding: str, body: bytes) -> None:
    with pytest.raises(TooLarge):
        unpacked(encoding, body)


def test_a_body_of_several_members_is_one_body_and_padding_after_it_is_ignored() -> None:
    assert unpacked("gzip", gzip.compress(PAGE) + gzip.compress(PAGE), b"\0\0\0") == PAGE + PAGE


def test_thousands_of_empty_members_are_too_large() -> None:
    with pytest.raises(TooLarge):
        unpacked("gzip", gzip.compress(b"") * 1000, limit=100_000)


@pytest.mark.parametrize(
    "body", [gzip.compress(PAGE)[:-1], PAGE, b"\x1f"], ids=["cut", "not packed", "a byte"]
)
def test_what_is_damaged_or_ends_early_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        unpacked("gzip", body)


def test_nothing_is_an_empty_body_whatever_it_is_packed_in() -> None:
    assert unpacked("gzip") == unpacked("") == b""


@given(st.binary(max_size=2000), st.integers(1, 500))
def test_any_bytes_end_in_a_body_within_the_limit_or_in_a_failure(body: bytes, size: int) -> None:
    with suppress(TooLarge, BadAnswer):
        assert len(unpacked("gzip", *in_pieces(b"\x1f\x8b\x08" + body, size))) <= 1000
