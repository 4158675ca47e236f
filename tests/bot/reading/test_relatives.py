"""The noun phrase that a relative pronoun stands for."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Dale has a video which shows that the bridge fell.", "a video"),
        ("The owner of the boat, who stated that it fell, left.", "The owner of the boat"),
        ("A Courier report last week that revealed the fall was long.", "A Courier report last week"),
        ("Pike hid the name of Lena O., left, who confessed that it fell.", "Lena O."),
    ],
)
def test_where_nobody_is_listed_for_a_relative_the_words_before_it_stand(text: str, source: str) -> None:
    found = read(text)
    assert source in {a.source.text for a in found.attributions if a.source} | {
        s.name.text for s in found.sources
    }
