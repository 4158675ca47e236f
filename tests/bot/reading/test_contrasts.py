from __future__ import annotations

import pytest

from tests.bot.reading.texts import read

CLAIM = "The bridge at Dale has fallen in the night, a guard said on Friday."
PIKES = "The bridge at Dale has fallen in the night, Owen Pike said on Friday."


def against(*paragraphs: str) -> list[str]:
    """The rules by which sentences stand against the claim."""
    found = read(*paragraphs).claim
    assert found is not None
    return [one.why.partition(":")[0] for one in found.against]


@pytest.mark.parametrize(
    ("claim", "sentence", "rule"),
    [
        (CLAIM, "But Mara Venn said that the bridge at Dale has not fallen.", "contrast"),
        (PIKES, "However, Venn's spokesman Otto Brand said that the bridge has not fallen.", "contrast"),
        (CLAIM, "Mara Venn, however, said that the bridge at Dale has not fallen.", "contrast"),
        (CLAIM, "Mara Venn denied that the bridge is shut.", "denial"),
        (CLAIM, "Mara Venn rejected the report about the bridge.", "denial"),
        (CLAIM, "The Courier reported that Mara Venn denied that the bridge is gone.", "denial"),
        (CLAIM, "Mara Venn said that the rumour is not true.", "called false"),
    ],
)
def test_another_named_source_against_the_claim_is_a_contrast(claim: str, sentence: str, rule: str) -> None:
    assert against("# The bridge at Dale has fallen", claim, sentence) == [rule]


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        pytest.param(CLAIM, "But Mara Venn said that the bridge at Dale was built in 1907.", id="adds"),
        pytest.param(CLAIM, "But Mara Venn said that Dale is not a town.", id="shares a name alone"),
        pytest.param(CLAIM, "But Mara Venn said that the ferry is not red.", id="shares nothing"),
        pytest.param(CLAIM, "Mara Venn denied that the ferry is shut.", id="denies something else"),
        pytest.param(CLAIM, "Mara Venn rejected the plan for a ferry.", id="rejects a plan"),
        pytest.param(CLAIM, "Mara Venn said that it is false.", id="calls no story false"),
        pytest.param(CLAIM, "Mara Venn said that the fake site has a story.", id="the fake site"),
        pytest.param(CLAIM, "Mara Venn said that the bridge, however, is not red.", id="her own contrast"),
        pytest.param(CLAIM, "But critics said that the bridge has not fallen.", id="nobody named"),
        pytest.param(PIKES, "But Pike later said that the bridge has not fallen.", id="who tells it"),
        pytest.param(PIKES, "However, Pike's spokesman said that the bridge has not fallen.", id="his own"),
        pytest.param(
            "The story that the bridge at Dale has fallen is false, Owen Pike said.",
            "Mara Venn said that the rumour of the bridge is not true.",
            id="the claim says so itself",
        ),
    ],
)
def test_what_only_looks_like_one_is_none(claim: str, sentence: str) -> None:
    assert against(claim, sentence) == []


def test_far_below_the_claim_an_article_turns_to_something_else() -> None:
    denial = "Mara Venn denied that the bridge is shut."
    assert against(CLAIM, *["It rained."] * 24, denial) == ["denial"]
    assert against(CLAIM, *["It rained."] * 25, denial) == []
