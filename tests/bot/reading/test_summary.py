from __future__ import annotations

from tests.bot.reading.texts import read

CLAIM = "The bridge at Dale has fallen, a guard said on Monday."


def summary(*paragraphs: str) -> list[str]:
    return [s.text for s in read(*paragraphs).summary]


def test_claim_contrast_and_one_fact_in_this_order() -> None:
    contrast = "However, Mara Venn said that the bridge still stands."
    fact = "The bridge at Dale carried 4,000 cars a day in Lakeland."
    assert summary(CLAIM, fact, contrast) == [CLAIM, contrast, fact]
    assert [one.why for one in read(CLAIM, fact, contrast).chosen] == [
        "claim",
        "first contrast: however",
        "key fact with words of the claim: 2 of 7",
    ]


def test_a_sentence_that_opens_with_a_pronoun_is_never_a_fact() -> None:
    assert summary(CLAIM, "It carried 4,000 cars a day over the Dale in Lakeland.") == [CLAIM]


def test_a_fact_that_repeats_the_claim_is_left_out() -> None:
    assert summary(CLAIM, "The bridge at Dale has fallen, two guards said on Monday.") == [CLAIM]


def test_captions_and_questions_are_never_shown() -> None:
    assert summary(CLAIM, "~ The bridge at Dale in 1997, seen from Lakeland by many people.") == [CLAIM]
