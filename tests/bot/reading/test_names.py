"""Names that name the same thing."""

from __future__ import annotations

import pytest

from bot.model import SourceKind
from tests.bot.reading.texts import read, who


def test_an_organisation_is_listed_once_with_its_acronym() -> None:
    found = read("The Dale Harbour Authority (DHA) announced a strike.", "The DHA said ships would wait.")
    assert who(found) == ["Dale Harbour Authority (DHA)"]


def test_an_acronym_used_before_it_is_spelled_out_is_the_same_source() -> None:
    found = read("The DHA said ships would wait.", "Pike left the Dale Harbour Authority (DHA) in May.")
    assert who(found) == ["Dale Harbour Authority (DHA)"]


def test_the_day_in_the_name_of_a_paper_belongs_to_it() -> None:
    assert who(read("The Sunday Times said it fell.")) == ["Sunday Times"]


@pytest.mark.parametrize(
    ("short", "longer", "names"),
    [
        ("The Daily News", "The New Dale Daily News", ["New Dale Daily News"]),
        ("The Dale Council", "The New Dale Council", ["Dale Council", "New Dale Council"]),
    ],
)
def test_only_a_paper_is_the_longer_name_that_ends_as_it_does(
    short: str, longer: str, names: list[str]
) -> None:
    assert who(read(f"{short} said it fell. {longer} said it rained.")) == names


@pytest.mark.parametrize(
    "name",
    [
        "Harland Bureau of Ports and Inland Waterways",
        "Competition and Harbours Authority",
        "Office of the High Keeper for Ports",
        "Council for Peace and Reconciliation in the Dale",
        "Voice of Harland",
        "Ports, Ferries and Harbours Lakeland (PFHL)",
        "Keeper of Lakeland Ports in the Dale (KOLPD)",
    ],
)
def test_a_body_keeps_all_that_it_deals_with_in_its_name(name: str) -> None:
    assert who(read(f"The hull was dented, the {name} said on Monday.")) == [name]


def test_the_name_of_a_person_after_and_is_no_part_of_a_body() -> None:
    assert who(read("The Bank of Dale and Mara Venn said it fell.")) == ["Bank of Dale", "Mara Venn"]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Mara Venn told the Ort news agency that it fell.", "Ort news agency"),
        ("Mara Venn told local station WDAL that it fell.", "WDAL"),
        ("“It fell,” said Laurence des Venns, the director.", "Laurence des Venns"),
        ("The Office of Ports for the Western Lake said it fell.", "Office of Ports for the Western Lake"),
    ],
)
def test_a_name_is_whole(sentence: str, name: str) -> None:
    assert name in {source.name.text for source in read(sentence).sources}


@pytest.mark.parametrize(
    "sentence",
    [
        "It fell, and its Deputy News Director said so.",
        "The Member has told the council that it fell.",
        "National Coordinator for Ports said it fell.",
        "A Dec. 9 post on the page said that it fell.",
    ],
)
def test_an_office_or_a_date_is_no_name(sentence: str) -> None:
    assert not any(source.named for source in read(sentence).sources)


def test_an_office_with_hyphens_is_no_part_of_a_name() -> None:
    assert who(read("“It fell,” Wirepress Editor-in-Chief Ana Gallo said.")) == ["Ana Gallo"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Longtime Mara Venn advocate Owen Pike has quit, Venn said.",
        "Former Zed Venn aide Owen Pike has quit, Venn said.",
        "Disgraced Zed Venn said that Pike has quit.",
        "Legendary Zed Venn said that Pike has quit.",
    ],
)
def test_a_word_that_opens_the_sentence_is_no_part_of_a_name(sentence: str) -> None:
    assert who(read(sentence)) in (["Mara Venn"], ["Zed Venn"])


def test_a_surname_that_is_also_a_company_is_still_a_person() -> None:
    (source,) = read("John Ford left on Monday.", "“It fell,” Ford said.").sources
    assert source.kind is SourceKind.PERSON


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("“It fell,” said US Attorney for the District of Maryland Owen J. Pike.", "Owen J. Pike"),
        ("Shadow Secretary for Inland Waterways Mara Venn said it fell.", "Mara Venn"),
        ("Chief of the Harbour Staff Gen. Owen Pike said it fell.", "Owen Pike"),
    ],
)
def test_whoever_holds_a_long_office_is_listed_by_name(sentence: str, name: str) -> None:
    assert [source.name.text for source in read(sentence).sources if source.named] == [name]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Business Insider predicts that it will fall.", "Business Insider"),
        ("London's News of the World claims that it fell.", "News of the World"),
        ("It fell on Monday, according to People.", "People"),
        ("According to lakedale.info, it fell on Monday.", "lakedale.info"),
        ("It fell on Monday, according to Fox 13.", "Fox 13"),
        ("It fell on Monday, according to News 96.5.", "News 96.5"),
    ],
)
def test_an_outlet_of_common_words_is_listed_by_its_name(sentence: str, name: str) -> None:
    (source,) = read(sentence).sources
    assert (source.name.text, source.named, source.kind) == (name, True, SourceKind.OUTLET)


@pytest.mark.parametrize("sentence", ["Two people told the clerk that it fell.", "People say that it fell."])
def test_people_are_no_magazine(sentence: str) -> None:
    assert not any(source.named for source in read(sentence).sources)


def test_a_dateline_is_no_name() -> None:
    told = "told The Associated Press that she was sad. “I left,” she told the AP."
    found = read(f"DALE (AP) — The poet Ada Lind {told}")
    assert who(found) == ["Ada Lind", "Associated Press"]


@pytest.mark.parametrize("outlet", ["Radio Free Dale", "Television Dale", "the Harbour Radio Dale"])
def test_the_noun_that_opens_the_name_of_a_broadcaster_belongs_to_it(outlet: str) -> None:
    assert who(read(f"The bridge fell, according to {outlet}.")) == [outlet.removeprefix("the ")]


@pytest.mark.parametrize("part", ["Rule 4", "Section 106", "Article 40"])
def test_a_numbered_part_is_no_name(part: str) -> None:
    assert not any(source.named for source in read(f"According to {part}, it fell.").sources)
