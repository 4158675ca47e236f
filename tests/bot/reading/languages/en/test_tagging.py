from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.languages.en.tagging import Tagger, load_tagger, tag


def tagged(sentence: str) -> str:
    words = sentence.split()
    return " ".join(f"{word}/{part}" for word, part in zip(words, tag(words), strict=True))


@pytest.mark.parametrize(
    "sentence",
    [
        "The/DT mayor/NN said/VBD the/DT bridge/NN would/MD close/VB ./.",
        "Western/JJ states/NNS rejected/VBD the/DT claims/NNS ./.",
        "The/DT memo/NN states/VBZ that/IN prosecutors/NNS dropped/VBD the/DT case/NN ./.",
        "He/PRP did/VBD n't/RB deny/VB it/PRP ./.",
        "The/DT US-led/JJ coalition/NN has/VBZ reached/VBN an/DT agreement/NN ./.",
        "“/`` It/PRP ’s/VBZ over/RB ,/, ”/'' he/PRP said/VBD ./.",
        "He/PRP declined/VBD to/TO comment/VB ./.",
    ],
)
def test_a_sentence_of_news_gets_the_tags_that_a_reader_would_give(sentence: str) -> None:
    words = " ".join(pair.rsplit("/", 1)[0] for pair in sentence.split())
    assert tagged(words) == sentence


@pytest.mark.parametrize(
    "words", [["MAYOR", "SAYS", "BRIDGE", "WILL", "REOPEN"], ["Mayor", "Says", "Bridge", "Will", "Reopen"]]
)
def test_the_verbs_of_a_headline_are_found_whatever_its_capitals(words: list[str]) -> None:
    parts = tag(words)
    assert (parts[1], parts[3], parts[4]) == ("VBZ", "MD", "VB")


def test_curly_and_straight_apostrophes_give_the_same_tags() -> None:
    assert tag("He did n’t say it ’s Venn ’s .".split()) == tag("He did n't say it 's Venn 's .".split())


def test_no_words_give_no_tags() -> None:
    assert tag([]) == []


@given(st.lists(st.text(min_size=1), max_size=30))
def test_any_words_get_one_tag_each(words: list[str]) -> None:
    assert len(tag(words)) == len(words)


def test_what_a_tagger_has_read_before_changes_nothing() -> None:
    sentence = "Sources say the report claims that states lie .".split()
    warm = load_tagger()
    warm.tag("Reports say the source states that claims lie .".split())
    fresh = Tagger(warm._model)
    assert warm.tag(sentence) == fresh.tag(sentence) == fresh.tag(sentence)


def test_a_tagger_forgets_words_rather_than_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.reading.languages.en.tagging.KEPT_WORDS", 3)
    small = Tagger(load_tagger()._model)
    words = [f"word{n}" for n in range(50)]
    assert small.tag(words) == tag(words)
    assert all(len(kept) <= 3 for mode in (small._words, small._earlier) for kept in mode.values())
