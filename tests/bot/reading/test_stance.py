"""The stance of an article towards its claim."""

from __future__ import annotations

import pytest

from bot.model import Stance
from tests.bot.reading.texts import FALLEN, LONG, VERY_LONG, claim


@pytest.mark.parametrize(
    ("later", "stance"),
    [
        pytest.param([*LONG, "The story is fake.", "It is a spoof."], Stance.DENIES, id="twice"),
        pytest.param(
            ["The mayor denied it.", *LONG, "The story is fake."], Stance.DENIES, id="after a denial"
        ),
        pytest.param([*LONG, "One ring is fake."], Stance.ASSERTS, id="once, late"),
        pytest.param([*VERY_LONG, "A ring is fake.", "A coin is bogus."], Stance.ASSERTS, id="twice, rarely"),
        pytest.param(["The mayor denied it."], Stance.ASSERTS, id="a denial alone"),
    ],
)
def test_words_that_call_the_story_false_decide_the_stance_where_they_are_many_or_early(
    later: list[str], stance: Stance
) -> None:
    assert claim(FALLEN, *later).stance is stance


@pytest.mark.parametrize(
    ("lead", "stance", "why"),
    [
        ("Mara Venn denied that the bridge in Dale would fall.", Stance.DENIES, "speaker before: deny"),
        ("The council confirmed that the bridge in Dale would fall.", Stance.ASSERTS, "no caveat"),
        ("Mara Venn said that the bridge in Dale would fall.", Stance.UNCONFIRMED, "speaker before: say"),
    ],
)
def test_the_stance_is_that_of_the_claims_own_attribution(lead: str, stance: Stance, why: str) -> None:
    found = claim(lead)
    assert found.stance is stance
    assert found.stance_why.startswith(why)


def test_a_story_that_the_lead_calls_false_is_denied() -> None:
    found = claim(FALLEN, "The story is fake.")
    assert (found.stance, found.stance_why) == (Stance.DENIES, "debunks: in the lead")


def test_a_headline_that_denies_for_who_tells_the_claim_makes_it_a_denial() -> None:
    found = claim(
        "# Carrow denies rumours of a sale", "After the rumours Carrow said it “has met nobody from Dale”."
    )
    assert found.stance is Stance.DENIES
