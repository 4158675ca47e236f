"""Mentions that name several, or somebody by an office."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read, who


def test_two_names_joined_are_two_sources() -> None:
    assert who(read("Owen Pike and Lena Ort said it was safe.")) == ["Owen Pike", "Lena Ort"]


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("The secretary of state Mara Venn said it fell.", "secretary of state"),
        ("Republican Mara Venn said it fell.", "Republican"),
    ],
)
def test_an_office_or_a_party_before_a_name_is_a_role(sentence: str, role: str) -> None:
    found = read(sentence)
    assert [(s.name.text, s.role and s.role.text) for s in found.sources] == [("Mara Venn", role)]


def test_the_bearers_of_titles_in_a_list_are_all_sources() -> None:
    assert who(read("Sen. Owen Pike, the DHA and Judge Lena Ort said it fell.")) == [
        "Owen Pike",
        "DHA",
        "Lena Ort",
    ]


def test_a_name_in_a_list_is_no_role_of_the_one_before() -> None:
    found = read("Mara Venn, Owen Pike and Lena Ort said it fell.")
    assert [s.role for s in found.sources] == [None, None, None]


@pytest.mark.parametrize(
    "mention",
    ["Mara Venn and two analysts", "An analyst and Mara Venn", "The two analysts and Mara Venn"],
)
def test_a_name_that_is_joined_to_somebody_unnamed_is_a_named_source(mention: str) -> None:
    found = read(f"{mention} said that it was a drill.")
    assert [(s.name.text, s.named, s.role) for s in found.sources] == [("Mara Venn", True, None)]


@pytest.mark.parametrize(
    "office", ["Northline CTO, Middle East and Africa", "Vice President, Products and Services"]
)
def test_a_list_that_a_comma_closes_is_an_office_and_no_further_source(office: str) -> None:
    assert who(read(f"Mara Venn, {office}, said that the bridge fell.")) == ["Mara Venn"]


@pytest.mark.parametrize(
    "mention",
    [
        "Han Dong-ho, the leader of the Civic Party,",
        "Mara Dunmore, U.S. special envoy for ferries, who is in Dale,",
        "Owen Orto, a gynaecologist from Dale",
    ],
)
def test_a_name_before_its_description_is_the_source(mention: str) -> None:
    assert who(read(f"{mention} said that it fell.")) == [mention.partition(",")[0]]


def test_the_police_of_a_place_is_a_named_body() -> None:
    found = read("Elmton police said the pills were blue.")
    assert [(s.name.text, s.named) for s in found.sources] == [("Elmton police", True)]


def test_a_name_before_a_noun_for_bodies_names_the_body() -> None:
    found = read("The Harbour League is old.", "The Harbour League group said that the bridge fell.")
    assert [s.name.text for s in found.sources] == ["Harbour League"]
