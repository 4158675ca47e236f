from __future__ import annotations

import pytest

from bot.model import Voice
from tests.bot.reading.texts import hedged, read


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge fell in May.",
        "A person may not enter, the rules say.",
        "He appeared in court on Monday.",
        "The group claimed responsibility for it.",
        "The think tank held a poll of likely voters.",
        "The suspect was charged with theft.",
        "Rasmussen Reports asked about 20 people.",
        "They call it ‘speculation’ and laugh.",
        "The council could not be reached.",
        "It was the only way he could hear her.",
    ],
)
def test_look_alikes_are_no_hedges(sentence: str) -> None:
    assert hedged(read(sentence)) == ([] if "may not" not in sentence else ["may not enter"])


def test_of_two_overlapping_constructions_the_longer_is_listed() -> None:
    assert hedged(read("The bridge could possibly be weak.")) == ["could possibly be"]


def test_a_belief_is_a_hedge_with_its_speaker() -> None:
    assert hedged(read("The sources believe that it fell.")) == ["The sources believe"]


def test_a_hedge_stands_in_its_sentence() -> None:
    (hedge,) = read("It rained. The bridge will reportedly close. It is old.").hedges
    assert (hedge.words.text, hedge.sentence.text) == ("reportedly", "The bridge will reportedly close.")


def test_a_hedge_says_whose_it_is() -> None:
    found = read(
        "But will we, dear readers, maybe never know the truth about it?",
        "Harbour Front reports…",
        "The old bridge at Dale will reportedly close for good on Monday.",
        "“It is probably weak and old,” Mara Venn said.",
    )
    assert [(h.words.text, h.voice, h.source_id is not None) for h in found.hedges] == [
        ("maybe", Voice.COMMENT, False),
        ("reportedly", Voice.ARTICLE, False),
        ("probably", Voice.SOURCE, True),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mara May said on Monday that the wall would hold, and May has praised it.",
        "The wall held, Mara May said. May also visited the yard.",
        "Owen Might told the council that the wall held.",
        "Whatever the talk of the town may suggest, the ferry was late.",
        "It seemed unfair to her that one letter can do that.",
        "Sailors are more likely to swim.",
        "The play might not be for everyone.",
        "Asked whether she believed it, Venn shook her head.",
    ],
)
def test_a_name_a_taste_and_a_question_are_no_words_of_doubt(sentence: str) -> None:
    assert hedged(read(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The guards then “likely” fired again, a study says.", "likely"),
        ("No verified sign of the ferry was found.", "No verified sign"),
        ("The council has not formally identified the man.", "has not formally identified"),
        ("The first shot cannot be dated with certainty.", "cannot be dated with certainty"),
        ("The paper could not independently establish who fired.", "could not independently establish"),
    ],
)
def test_what_is_not_known_for_sure_is_listed(sentence: str, words: str) -> None:
    assert words in hedged(read(sentence))
