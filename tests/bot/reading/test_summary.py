"""The claim, then at most two sentences that add to it and can stand alone."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read

CLAIM = "The bridge at Dale fell into the harbour on Friday, the mayor of Dale, Mara Venn, said."
HURT = "Two drivers of the town's buses were hurt when the bridge fell, the hospital of Dale said."
CLOSED = "The harbour is closed to all ships until Monday, the port authority of Dale said on Saturday."
REST = (
    "It was not the first time.",
    "“I have seen it all before,” he said.",
    "But that was long ago, and nobody spoke of it.",
    "What will they do now?",
    "She had no answer to this.",
    "On Sunday, they took three more ships out of the harbour of Dale.",
)


def summary(*paragraphs: str) -> list[str]:
    return [s.text for s in read(*paragraphs).summary]


def test_the_claim_comes_first_and_then_what_adds_to_it() -> None:
    told = summary(CLAIM, *REST[:2], HURT, *REST[2:], CLOSED)
    assert told[0] == CLAIM
    assert set(told[1:]) == {HURT, CLOSED}


def test_a_sentence_is_told_once() -> None:
    assert summary(CLAIM, HURT, HURT, *REST).count(HURT) <= 1


@pytest.mark.parametrize("leaning", REST)
def test_what_cannot_stand_alone_is_not_told(leaning: str) -> None:
    assert leaning not in summary(CLAIM, leaning, HURT, CLOSED)


def test_a_sentence_that_is_too_long_to_be_shown_whole_is_not_told() -> None:
    long = f"{HURT[:-1]}, " + "and the road along the quay was full of cars, " * 8 + "as many saw."
    assert summary(CLAIM, long, CLOSED) == [CLAIM, CLOSED]


def test_of_an_introduced_report_only_the_claim_and_what_disputes_it_are_told() -> None:
    contrast = "However, Owen Pike said that the bridge at Dale has not fallen."
    report = "The bridge at Dale fell into the harbour on Friday, a guard said."
    told = summary(
        "The town asks who is to blame for all of it.", "Harbour Front reports…", report, HURT, contrast
    )
    assert told == [report, contrast]


def test_a_claim_that_only_the_headline_tells_stands_alone() -> None:
    title = "The ferry is late again, and nobody knows why."
    assert summary(f"# {title}", HURT, CLOSED) == [title]


def test_each_further_sentence_names_the_features_that_spoke_for_it() -> None:
    whys = [one.why for one in read(CLAIM, *REST[:2], HURT, *REST[2:], CLOSED).chosen]
    assert whys[0] == "claim"
    assert all(why.startswith("adds facts: ") for why in whys[1:])
