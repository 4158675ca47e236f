from __future__ import annotations

import pytest

from tests.bot.reading.texts import read

CLAIM = "The bridge at Dale has fallen, a guard said on Monday."
FACT = "The bridge at Dale carried 4,000 cars a day in Lakeland."


def summary(*paragraphs: str) -> list[str]:
    return [s.text for s in read(*paragraphs).summary]


def test_claim_contrast_and_one_fact_in_this_order() -> None:
    contrast = "However, Mara Venn said that the bridge still stands."
    assert summary(CLAIM, FACT, contrast) == [CLAIM, contrast, FACT]
    assert [one.why for one in read(CLAIM, FACT, contrast).chosen] == [
        "claim",
        "main contrast: however",
        "key fact with words of the claim: 2 of 7",
    ]


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param("It carried 4,000 cars a day over the bridge at Dale.", id="opens with a pronoun"),
        pytest.param("And the bridge at Dale carried 4,000 cars a day.", id="opens with a connective"),
        pytest.param("– the bridge at Dale carried 4,000 cars a day.", id="opens with a mark"),
        pytest.param("We crossed the bridge at Dale 4,000 times a day.", id="is told by a speaker"),
        pytest.param("The bridge at Dale has fallen, two guards said on Monday.", id="repeats the claim"),
        pytest.param("~ The bridge at Dale in 1997, seen from Lakeland by many people.", id="a caption"),
        pytest.param("Who built the bridge at Dale in the year 1997 with stone?", id="a question"),
        pytest.param("The bridge at Dale carried many cars over in the summer.", id="counts nothing"),
        pytest.param("A ferry carried 4,000 people a day over the lake in summer.", id="shares nothing"),
        pytest.param("A bridge in Lakeland carried 4,000 people a day in summer.", id="shares one word"),
        pytest.param("Dale bridge was 400 feet.", id="is short"),
        pytest.param(
            "The bridge at Dale carried 4,000 cars a day " + "and some more cars " * 12 + "in 1997.",
            id="is long",
        ),
        pytest.param(
            "The bridge at Dale “carried 4,000 cars a day. It is old,” a man said.", id="a quotation goes on"
        ),
        pytest.param(
            'The bridge at Dale "carried 4,000 cars a day. It is old," a man said.', id="in straight marks"
        ),
        pytest.param(
            "The bridge at Dale ''carried 4,000 cars a day. It is old,'' a man said.", id="in two apostrophes"
        ),
        pytest.param("On her watch the bridge at Dale carried 4,000 cars.", id="her, of whom nobody knows"),
        pytest.param("“I saw the bridge at Dale fall in 1997,” a man said.", id="is a quotation"),
        pytest.param("Given that report, the bridge at Dale carries 4,000 cars.", id="points back"),
        pytest.param("Since March the bridge at Dale had carried 4,000 cars.", id="counts from elsewhere"),
        pytest.param("The boy crossed the bridge at Dale 40 times in his life.", id="the boy is new"),
    ],
)
def test_what_cannot_stand_alone_or_adds_nothing_is_no_key_fact(fact: str) -> None:
    assert summary(CLAIM, fact) == [CLAIM]


@pytest.mark.parametrize(
    "fact",
    [
        "In winter the bridge at Dale carried 4,000 cars a day.",
        "Since noon the bridge at Dale has carried 4,000 cars.",
        "The bridge at Dale carried “4,000 cars” a day in Lakeland.",
        'The bridge at Dale carried "4,000 cars" a day in Lakeland.',
        "The bridge at Dale was opened to all on a Friday.",
        "The two arches of the bridge at Dale weigh 400 tons.",
    ],
)
def test_what_stands_alone_and_counts_is_a_key_fact(fact: str) -> None:
    assert summary(CLAIM, fact) == [CLAIM, fact]


def test_the_contrast_is_not_shown_again_as_the_fact() -> None:
    contrast = "However, Mara Venn said that the bridge at Dale has not fallen since 1997."
    assert summary(CLAIM, contrast) == [CLAIM, contrast]


def test_a_fact_about_somebody_by_surname_alone_is_left_out() -> None:
    full = "The engineer was Lena Ort of Stonemoor."
    fact = "Ort built the bridge at Dale in 1997 with her own hands."
    assert summary(CLAIM, full, fact) == [CLAIM]
    assert summary("The bridge at Dale of Lena Ort has fallen.", fact) == [
        "The bridge at Dale of Lena Ort has fallen.",
        fact,
    ]


def test_a_fact_far_from_the_claim_is_background() -> None:
    between = ["It rained for a long time in Lakeland."] * 3
    assert summary(CLAIM, *between, FACT) == [CLAIM]
    assert summary(CLAIM, *between[:2], FACT) == [CLAIM, FACT]


def test_of_two_contrasts_the_one_that_stands_alone_is_shown() -> None:
    full = "The engineer was Lena Ort of Stonemoor."
    first, second = (
        "However, Ort said that the bridge still stands.",
        "Mara Venn told the Courier that the bridge has not fallen, and called the rumour false.",
    )
    assert summary(CLAIM, full, first, second)[1] == second
    assert summary(CLAIM, full, first)[1] == first


@pytest.mark.parametrize(
    ("paragraphs", "second", "why"),
    [
        pytest.param(
            (CLAIM, "The council said that the report has not been confirmed by the police."),
            "The council said that the report has not been confirmed by the police.",
            "status by caveat: {have} {negation} <RB>? been <RB>? {verified}",
            id="a caveat",
        ),
        pytest.param(
            ("The bridge at Dale has fallen, unconfirmed reports say.", "It rained in Dale."),
            None,
            "",
            id="a caveat within the claim",
        ),
        pytest.param(
            (CLAIM, "We could not confirm the report from where we were at night."),
            None,
            "",
            id="a caveat of speakers whom nobody knows",
        ),
        pytest.param(
            (CLAIM, "But others claim that the bridge has not fallen at all."),
            "But others claim that the bridge has not fallen at all.",
            "status by contrast: but",
            id="others",
        ),
        pytest.param(
            (CLAIM, "But others claim that we know the bridge has not fallen."),
            None,
            "",
            id="others, with us",
        ),
        pytest.param(
            (
                "The council called a story that Dale has sold its bridge fake.",
                "It rained.",
                "The story that Dale has sold the old bridge is a plain hoax.",
            ),
            None,
            "",
            id="the claim says it already",
        ),
        pytest.param(
            (
                "A story says that Dale has sold its bridge.",
                "It is a hoax from start to end.",
                "Many such stories are false, as all the people there know.",
                "The story that Dale sold its bridge is a hoax.",
                "The whole story of the sale is false.",
            ),
            "The story that Dale sold its bridge is a hoax.",
            "status by debunk: hoax|hoaxes|hoaxed|hoaxer|hoaxers",
            id="a debunk",
        ),
    ],
)
def test_without_a_contrast_the_second_sentence_tells_how_the_claim_stands(
    paragraphs: tuple[str, ...], second: str | None, why: str
) -> None:
    found = read(*paragraphs).chosen
    assert [(one.words.text, one.why) for one in found[1:2]] == ([(second, why)] if second else [])
