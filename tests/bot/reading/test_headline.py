"""The headline against the body."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read


@pytest.mark.parametrize(
    "headline",
    [
        "# Bridge at Dale has fallen",
        "# Bridge at Dale has fallen, cars sink with it",
        "# BREAKING: bridge at Dale has fallen",
    ],
)
def test_a_plain_headline_over_an_unconfirmed_story_is_a_conflict(headline: str) -> None:
    found = read(
        headline,
        "The bridge at Dale has fallen, a guard said.",
        "The reports are unconfirmed.",
    )
    assert found.conflict is not None
    assert found.conflict.body.text == "The reports are unconfirmed."
    assert found.conflict.why.startswith("plain headline against caveat: unconfirmed|unverified|")


@pytest.mark.parametrize(
    "headline",
    [
        "# Has the bridge fallen?",
        "# ‘Fallen’ bridge is gone",
        "# Bridge reportedly falls",
        "# Bridge has fallen, guard says",
        "# Bridge has fallen - senior official",
        "# Council: bridge has fallen",
        "# Bridge could have fallen",
        "# Bridge has not fallen",
        "# Mayor Mara Venn opens a school",
        "# The fallen bridge of Dale",
        "# Bridge is believed to have fallen",
        "# Mara Venn says the bridge has fallen",
        "# Bridge has fallen, tweets Venn",
        "# The report that the bridge has fallen is unconfirmed",
        "# Bridge has probably fallen",
        "# If true, the bridge has fallen",
        "# Mayor tells paper that the bridge has fallen",
        "# Bridge has fallen, police",
        "# Bridge has fallen, mayor tells paper",
        "^ Bridge at Dale has fallen",
    ],
)
def test_a_headline_that_marks_its_doubt_or_tells_other_news_conflicts_with_nothing(headline: str) -> None:
    assert (
        read(headline, "The bridge has fallen, a guard said.", "The reports are unconfirmed.").conflict
        is None
    )
