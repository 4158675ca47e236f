from __future__ import annotations

import pytest

from bot.model import SourceKind
from bot.reading.names import is_same_outlet
from tests.bot.reading.texts import english, find_entries, read, who


def test_a_role_in_an_apposition_is_kept_as_a_span() -> None:
    found = read("Mara Venn, the mayor of Dale, said it fell.")
    assert found.sources[0].role is not None
    assert found.sources[0].role.text == "mayor of Dale"


def test_a_title_before_the_name_is_a_role_and_not_a_source() -> None:
    found = read("Dale Port Dept. Special Envoy for Ferries, James F. Ort, said the port would not close.")
    assert [(s.name.text, s.role and s.role.text) for s in found.sources] == [
        ("James F. Ort", "Dale Port Dept. Special Envoy for Ferries")
    ]


def test_the_page_itself_is_no_source() -> None:
    assert who(read("21WIRE reported on it. Mara Venn said it fell.", outlet="21st Century Wire")) == [
        "Mara Venn"
    ]


def test_people_merely_mentioned_are_no_sources() -> None:
    assert who(read("Mara Venn met Owen Pike, and Lena Ort said it rained.")) == ["Lena Ort"]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Mara Venn said it fell.", SourceKind.PERSON),
        ("The Dale Courier reported that it fell.", SourceKind.OUTLET),
        ("The Ministry of Ports said it fell.", SourceKind.ORGANISATION),
        ("Prosecutors said it fell.", SourceKind.GROUP),
        ("A report found that it fell.", SourceKind.DOCUMENT),
        ("Sources said it fell.", SourceKind.ANONYMOUS),
        ("An engineer who asked not to be named said it fell.", SourceKind.ANONYMOUS),
        ("The activist group Dale Eye said it fell.", SourceKind.ORGANISATION),
        ("Lakeland Eye, a data company, said it fell.", SourceKind.ORGANISATION),
        ("Lakeland Works, which makes lifts, said it fell.", SourceKind.ORGANISATION),
        ("The Vennlin said it fell.", SourceKind.ORGANISATION),
        ("New Hampshire said it fell.", SourceKind.ORGANISATION),
    ],
)
def test_each_source_has_its_kind(sentence: str, kind: SourceKind) -> None:
    assert [s.kind for s in find_entries(sentence)] == [kind]


@pytest.mark.parametrize(
    ("name", "outlet", "same"),
    [
        ("21WIRE", "21st Century Wire", True),
        ("WSJ", "The Wall Street Journal", True),
        ("The Dale Courier", "Dale Courier", True),
        ("Dale", "Dale Courier", False),
        ("BBC", "Dale Courier", False),
        ("DHA", "Dale Courier", False),
    ],
)
def test_a_page_is_known_by_its_short_name(name: str, outlet: str, same: bool) -> None:  # noqa: FBT001  # a table
    assert is_same_outlet(name, outlet, english().lexicon.words) is same


def test_an_acronym_of_somebody_else_is_not_the_page() -> None:
    found = read(
        "The Dale Lake Works (DLW) said it fell.", "DLW added that it was old.", outlet="Daily Lake Watch"
    )
    assert who(found) == ["Dale Lake Works (DLW)"]


def test_a_person_who_shows_something_says_nothing() -> None:
    assert who(read("Mara Venn showed that it was weak.")) == []


def test_who_speaks_in_a_relative_clause_is_a_source() -> None:
    assert who(read("The mayor met Owen Pike, who said it fell.")) == ["Owen Pike"]


def test_who_blames_says_nothing_of_his_own() -> None:
    assert who(read("The mayor met Owen Pike, who slams the ferry.")) == []


@pytest.mark.parametrize(
    ("paragraphs", "unnamed", "relay"),
    [
        (["Mara Venn said engineers believe that it is weak."], "engineers", "Mara Venn"),
        (["Engineers believe that it is weak, Mara Venn said."], "Engineers", "Mara Venn"),
        (["The Dale Courier reported that two officials said it fell."], "two officials", "Dale Courier"),
        (["Mara Venn said engineers fear that it fell.", "Engineers said it did."], "engineers", None),
        (
            ["Some clerks say that it is late, according to people in Dale."],
            "Some clerks",
            "people in Dale",
        ),
        (
            ["Some clerks say that it is late, according to people in Dale."],
            "people in Dale",
            None,
        ),
        (["Engineers said it fell."], "Engineers", None),
    ],
)
def test_who_speaks_only_in_the_words_of_another_is_relayed(
    paragraphs: list[str], unnamed: str, relay: str | None
) -> None:
    found = read(*paragraphs)
    source = next(s for s in found.sources if s.name.text == unnamed)
    by = None if source.relayed_by is None else found.sources[source.relayed_by].name.text
    assert by == relay


def test_nobody_relays_himself() -> None:
    found = read("The bridge fell, officials said, citing officials.")
    assert [s.relayed_by for s in found.sources] == [None]
