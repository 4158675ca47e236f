from __future__ import annotations

import io
import os
from typing import BinaryIO

import pytest

from handlers.stdin_lines import duplicate_input, read_lines


async def read(source: BinaryIO, longest: int = 10) -> list[bytes]:
    return [line async for line in read_lines(source, longest)]


async def test_lines_come_whole_and_in_order_to_the_last_one_without_an_end() -> None:
    assert await read(io.BytesIO(b"a\n\nb\nc")) == [b"a\n", b"\n", b"b\n", b"c"]
    assert await read(io.BytesIO(b"")) == []


async def test_a_line_that_is_too_long_is_cut_and_the_next_one_is_whole() -> None:
    assert await read(io.BytesIO(b"x" * 95 + b"\nb\n")) == [b"x" * 11, b"b\n"]
    assert await read(io.BytesIO(b"123456789\n1234567890\n")) == [b"123456789\n", b"1234567890\n"]


async def test_a_source_that_breaks_raises_where_it_is_read() -> None:
    class Broken(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002  # as its base has it
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await read(Broken())


def test_the_bytes_of_a_stream_are_read_through_their_own_descriptor() -> None:
    there, here = os.pipe()
    with os.fdopen(there) as stream, os.fdopen(here, "wb") as person:
        person.write("ä\n".encode())
        person.close()
        with duplicate_input(stream) as source:
            assert source.fileno() != stream.fileno()
            assert source.read() == "ä\n".encode()
