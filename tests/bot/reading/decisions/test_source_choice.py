from __future__ import annotations

import pytest

from tests.bot.reading.texts import read, who


@pytest.mark.parametrize(
    "sentence",
    [
        "Two engineers who worked on the bridge said that it fell.",
        "Police said that the bridge fell.",
        "The bridge fell, according to people familiar with the matter.",
        "A new study says that the bridge was weak.",
    ],
)
def test_people_offices_and_documents_that_say_something_are_sources(sentence: str) -> None:
    assert len(read(sentence).sources) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Nobody said that it fell.",
        "The longest queues suggest that it rained.",
        "No engineer of the port said that it fell.",
    ],
)
def test_nobody_and_things_are_no_sources(sentence: str) -> None:
    assert who(read(sentence)) == []


def test_what_is_no_source_keeps_its_attribution_and_says_why() -> None:
    (attribution,) = read("The longest queues suggest that it rained.").attributions
    assert attribution.source is not None
    assert attribution.source_id is None
    assert attribution.source_why.startswith("no source: ")


def test_sources_keep_their_numbers_in_order_where_some_are_left_out() -> None:
    found = read(
        "The longest queues suggest that it rained. Mara Venn said it fell. Owen Pike said that it rained."
    )
    assert [(s.id, s.name.text) for s in found.sources] == [(0, "Mara Venn"), (1, "Owen Pike")]
    assert [a.source_id for a in found.attributions][-2:] == [0, 1]
