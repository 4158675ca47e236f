from __future__ import annotations

import pytest

from tests.bot.reading.texts import find_entries, read, who


@pytest.mark.parametrize(
    "mention",
    [
        "A report from the Dale Courier",
        "A report published on Sunday in the Dale Courier",
        "An analysis of ferry records by the Dale Courier",
        "A new Dale Courier article",
        "The Dale Courier's second annual review",
        "A spokeswoman for the Dale Courier",
        "A Dale Courier spokesman",
        "Dale Courier executives",
    ],
)
def test_a_document_a_spokesperson_and_staff_speak_for_their_body(mention: str) -> None:
    assert who(read(f"{mention} said it fell.")) == ["Dale Courier"]


@pytest.mark.parametrize(
    "mention",
    [
        "A spokesman for Mara Venn",
        "A report in Dale",
        "A US media report",
        "A poll by the Dale Courier",
        "An executive of the Dale Courier",
        "Dale Courier executives who asked not to be named",
        "U.S. officials",
    ],
)
def test_those_who_speak_for_a_person_for_a_place_or_for_themselves_are_not_named(mention: str) -> None:
    assert [s.named for s in find_entries(f"{mention} said it fell.")] == [False]


def test_a_letter_belongs_to_the_person_who_wrote_it() -> None:
    assert who(read("Mara Venn left. Venn's letter said it fell.")) == ["Mara Venn"]
