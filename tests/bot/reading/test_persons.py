"""Whom "he" and "she" can mean."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read, who


def speakers(*paragraphs: str) -> list[tuple[str, list[str]]]:
    return [(s.name.text, [m.text for m in s.mentions]) for s in read(*paragraphs).sources]


def test_a_pronoun_after_a_name_tells_its_gender() -> None:
    found = speakers(
        "Quill Ort lost her boat in Dale. Owen Pike found it.",
        "The bridge fell, she said. It was late, he said.",
    )
    assert ("Quill Ort", ["she"]) in found


def test_a_rare_given_name_tells_its_gender() -> None:
    assert who(read("Alfredo Ort met the singer Edwina Venn in Dale on Friday. She said that it fell.")) == [
        "Edwina Venn"
    ]


@pytest.mark.parametrize("noun", ["article", "piece", "report"])
def test_what_an_outlet_published_speaks_for_it(noun: str) -> None:
    found = speakers("The bridge fell, the Dale Courier reported.", f"The {noun} added that it rained.")
    assert found == [("Dale Courier", ["the Dale Courier", f"The {noun}"])]


@pytest.mark.parametrize("noun", ["automaker", "retailer", "company"])
def test_a_noun_for_a_firm_stands_for_the_one_that_spoke(noun: str) -> None:
    found = speakers("Northline Inc. said it would close.", f"The {noun} said that it rained.")
    assert found == [("Northline Inc.", ["Northline Inc.", f"The {noun}"])]
