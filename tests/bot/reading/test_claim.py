from __future__ import annotations

import pytest

from bot.model import Claim, Stance
from tests.bot.reading.texts import read


def claim(*paragraphs: str) -> Claim:
    found = read(*paragraphs).claim
    assert found is not None
    return found


def test_the_lead_carries_the_news() -> None:
    found = claim("# Bridge at Dale falls", "The bridge at Dale fell in the night.", "It was old.")
    assert found.sentence.text == "The bridge at Dale fell in the night."


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
        "The bridge at Dale has fallen.",
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
    assert [c.text for c in found.contrasts] == ["However, Mara Venn said that the bridge still stands."]


def test_a_plain_headline_over_an_unconfirmed_story_is_a_conflict() -> None:
    found = read(
        "# Bridge at Dale has fallen",
        "The bridge at Dale has fallen, a guard said.",
        "The reports are unconfirmed.",
    )
    assert found.conflict is not None
    assert found.conflict.body.text == "The reports are unconfirmed."


@pytest.mark.parametrize(
    "headline", ["# Has the bridge fallen?", "# ‘Fallen’ bridge is gone", "# Bridge reportedly falls"]
)
def test_a_headline_that_marks_its_doubt_conflicts_with_nothing(headline: str) -> None:
    assert (
        read(headline, "The bridge has fallen, a guard said.", "The reports are unconfirmed.").conflict
        is None
    )


@pytest.mark.parametrize("text", ["Why?", "…", "# Only a title", "~ Only a caption"])
def test_a_text_without_news_does_not_crash(text: str) -> None:
    read(text)
