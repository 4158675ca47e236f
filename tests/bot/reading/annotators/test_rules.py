from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bot.reading.texts import read, said


@pytest.mark.parametrize(
    ("sentence", "source", "cue", "content"),
    [
        ("Mara Venn said that the bridge would close.", "Mara Venn", "said", "that the bridge would close"),
        ("“It will close,” said Mara Venn.", "Mara Venn", "said", "“It will close,”"),
        ("“It will close,” Mara Venn said on Monday.", "Mara Venn", "said", "“It will close,”"),
        ("“The plan,” Owen Pike said, “is a mess.”", "Owen Pike", "said", "“The plan,” / “is a mess.”"),
        ("The bridge, she said, was closed.", "she", "said", "The bridge / was closed"),
        ("The bridge will close, the mayor said.", "the mayor", "said", "The bridge will close"),
        ("He fell, US and Varn officials say.", "US and Varn officials", "say", "He fell"),
        ("He was in Dale, U.S. officials said.", "U.S. officials", "said", "He was in Dale"),
        ("The bridge fell, according to local reports.", "local reports", "according to", "The bridge fell"),
        (
            "Workers of Dale, the harbour town, left with the mayor, Mara Venn, the club announced Friday.",
            "the club",
            "announced",
            "Workers of Dale, the harbour town, left with the mayor, Mara Venn",
        ),
        (
            "At Dale the bridge fell, officials told the Lake Courier on Monday.",
            "officials",
            "told",
            "At Dale the bridge fell",
        ),
        ("Venn told reporters the bridge would close.", "Venn", "told", "the bridge would close"),
        ("Venn asked the council to close it.", "Venn", "asked", "to close it"),
        (
            "According to a report by the Dale Institute, the bridge was weak.",
            "a report by the Dale Institute",
            "According to",
            "the bridge was weak",
        ),
        ("The bridge was weak, according to police.", "police", "according to", "The bridge was weak"),
        ("The plan was rejected by engineers.", "engineers", "was rejected", "The plan"),
        ("SMITH: I never saw it fall.", "SMITH", ":", "I never saw it fall"),
        ("“It is weak.” ― Mara Venn", "Mara Venn", "―", "“It is weak.”"),
        ("“It is weak.” — Pike “It is very old.” — Ort Venn", "Ort Venn", "—", "“It is very old.”"),
        ("It fell today. — Owen Pike (@pike) May 3, 2026", "Owen Pike", "—", "It fell today."),
        ("# The bridge will fall – police", "police", "–", "The bridge will fall"),
        ("Poll: Most residents want a ferry.", "Poll", ":", "Most residents want a ferry"),
        ("Owen Pike tweeted: “It is gone.”", "Owen Pike", "tweeted", "“It is gone.”"),
        ("Venn's claim that it was safe drew anger.", "Venn", "claim", "that it was safe drew anger"),
        ("Mara Venn, the mayor of Dale, said it fell.", "Mara Venn, the mayor of Dale,", "said", "it fell"),
        ("Mara Venn, who leads the town, said it fell.", "Mara Venn, who leads the town,", "said", "it fell"),
        ("People familiar with the plan said it fell.", "People familiar with the plan", "said", "it fell"),
        ("He met Pike in Dale and said it fell.", "He", "said", "it fell"),
        ("The man who saw it fall said it was loud.", "The man who saw it fall", "said", "it was loud"),
        ("''We will not pay,'' she said.", "she", "said", "''We will not pay,''"),
        ("South Front reports…", "South Front", "reports", ""),
        (
            "Mara Venn, Owen Pike and Lena Ort said it fell.",
            "Mara Venn, Owen Pike and Lena Ort",
            "said",
            "it fell",
        ),
        (
            "Lena Ort, who runs the port, the ferry and the bridge, said it fell.",
            "Lena Ort, who runs the port, the ferry and the bridge,",
            "said",
            "it fell",
        ),
        (
            "Lena Ort, who left Dale, ran the port, bought a ferry, and sank it, said it was weak.",
            "Lena Ort, who left Dale, ran the port, bought a ferry, and sank it,",
            "said",
            "it was weak",
        ),
        ("Sunday Times said it fell.", "Sunday Times", "said", "it fell"),
        (
            "Lakeland Works issued a statement saying it fell.",
            "Lakeland Works",
            "issued a statement saying",
            "it fell",
        ),
        (
            "The claim by Lena Ort, the mayor, that it fell is old.",
            "Lena Ort, the mayor",
            "claim",
            "that it fell is old",
        ),
        ("The Courier, citing police, wrote that it fell.", "police", "citing", "that it fell"),
        ("Pike left, citing “secret sources.”", "secret sources", "citing", "Pike left,"),
        ("Pike left, denounced her and said it fell.", "Pike", "denounced", "her"),
        (
            "Lena Ort held banners proclaiming that it was weak.",
            "Lena Ort",
            "proclaiming",
            "that it was weak",
        ),
        (
            "A claim by Lena Ort of Dale that it fell was wrong.",
            "Lena Ort of Dale",
            "claim",
            "that it fell was wrong",
        ),
        ("If anything, she said in a letter, the bridge was weak.", "she", "said", "the bridge was weak"),
        ("Owen Pike refused to say why it fell.", "Owen Pike", "refused", "to say why it fell"),
        ("# Mary Ort: The bridge will fall", "Mary Ort", ":", "The bridge will fall"),
        (
            "The bridge is weak – Owen Pike: “It will fall on us all”",
            "Owen Pike",
            ":",
            "“It will fall on us all”",
        ),
        (
            "Lena Ort, author of “The Long Bridge”, said it fell.",
            "Lena Ort, author of “The Long Bridge”,",
            "said",
            "it fell",
        ),
        ("It fell, fundraising documents show.", "fundraising documents", "show", "It fell"),
        ("It fell, said an insider.", "an insider", "said", "It fell"),
        ("It fell, warned Ort.", "Ort", "warned", "It fell"),
        ("It fell, added he.", "he", "added", "It fell"),
        ("It fell, reported the council.", "the council", "reported", "It fell"),
        ("Argues Lena Ort, a clerk: “It is weak.”", "Lena Ort, a clerk", "Argues", "“It is weak.”"),
        ("The council states what it saw.", "The council", "states", "what it saw"),
        ("The council states that it fell.", "The council", "states", "that it fell"),
        ("The council states: it fell.", "The council", "states", "it fell"),
        ("The council states “it fell on us all.”", "The council", "states", "“it fell on us all.”"),
        ("The office denied plans to close it.", "The office", "denied", "plans to close it"),
        ("The office denies vaccines in Dale.", "The office", "denies", "vaccines in Dale"),
        ("Pike found out that it fell.", "Pike", "found out", "that it fell"),
        ("Pike went on, with 50 percent saying it fell.", "50 percent", "saying", "it fell"),
        ("Pike went on, with engineers saying it fell.", "engineers", "saying", "it fell"),
        ("Pike went on, with him saying it fell.", "Pike", "saying", "it fell"),
        ("“He left.” Venn told this paper", "Venn", "told", "“He left.”"),
        ("Venn reported, while it rained, it fell.", "Venn", "reported", "while it rained, it fell"),
        ("Pike denounced her, and said it fell.", "Pike", "denounced", "her"),
        ("It fell, according to Ort, and it rained.", "Ort", "according to", "It fell"),
        ("Yesterday, according to Ort, it fell.", "Ort", "according to", "it fell"),
        ("# The bridge will fall – Owen Pike", "Owen Pike", "–", "The bridge will fall"),
        ("# The bridge will fall – police.", "police", "–", "The bridge will fall"),
        ("# SMITH: It fell", "SMITH", ":", "It fell"),
        ("“It fell on us all,” said the ferry.", "the ferry", "said", "“It fell on us all,”"),
        (
            "“All of it fell on us,” Pike, 49, told the Courier.",
            "Pike, 49,",
            "told",
            "“All of it fell on us,”",
        ),
        ("The end of the ferry, many think, is near.", "many", "think", "The end of the ferry / is near"),
        ("Pike denounced the woman who left and slept.", "Pike", "denounced", "the woman who left and slept"),
    ],
)
def test_source_cue_and_content_are_found(sentence: str, source: str, cue: str, content: str) -> None:
    assert (source, cue, content) in said(read(sentence))


@pytest.mark.parametrize(
    "text",
    [
        "Venn insisted that it was “the first in Dale.” --Owen Pike",
        "The bridge will fall – police",
        "# The bridge – an old one",
        "# The bridge will fall – Venn says",
        "# The bridge will fall – the ferry",
        "# The old bridge – police",
        "“It is weak.” – Mara Venn in Dale",
        "“It is weak for us all” – the bridge",
        "It fell today. – Owen Pike (pike)",
    ],
)
def test_a_dash_before_a_byline_or_an_afterthought_signs_nothing(text: str) -> None:
    found = read(text)
    assert "–" not in [cue[:1].replace("-", "–") for _, cue, _ in said(found)]
    assert "signature" not in [a.why for a in found.attributions]


def test_capitals_before_the_first_colon_are_a_place_unless_others_open_so() -> None:
    assert said(read("NAIROBI: It fell.", "It was old.")) == []
    assert [s for s, _, _ in said(read("SMITH: It fell.", "ORT: It was old."))] == ["SMITH", "ORT"]


def test_a_post_is_signed_in_a_paragraph_of_its_own() -> None:
    found = read("It rained.", "> The bridge is weak. So sad.", "> — Owen Pike (@pike) May 3, 2026")
    assert said(found) == [("Owen Pike", "—", "The bridge is weak. So sad.")]


def test_who_signs_a_post_is_named() -> None:
    found = read("It rained. — Owen Pike (@pike) January 6, 2026")
    assert [(s.name.text, s.named) for s in found.sources] == [("Owen Pike", True)]


def test_one_cue_is_found_once() -> None:
    assert len(said(read("Venn issued a statement saying it fell."))) == 1


def test_who_cites_relays_even_when_its_own_words_come_later() -> None:
    found = read("The Dale Courier, citing sources, wrote that it fell.")
    relayed = next(s for s in found.sources if s.name.text == "sources")
    assert relayed.relayed_by is not None
    assert found.sources[relayed.relayed_by].name.text == "Dale Courier"


def test_the_quotation_before_a_sentence_of_its_own_belongs_to_its_speaker() -> None:
    assert said(read("“He left. She did it.” Venn told this paper.")) == [
        ("Venn", "told", "“He left. She did it.”")
    ]


def test_who_goes_on_to_do_something_else_does_not_own_the_quotation() -> None:
    found = said(read("“He left.” Venn laughed as it fell."))
    assert "“He left.”" not in [content for _, _, content in found]


def test_the_quoted_sentence_after_the_speaker_belongs_to_the_attribution() -> None:
    found = read("“It fell on us,” said Lena Ort. “Nobody came to help.”")
    assert said(found) == [("Lena Ort", "said", "“It fell on us,” / “Nobody came to help.”")]


def test_a_source_that_is_cited_stands_beside_the_one_that_cites() -> None:
    found = read("The bridge fell, the Dale Courier reported, citing two people close to the council.")
    assert [(s, c) for s, c, _ in said(found)] == [
        ("the Dale Courier", "reported"),
        ("two people close to the council", "citing"),
    ]


def test_a_source_quoted_by_another_has_an_attribution_of_its_own() -> None:
    found = read("“Two days are left for us,” the Dale Courier quoted one of its sources as saying.")
    assert [(s, c) for s, c, _ in said(found)] == [
        ("the Dale Courier", "quoted"),
        ("one of its sources", "as saying"),
    ]


@pytest.mark.parametrize("sentence", ["Mara Venn plans to close the bridge.", "Pike supports the ferry."])
def test_intentions_and_attitudes_report_nothing(sentence: str) -> None:
    found = read(sentence)
    assert [a.reporting for a in found.attributions] == [False]
    assert found.sources == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Western states share a border.",
        "The study cost a fortune.",
        "Who told you that the bridge fell?",
        "Last year, spending shot back up and grew.",
        "The bridge began to shake in the wind.",
        "The old bridge in Dale, said Lena Ort.",
        "Rust Belt states like Ohio were closed.",
        "Owen Pike declared victory.",
        "# Long Bridge: The ferry will sink",
        "Pike left, citing “...”",
        "Pike left, citing “old harbour.”",
        "Citing “secret sources,” Pike left.",
        "Pike went to Ort calling him a fool.",
        "The plan proves to cost more.",
        "“He left.” Venn approved.",
        "Tell Lena Ort: “It is weak.”",
        "Loved Lena Ort, “The Long Bridge Home.”",
        "Venn wrote, The Long Bridge.",
        "It fell today. (Owen Pike (@pike))",
        "It fell, added the boats.",
        "The council showed off the bridge.",
        "The council has called off the vote because it fell.",
        "A local club accused of hiding its boats may have sunk them.",
    ],
)
def test_nobody_is_made_to_speak_who_does_not(sentence: str) -> None:
    assert [s.name.text for s in read(sentence).sources] == []


def test_every_finding_names_its_rule_and_its_word() -> None:
    assert [a.why for a in read("Mara Venn said that it fell.").attributions] == ["speaker before: say"]


@given(
    st.lists(
        st.sampled_from("said that , and “ ” who he Venn the told : according to citing . by".split()),
        max_size=80,
    )
)
def test_any_row_of_cues_and_marks_gives_words_of_the_text(words: list[str]) -> None:
    found = read(" ".join(words) or "x")
    for attribution in found.attributions:
        for part in (attribution.source, attribution.cue, *attribution.content):
            assert part is None or found.article.text[part.start : part.end] == part.text


def test_a_speaker_with_a_party_in_brackets_is_found_after_a_fronted_phrase() -> None:
    found = read("In the wake of attempts to close it, Sen. Mara Venn (R-Ky.) said that it fell.")
    assert ("Sen. Mara Venn (R-Ky.)", "said", "that it fell") in said(found)


def test_nobody_is_cited_by_a_reason() -> None:
    assert [(s, c) for s, c, _ in said(read("Lakeland Works closed the bridge, citing high costs."))] == [
        ("Lakeland Works", "citing")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "the bridge fell, he said, and " * (50_000 // 30) + "it rained.",
        ", ".join(["Mara Venn"] * 5_000) + " and Owen Pike said it fell.",
    ],
    ids=["clauses", "names"],
)
def test_a_sentence_of_fifty_thousand_characters_is_read(sentence: str) -> None:
    assert read(sentence).article.text == sentence


@pytest.mark.parametrize(
    ("second", "speakers"),
    [("Dale said: it fell.", ["Dale"]), ("OLD BRIDGES fell.", []), ("It was old.", [])],
)
def test_only_capitals_before_a_colon_make_a_transcript(second: str, speakers: list[str]) -> None:
    assert [s for s, _, _ in said(read("NAIROBI: It fell.", second))] == speakers


@pytest.mark.parametrize(
    "paragraphs",
    [("“He left.”", "Venn told us."), ("“He left on the ferry.”", "It rained. Venn told us.")],
)
def test_a_quotation_that_does_not_end_right_before_the_speaker_is_not_his(
    paragraphs: tuple[str, ...],
) -> None:
    assert said(read(*paragraphs)) == []


@pytest.mark.parametrize("first", ["# SMITH: It fell", "The town slept.", "SMITH: It fell."])
def test_capitals_speak_outside_the_first_paragraph_of_the_body(first: str) -> None:
    assert [s for s, _, _ in said(read(first, "SMITH: It was old."))][-1] == "SMITH"


def test_capitals_in_a_headline_are_no_dateline() -> None:
    assert [s for s, _, _ in said(read("# SMITH: It fell", "It was old."))] == ["SMITH"]


@pytest.mark.parametrize(
    ("paragraphs", "source", "content"),
    [
        (["“It is weak and old.”", "– Mara Venn"], "Mara Venn", "“It is weak and old.”"),
        (["The bridge is weak", "— Mara Venn (@venn) May 3, 2031"], "Mara Venn", "The bridge is weak"),
        (["The bridge is weak, reports Venn."], "Venn", "The bridge is weak"),
        (["The bridge is weak, a new study reports."], "a new study", "The bridge is weak"),
        (["The bridge, per the Dale Courier, is weak."], "the Dale Courier", "The bridge / is weak"),
        (["Venn's claims of a weak bridge drew anger."], "Venn", "of a weak bridge drew anger"),
        (
            ["It was followed by a statement from the Dale Council: “The bridge is weak and old.”"],
            "the Dale Council",
            "“The bridge is weak and old.”",
        ),
    ],
)
def test_a_speaker_is_found_however_the_words_are_put(
    paragraphs: list[str], source: str, content: str
) -> None:
    assert [(who, what) for who, _, what in said(read(*paragraphs))] == [(source, content)]


def test_speakers_tell_what_others_said() -> None:
    found = said(read("“The mayor says that the bridge is weak, and I left,” Owen Pike said."))
    assert [source for source, _, _ in found] == ["The mayor", "Owen Pike"]


def test_what_we_say_inside_a_quotation_has_no_source_of_its_own() -> None:
    found = said(read("“We told them that the bridge is weak,” Owen Pike said."))
    assert [source for source, _, _ in found] == ["Owen Pike"]
