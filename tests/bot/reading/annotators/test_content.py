"""Content: what was said, around its cue or in the next paragraph."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read, said


@pytest.mark.parametrize(
    ("sentence", "source", "cue", "content"),
    [
        ("Her eyes widened, he said, and she left.", "he", "said", "Her eyes widened"),
        ("The bridge fell, as the Courier wrote later.", "the Courier", "wrote", "The bridge fell,"),
        ("It was a charge, which she has denied.", "she", "has denied", "a charge"),
        ("Polls continue to show that it is weak.", "Polls", "to show", "that it is weak"),
        ("He began by saying it was weak.", "He", "saying", "it was weak"),
        ("Venn is quick to point out that it fell.", "Venn", "to point out", "that it fell"),
        ("Venn closed the bridge, citing high costs.", "Venn", "citing", "high costs"),
        ("Venn issued a statement describing it as weak.", "Venn", "describing", "it as weak"),
        ("Pike argued in his letter, written by a clerk, that it fell.", "Pike", "argued", "that it fell"),
        ("While he's said he will stay, it fell.", "he", "'s said", "he will stay, it fell"),
        ("Pike complained about the noise.", "Pike", "complained", "about the noise"),
        ("Venn called for a new bridge.", "Venn", "called for", "a new bridge"),
        ("Venn denied any ties to Pike.", "Venn", "denied", "any ties to Pike"),
        ("Venn, according to Ort, made a trip.", "Ort", "according to", "Venn / made a trip"),
        ("In contrast, Pike kept his lead, Venn found.", "Venn", "found", "In contrast, Pike kept his lead"),
        ("“We help,” another friend, Lena Ort told him.", "Lena Ort", "told", "“We help,”"),
        ("Said Lena Ort, a clerk, “It is weak.”", "Lena Ort, a clerk", "Said", "“It is weak.”"),
        ("Venn reported, The bridge fell.", "Venn", "reported", "The bridge fell"),
        ("Owen Pike shot back: “It is strong.”", "Owen Pike", "shot back", "“It is strong.”"),
        (
            "They like the bridge by the ''port,'' said Lena Ort, the clerk.",
            "Lena Ort, the clerk",
            "said",
            "''port,''",
        ),
    ],
)  # fmt: skip
def test_what_was_said_is_found_around_its_cue(sentence: str, source: str, cue: str, content: str) -> None:
    assert (source, cue, content) in said(read(sentence))


@pytest.mark.parametrize(
    ("second", "content"),
    [("“It is weak. It will fall.” They left.", "“It is weak. It will fall.”"), ("It rained.", "")],
)
def test_a_colon_hands_over_to_the_next_paragraph(second: str, content: str) -> None:
    assert said(read("Owen Pike echoed:", second))[0] == ("Owen Pike", "echoed", content)


def test_only_a_verb_of_saying_hands_over_to_the_next_paragraph() -> None:
    second = "“It is weak. It will fall.”"
    assert said(read("Owen Pike exclaimed:", second)) == [("Owen Pike", "exclaimed", second)]
    assert said(read("Owen Pike found:", second)) == []


def test_what_is_not_there_is_not_handed_over() -> None:
    assert said(read("Owen Pike echoed:")) == [("Owen Pike", "echoed", "")]


def test_a_paragraph_that_opens_a_quotation_and_never_ends_it_is_handed_over() -> None:
    assert said(read("Owen Pike echoed:", "“It is weak.")) == [("Owen Pike", "echoed", "“It is weak.")]
