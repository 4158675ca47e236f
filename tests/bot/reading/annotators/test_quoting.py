"""“X quoted Y as saying that …”: both are sources, and X relays Y."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read, said


@pytest.mark.parametrize(
    ("sentence", "relay", "quoted"),
    [
        ("The Dale Courier quoted Owen Pike as saying that it fell.", "Dale Courier", "Owen Pike"),
        ("Lake News quotes Mara Venn as saying it fell.", "Lake News", "Mara Venn"),
        (
            "The Dale Courier cited a source at the port as saying it fell.",
            "Dale Courier",
            "a source at the port",
        ),
    ],
)
def test_who_quotes_and_who_is_quoted_are_sources(sentence: str, relay: str, quoted: str) -> None:
    assert [source.name.text for source in read(sentence).sources] == [relay, quoted]


def test_the_words_are_of_both() -> None:
    found = said(read("The Dale Courier quoted Owen Pike as saying: “It fell.”"))
    assert found == [
        ("The Dale Courier", "quoted", "“It fell.”"),
        ("Owen Pike", "as saying", "“It fell.”"),
    ]


def test_who_is_quoted_without_words_says_nothing() -> None:
    assert said(read("The Dale Courier quoted Owen Pike as saying.")) == []
