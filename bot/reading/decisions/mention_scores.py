"""The encoder's scores of the mentions of somebody in an article's opening."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from bot.reading.decisions.encoder import Floats

SCORED: Final = "read by the encoder"  # the feature of whatever stands where the encoder reads
MOST: Final = 8  # mentions of one that are looked at

Span = tuple[int, int]


class MentionScores:
    """Scores of the pieces of a text, each at the offset of its word; those of a mention are their mean."""

    def __init__(self, questions: Sequence[str], starts: Sequence[int], scores: Floats) -> None:
        self._names = [f"encoder: {question}" for question in questions]
        self._starts = starts
        self._sums = np.cumsum(np.vstack([np.zeros((1, len(questions))), scores]), axis=0)

    def describe(self, mentions: Iterable[Span]) -> Mapping[str, float]:
        """Return the mean scores of the mentions at these offsets that are read; {} where none is."""
        found = find_pieces(self._starts, mentions)
        if not found:
            return {}
        rows = [(self._sums[last] - self._sums[first]) / (last - first) for first, last in found]
        means = np.mean(rows, axis=0).round(2)
        return {SCORED: 1.0, **dict(zip(self._names, means.tolist(), strict=True))}


def find_pieces(starts: Sequence[int], mentions: Iterable[Span]) -> list[Span]:
    """Return the ranges of pieces of the first mentions that are read whole."""
    found: list[Span] = []
    for start, end in sorted(mentions)[:MOST]:
        first, last = bisect_left(starts, start, 1), bisect_left(starts, end)
        if first < last < len(starts):
            found.append((first, last))
    return found


NO_MENTION_SCORES: Final = MentionScores((), (), np.zeros((0, 0), np.float32))
