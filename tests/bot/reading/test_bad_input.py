"""Texts that are not written as news usually is: what is found in them makes sense, and nothing crashes."""

from __future__ import annotations

import pytest

from tests.bot.reading.texts import read, said, who


def test_capitals_everywhere_name_no_crowd_of_sources() -> None:
    found = read(
        "# BRIDGE WILL CLOSE, MAYOR SAYS",
        "THE BRIDGE IN DALE WILL CLOSE ON FRIDAY, MAYOR MARA VENN SAID.",
        "SHE SAID THAT THE FERRY WOULD RUN UNTIL SPRING.",
    )
    assert len(found.sources) <= 2  # the mayor, and what the headline calls her


def test_headlines_without_verbs_attribute_nothing() -> None:
    assert who(read("# Bridge in Dale", "= Ferry times", "= Old harbour, new plans")) == []


def test_each_item_of_a_list_has_its_own_speaker() -> None:
    found = read("Mara Venn said it fell.", "Owen Pike: “It is very weak today.”", "Lena Ort said it rained.")
    assert who(found) == ["Mara Venn", "Owen Pike", "Lena Ort"]


def test_a_live_blog_gives_each_entry_its_speaker() -> None:
    found = read(
        "11:40 am — Police say the bridge is shut.",
        "12:05 pm — Mayor Mara Venn tells reporters that nobody was hurt.",
        "12:30 pm — The ferry is running.",
    )
    assert {"Police", "Mara Venn"} <= set(who(found))
    assert all("—" not in name for name in who(found))


def test_the_lines_of_a_transcript_belong_to_their_speakers() -> None:
    found = read("SMITH: The bridge fell.", "ORT: It was old, and we knew it.", "SMITH: Who knew it?")
    assert [(source, cue) for source, cue, _ in said(found)] == [("SMITH", ":"), ("ORT", ":"), ("SMITH", ":")]


@pytest.mark.parametrize(
    "text",
    [
        "“The bridge is weak, Mara Venn said on Monday.",
        "The bridge is weak,” Mara Venn said on Monday.",
        '"The bridge is weak, Mara Venn said on Monday.',
        "The 'bridge is weak,” Mara Venn said on Monday.",
    ],
)
def test_marks_without_their_other_half_do_not_hide_the_speaker(text: str) -> None:
    assert "Mara Venn" in who(read(text))


def test_a_quotation_that_never_closes_does_not_swallow_the_article() -> None:
    found = read(
        "“The bridge is weak and nobody mends it.", "Owen Pike said the ferry was late.", "It rained."
    )
    assert ("Owen Pike", "said", "the ferry was late") in said(found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("FranÃ§ois Ort said the bridge fell.", "Ort"),
        ("“It fell 😀,” Mara Venn 🎉 said on Monday.", "Mara Venn"),
        ("محمد علي said the bridge fell.", "محمد"),
        ("The bridge fell, דוד לוי said on Monday.", "דוד"),
        ("Mara\u200b Venn said the bridge fell.", "Venn"),
        ("Mara Venn\u00a0said the bridge fell.", "Mara Venn"),
    ],
)
def test_a_name_in_odd_letters_keeps_its_own_words(text: str, name: str) -> None:
    found = read(text)
    assert any(name in s.text for a in found.attributions for s in [a.source] if s is not None)
    assert all(found.article.text[s.name.start : s.name.end] == s.name.text for s in found.sources)


def test_five_thousand_names_are_five_thousand_sources() -> None:
    letters = "abcdefghij"
    names = [f"Mara {''.join(letters[int(d)] for d in f'{n:04}').title()}venn" for n in range(5000)]
    found = read(" ".join(f"{name} said it fell." for name in names))
    assert len(found.sources) == 5000


def test_a_thousand_namesakes_are_kept_apart() -> None:
    letters = "abcdefghij"
    names = [f"{''.join(letters[int(d)] for d in f'{n:04}').title()}venn Ort" for n in range(1000)]
    opening = "The bridge at Dale is closed. " * 60  # all that the encoder reads
    found = read(opening + " ".join(f"{name} said it fell." for name in names))
    assert who(found) == names


def test_one_sentence_of_fifty_thousand_letters_has_one_speaker() -> None:
    found = read("Mara Venn said that the bridge fell" + " and that it was weak" * 2400 + ".")
    assert who(found) == ["Mara Venn"]


STORY = "A bridge in Dale fell into the harbour on Friday, the Courier reported."


@pytest.mark.parametrize(
    "paragraphs",
    [
        pytest.param(
            (
                "Dale's bridge has resigned, citing the need to spend more time with its pillars.",
                "“It was all a bit too much pressure,” the bridge told our satirical paper.",
                "The river could not be reached for comment.",
            ),
            id="satire",
        ),
        pytest.param(
            (
                "A message that warns of a falling bridge is going round in Dale, and it is a hoax.",
                "It reads: “Unconfirmed reports say that the bridge will fall. We cannot verify this!”",
                "The council called the message false.",
            ),
            id="a quoted hoax",
        ),
        pytest.param(
            (
                "The word “unconfirmed” now stands in one of three bulletins, Mara Venn writes in a book.",
                "Venn counted “unconfirmed reports” in 900 bulletins of the Courier.",
                "“Unverified” came second, and “if true” third.",
            ),
            id="about the word",
        ),
        pytest.param(
            (STORY, "The council did not deny that it could not confirm the colour of the bridge."),
            id="nested negation about a detail",
        ),
        pytest.param(
            (
                STORY,
                "Correction: an earlier version of this story called the fall unconfirmed.",
                "The council confirmed it on Saturday.",
            ),
            id="a correction that now confirms",
        ),
        pytest.param((STORY, "~ An unverified picture of the bridge."), id="a caption"),
        pytest.param(
            (STORY, "It rained.", "$ Comments", "$ Lena: this is totally unconfirmed, if you ask me!"),
            id="a reader's comment",
        ),
        pytest.param(
            (STORY, "La nouvelle n'a pas été confirmée par la mairie, selon le maire de Dale."),
            id="another language within",
        ),
        pytest.param(("The bridge fell.",), id="one sentence"),
    ],
)
def test_the_flag_stays_down_unless_the_article_says_so(paragraphs: tuple[str, ...]) -> None:
    claim = read(*paragraphs).claim
    assert claim is None or not claim.unconfirmed


def test_one_sentence_can_raise_the_flag() -> None:
    claim = read("The bridge in Dale has fallen into the harbour, unconfirmed reports say.").claim
    assert claim is not None
    assert claim.unconfirmed


def test_a_caveat_that_denies_nothing_else_counts_in_nested_negation() -> None:
    claim = read(STORY, "The council did not deny that it could not confirm the report.").claim
    assert claim is not None
    assert claim.unconfirmed
