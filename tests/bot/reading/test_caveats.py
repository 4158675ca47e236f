from __future__ import annotations

import pytest

from bot.model import Stance
from tests.bot.reading.texts import FALLEN, claim, hedged, read

LEAD = "Rebels in Dale beheaded a captured clerk, the Courier reported."
VIDEO = "A video shows the bridge at Dale falling, the Courier reported."
TOLD_AGAIN = "The rebels beheaded the clerk."
UNVERIFIED = "The report is unverified."
BETWEEN = ("It rained.", "The ferry ran.", "The shops were open.")
LONG = ("It had rained there until the end of spring.",) * 12
VERY_LONG = LONG * 10


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
        ("The following report is unconfirmed.", "A bridge in Dale has fallen, the Courier reported."),
        (LEAD, "Lena Ort of the council said: “We cannot confirm that he was beheaded.”"),
        (
            LEAD,
            "It rained.",
            "It rained again.",
            "It snowed.",
            "We cannot verify the accuracy of the report.",
        ),
        (LEAD, "The council could not be reached to confirm the report."),
        (LEAD, "If the Courier's latest findings are accurate, it would be the third this year."),
        (LEAD, "Should the report prove to be true, it would be the third this year."),
        (LEAD, "There is no solid proof of it, and the story is unproven."),
        (LEAD, "It is impossible to know who is telling the truth about it."),
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
        (LEAD, "The council would not confirm the report."),  # a refusal to speak, as "declined to"
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
    ("lead", "later"),
    [
        pytest.param(LEAD, ["The council could not confirm the crime."], id="an object, right after"),
        pytest.param(LEAD, ["The crime has not been confirmed by the council."], id="not yet by somebody"),
        pytest.param(LEAD, ["The crime was not confirmed."], id="by nobody"),
        pytest.param(LEAD, ["There is debate about its veracity."], id="truth of what is no picture"),
        pytest.param(LEAD, ["It rained.", "The council could not verify those reports."], id="those, near"),
        pytest.param(LEAD, ["If true, it would be the third."], id="a condition without a noun"),
        pytest.param(LEAD, ["The murder would, if true, be the third."], id="a condition behind would"),
        pytest.param(LEAD, ["The report, if true, is the third."], id="report the noun before a condition"),
        pytest.param(
            LEAD,
            ["The murder took place on Monday, if the reports are true."],
            id="a verb that tells nothing before a condition",
        ),
        pytest.param(
            LEAD,
            ["The report is unconfirmed, and it takes time to check it."],
            id="time that is no moment",
        ),
        pytest.param(
            LEAD,
            ["The council did not confirm the price of soup until Friday.", "The report is unverified."],
            id="something else confirmed by now",
        ),
        pytest.param(
            "Rebels now hold the bridge at Dale, the Courier reported.",
            ["The council could not confirm the capture of the bridge."],
            id="an event of something",
        ),
        pytest.param(
            "Mara Venn has died in Dale.", ["It may all be a hoax."], id="a claim of a name and a verb"
        ),
        pytest.param(
            "Rebels in Dale beheaded a captured clerk.",
            ["The report has not been confirmed."],
            id="a claim that passes on nothing",
        ),
        pytest.param(
            "The mayor denied that the bridge at Dale fell, but her word could not be verified.",
            [],
            id="beside a denial",
        ),
        pytest.param(
            "The Courier, which could not confirm details, reported that rebels in Dale beheaded a clerk.",
            [],
            id="a detail in the sentence of the claim",
        ),
    ],
)
def test_in_or_right_after_the_claim_a_caveat_needs_no_more_to_concern_it(
    lead: str, later: list[str]
) -> None:
    assert claim(lead, *later).unconfirmed


@pytest.mark.parametrize(
    ("lead", "later"),
    [
        pytest.param(VIDEO, ["The council could not confirm the colour of the bridge."], id="a part of it"),
        pytest.param(LEAD, ["Her new rank was not confirmed by the council."], id="what somebody did then"),
        pytest.param(
            "The report denied that a clerk was beheaded.",
            ["His death has not been confirmed."],
            id="what a report denied",
        ),
        pytest.param(
            "The council met and denied that a clerk was beheaded.",
            ["His death has not been confirmed."],
            id="what a council that met denied",
        ),
        pytest.param(
            LEAD,
            ["The council did not confirm the report until Friday.", "On Monday it was unverified."],
            id="confirmed by now",
        ),
    ],
)
def test_even_right_after_the_claim_a_detail_or_what_is_over_leaves_the_flag_down(
    lead: str, later: list[str]
) -> None:
    found = claim(lead, *later)
    assert not found.unconfirmed
    assert found.side_caveats


@pytest.mark.parametrize(
    ("lead", "later"),
    [
        pytest.param(
            "Photos show the bridge at Dale falling, the Courier reported.",
            ["The council could not verify those photos."],
            id="those photos of the claim",
        ),
        pytest.param(
            LEAD, [TOLD_AGAIN, "The council could not verify those reports."], id="those reports of it"
        ),
        pytest.param(LEAD, ["If true, the change would please them."], id="if true, a turn"),
        pytest.param(LEAD, ["If true, the murder would be the third."], id="if true, its event"),
        pytest.param(
            VIDEO, ["An unverified report of the falling bridge went round."], id="a report with its words"
        ),
        pytest.param(LEAD, ["Unverified reports spoke of murder."], id="a report of its event"),
        pytest.param(LEAD, [TOLD_AGAIN, "The council could not confirm it."], id="a pronoun after it"),
        pytest.param(LEAD, [TOLD_AGAIN, "That could not be verified."], id="a full stop after it"),
        pytest.param(LEAD, [TOLD_AGAIN, "= That has not been verified"], id="a heading ends with it"),
        pytest.param(
            LEAD,
            ["The news spread to the hills.", "The council could not confirm it."],
            id="after a sentence about the news",
        ),
        pytest.param(
            LEAD,
            ["Reports of it reached the hills.", "It may all be a hoax by bored boys."],
            id="a warning after a sentence about the news",
        ),
    ],
)
def test_far_from_the_claim_words_of_it_or_the_sentence_before_tie_a_caveat_to_it(
    lead: str, later: list[str]
) -> None:
    assert claim(lead, *BETWEEN, *later).unconfirmed


def test_the_headline_tells_what_is_known_of_the_claim() -> None:
    found = claim(
        "# A wing of feathers grows in Dale",
        "A clerk in Dale shows what grew on his back.",
        *BETWEEN,
        "If true, the wing would be the first.",
    )
    assert found.unconfirmed


@pytest.mark.parametrize(
    ("lead", "later"),
    [
        pytest.param(
            LEAD, ["The council could not confirm the authenticity of the coin."], id="truth of another thing"
        ),
        pytest.param(LEAD, ["The council could not verify those reports."], id="those reports of nothing"),
        pytest.param(
            LEAD,
            ["News of snow came in.", "The council could not verify those reports."],
            id="those reports of other news",
        ),
        pytest.param(LEAD, ["If true, the soup would be cold."], id="if true, another thing"),
        pytest.param(LEAD, ["If true, it would be good."], id="if true, nothing with a name"),
        pytest.param(LEAD, ["Unconfirmed reports spoke of snow in the hills."], id="a report of other news"),
        pytest.param(VIDEO, ["The council could not confirm the plan for a bridge."], id="one word of it"),
        pytest.param(LEAD, ["The Courier could not confirm the price in Dale."], id="only names of it"),
        pytest.param(
            "The mayor of Dale has met with rebels, the Courier reported.",
            ["The Courier has not confirmed the price in Dale."],
            id="names and a short word of it",
        ),
        pytest.param(
            "The mayor of Dale has met with rebels, the Courier reported.",
            ["The Courier could not confirm the price with Dale."],
            id="names and a preposition of it",
        ),
        pytest.param(
            VIDEO,
            ["The council could not confirm the name of the bridge at Dale."],
            id="the name of what it is about",
        ),
        pytest.param(
            VIDEO, ["The council could not confirm the real cost for the bridge."], id="real, but no if"
        ),
        pytest.param(
            LEAD, ["The council cannot confirm whether the clerk had a sister."], id="whether, but not real"
        ),
        pytest.param(LEAD, ["The soup may be a prank."], id="a warning about another thing"),
        pytest.param(LEAD, ["The council could not confirm it."], id="a pronoun after other things"),
        pytest.param(
            LEAD, [TOLD_AGAIN, "The council could not confirm the price."], id="an object, after the claim"
        ),
        pytest.param(
            LEAD,
            ["The captured clerk slept, and the price of soup is unverified."],
            id="its event before a comma",
        ),
        pytest.param(
            LEAD,
            ["The price of soup is unverified, and the captured clerk slept."],
            id="its event after a comma",
        ),
        pytest.param(
            LEAD,
            ["They fed the captured clerk but could not confirm the price of soup."],
            id="its event before but",
        ),
    ],
)
def test_far_from_the_claim_a_caveat_about_something_else_is_one_on_a_detail(
    lead: str, later: list[str]
) -> None:
    found = claim(lead, *BETWEEN, *later)
    assert not found.unconfirmed
    assert found.side_caveats


@pytest.mark.parametrize(
    ("paragraphs", "unconfirmed"),
    [
        pytest.param(
            ["# Bridge at Dale", "The following report is unconfirmed.", FALLEN],
            True,
            id="the report that follows",
        ),
        pytest.param(
            [
                "But is it not so, dear readers, that we all know the price of soup to be unverified?",
                "Harbour Front reports…",
                FALLEN,
            ],
            False,
            id="something else before the report",
        ),
        pytest.param(
            [
                "Everybody in Dale loves soup.",
                "Harbour Front reports…",
                FALLEN,
                *BETWEEN,
                "Following the feast, the price of soup is unverified.",
            ],
            False,
            id="following, behind the claim",
        ),
        pytest.param(
            ["Following the feast, you could not verify the price of the soup.", LEAD],
            False,
            id="following, where no report is introduced",
        ),
    ],
)
def test_before_a_report_only_words_on_what_follows_concern_it(
    paragraphs: list[str],
    unconfirmed: bool,  # noqa: FBT001  # a case
) -> None:
    found = claim(*paragraphs)
    assert found.unconfirmed is unconfirmed
    assert found.caveats or found.side_caveats


@pytest.mark.parametrize(
    "quoted",
    [
        pytest.param("“At this hour the DHC cannot confirm the report,” Lena Ort said.", id="by its letters"),
        pytest.param("“All of this still requires verification on the ground,” Lena Ort said.", id="a need"),
    ],
)
def test_in_a_quotation_a_bodys_own_failure_to_verify_raises_the_flag(quoted: str) -> None:
    assert claim(LEAD, quoted).unconfirmed


@pytest.mark.parametrize(
    "later",
    [
        pytest.param("“At this hour the paper cannot confirm the report,” Owen Pike said.", id="of others"),
        pytest.param("“A man at the paper cannot confirm the report,” Owen Pike said.", id="after a capital"),
        pytest.param("“Unconfirmed reports reached us on Monday,” Owen Pike said.", id="a quoted adjective"),
        pytest.param("“If it is true, we will leave Dale,” Owen Pike said.", id="a quoted condition"),
        pytest.param("The stamp on the letter reads “cannot be verified” in red.", id="words mentioned"),
        pytest.param(
            "At the time Owen Pike called it “an unconfirmed and silly story” and left.",
            id="a quoted adjective of an earlier time",
        ),
        pytest.param("If the report was true, Mara Venn would know.", id="an unreal condition"),
        pytest.param("A Twitter account, still unverified, wrote of it.", id="an account before it"),
        pytest.param("~ The unverified video of the clerk.", id="a caption"),
    ],
)
def test_what_a_speaker_supposes_mentions_or_says_of_others_is_no_caveat(later: str) -> None:
    found = claim(LEAD, later)
    assert (found.caveats, found.side_caveats) == ((), ())


def test_a_caveat_that_fits_two_patterns_is_told_once_and_whole() -> None:
    found = claim(LEAD, "The paper is not able to verify it.")
    assert [c.words.text for c in found.caveats + found.side_caveats] == ["is not able to verify"]


def test_a_caveat_can_be_the_last_words_of_the_article() -> None:
    found = read(LEAD, "That was not confirmed").claim
    assert found is not None
    assert found.unconfirmed


@pytest.mark.parametrize(
    "paragraphs",
    [
        pytest.param(["# Tale of a bridge that fell is false", FALLEN, UNVERIFIED], id="by the headline"),
        pytest.param(["The fake bridge at Dale has not fallen.", UNVERIFIED], id="by the claim, negated"),
        pytest.param(
            [FALLEN, UNVERIFIED, *LONG, "It is fake.", "The photo was doctored.", "It is a spoof."],
            id="by the body, three times",
        ),
    ],
)
def test_where_the_article_calls_its_story_false_a_caveat_raises_no_flag(paragraphs: list[str]) -> None:
    found = claim(*paragraphs)
    assert not found.unconfirmed
    assert found.side_caveats


@pytest.mark.parametrize(
    "paragraphs",
    [
        pytest.param(
            ["The bridge at Dale fell, and all that Pike says is “a hoax”.", UNVERIFIED], id="quoted"
        ),
        pytest.param(
            ["The fake bridge at Dale has fallen.", UNVERIFIED], id="of the thing, not of the claim"
        ),
        pytest.param(
            [FALLEN, UNVERIFIED, *LONG, "A ring is fake.", "A photo was doctored."], id="twice, late"
        ),
        pytest.param([FALLEN, UNVERIFIED, "A ring is fake.", *VERY_LONG, "A coin is bogus."], id="rarely"),
        pytest.param(
            [LEAD, UNVERIFIED, *VERY_LONG, "A ring is fake.", "A coin is bogus.", "It was a spoof."],
            id="three times in a very long text",
        ),
    ],
)
def test_a_mention_of_something_false_takes_no_flag_down(paragraphs: list[str]) -> None:
    assert claim(*paragraphs).unconfirmed


@pytest.mark.parametrize(
    "paragraphs",
    [
        pytest.param(
            [
                "The old bridge at Dale fell into the harbour on Friday night, and two boats sank.",
                "Nobody was hurt.",
                "The ferry may be late.",
            ],
            id="a hedge in another sentence",
        ),
        pytest.param([FALLEN, "He said that the ferry will run."], id="next, from nobody known"),
        pytest.param(["The bridge at Dale is closed to all cars since Friday."], id="to, and no claim"),
        pytest.param(["The claims office of Dale burnt down on Friday."], id="claims, without to"),
        pytest.param(["The reports desk of Dale burnt down on Friday."], id="reports, without of or that"),
        pytest.param(
            ["The bridge at Dale, which Mara Venn called weak, fell in the night and sank two boats."],
            id="an aside of somebody's",
        ),
    ],
)
def test_what_is_not_said_of_the_claim_leaves_it_a_fact(paragraphs: list[str]) -> None:
    assert claim(*paragraphs).stance is Stance.ASSERTS


def test_the_words_of_the_flag_are_among_the_hedges() -> None:
    found = read(LEAD, "No official has yet confirmed it.", "If the report is true, it would be the third.")
    assert {"No official has yet confirmed", "If the report is true"} <= set(hedged(found))


TOLD = "The goalkeeper has joined Elmton, the club said on Friday."
TAIL = ("The town lies at the mouth of the river.", "Most of its people live from fishing.")


@pytest.mark.parametrize(
    "paragraphs",
    [
        (TOLD, "Its chairman also spoke of an unconfirmed report of an offer from Varn."),
        (TOLD, "Fans were asked to ignore gossip and unverified reports on the web."),
        ("Mara Venn is to lead the port, the palace said.", "She has not been confirmed by the senate."),
        ("The council threw out forty votes because signatures could not be verified.",),
        (TOLD, "These are no unverified guesses but figures of the club."),
    ],
)
def test_another_matter_and_another_sense_raise_no_flag(paragraphs: tuple[str, ...]) -> None:
    assert not claim(*paragraphs, *TAIL).unconfirmed


@pytest.mark.parametrize(
    "paragraphs",
    [
        (
            "A film that claims to show guards beating farmers spread on Friday.",
            "Verifying it independently is nearly impossible.",
        ),
        (
            "The tape, sent on Monday, shows guards beating farmers.",
            "Nothing on it proves that it was made in Varn.",
        ),
        (
            "The Post says it has “confirmed news” that the chief is dead.",
            "The palace could not confirm his death.",
        ),
        ("Rebels hold the airfield, the Courier reported.", "None of this has been verified."),
        ("Rebels hold the airfield, the Courier reported.", "It could not be determined who holds it."),
    ],
)
def test_an_account_of_trying_to_verify_raises_the_flag(paragraphs: tuple[str, ...]) -> None:
    assert claim(*paragraphs).unconfirmed


def test_in_a_post_that_the_page_quotes_a_caveat_is_not_its_own() -> None:
    assert not claim(TOLD, "> Unconfirmed: the goalkeeper wants to leave", *TAIL).unconfirmed
