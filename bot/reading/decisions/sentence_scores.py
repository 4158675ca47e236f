"""The encoder's scores of an article's opening as features of learnt decisions: of sentences, of mentions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.model import BlockRole
from bot.reading.decisions.encoder import Encoder, Floats, load_encoder
from bot.reading.decisions.mention_scores import NO_MENTION_SCORES, SCORED, MentionScores
from bot.reading.decisions.wordpiece import WordPieces
from bot.reading.document import Document

LANGUAGE: Final = "en"  # of the texts that the encoder has learnt from
SHORTEST: Final = 12  # pieces of a sentence that is cut at the encoder's end and still read
FEWEST: Final = 4  # sentences; fewer are unlike the articles that the encoder has learnt from
TITLE, ASIDE = 1, 2  # kinds of sentences beside the body's own
KINDS: Final = {BlockRole.TITLE: TITLE, BlockRole.TAIL: ASIDE, BlockRole.CAPTION: ASIDE}
ORIGIN, PAGES_OWN = "encoder: origin", "encoder: page"  # features that tell where the claim comes from
NEWS: Final = "news"  # the question of which one sentence is the answer

Scores = Mapping[int, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class EncoderInput:
    """An article's opening as pieces; `starts` are the offsets of their words in the text, and `ends` the
    places of the sentences' last pieces."""

    pieces: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    kinds: Sequence[int]


@dataclass(frozen=True, slots=True)
class TextScores:
    """The encoder's scores of an article's opening."""

    sentences: Scores
    mentions: MentionScores


NO_SCORES: Final = TextScores({}, NO_MENTION_SCORES)


def score_text(document: Document, encoder: Encoder | None = None) -> TextScores:
    """Return features of each sentence that the encoder reads, by its number, and those of mentions. Texts of
    few sentences and those of other languages have none."""
    if document.language.code != LANGUAGE or len(document.sentences) < FEWEST:
        return NO_SCORES
    encoder = encoder or load_encoder()
    read = encode_sentences(document, encoder.pieces, encoder.longest)
    if len(read.ends) < FEWEST:
        return NO_SCORES
    sentences, pieces = encoder.score(read.pieces, read.ends, read.kinds)
    return TextScores(
        name_scores(encoder.questions, sentences),
        MentionScores(encoder.mention_questions, read.starts, pieces),
    )


def encode_sentences(document: Document, pieces: WordPieces, longest: int) -> EncoderInput:
    """Return as many sentences as fit; the last may be cut, where enough of it is left to be judged."""
    read, ends = [(pieces.cls, 0)], list[int]()
    for sentence in document.sentences:
        words = document.article.text[sentence.start : sentence.end]
        own = [(piece, sentence.start + start) for piece, start in pieces.encode(words)]
        own.append((pieces.sep, sentence.end))
        left = longest - len(read)
        if len(own) > left and left < SHORTEST:
            break
        read += own[:left]
        ends.append(len(read) - 1)
    kinds = [KINDS.get(sentence.role, 0) for sentence in document.sentences[: len(ends)]]
    return EncoderInput([piece for piece, _ in read], [start for _, start in read], ends, kinds)


def name_scores(questions: Sequence[str], scores: Floats) -> Scores:
    """Return the log-odds of the answers by name, and for the news the logarithm of a sentence's share among
    all."""
    columns = dict(zip(questions, scores.astype(np.float64).T, strict=True))
    columns[NEWS] = (columns[NEWS] - np.logaddexp.reduce(columns[NEWS])).round(2)
    columns[f"{NEWS}, most of all"] = columns[NEWS] == columns[NEWS].max()
    return {
        number: {SCORED: 1.0}
        | {f"encoder: {name}": float(column[number]) for name, column in columns.items()}
        for number in range(len(scores))
    }
