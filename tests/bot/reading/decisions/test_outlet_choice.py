"""Outlets that an article only mentions are listed where editors would list them, and say why."""

from __future__ import annotations

import pytest

from bot.model import How
from tests.bot.reading.texts import read

STORY = "The bridge at Dale is weak. It will close in May, the council said."


@pytest.mark.parametrize(
    "sentence",
    [
        "This story was provided by Lake News.",
        "The council has no plan, according to the Lake News's Owen Pike, who saw it.",
    ],
)
def test_an_outlet_that_the_news_comes_from_is_a_source_that_relays(sentence: str) -> None:
    found = [source for source in read(STORY, sentence).sources if source.how is How.RELAYS]
    assert [source.name.text for source in found] == ["Lake News"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Owen Pike watched the Lake News on Monday and went home.",
        "The Lake News did not respond.",
        "A clerk of the Lake News said that it rained.",
    ],
)
def test_an_outlet_that_is_there_by_the_way_is_no_source(sentence: str) -> None:
    assert "Lake News" not in {source.name.text for source in read(STORY, sentence).sources}
