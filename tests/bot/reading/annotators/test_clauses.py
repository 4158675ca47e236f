from __future__ import annotations

import pytest

from tests.bot.reading.texts import find_entries, read, said, who


@pytest.mark.parametrize(
    ("sentence", "source", "cue"),
    [
        (
            "Residents in Dale, Harbour and Lakeland said they felt betrayed.",
            "Residents in Dale, Harbour and Lakeland",
            "said",
        ),
        (
            "Mara Venn, who helped found First, a club based in Dale, said it fell.",
            "Mara Venn, who helped found First, a club based in Dale,",
            "said",
        ),
        ("Pike, for instance, argues that it is weak.", "Pike", "argues"),
        ("He said the mayor did not know the bridge, and accused her of sloth.", "He", "accused"),
        ("Pike bristled at the idea that she was wrong, saying it was late.", "Pike", "saying"),
        ("The mayor left the hall, denounced the plan and said it was weak.", "The mayor", "denounced"),
        ("“It was a good day for us,” said Venn, adding that it rained.", "Venn", "adding"),
        (
            "Pike, host of the Courier's “Morning,” hinted that it fell.",
            "Pike, host of the Courier's “Morning,”",
            "hinted",
        ),
        ("The harbour office on Wednesday morning said it was closed.", "The harbour office", "said"),
        ("Polls there show that it is weak.", "Polls", "show"),
        ("He voted in Dale and Ort said it fell.", "Ort", "said"),
        ("The bridge will fall, said engineers.", "engineers", "said"),
        ("The doctors offering to run it noted it.", "The doctors offering to run it", "noted"),
        ("A set of letters she gave to clerks showed it.", "A set of letters she gave to clerks", "showed"),
        ("Ort, head of law, trade, and ports, said it.", "Ort, head of law, trade, and ports,", "said"),
        ("Lena Ort, a clerk at the port told Pike it fell.", "Lena Ort, a clerk at the port", "told"),
        ("Lena Ort, the mayor said, fell.", "the mayor", "said"),
        ("Owen Pike of Jackson, Miss., said it fell.", "Owen Pike of Jackson, Miss.,", "said"),
        ("Lena Ort, a clerk in Dale, Pa., said it fell.", "Lena Ort, a clerk in Dale, Pa.,", "said"),
        ("Voters, town clerks and nurses said it fell.", "Voters, town clerks and nurses", "said"),
        ("In Dale, voters and nurses said it fell.", "voters and nurses", "said"),
        ("Pike announced after the vote ended that it fell.", "Pike", "announced"),
        ("Pike reported at least six boats sank.", "Pike", "reported"),
        ("The council was helping Ort succeed him, saying that it fell.", "The council", "saying"),
        ("Pike slammed the plan that emerged in Dale - saying it fell.", "Pike", "saying"),
        ("After winning Ohio in May, Gov. Owen Pike (D), said it fell.", "Gov. Owen Pike (D),", "said"),
        ("Lena Ort, head and CEO of First said it fell.", "Lena Ort, head and CEO of First", "said"),
        ("Pike went on, with Lena Ort calling him a fool.", "Lena Ort", "calling"),
        (
            "A set of letters Venn provided to lawmakers showed it fell.",
            "A set of letters Venn provided to lawmakers",
            "showed",
        ),
        (
            "A poll by the Dale Post and Venn News shows it fell.",
            "A poll by the Dale Post and Venn News",
            "shows",
        ),
        ("Doctors and even nurses said it fell.", "Doctors and even nurses", "said"),
        ("Unlike Venn, voters and nurses said it fell.", "voters and nurses", "said"),
        ("Lena Ort left, a clerk at the port told Pike it fell.", "a clerk at the port", "told"),
        ("Lena Ort and a clerk at the port told Pike it fell.", "Lena Ort and a clerk at the port", "told"),
        ("Lena Ort, a clerk at the port said, “It is weak.”", "Lena Ort, a clerk at the port", "said"),
        ("Lena Ort, a clerk said.", "a clerk", "said"),
        ("Lena Ort, the council told Pike it fell.", "the council", "told"),
        ("Lena Ort, Mayor Owen Pike told Venn it fell.", "Mayor Owen Pike", "told"),
        ("In Dale, Ort, head of law, and trade, said it fell.", "Ort, head of law, and trade,", "said"),
        ("Pike left, as the mayor slept, and said it fell.", "Pike", "said"),
        ("Pike slammed the plan that emerged in Dale, saying it fell.", "Pike", "saying"),
        ("Pike met Ort and he said it fell.", "Pike", "said"),
        (
            "Lena Ort, former clerk at the port told Pike it fell.",
            "Lena Ort, former clerk at the port",
            "told",
        ),
        ("After winning the seat, his lawyer, Owen Pike, said it fell.", "his lawyer, Owen Pike,", "said"),
        (
            "In a call on Monday, Vennar chief executive Lena Ort said clerks had left.",
            "Vennar chief executive Lena Ort",
            "said",
        ),
    ],
)  # fmt: skip
def test_a_verb_finds_its_subject_however_far_it_stands(sentence: str, source: str, cue: str) -> None:
    assert (source, cue) in [(s, c) for s, c, _ in said(read(sentence))]


@pytest.mark.parametrize(
    "sentence",
    [
        "Pike agreed to close the bridge.",
        "The Dale Courier did not respond.",
        "A new group called Dale First is growing.",
        "Venn maintains a wide lead over Pike.",
        "The council should not confirm him.",
        "Pike showed up in the harbour.",
        "The council wrote off the debts.",
        "Pike hosts a show, writes a weekly column and sings.",
        "The office is denying vaccines to migrants.",
        "It was a lawn with signs denouncing the plan.",
        "The council maintains a bridge, and Pike left.",
        "A new road proved to be late.",
        "The rise in deaths announced in Dale on Friday was small.",
        "Pike accused of theft.",
        "It ended with a newly revealed call.",
        "Smoke threatens the harbour.",
        "The council called off the vote.",
        "In Ohio, Rust Belt states that have suffered voted.",
    ],
)
def test_what_is_done_or_not_yet_said_has_no_source(sentence: str) -> None:
    assert who(read(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Mara Venn, Owen Pike and the DHA have said that it fell.", ["Mara Venn", "Owen Pike", "DHA"]),
        ("Mara Venn, Owen Pike, and Lena Ort said it fell.", ["Mara Venn", "Owen Pike", "Lena Ort"]),
        ("Republican Owen Pike and Democrat Lena Ort said it fell.", ["Owen Pike", "Lena Ort"]),
        ("Owen Pike (D) and former Dale Gov. Lena Ort (R) said it fell.", ["Owen Pike", "Lena Ort"]),
        ("Owen Pike and Secretary of State Lena Ort said it fell.", ["Owen Pike", "Lena Ort"]),
        ("Owen Pike, the mayor of Dale, and Lena Ort said it fell.", ["Owen Pike", "Lena Ort"]),
        ("Owen and Lena Ort, the Gold Star parents, said it fell.", ["Owen", "Lena Ort"]),
        ("Venn's biographers, Owen Pike and Lena Ort, wrote that it fell.", ["Owen Pike", "Lena Ort"]),
        ("Two members from Dale, Owen Pike and Lena Ort, said it fell.", ["Owen Pike", "Lena Ort"]),
        ("He met Owen Pike (D) and Lena Ort (R) said it fell.", ["Lena Ort"]),
        ("The other guest, former Secretary of State Lena Ort, said it fell.", ["Lena Ort"]),
        ("Writer and author Owen Pike said it fell.", ["Owen Pike"]),
        ("One of Mr. Pike's climate advisers said it fell.", ["One of Mr. Pike's climate advisers"]),
        ("Josh Pike left. Joshua Pike said it fell.", ["Joshua Pike"]),
        ("Jon Pike left. Jonah Pike said it fell.", ["Jonah Pike"]),
        ("Jo Pike left. Joshua Pike said it fell.", ["Joshua Pike"]),
        ("It is a level deemed safe by the Dale Union.", ["Dale Union"]),
        ("“It fell,” Lena Ort, an analyst at the club told us.", ["Lena Ort"]),
        ("The group in Dale said it fell.", ["The group in Dale"]),
        ("The Dale Courier newspaper said it fell.", ["Dale Courier"]),
        ("An aide to President Owen Pike said it fell.", ["An aide to President Owen Pike"]),
        ("A friend of the mayor Owen Pike said it fell.", ["A friend of the mayor Owen Pike"]),
        ("The envoy to Iran Owen Pike said it fell.", ["Owen Pike"]),
        ("Department of Harbours spokesman Owen Pike said it fell.", ["Owen Pike"]),
        ("The New Dale Daily News left. The Daily News said it fell.", ["New Dale Daily News"]),
        ("The Daily News left. The New Dale Daily News said it fell.", ["New Dale Daily News"]),
        ("Lena Abu Ort left. Abu Ort said it fell.", ["Lena Abu Ort"]),
        ("As Owen Pike and Sen. Lena Ort (R-Dale) said, it fell.", ["Owen Pike", "Lena Ort"]),
        ("The mayors, Owen and Pike, said it fell.", ["Owen", "Pike"]),
        ("Owen Pike slammed the plan that emerged in Dale and said it fell.", ["Owen Pike"]),
        ("Owen Pike and the husband of Lena Ort said it fell.", ["Owen Pike"]),
    ],
)
def test_names_of_a_list_are_all_sources(sentence: str, names: list[str]) -> None:
    assert who(read(sentence)) == names


@pytest.mark.parametrize(
    "sentence",
    [
        "Voters in Dale, Lakeland and Harbour said it fell.",
        "Many speakers — including Owen Pike, Venn and Ort — said it fell.",
        "A poll taken Sunday by the Dale Post and Venn News shows that it fell.",
        "People who saw the mayor Owen Pike said it fell.",
        "Voters on the side of mayor Owen Pike said it fell.",
        "Many of the Harbour council leaders said it fell.",
        "A number of Dale Courier reporters said it fell.",
        "The mother of Mara Venn said it fell.",
    ],
)
def test_names_inside_a_description_are_no_sources(sentence: str) -> None:
    assert [s.named for s in find_entries(sentence)] == [False]


def test_what_is_said_of_the_first_of_a_list_is_its_role_alone() -> None:
    found = read("Owen Pike, the mayor of Dale, and Lena Ort said it fell.")
    assert [s.role.text if s.role else None for s in found.sources] == ["mayor of Dale", None]


def test_an_office_and_a_party_are_no_part_of_a_name() -> None:
    found = read("Secretary of State Mara F. Venn said it fell.", "Republican Pike denied that it fell.")
    assert who(found) == ["Mara F. Venn", "Pike"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The activist group Mosel Eye said it fell.", "organisation"),
        ("Crowdangle, a data company, said it fell.", "organisation"),
        ("“It will close,” said Carrow, which makes lifts.", "organisation"),
        ("France said it would wait.", "organisation"),
    ],
)
def test_a_body_is_known_by_the_words_around_its_name(text: str, kind: str) -> None:
    assert [s.kind.value for s in read(text).sources if s.named] == [kind]


def test_he_is_the_person_whom_the_sentence_before_is_about() -> None:
    found = read("Mara Venn said it fell. Owen Pike sold water on the bridge. He said sales were great.")
    assert [(s.name.text, len(s.mentions)) for s in found.sources] == [("Mara Venn", 1), ("Owen Pike", 1)]


def test_a_country_is_never_he() -> None:
    found = read("Owen Pike said it fell. France closed its border. He added that it was late.")
    assert [(s.name.text, len(s.mentions)) for s in found.sources] == [("Owen Pike", 2)]


@pytest.mark.parametrize("piece", ["the bridge fell, he said, and ", "Mara Venn, Owen Pike and "])
def test_one_endless_sentence_is_read(piece: str) -> None:
    found = read(piece * (50_000 // len(piece)) + "it rained.")
    assert found.article.text.startswith(piece)


def test_a_place_inside_a_title_of_the_list_is_no_source() -> None:
    assert "Ohio" not in who(read("Owen Pike and former Ohio governor Lena Ort said it fell."))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("At least one clerk of the port confirmed it belongs to Venn.", "At least one clerk of the port"),
        ("The bridge was otherwise fine and the army said it would guard it.", "the army"),
    ],
)
def test_the_subject_is_neither_cut_nor_joined_to_a_predicate(sentence: str, source: str) -> None:
    assert [one[0] for one in said(read(sentence))] == [source]
