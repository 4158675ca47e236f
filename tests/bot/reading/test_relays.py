"""Outlets and accounts that heard, obtained, published or passed on the words of others."""

from __future__ import annotations

import pytest

from bot.model import How, SourceKind
from tests.bot.reading.texts import read


@pytest.mark.parametrize(
    ("sentence", "relays"),
    [
        ("“It fell,” Mara Venn told the Dale Courier.", "Dale Courier"),
        ("“It fell,” Mara Venn told DaleLive.", "DaleLive"),
        ("Mara Venn told the local news website Harbour Eye that it fell.", "Harbour Eye"),
        ("In an interview with Lake Radio, Mara Venn said it fell.", "Lake Radio"),
        ("Speaking to the Dale Courier, Mara Venn said it fell.", "Dale Courier"),
        ("In a statement to 9to5Dale, Mara Venn said it fell.", "9to5Dale"),
        ("A memo obtained by Harbour Insider says that it fell.", "Harbour Insider"),
        ("Mara Venn confirmed to the Dale Courier that it fell.", "Dale Courier"),
        ("“It fell,” Mara Venn said, via the Dale Courier.", "Dale Courier"),
        ("Mara Venn said it fell, in a story published by the Dale Courier.", "Dale Courier"),
        ("Mara Venn described it in the journal Mechatronics, a clerk said.", "Mechatronics"),
        ("Mara Venn told the lakeside newspaper Al-Dale that it fell.", "Al-Dale"),
        ("“It fell,” Mara Venn told Bridges magazine.", "Bridges"),
        ("“It fell,” Mara Venn said in a statement to “Entertainment Tonight.”", "Entertainment Tonight"),
        ("Mara Venn told The Sun that it fell.", "Sun"),
        ("Speaking live on Lake Radio, Mara Venn said it fell.", "Lake Radio"),
        ("The bridge fell, Mara Venn said. [The Dale Courier]", "Dale Courier"),
        ("Mara Venn explained it on an episode of the Long Way Home podcast.", "Long Way Home"),
    ],
)
def test_who_heard_or_passed_on_the_words_is_a_source_that_relays(sentence: str, relays: str) -> None:
    found = [source for source in read(sentence).sources if source.how is How.RELAYS]
    assert [(source.name.text, source.kind) for source in found] == [(relays, SourceKind.OUTLET)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mara Venn told Owen Pike that it fell.",
        "Mara Venn told the Dale Council that it fell.",
        "Mara Venn spoke with Pike Ort about the bridge, and said it fell.",
        "Mara Venn told reporters that it fell.",
        "Mara Venn sent a letter to the Harbour Office, and said it fell.",
    ],
)
def test_who_is_merely_addressed_relays_nothing(sentence: str) -> None:
    assert all(source.how is How.SPEAKS for source in read(sentence).sources)


def test_an_outlet_that_also_speaks_is_listed_as_a_speaker() -> None:
    found = read("Mara Venn told the Dale Courier that it fell.", "The Dale Courier reported that it rained.")
    assert {source.name.text: source.how for source in found.sources} == {
        "Mara Venn": How.SPEAKS,
        "Dale Courier": How.SPEAKS,
    }


def test_the_newspaper_is_the_outlet_that_was_told() -> None:
    found = read("Mara Venn told the Dale Courier that it fell.", "The newspaper said it was old.")
    assert [source.name.text for source in found.sources] == ["Mara Venn", "Dale Courier"]


@pytest.mark.parametrize(
    ("sentence", "relays"),
    [
        ("Mara Venn told the Lakeland paper The Dale Courier that it fell.", "Dale Courier"),
        ("Mara Venn told Lake News affiliate WDAL that it fell.", "WDAL"),
        ("Mara Venn told members of the Dale Courier that it fell.", "Dale Courier"),
    ],
)
def test_of_names_that_describe_one_another_the_last_is_told(sentence: str, relays: str) -> None:
    assert relays in {source.name.text for source in read(sentence).sources if source.how is How.RELAYS}
