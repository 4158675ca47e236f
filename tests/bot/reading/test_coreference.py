"""Mentions that stand for an earlier source."""

from __future__ import annotations

from bot.model import SourceKind
from tests.bot.reading.texts import read, who


def test_surname_and_pronoun_are_folded_into_the_full_name() -> None:
    found = read(
        "Mayor Mara Venn said it fell. She added that it was old.", "Venn also denied that it was safe."
    )
    assert who(found) == ["Mara Venn"]
    assert [m.text for m in found.sources[0].mentions] == ["Mayor Mara Venn", "She", "Venn"]


def test_the_authority_is_the_one_that_was_named() -> None:
    found = read("The Dale Harbour Authority announced a strike.", "The authority said ships would wait.")
    assert len(found.sources[0].mentions) == 2


def test_two_different_anonymous_sources_stay_two_entries() -> None:
    found = read("A source close to the council said she would go.", "Another source said she would stay.")
    assert [s.kind for s in found.sources] == [SourceKind.ANONYMOUS, SourceKind.ANONYMOUS]


def test_mentions_of_one_anonymous_group_are_one_entry_under_its_relay() -> None:
    found = read(
        "The bridge fell, the Dale Courier reported citing special sources.",
        "The sources believe that nobody was hurt.",
        "“Two days are left for us,” the Courier quoted one of its sources as saying.",
    )
    unnamed = [s for s in found.sources if not s.named]
    assert [len(s.mentions) for s in unnamed] == [3]
    assert unnamed[0].relayed_by is not None
    assert found.sources[unnamed[0].relayed_by].name.text == "Dale Courier"
