"""The choice of the end of the claim's chain, and when automatic mode may speak of it."""

from __future__ import annotations

import pytest

from bot.reading.decisions.chain_end import MOST_OF_CLAIM, OWN, choose_likeliest, measure_shares
from bot.reading.decisions.withheld_ends import DENIED, PAGE
from tests.bot.reading.texts import read

SOURCES = read(
    "The bridge fell, Mara Venn said.", "The Dale Courier reported that it was weak."
).sources  # a person, and an outlet
VENN, COURIER = 0, 1


def test_shares_are_those_of_all_candidates_together() -> None:
    shares = measure_shares({PAGE: 700.0, VENN: 700.0, COURIER: -700.0})
    assert shares == pytest.approx({PAGE: 0.5, VENN: 0.5, COURIER: 0.0})


@pytest.mark.parametrize(
    ("usual", "told", "end"),
    [
        (PAGE, {}, PAGE),  # nobody says it in the claim's own sentence
        (VENN, {VENN: {OWN: 1.0, MOST_OF_CLAIM: 1.0}}, VENN),
        (VENN, {VENN: {OWN: 1.0}}, COURIER),  # only a part of it is hers
        (COURIER, {COURIER: {OWN: 1.0, MOST_OF_CLAIM: 1.0}}, COURIER),
        (COURIER, {COURIER: {OWN: 1.0, MOST_OF_CLAIM: 1.0}, PAGE: {DENIED: 1.0}}, PAGE),
    ],
)
def test_the_likeliest_end_is_chosen_of_those_that_can_be(
    usual: int, told: dict[int, dict[str, float]], end: int
) -> None:
    likely = {PAGE: 0.6, VENN: 0.1, COURIER: 0.3}
    candidates = {one: told.get(one, {}) for one in likely}
    assert choose_likeliest(likely, usual, candidates, SOURCES) == end


@pytest.mark.parametrize(
    ("sentence", "sure"),
    [
        ("The bridge of Dale will be sold in May, sources familiar with the plan said on Monday.", True),
        ("The bridge of Dale will be sold in May, a source close to the council said on Monday.", True),
        ("The bridge of Dale will be sold in May, the council said on Monday.", False),
        ("The bridge of Dale will be sold in May, Mara Venn said on Monday.", False),
        ("The bridge of Dale will be sold in May.", False),
    ],
)
def test_automatic_mode_may_speak_of_somebody_withheld_alone(sentence: str, sure: bool) -> None:  # noqa: FBT001
    found = read(sentence, "The bridge is a hundred years old, and nobody has mended it since the storm.")
    assert [c.sure and c.end == "withheld" for c in found.chains if c.of_claim] in ([sure], [])
    assert sure is False or found.chains
