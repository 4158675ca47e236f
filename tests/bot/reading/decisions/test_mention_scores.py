"""The scores of a mention are the mean of its pieces; those of several mentions, of theirs."""

import numpy as np
import pytest

from bot.reading.decisions.mention_scores import MOST, NO_MENTION_SCORES, MentionScores, Span

STARTS = (0, 0, 4, 4, 9, 13)  # the beginning of the text, a word, two pieces of one word, a word, the end
SCORES = MentionScores(("source",), STARTS, np.array([[9], [1], [2], [4], [8], [9]], np.float32))


@pytest.mark.parametrize(
    ("mentions", "mean"),
    [([(0, 3)], 1), ([(4, 8)], 3), ([(4, 12)], 14 / 3), ([(0, 3), (4, 8)], 2), ([(9, 12)] * (MOST + 1), 8)],
)
def test_a_mention_has_the_mean_of_its_pieces(mentions: list[Span], mean: float) -> None:
    assert SCORES.describe(mentions)["encoder: source"] == pytest.approx(mean, abs=0.005)


@pytest.mark.parametrize("mentions", [[], [(20, 25)], [(3, 4)]])
def test_what_is_not_read_has_no_scores(mentions: list[Span]) -> None:
    assert SCORES.describe(mentions) == {}


def test_a_mention_that_is_not_read_does_not_count_beside_one_that_is() -> None:
    assert SCORES.describe([(0, 3), (20, 25)]) == SCORES.describe([(0, 3)])


def test_a_text_that_is_not_read_has_no_scores() -> None:
    assert NO_MENTION_SCORES.describe([(0, 5)]) == {}
