"""The sentences of an article's opening get scores; what lies beyond gets none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.fetching.plain_text import article_from_text
from bot.reading.decisions.encoder import Encoder, read_encoder
from bot.reading.decisions.sentence_scores import FEWEST, NO_SCORES, score_text
from bot.reading.document import Document, parse_document
from bot.reading.languages.registry import default_language
from tests.bot.reading.decisions.made_encoder import LONGEST, write_encoder


@pytest.fixture
def encoder(tmp_path: Path) -> Encoder:
    return read_encoder(write_encoder(tmp_path))


def read(text: str) -> Document:
    return parse_document(article_from_text(text), default_language())


def test_each_sentence_gets_features_by_name(encoder: Encoder) -> None:
    scores = score_text(read("The harbour is closed. " * FEWEST), encoder).sentences
    assert set(scores) == set(range(FEWEST))
    assert set(scores[0]) == {
        "read by the encoder",
        "encoder: news",
        "encoder: news, most of all",
        "encoder: depends",
    }


def test_the_shares_of_the_news_add_up_to_all_of_it(encoder: Encoder) -> None:
    scores = score_text(read("The harbour is closed. The harbour is open. " * FEWEST), encoder).sentences
    assert sum(np.exp(row["encoder: news"]) for row in scores.values()) == pytest.approx(1, abs=0.02)


def test_sentences_beyond_what_the_encoder_reads_have_no_scores(encoder: Encoder) -> None:
    sentence = "The harbour is closed."
    scores = score_text(read(" ".join([sentence] * 100)), encoder).sentences
    assert len(scores) == LONGEST // 6  # five pieces and the sentence's end


def test_a_text_far_longer_than_that_costs_no_more(encoder: Encoder) -> None:
    document = read("The harbour is closed. " * 1000)
    few = read("The harbour is closed. " * 100)
    assert score_text(document, encoder).sentences == score_text(few, encoder).sentences


def test_a_language_that_the_encoder_has_not_learnt_gets_no_scores(encoder: Encoder) -> None:
    document = read("The harbour is closed. " * FEWEST)
    other = replace(document, language=replace(document.language, code="xx"))
    assert score_text(other, encoder) is NO_SCORES


@pytest.mark.parametrize("text", ["", "…", "\u200b", "The harbour is closed. " * (FEWEST - 1)])
def test_a_text_of_which_nothing_can_be_chosen_has_no_scores(encoder: Encoder, text: str) -> None:
    assert score_text(read(text), encoder) is NO_SCORES


def test_a_mention_is_scored_where_it_stands_and_not_beyond_what_is_read(encoder: Encoder) -> None:
    text = "The harbour is closed. " * 100
    mentions = score_text(read(text), encoder).mentions
    first, second = (
        (0, len("The harbour")),
        (len("The harbour is closed. "), len("The harbour is closed. ") + 11),
    )
    assert set(mentions.describe([first])) == {"read by the encoder", "encoder: source"}
    assert mentions.describe([first]) != mentions.describe([second])
    assert mentions.describe([(len(text) - 12, len(text) - 5)]) == {}
