from __future__ import annotations

import pytest

from bot.model import Claim, Stance
from bot.reading.contrasts import LOOKED_AT
from tests.bot.reading.texts import read


def claim(*paragraphs: str) -> Claim:
    found = read(*paragraphs).claim
    assert found is not None
    return found


def test_the_lead_carries_the_news() -> None:
    found = claim("# Bridge at Dale falls", "The bridge at Dale fell in the night.", "It was old.")
    assert found.sentence.text == "The bridge at Dale fell in the night."


@pytest.mark.parametrize(
    ("paragraphs", "rule"),
    [
        (["Harbour Front reports…", "The bridge at Dale has fallen now."], "after introduction: report"),
        (
            ["The following report is new to us.", "The bridge at Dale has fallen now."],
            "after relay: the following report|article|story|statement|piece",
        ),
        (["Why did it fall?"], "first sentence, as none can carry news"),
    ],
)
def test_the_claim_names_the_rule_that_chose_its_sentence(paragraphs: list[str], rule: str) -> None:
    assert claim(*paragraphs).why == rule


def test_the_claim_names_the_features_that_chose_its_sentence() -> None:
    found = claim("# Bridge at Dale falls", "The bridge at Dale fell in the night.", "It was old.")
    assert "first of few sentences" in found.why.split("; ")


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("The bridge at Dale fell in the night.", "no caveat, attribution or hedge"),
        ("The bridge at Dale fell, Mara Venn said.", "speaker after: say"),
        (
            "The bridge at Dale may fall, Mara Venn said, but that is unverified.",
            "caveat: unconfirmed|unverified|uncorroborated|unauthenticated",
        ),
        (
            "The bridge at Dale reportedly fell in the night.",
            "reportative: reportedly|allegedly|supposedly|purportedly|ostensibly|reputedly",
        ),
        (
            "The story that the bridge at Dale fell is false.",
            "settled: {be} false|fake|untrue|fabricated|debunked|bogus",
        ),
        ("A gang in Dale claims to have burnt the bridge.", "claimed: claims"),
        ("After reports of a fire at Dale the council has met.", "passed on: reports"),
    ],
)
def test_the_stance_names_the_rule_that_decided_it(sentence: str, rule: str) -> None:
    assert claim(sentence).stance_why.startswith(rule)


@pytest.mark.parametrize(
    ("later", "stance"),
    [
        (["The Dale Courier reported that two cars fell."], Stance.UNCONFIRMED),
        (["It rained in Dale.", "The Dale Courier reported that two cars fell."], Stance.ASSERTS),
        (["Mara Venn said that two cars fell."], Stance.ASSERTS),
    ],
)
def test_what_an_outlet_passes_on_right_after_the_claim_is_told_as_its_word(
    later: list[str], stance: Stance
) -> None:
    assert claim("The bridge at Dale fell into the harbour on Friday.", *later).stance is stance


def test_after_a_preamble_the_news_is_the_first_sentence_of_the_report() -> None:
    found = claim(
        "Everybody knows that the council hides the truth about bridges.",
        "Harbour Front reports…",
        "The bridge at Dale has fallen, a guard said.",
    )
    assert found.sentence.text == "The bridge at Dale has fallen, a guard said."
    assert found.statement.text == "The bridge at Dale has fallen"


@pytest.mark.parametrize(
    "caveat",
    [
        "The reports could not be independently verified.",
        "The story has not been confirmed by the council.",
        "The fall of the bridge at Dale is unconfirmed.",
        "“We cannot confirm these reports,” a council spokesman said.",
    ],
)
def test_the_article_saying_that_its_news_is_not_established_raises_the_flag(caveat: str) -> None:
    found = claim(
        "The bridge at Dale has fallen, a guard said.",
        "It stood for years.",
        "It was loved.",
        "It was red.",
        caveat,
    )
    assert found.unconfirmed
    assert found.stance is Stance.UNCONFIRMED


@pytest.mark.parametrize(
    "other",
    [
        "The mayor declined to comment.",
        "The ferry will reportedly run.",
        "Pike mocked “unconfirmed nonsense about rowing boats” and left.",
        "It could not be confirmed how much soup the guests ate.",
    ],
)
def test_attribution_silence_and_other_peoples_words_leave_it_down(other: str) -> None:
    found = claim(
        "The bridge at Dale has fallen, a guard said.",
        "It stood for years.",
        "It was loved.",
        "It was red.",
        other,
    )
    assert not found.unconfirmed


def test_a_caveat_about_something_else_is_one_on_a_detail() -> None:
    found = claim(
        "The old bridge at Dale has fallen into the harbour, and nobody was hurt.",
        "It stood for years.",
        "It was loved.",
        "The price of soup was not confirmed.",
    )
    assert [c.words.text for c in found.side_caveats] == ["was not confirmed"]


def test_a_debunk_denies_and_raises_no_flag() -> None:
    found = claim(
        "# Story of Pike's death is false", "Owen Pike is not dead, and the unverified story is a hoax."
    )
    assert (found.stance, found.unconfirmed) == (Stance.DENIES, False)


def test_a_plain_statement_asserts() -> None:
    assert claim("The bridge at Dale fell in the night.").stance is Stance.ASSERTS


def test_a_named_source_that_disputes_the_news_is_a_contrast() -> None:
    found = claim(
        "The bridge at Dale has fallen, a guard said.",
        "However, Mara Venn said that the bridge still stands.",
    )
    assert [(c.words.text, c.why) for c in found.against] == [
        ("However, Mara Venn said that the bridge still stands.", "contrast: however")
    ]


def test_a_contrast_by_its_verb_names_the_verb() -> None:
    found = claim("The bridge at Dale has fallen, a guard said.", "Mara Venn denied that the bridge fell.")
    assert [c.why for c in found.against] == ["denial: deny"]


def test_where_the_claim_is_a_denial_to_call_the_story_false_is_no_contrast() -> None:
    found = claim(
        "The story that the bridge fell is false, a guard said.", "Mara Venn said that it is a hoax."
    )
    assert found.against == ()


@pytest.mark.parametrize("text", ["Why?", "…", "# Only a title", "~ Only a caption"])
def test_a_text_without_news_does_not_crash(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("Mara Venn said that the bridge at Dale will fall.", "that the bridge at Dale will fall"),
        ("The bridge at Dale will fall, Mara Venn said.", "The bridge at Dale will fall"),
        (
            "Mara Venn denied that the bridge at Dale will fall.",
            "Mara Venn denied that the bridge at Dale will fall.",
        ),
        (
            "A tape showing a bridge fall has been seen by all.",
            "A tape showing a bridge fall has been seen by all.",
        ),
        (
            "The bridge, which Venn said was old and weak, fell.",
            "The bridge, which Venn said was old and weak, fell.",
        ),
        (
            "Police said in a report published on Monday night.",
            "Police said in a report published on Monday night.",
        ),
    ],
)
def test_the_statement_is_what_is_said_or_the_whole_sentence(sentence: str, statement: str) -> None:
    found = read(sentence).claim
    assert found is not None
    assert found.statement.text == statement


@pytest.mark.parametrize(
    ("later", "against"),
    [
        ("Mara Venn denied that the bridge had fallen.", True),
        ("However, Mara Venn said the bridge still stands.", True),
        ("Police questioned Mara Venn about the bridge in Dale.", False),
        ("However, Mara Venn said that the weather was fine.", False),
        ("Mara Venn dismissed two clerks in Dale.", False),
        ("Mara Venn rejected the plan for the old bridge in Dale.", False),
        ("Mara Venn rejected the report about the bridge.", True),
        ("Mara Venn told the Courier that the rumour is not true.", True),
        ("Mara Venn told the Courier that the rumour began on a fake site.", False),
        ("Meanwhile, Mara Venn said the bridge in Dale had been old.", False),
        ("However, Owen Pike said the bridge in Dale had been old.", False),
        ("However, an official said the bridge still stands.", False),
        ("However, it was said that the bridge still stands.", False),
    ],
)
def test_only_what_another_source_says_against_the_claim_is_a_contrast(later: str, against: bool) -> None:  # noqa: FBT001  # a case
    found = read("The old bridge in Dale has fallen, Owen Pike said.", later).claim
    assert found is not None
    assert bool(found.contrasts) is against


def test_what_is_said_far_behind_the_claim_is_no_contrast() -> None:
    between = ("The river is deep.",) * LOOKED_AT
    found = read(
        "The old bridge in Dale has fallen, Owen Pike said.",
        *between,
        "Mara Venn denied that the bridge fell.",
    ).claim
    assert found is not None
    assert found.contrasts == ()
