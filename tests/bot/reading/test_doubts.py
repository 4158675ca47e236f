from __future__ import annotations

import pytest

from bot.model import Claim, Stance
from tests.bot.reading.texts import hedged, read

LEAD = "Rebels in Dale beheaded a captured clerk, the Courier reported."
VIDEO = "A video shows the bridge at Dale falling, the Courier reported."


def claim(*paragraphs: str) -> Claim:
    found = read(
        *paragraphs, "It rained on Monday.", "The ferry runs until spring.", "The harbour was full."
    ).claim
    assert found is not None
    return found


@pytest.mark.parametrize(
    "paragraphs",
    [
        (LEAD, "It rained.", "The ferry ran.", "The shops were open.", "Her death has not been confirmed."),
        (
            VIDEO,
            "It rained.",
            "The ferry ran.",
            "The shops were open.",
            "We could not confirm its authenticity.",
        ),
        (
            VIDEO,
            "It rained.",
            "The ferry ran.",
            "The shops were open.",
            "There is no way to verify the video.",
        ),
        (LEAD, "If the report is true, it would be the third this year."),
        (LEAD, "It rained.", "The ferry ran.", "The shops were open.", "We can't confirm the report."),
        (LEAD, "The paper has not been able to verify it."),
        (LEAD, "No official has yet confirmed it."),
        (LEAD, "The council would not confirm the report."),
        (LEAD, "His death - told by the Courier - however, is unconfirmed at the time of writing."),
        (
            LEAD,
            "It rained.",
            "It rained again.",
            "It snowed.",
            "If the reports are true, it would be the third.",
        ),
        (VIDEO, "It rained.", "It snowed.", "Officials are trying to determine its authenticity."),
        (LEAD, "The clerk's sister said that there are conflicting reports."),
        (LEAD, "It rained.", "It may all be a hoax."),
        (
            "The Courier says that a bridge fell.",
            "A tape of it was sent round.",
            "It rained.",
            "It snowed.",
            "The council could not verify the tape.",
        ),
        (
            "A clerk claims that he grew a wing on his back.",
            "It rained.",
            "It rained again.",
            "It snowed.",
            "There is no way to confirm if the wing is real.",
        ),
        (LEAD, "The council told the paper it had “no official notification” of it."),
        (LEAD, "Lena Ort of the council said: “We cannot confirm that he was beheaded.”"),
        (
            LEAD,
            "It rained.",
            "It rained again.",
            "It snowed.",
            "We cannot verify the accuracy of the report.",
        ),
    ],
)
def test_a_caveat_on_the_claim_raises_the_flag(paragraphs: tuple[str, ...]) -> None:
    assert claim(*paragraphs).unconfirmed


@pytest.mark.parametrize(
    "paragraphs",
    [
        (LEAD, "The council could not confirm the name of the clerk."),
        (
            "Following reports of rebels who use gas in Dale, the council has ordered a probe.",
            "It rained.",
            "It rained again.",
            "It snowed.",
            "“We know of the reports but cannot confirm details and seek additional information,” Ort said.",
        ),
        (LEAD, "At the time the report was not confirmed."),
        (LEAD, "The clerk was not confirmed by the council until May."),
        (LEAD, "A previously unverified tape was played."),
        (
            "The council confirmed that a clerk was beheaded in Dale.",
            "It rained.",
            "Its details are unconfirmed.",
        ),
        ("Dale will build a bridge of steel next year.", "The council would not confirm the report."),
        (LEAD, "The council refused to confirm the report."),
        (LEAD, "“We are not going to confirm it,” Lena Ort said."),
        (LEAD, "The council neither confirmed nor denied the report."),
        ("The council denied that a clerk was beheaded.", "The report has not been confirmed by the rebels."),
        ("The council says the video of the clerk is authentic.", "It said earlier it could not confirm it."),
        (LEAD, "Reports of where and how the clerk was beheaded could not be confirmed."),
        (LEAD, "Correction: an earlier version held an unconfirmed report of his death."),
        (LEAD, "At the time the council said: “We have no official notification that it is the clerk.”"),
    ],
)
def test_a_caveat_on_a_detail_or_on_an_earlier_time_does_not(paragraphs: tuple[str, ...]) -> None:
    found = claim(*paragraphs)
    assert not found.unconfirmed
    assert found.side_caveats


@pytest.mark.parametrize(
    "paragraphs",
    [
        (LEAD, "An unverified Twitter account wrote of it."),
        (LEAD, "Owen Pike said that it would be difficult to confirm the report."),
        (LEAD, "Owen Pike said that the tape, if genuine, was a crime."),
        (LEAD, "It is almost always impossible to verify such tapes."),
        (LEAD, "They call it “unverified” and laugh about it."),
    ],
)
def test_a_look_alike_and_the_words_of_others_are_no_caveat(paragraphs: tuple[str, ...]) -> None:
    found = claim(*paragraphs)
    assert (found.caveats, found.side_caveats) == ((), ())


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("The story of a beheaded clerk is a hoax.", "The fake report is unconfirmed."),
        ("A fake story about a clerk went round.", "It was a hoax, and it is unconfirmed where it began."),
    ],
)
def test_no_flag_stands_against_a_story_that_is_called_false(paragraphs: tuple[str, ...]) -> None:
    found = claim(*paragraphs)
    assert not found.unconfirmed
    assert found.stance is Stance.DENIES


@pytest.mark.parametrize(
    ("lead", "stance", "why"),
    [
        ("The council denied that the bridge in Dale would fall.", Stance.DENIES, "speaker before: deny"),
        ("The council confirmed that the bridge in Dale would fall.", Stance.ASSERTS, "no caveat"),
        ("The council said that the bridge in Dale would fall.", Stance.UNCONFIRMED, "speaker before: say"),
    ],
)
def test_the_stance_is_that_of_the_claims_own_attribution(lead: str, stance: Stance, why: str) -> None:
    found = claim(lead)
    assert found.stance is stance
    assert found.stance_why.startswith(why)


def test_the_words_of_the_flag_are_among_the_hedges() -> None:
    found = read(LEAD, "No official has yet confirmed it.", "If the report is true, it would be the third.")
    assert {"No official has yet confirmed", "If the report is true"} <= set(hedged(found))
