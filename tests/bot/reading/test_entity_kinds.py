from __future__ import annotations

import pytest

from tests.bot.reading.texts import find_entries


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The Dale-Review reported that it fell.", "Dale-Review", "outlet"),
        ("The Harbour Post-Dispatch reported that it fell.", "Harbour Post-Dispatch", "outlet"),
        ("A new CNN poll found that it fell.", "CNN poll", "document"),
        ("They met in Amazona. Amazona said it fell.", "Amazona", "organisation"),
        ("The Democratic Convention said it fell.", "Democratic Convention", "organisation"),
        ("USA TODAY said it fell.", "USA TODAY", "outlet"),
        ("Russia Today said it fell.", "Russia Today", "outlet"),
        ("The Dale Eye, a small newspaper, said it fell.", "Dale Eye", "outlet"),
        ("The Harbour Workers' Union said it fell.", "Harbour Workers' Union", "organisation"),
        ("Twitter said it fell.", "Twitter", "organisation"),
        ("In May it fell. May said it rained.", "May", "person"),
        ("Funeral directors said it fell.", "Funeral directors", "group"),
        ("OrbitBeyond said it fell.", "OrbitBeyond", "organisation"),
        ("McVenn said it fell.", "McVenn", "person"),
        ("Brian Babin (R-TX) said it fell.", "Brian Babin", "person"),
        ("The Dale News Agency said it fell.", "Dale News Agency", "outlet"),
        ("The guidelines said it fell.", "The guidelines", "document"),
        (
            "A spokesman who did not wish to be named said it fell.",
            "A spokesman who did not wish to be named",
            "anonymous",
        ),
        ("The couple said it fell.", "The couple", "group"),
        ("Many institutions say it fell.", "Many institutions", "group"),
        ("An invitation seen by Pike said it fell.", "An invitation seen by Pike", "document"),
        ("A series of letters said it fell.", "A series of letters", "document"),
        ("The Italians said it fell.", "The Italians", "group"),
        ("Some Asian Americans said it fell.", "Some Asian Americans", "group"),
        ("Lena Williams said it fell.", "Lena Williams", "person"),
        ("The Dale Workers said it fell.", "Dale Workers", "organisation"),
        ("The Bank of Italians said it fell.", "Bank of Italians", "organisation"),
        ("OrbitBeyond Venn said it fell.", "OrbitBeyond Venn", "person"),
        ("The Harbour Agency said it fell.", "Harbour Agency", "organisation"),
        ("The Dale Courier newspaper said it fell.", "Dale Courier", "outlet"),
        ("The Dale Courier news agency said it fell.", "Dale Courier", "outlet"),
        ("Lena Venn-Ort said it fell.", "Lena Venn-Ort", "person"),
        ("Dr. PIKE said it fell.", "PIKE", "person"),
        ("Brian Babin (D.C.) said it fell.", "Brian Babin", "person"),
        ("Owen Pike (Dale) said it fell.", "Owen Pike", "person"),
        ("A group for physicians said it fell.", "A group for physicians", "organisation"),
        ("A movement of the port said it fell.", "A movement of the port", "organisation"),
        ("The Arizona Republican said it fell.", "The Arizona Republican", "person"),
        ("The Dale Children's Hospital said it fell.", "Dale Children's Hospital", "organisation"),
        ("The Harbour Workers’ Union said it fell.", "Harbour Workers’ Union", "organisation"),
        ("Dale's Union said it fell.", "Union", "organisation"),
        ("Harbour Workers' Owen Pike said it fell.", "Owen Pike", "person"),
        ("He believes in Venn Pike. Venn Pike said it fell.", "Venn Pike", "person"),
        ("USA today said it fell.", "USA", "organisation"),
        ("On Sunday Owen Pike said it fell.", "Owen Pike", "person"),
        ("On May 3 it fell. May said it rained.", "May", "person"),
        ("Reports said it fell.", "Reports", "anonymous"),
        ("An invitation which fell said it rained.", "An invitation which fell", "document"),
        ("Many of the Harbour council leaders said it fell.", "Many of the Harbour council leaders", "group"),
        ("A number of Dale Courier reporters said it fell.", "A number of Dale Courier reporters", "group"),
        (
            "A set of letters Venn provided to lawmakers showed it fell.",
            "A set of letters Venn provided to lawmakers",
            "document",
        ),
        ("The boaters said it fell.", "The boaters", "group"),
        ("CNN said it fell.", "CNN", "outlet"),
    ],
)
def test_a_source_is_of_the_kind_that_its_words_say(text: str, name: str, kind: str) -> None:
    assert [(s.name.text, s.kind.value) for s in find_entries(text)] == [(name, kind)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Owen Pike said it fell.", "given name: owen"),
        ("Lena Ort said it fell.", "given name: lena"),
        ("OrbitBeyond Venn said it fell.", "no word of another kind"),
        ("Mr. Venn said it fell.", "title before the name"),
        ("Venn said it fell.", "no word of another kind"),
    ],
)
def test_a_kind_names_the_rule_and_the_word_that_gave_it(text: str, why: str) -> None:
    assert [s.why for s in find_entries(text)] == [why]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Vanity Fair said it fell.", "outlet"),
        ("The bridge fell, KDLE-5 said.", "outlet"),
        ("Northline Inc. said it fell.", "organisation"),
        ("Volkswagen said it fell.", "organisation"),
        ("The U.S. Pentagon said it fell.", "organisation"),
        ("Lakedale Holdings said it fell.", "organisation"),
        ("The Dale Register said it fell.", "outlet"),
        ("“It fell,” said Mara Venn (@maravenn).", "social_media"),
    ],
)
def test_a_known_name_a_call_sign_a_suffix_and_a_handle_tell_the_kind(text: str, kind: str) -> None:
    assert [s.kind.value for s in find_entries(text)] == [kind]


def test_a_role_at_the_beginning_of_a_sentence_is_no_part_of_a_known_name() -> None:
    found = find_entries("Mara Ann Venn said it fell. Waitress Mara Ann Venn said it rained.")
    assert [s.name.text for s in found] == ["Mara Ann Venn"]


def test_the_report_of_an_outlet_is_no_part_of_its_name() -> None:
    assert [s.name.text for s in find_entries("A Dale Courier report said it fell.")] == ["Dale Courier"]
