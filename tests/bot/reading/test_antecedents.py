from __future__ import annotations

import pytest

from tests.bot.reading.texts import find_entries, read


def mentions(*paragraphs: str) -> list[tuple[str, list[str]]]:
    """The name of each source, with the words of its mentions."""
    return [(s.name.text, [m.text for m in s.mentions]) for s in find_entries(*paragraphs)]


def test_he_is_whom_the_sentence_before_names_first() -> None:
    assert mentions("Owen Pike opened the bridge. He said it was late.") == [("Owen Pike", ["He"])]


def test_whoever_spoke_comes_before_a_name_after_a_preposition() -> None:
    assert mentions("Owen Pike said it fell. The ferry belongs to John Ort. He said it sank.") == [
        ("Owen Pike", ["Owen Pike", "He"])
    ]


def test_whoever_spoke_comes_before_a_subject_that_did_not() -> None:
    assert mentions("John Ort slept, Owen Pike said. He added that it was late.") == [
        ("Owen Pike", ["Owen Pike", "He"])
    ]


def test_an_owner_is_not_what_the_sentence_is_about() -> None:
    assert mentions("Owen Pike said it fell. John Ort's ferry sank. He said it was old.") == [
        ("Owen Pike", ["Owen Pike", "He"])
    ]


def test_a_place_is_never_he() -> None:
    assert mentions("Owen Pike said it fell. Ohio closed the bridge. He said it was late.") == [
        ("Owen Pike", ["Owen Pike", "He"])
    ]


def test_who_replies_is_not_who_asked() -> None:
    found = mentions("Mary Ort left. Lena Venn asked Ort whether it fell. She replied that it did.")
    assert found == [("Lena Venn", ["Lena Venn"]), ("Mary Ort", ["She"])]


def test_he_is_no_duchess() -> None:
    assert mentions("The duchess said it fell. He said it rained.") == [("The duchess", ["The duchess"])]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Some Republicans in the state who suspect that it fell left.", "Some Republicans"),
        ("Residents of Dale who fear that it fell left.", "Residents"),
        ("A local group which said that it fell left.", "A local group"),
        ("A story, which said that it fell, was false.", "A story"),
        ("The Dale PAC and a local group which said that it fell left.", "a local group"),
        ("The Dale Courier which said it fell left.", "Dale Courier"),
        ("Engineers for boats who said it fell left.", "Engineers"),
    ],
)
def test_who_is_the_people_and_which_the_body_before_it(text: str, name: str) -> None:
    assert [found for found, _ in mentions(text)] == [name]


def test_an_unnamed_source_is_named_without_what_is_told_of_it() -> None:
    assert mentions("A group, alarmed that it fell, said it was weak.")[0][0] == "A group"
    assert mentions("Voters, clerks and nurses said it was weak.")[0][0] == "Voters, clerks and nurses"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Owen Pike, the mayor of Dale, left. The mayor said it fell.", ["Owen Pike"]),
        ("Owen Pike, the mayor of Dale, left. The mayors said it fell.", ["The mayors"]),
        ("The mayor said it fell. Owen Pike, the mayor of Dale, left.", ["Owen Pike"]),
        ("Owen Pike, a lawyer in Dale, left. His lawyer said it fell.", ["His lawyer"]),
        ("Mayor Owen Pike met Mayor Lena Ort. The mayor said it fell.", ["The mayor"]),
    ],
)
def test_an_office_stands_for_the_only_one_who_was_introduced_with_it(text: str, names: list[str]) -> None:
    assert [name for name, _ in mentions(text)] == names


def test_the_agency_is_the_body_that_spoke() -> None:
    assert mentions("CBP said it fell. The agency added that it rained.") == [("CBP", ["CBP", "The agency"])]


def test_the_physicians_are_the_group_of_them() -> None:
    found = mentions("A group of physicians said it fell. The physicians added that it rained.")
    assert found == [("A group of physicians", ["A group of physicians", "The physicians"])]


def test_a_relative_in_an_apposition_is_about_the_name() -> None:
    assert mentions("The Dale PAC, a local group which said that it fell, left.") == [("Dale PAC", ["which"])]


def test_a_caption_does_not_end_whom_he_means() -> None:
    found = mentions("John Pike opened the bridge.", "~ The old bridge.", "He said it was late.")
    assert found == [("John Pike", ["He"])]


def test_who_asked_may_go_on() -> None:
    found = mentions("Lena Venn asked whether it fell. She said that it was late.")
    assert found == [("Lena Venn", ["Lena Venn", "She"])]


def test_one_of_a_group_belongs_to_it() -> None:
    found = mentions("Relatives said it fell. One of the relatives said it rained.")
    assert found == [("Relatives", ["Relatives", "One of the relatives"])]


def test_who_declines_is_not_who_asked() -> None:
    found = mentions("Mary Ort left. Lena Venn asked Ort whether it fell. She declined, saying it was late.")
    assert ("Lena Venn", ["Lena Venn"]) in found


def test_she_is_no_man() -> None:
    assert mentions("Mary Ort said it fell. John Pike was hurt. She said it was late.") == [
        ("Mary Ort", ["Mary Ort", "She"])
    ]


def test_the_only_person_named_is_remembered_past_a_sentence_about_nobody() -> None:
    assert mentions("Owen Pike opened the bridge. It rained. He said it was late.") == [("Owen Pike", ["He"])]


def test_a_name_inside_a_quotation_is_nobody_outside_it() -> None:
    found = mentions("Owen Pike said it fell. “John Ort opened it for us all,” he said. He said it was late.")
    assert found == [("Owen Pike", ["Owen Pike", "he", "He"])]


def test_they_are_the_people_who_spoke() -> None:
    found = mentions("Engineers said it fell. Mara Venn said it rained. They added that it was old.")
    assert found == [("Engineers", ["Engineers", "They"]), ("Mara Venn", ["Mara Venn"])]


@pytest.mark.parametrize(
    ("before", "again"),
    [
        ("Dale Eye, an activist group, closed the bridge.", "The group"),
        ("Lakeland Works, which makes lifts, closed the bridge.", "It"),
    ],
)
def test_a_body_that_was_silent_speaks_as_it_or_the_group(before: str, again: str) -> None:
    assert [said for _, said in mentions(f"{before} {again} said it was weak.")] == [[again]]


@pytest.mark.parametrize(
    "text", ["Boats in Dale who said it fell left.", "A group, which praised Pike, left."]
)
def test_who_is_no_boat_and_which_praises_says_nothing(text: str) -> None:
    assert mentions(text) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("A spokesman said it fell.", "She said it rained."),
        ("A woman said it fell.", "He said it rained."),
    ],
)
def test_a_noun_says_who_is_he_and_who_is_she(first: str, second: str) -> None:
    assert [said for _, said in mentions(f"{first} {second}")] == [[first[: -len(" said it fell.")]]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("France said it fell. The agency said it rained.", ["France", "The agency"]),
        ("CBP said it fell. The council added that it rained.", ["CBP", "The council"]),
        ("Engineers said it fell. Engineers of Dale said it rained.", ["Engineers", "Engineers of Dale"]),
        ("Engineers said it fell. Two of the engineers said it rained.", ["Engineers"]),
        ("The Dale Council said it fell. They added that it rained.", ["Dale Council"]),
        ("Lena Venn asked Ort whether it fell. She added that it did.", ["Lena Venn"]),
    ],
)
def test_another_body_or_group_is_another_source(text: str, names: list[str]) -> None:
    assert [name for name, _ in mentions(text)] == names


def test_the_group_is_the_last_body_that_spoke_however_far() -> None:
    found = mentions(
        "The Dale Council said it fell.", "It rained.", "It snowed.", "The group said it was weak."
    )
    assert found == [("Dale Council", ["The Dale Council", "The group"])]


def test_who_asked_is_remembered_past_other_speakers() -> None:
    found = mentions(
        "Lena Venn asked Ort whether it fell. Owen Pike said it rained. She replied that it did."
    )
    assert found[0] == ("Lena Venn", ["Lena Venn"])


def test_a_quoted_sentence_does_not_end_whom_he_means() -> None:
    found = mentions("Owen Pike opened the bridge. “It fell on us all.” He said it was late.")
    assert found == [("Owen Pike", ["He"])]


def test_they_are_a_body_when_no_people_spoke() -> None:
    assert mentions("The council said it fell. They said it rained.") == [
        ("The council", ["The council", "They"])
    ]


def test_a_bare_surname_right_before_is_he() -> None:
    assert mentions("Vennar opened the bridge. He said it was late.") == [("Vennar", ["He"])]


def test_who_is_described_and_then_speaks_is_one_source() -> None:
    found = mentions("Two women who have accused Pike of theft said it fell. The women added that it rained.")
    assert len(found) == 1


def test_where_two_fit_nobody_is_named() -> None:
    found = mentions(
        "Owen Pike met John Ort. Hugo Venn met Adam Dale. It rained. It snowed. He said it fell."
    )
    assert found == []


def test_the_mayor_is_the_one_whose_title_it_is() -> None:
    found = mentions(
        "Mayor Mara Venn opened the bridge.", "Owen Pike, a clerk, said it fell.", "The mayor said it rained."
    )
    assert found == [("Owen Pike", ["Owen Pike, a clerk,"]), ("Mara Venn", ["The mayor"])]


def test_one_source_is_none_of_the_sources() -> None:
    found = mentions("Sources said it fell.", "The source said it rained.")
    assert [name for name, _ in found] == ["Sources", "The source"]


def test_a_choice_names_the_features_that_decided() -> None:
    (_, second) = read("Owen Pike said it fell. He added that it rained.").attributions
    assert "spoke last" in second.source_why
