from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    ("paragraphs", "second", "why"),
    [
        (
            (CLAIM, "The council said that the report has not been confirmed by the police."),
            "The council said that the report has not been confirmed by the police.",
            "status by caveat: {have} {negation} <RB>? been <RB>? {verified}",
        ),
        (
            (
                "The council called a story that Dale has sold its bridge fake.",
                "It rained.",
                "The story that Dale has sold the old bridge is a plain hoax.",
            ),
            None,
            "",
        ),
        (
            (
                "A story says that Dale has sold its bridge.",
                "The story that Dale sold its bridge is a hoax.",
                "The hoax began on a site in Lakeland.",
                "The whole story of the sale is false.",
            ),
            "The story that Dale sold its bridge is a hoax.",
            "status by debunk: hoax|hoaxes|hoaxed|hoaxer|hoaxers",
        ),
    ],
)
def test_without_a_contrast_the_second_sentence_tells_how_the_claim_stands(
    paragraphs: tuple[str, ...], second: str | None, why: str
) -> None:
    found = read(*paragraphs).chosen
    assert [(one.words.text, one.why) for one in found[1:2]] == ([(second, why)] if second else [])


@pytest.mark.parametrize(
    "fact",
    [
        "Ort built the bridge at Dale in 1997 with her own hands.",
        "The boy crossed the bridge at Dale 40 times in his life.",
    ],
)
def test_a_fact_about_somebody_who_was_not_introduced_is_left_out(fact: str) -> None:
    assert summary(CLAIM, "The engineer was Lena Ort of Stonemoor.", fact) == [CLAIM]


def test_a_fact_far_from_the_claim_is_background() -> None:
    between = ["It rained for a long time in Lakeland."] * 7
    assert summary(CLAIM, *between, "The bridge at Dale carried 4,000 cars a day in Lakeland.") == [CLAIM]
