from __future__ import annotations

import pytest

from bot.reading.chunking import Chunk, chunk_sentence, is_finite, is_negated, is_passive
from bot.reading.quotes import find_quotations, is_speech
from tests.bot.reading.texts import seen


def chunks(sentence: str) -> list[tuple[str, str]]:
    """Each chunk of a sentence: what it is, and its words."""
    document = seen(sentence)
    said = [q for q in find_quotations(document) if is_speech(document, q)]
    return [
        (p.kind.name, document.excerpt(p.first, p.last).text)
        for p in chunk_sentence(document, document.sentences[0], said)
    ]


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("The mayor of Dale left.", "The mayor"),
        ("Sanders's campaign manager left.", "Sanders's campaign manager"),
        ("The Deir Ezzor 24 outlet closed.", "The Deir Ezzor 24 outlet"),
        ("A law enforcement official said so.", "A law enforcement official"),
        ("USA TODAY said so.", "USA TODAY"),
        ("The Sunday Times closed.", "The Sunday Times"),
        ("The old, weak bridge fell.", "The old, weak bridge"),
        ("Jackson, Miss., was closed.", "Jackson, Miss."),
        ("A newly revealed call came.", "A newly revealed call"),
        ("A newly revealed old letter came.", "A newly revealed old letter"),
        ("A very old bridge came.", "A very old bridge"),
        ("A rapidly growing club came.", "A rapidly growing club"),
        ("A strong and old bridge came.", "A strong and old bridge"),
    ],
)
def test_a_noun_phrase_runs_from_its_determiner_to_its_head(sentence: str, phrase: str) -> None:
    assert chunks(sentence)[0] == ("NOUN", phrase)


def test_auxiliaries_and_adverbs_belong_to_their_verb() -> None:
    assert ("VERB", "has not yet been closed") in chunks("The bridge has not yet been closed.")


def test_a_spoken_quotation_is_one_chunk() -> None:
    assert chunks("“It fell on us all,” Venn said.")[0] == ("QUOTE", "“It fell on us all,”")


@pytest.mark.parametrize("time", ["last week", "Monday", "two days", "Wednesday morning"])
def test_times_are_no_noun_phrases(time: str) -> None:
    assert ("TIME", time) in chunks(f"Mara Venn left {time}.")


def test_tense_voice_and_negation_are_read_from_the_group() -> None:
    document = seen("The bridge was not closed.")
    (group,) = [p for p in chunk_sentence(document, document.sentences[0], []) if p.kind is Chunk.VERB]
    assert (is_finite(document, group), is_passive(document, group), is_negated(document, group)) == (
        True,
        True,
        True,
    )


def test_a_place_adverb_after_a_plural_is_no_noun_phrase() -> None:
    assert ("ADVERB", "there") in chunks("Polls there show it.")


def test_he_has_said_is_no_passive() -> None:
    document = seen("He's said he will stay.")
    group = next(p for p in chunk_sentence(document, document.sentences[0], []) if p.kind is Chunk.VERB)
    assert is_passive(document, group) is False
