from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.quotes import find_quotations, is_speech
from tests.bot.reading.texts import seen


def quoted(*paragraphs: str) -> list[str]:
    document = seen(*paragraphs)
    return [document.excerpt(q.first, q.last).text for q in find_quotations(document)]


@pytest.mark.parametrize(
    "quotation",
    [
        "“It fell on us.”",
        '"It fell on us."',
        "''It fell on us.''",
        "‘It fell on us.’",
        "«It fell on us.»",
        "„It fell on us.“",
        "'It fell on us.'",
        "“She said ‘it fell’ to us.”",
        "“It’s the town’s bridge.”",
        '"It fell on us --"',
        '"It fell on us —"',
        '"It fell on us –"',
        '"It fell on us ―"',
    ],
)
def test_each_style_of_marks_is_read_as_one_quotation(quotation: str) -> None:
    assert quoted(f"Lena Ort spoke: {quotation} Then she left.") == [quotation]


def test_apostrophes_are_no_quotation_marks() -> None:
    assert quoted("The officials' plan wasn't Pike's, nor the ’90s team’s.") == []


def test_a_quotation_that_never_closes_ends_with_its_sentence() -> None:
    assert quoted("He said: “It fell. Then he left. Nobody came.") == ["“It fell."]


def test_a_paragraph_that_opens_again_carries_the_quotation_on() -> None:
    first, second = quoted("“It fell. It broke.", "“Nobody came,” he said.")
    assert (first, second) == ("“It fell. It broke.", "“Nobody came,”")


@pytest.mark.parametrize(
    ("words", "expected"), [("“the ‘war on terror’”", True), ("“bad”", False), ("“No,”", True)]
)
def test_scare_quotes_are_told_from_speech(words: str, expected: bool) -> None:  # noqa: FBT001  # a table
    document = seen(f"They call it {words} here.")
    assert is_speech(document, find_quotations(document)[0]) is expected


@given(st.text(alphabet="ab ,.“”\"'‘’«»`\n", max_size=200))
def test_quotations_never_overlap_and_never_leave_their_paragraph(text: str) -> None:
    document = seen(*(text.split("\n") if text.strip() else ["x"]))
    last = 0
    for quotation in find_quotations(document):
        assert last <= quotation.first < quotation.last
        assert "\n\n" not in document.excerpt(quotation.first, quotation.last).text
        last = quotation.last


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("“It fell on us all, Venn said.", "“It fell on us all,"),
        ("“It fell on us all, as boats said it.", "“It fell on us all, as boats said it."),
        ("“It fell on us all Venn said so.", "“It fell on us all Venn said so."),
        ("“It fell on us all, he slept.", "“It fell on us all, he slept."),
    ],
)
def test_a_quotation_without_its_closing_mark_ends_before_who_said_it(text: str, quotation: str) -> None:
    assert quoted(text) == [quotation]


@pytest.mark.parametrize("before", ["(", "[", "—", "–", "―", "-", "--"])
def test_straight_marks_open_after_a_bracket_or_a_dash(before: str) -> None:
    assert quoted(f'Pike left {before}"It fell on us."') == ['"It fell on us."']
