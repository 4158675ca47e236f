"""WordPiece: words → pieces of a closed vocabulary, as BERT and its smaller kin were trained with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

CLS: Final = "[CLS]"
SEP: Final = "[SEP]"
UNKNOWN: Final = "[UNK]"
CONTINUES: Final = "##"  # marks a piece that does not begin a word
LONGEST: Final = 100  # letters; a longer word is no word
_WORDS: Final = re.compile(r"[^\W_]+|_|[^\w\s]")  # letters and digits, or one sign


class WordPieces:
    """A vocabulary. Splits each word into the longest pieces that it holds, from the left."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._ids = {piece: i for i, piece in enumerate(vocabulary)}
        self._seen: dict[str, tuple[int, ...]] = {}
        self.cls, self.sep, self._unknown = (self._ids[piece] for piece in (CLS, SEP, UNKNOWN))

    def encode(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the number of each piece of a text, and the offset at which its word begins."""
        for match in _WORDS.finditer(text):
            for piece in self._split(match.group()):
                yield piece, match.start()

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST:
            return (self._unknown,)
        if len(self._seen) >= len(self._ids):  # as many words as pieces: bounded for a long-lived reader
            self._seen.clear()
        if word not in self._seen:
            self._seen[word] = tuple(self._find_pieces(_fold(word)))
        return self._seen[word]

    def _find_pieces(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word):
            prefix = CONTINUES if start else ""
            ends = (end for end in range(len(word), start, -1) if prefix + word[start:end] in self._ids)
            end = next(ends, None)
            if end is None:
                return [self._unknown]
            found.append(self._ids[prefix + word[start:end]])
            start = end
        return found


def _fold(word: str) -> str:
    """Return a word in small letters and without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
