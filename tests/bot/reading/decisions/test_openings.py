"""What opens a sentence can be described in any text."""

import pytest

from bot.fetching.article import article_from_text
from bot.reading.report import report


@pytest.mark.parametrize("text", ["::{{0", "According", "According to", "As", "As the", "“", "…"])
def test_a_text_that_ends_in_its_opening_is_described(text: str) -> None:
    assert report(article_from_text(text)).article.text == text
