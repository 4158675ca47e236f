"""Verbs of saying that no rule explains: who speaks is chosen as editors marked it."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read, said


@pytest.mark.parametrize(
    ("sentence", "source", "cue", "content"),
    [
        (
            "Survivors of the crash in Dale, near Lake Venn, say the bridge was weak.",
            "Survivors of the crash in Dale",
            "say",
            "the bridge was weak",
        ),
        (
            "Inside sources say Northline is closing the yard.",
            "sources",
            "say",
            "Northline is closing the yard",
        ),
        (
            "Owen Pike, says the story is “not true”, but would not elaborate.",
            "Owen Pike",
            "says",
            "the story is “not true”, but would not elaborate",
        ),
        (
            "Harbour sources have strongly denied to the Dale Courier that the bridge fell.",
            "sources",
            "have strongly denied",
            "that the bridge fell",
        ),
    ],
)
def test_who_speaks_by_a_verb_beyond_the_rules_is_found(
    sentence: str, source: str, cue: str, content: str
) -> None:
    found = [one for one in said(read(sentence)) if one[1] == cue]
    assert [(one[0].removeprefix("Harbour "), *one[1:]) for one in found] == [(source, cue, content)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Her friend who asked not to be named left on Monday.",
        "Mara Venn went to the harbour, and the divers went there.",
        "The council did not respond on Monday.",
    ],
)
def test_where_nobody_is_likely_enough_nobody_speaks(sentence: str) -> None:
    assert said(read(sentence)) == []


def test_the_features_that_decided_are_told() -> None:
    (attribution,) = read("Inside sources say Northline is closing the yard.").attributions
    assert attribution.why.startswith("learnt: ")
