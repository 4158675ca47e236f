from __future__ import annotations

import pytest

from bot.reading.sites import extract_site, normalize_outlet
from tests.bot.reading.texts import english


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://www.news.example/a", "news.example"), ("https://a.b.co.uk/x", "b.co.uk"), ("mailto:a@b", "")],
)
def test_a_site_is_what_a_publisher_registers(url: str, expected: str) -> None:
    assert extract_site(url) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("AP", "ap"), ("apnews", "ap"), ("The Lake News", "lake"), ("新聞", "新聞")]
)
def test_a_house_is_one_word_for_an_outlet_and_its_site(name: str, expected: str) -> None:
    assert normalize_outlet(name, english().lexicon.words) == expected
