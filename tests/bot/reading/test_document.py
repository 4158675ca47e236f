from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bot.reading.texts import MARKS, seen


def sentences(*paragraphs: str) -> list[str]:
    document = seen(*paragraphs)
    return [document.sentence_excerpt(s).text for s in document.sentences]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("It fell. It was weak.", ["It fell.", "It was weak."]),
        ("Mr. Pike met Sen. Ort. She left.", ["Mr. Pike met Sen. Ort.", "She left."]),
        ("The U.S. Senate met. It voted.", ["The U.S. Senate met.", "It voted."]),
        ("He lives in the U.S. He likes it.", ["He lives in the U.S.", "He likes it."]),
        ("Lena F. Ort left at 5 p.m. on Monday.", ["Lena F. Ort left at 5 p.m. on Monday."]),
        ("It cost $3.5 million. Why?", ["It cost $3.5 million.", "Why?"]),
        ("“It fell.” He wept.", ["“It fell.”", "He wept."]),
        ("“It fell. It broke,” he said.", ["“It fell.", "It broke,” he said."]),
        ("Wait … what happened?", ["Wait … what happened?"]),
        ("It fell.It broke.", ["It fell.", "It broke."]),
        ("It paid $5.5B for 3.5M acres. Why?", ["It paid $5.5B for 3.5M acres.", "Why?"]),
        ("The town said no. Ort left.", ["The town said no.", "Ort left."]),
        ("See p. 7 of No. 18. It fell.", ["See p. 7 of No. 18.", "It fell."]),
        ("It fell, E! News said. Ort left.", ["It fell, E! News said.", "Ort left."]),
        ("It fell, according to E! The town wept.", ["It fell, according to E!", "The town wept."]),
        ("It fell! Ort left.", ["It fell!", "Ort left."]),
        ("Dr the Rt. Hon. Bo Lind left. She stayed.", ["Dr the Rt. Hon. Bo Lind left.", "She stayed."]),
        ("Ana Roe, Ph.D., met Pvt. Lee. She left.", ["Ana Roe, Ph.D., met Pvt. Lee.", "She left."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(paragraph: str, expected: list[str]) -> None:
    assert sentences(paragraph) == expected


def test_a_sentence_never_crosses_a_paragraph() -> None:
    assert sentences("A headline without a stop", "and a body") == ["A headline without a stop", "and a body"]


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("But a guard said that the bridge fell.", "a guard said that the bridge fell."),
        ("However, Venn said that the bridge fell.", "Venn said that the bridge fell."),
        ("And yet the bridge of Dale fell.", "the bridge of Dale fell."),
        ("In addition, the bridge of Dale fell.", "the bridge of Dale fell."),
        ("But “the bridge fell,” a guard said.", "“the bridge fell,” a guard said."),
        ("However much it costs, the bridge will stand.", None),
        ("But that is what the guard of Dale saw.", None),
        ("But he did not see the bridge.", None),
        ("Also known as Red, the bridge of Dale fell.", None),
        ("In addition to the bridge, a wall fell.", None),
        ("But it fell.", None),
    ],
)
def test_a_sentence_stands_without_the_word_that_ties_it_to_the_one_before(
    sentence: str, shown: str | None
) -> None:
    document = seen(sentence)
    assert document.standing_excerpt(document.sentences[0]).text == (shown or sentence)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trump’s plan", ["Trump", "’s", "plan"]),
        ("He didn't go", ["He", "did", "n't", "go"]),
        ("21WIRE said", ["21WIRE", "said"]),
        ("a 24-year-old man", ["a", "24-year-old", "man"]),
        ("''No,'' he said", ["''", "No", ",", "''", "he", "said"]),
        ("see https://news.example/a?b=1 now", ["see", "https://news.example/a?b=1", "now"]),
        ("AT&T paid 1,000", ["AT&T", "paid", "1,000"]),
        ("the U.S.-led force", ["the", "U.S.-led", "force"]),
        ("a CNN/ORC poll", ["a", "CNN/ORC", "poll"]),
        ("or/and so", ["or", "/", "and", "so"]),
        ("the caf§e shut", ["the", "caf§e", "shut"]),
        ("$5.5B at 2.5GHz", ["$5.5B", "at", "2.5GHz"]),
        ("a 5.5-million fund", ["a", "5.5-million", "fund"]),
        ("Ort (D-N.Y) said", ["Ort", "(", "D-N.Y", ")", "said"]),
    ],
)
def test_tokens_keep_together_what_belongs_together(text: str, expected: list[str]) -> None:
    assert list(seen(text).words) == expected


@given(st.text())
def test_every_token_stands_where_it_says(text: str) -> None:
    document = seen(text) if text else seen("x")
    for word, start, end in zip(document.words, document.starts, document.ends, strict=True):
        assert document.article.text[start:end] == word
    assert list(document.starts) == sorted(document.starts)
    assert len(document.tags) == len(document.words)


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1).filter(lambda t: t[:2] not in MARKS))
def test_no_letter_is_lost_between_tokens(text: str) -> None:
    assert "".join(seen(text).words) == "".join(text.split())


def test_a_surname_that_opens_a_sentence_is_tagged_as_the_name_it_is_elsewhere() -> None:
    assert seen("Chase denied it. The council asked Lena Chase about it.").tags[0].is_name
