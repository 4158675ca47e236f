from __future__ import annotations

import pytest

from tests.bot.reading.languages.en.test_lexicon import RAW
from tests.bot.reading.texts import read


def nobody(*paragraphs: str) -> list[str]:
    """The cues of the attributions to nobody."""
    found = read(*paragraphs).attributions
    return [a.cue.text for a in found if a.why.startswith("agentless") and a.cue is not None]


@pytest.mark.parametrize("example", RAW["agentless"].values())
def test_every_agentless_wording_is_an_attribution_to_nobody(example: str) -> None:
    assert len(nobody(example)) == 1


def test_its_content_is_the_sentence() -> None:
    (found,) = read("The bridge fell. The ferry reportedly sank.").attributions
    assert [c.text for c in found.content] == ["The ferry reportedly sank."]
    assert found.source_id is None


def test_a_cue_that_has_its_speaker_is_no_second_attribution() -> None:
    assert nobody("Mara Venn reportedly said that it fell.") == []


def test_a_rumour_that_tells_nothing_is_no_attribution() -> None:
    assert nobody("The rumour mill of Dale stood still.") == []
