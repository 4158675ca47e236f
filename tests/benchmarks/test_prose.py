from __future__ import annotations

import pytest

from tests.benchmarks.prose import article


@pytest.mark.parametrize("words", [1, 1_000, 20_000])
def test_an_article_has_the_words_asked_for_and_at_most_a_long_sentence_more(words: int) -> None:
    assert words <= len(article(words).split()) <= words + 70


def test_the_same_seed_writes_the_same_article_and_another_seed_another() -> None:
    assert article(300, 7) == article(300, 7) != article(300, 8)
