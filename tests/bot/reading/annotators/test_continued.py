"""Quotations in paragraphs of their own, which no verb attributes."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read, said

SPOKE = "Mara Venn said the bridge was weak."
QUOTED = "“We had warned the council twice, and nobody came.”"


def contents(*paragraphs: str) -> list[str]:
    """Return what the first who speaks says."""
    return said(read(*paragraphs))[0][2].split(" / ")


@pytest.mark.parametrize(
    "quoted",
    [
        QUOTED,
        '"We had warned the council twice, and nobody came."',
        "“We had warned the council twice. Nobody came to look at it.”",
    ],
)
def test_a_quotation_below_a_speaker_is_his(quoted: str) -> None:
    assert contents(SPOKE, quoted, "The council met.") == ["the bridge was weak", quoted]


def test_he_goes_on_in_the_next_one() -> None:
    again = "“It was too late to close the road.”"
    assert contents(SPOKE, QUOTED, again) == ["the bridge was weak", QUOTED, again]


@pytest.mark.parametrize(
    "paragraphs",
    [
        (SPOKE, "The council met.", QUOTED),  # somebody else may have spoken
        (SPOKE, f"{QUOTED} The council met."),  # not all of its paragraph
        (SPOKE, QUOTED, "Owen Pike, the mayor of Dale"),  # the line below signs it
        (SPOKE, f"{QUOTED[:-1]},” Owen Pike said."),
    ],
)
def test_another_quotation_is_not(paragraphs: tuple[str, ...]) -> None:
    assert contents(*paragraphs) == ["the bridge was weak"]
