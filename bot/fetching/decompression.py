"""A body, decompressed piece by piece under a cap, so that a bomb costs no more memory than a page."""

from __future__ import annotations

import zlib
from typing import Final

from bot.errors import BadAnswer, TooLarge

_GZIP: Final = zlib.MAX_WBITS | 16  # 16: expect a gzip header
_MAGIC: Final = b"\x1f\x8b"
_MEMBERS: Final = 64  # a page is packed as one; thousands of empty ones would cost time and add nothing
_PLAIN: Final = frozenset({"", "identity"})
_PACKED: Final = frozenset({"gzip", "x-gzip"})


class Decompressor:
    """Feed raw pieces, then take the body. At most `limit` bytes come in, and at most `limit` go out.

    Raises TooLarge beyond that, and for an encoding other than gzip: its size cannot be bounded while it
    is unpacked. Raises BadAnswer for what is damaged or ends early.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in _PLAIN | _PACKED:
            raise TooLarge
        self._stream = zlib.decompressobj(_GZIP) if encoding in _PACKED else None
        self._limit = limit
        self._raw = 0
        self._members = 1
        self._body = bytearray()

    def feed(self, piece: bytes) -> None:
        self._raw += len(piece)
        if self._raw > self._limit:
            raise TooLarge
        if self._stream is None:
            self._body += piece
            return
        while piece and not self._stream.eof:  # some servers pad what they have closed
            try:
                self._body += self._stream.decompress(piece, self._limit - len(self._body) + 1)
            except zlib.error:
                raise BadAnswer from None
            if len(self._body) > self._limit:
                raise TooLarge
            piece = self._stream.unused_data
            if piece.startswith(_MAGIC):  # another member follows
                self._members += 1
                if self._members > _MEMBERS:
                    raise TooLarge
                self._stream = zlib.decompressobj(_GZIP)

    def body(self) -> bytes:
        if self._raw and self._stream is not None and not self._stream.eof:
            raise BadAnswer
        return bytes(self._body)
