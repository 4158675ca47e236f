"""The encoder's scores of judged articles and their mentions, by weights that have not seen their stories.

`encoder.py` writes them, for two articles of three; what learns how far to trust the encoder reads them,
without torch.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bot.reading.decisions.encoder import Floats, load_encoder
from bot.reading.decisions.mention_scores import MentionScores
from bot.reading.decisions.sentence_scores import (
    FEWEST,
    NO_SCORES,
    TextScores,
    encode_sentences,
    name_scores,
)
from bot.reading.document import Document

FILE = Path(__file__).with_name("encoder_scores.json.gz")
QUESTIONS = (
    "news",
    "fact",  # told by the sentence
    "adds",  # facts to the sentence that tells the news best
    "summary",
    "depends",  # on its neighbours
    "caveat",  # on the news
    "side_caveat",
    "origin",  # of the news: where the last source of its chain speaks
    "attributed",
    "page",  # the news is the page's own, wherever it is told
)
MENTION_QUESTIONS = ("source", "end")  # is it listed; does the chain of the news end with it
TENTHS = 10  # a stored score of a piece is an integer of tenths, at most 12.7


def write_unseen_scores(scores: Mapping[str, tuple[Floats, Floats]]) -> None:
    """Keep the scores of the sentences and of the pieces of each article."""
    rows = (
        {"id": id_, "scores": sentences.round(2).tolist(), "pieces": _pack(pieces)}
        for id_, (sentences, pieces) in scores.items()
    )
    content = "".join(json.dumps(row) + "\n" for row in rows)
    FILE.write_bytes(gzip.compress(content.encode(), mtime=0))


def _pack(pieces: Floats) -> str:
    whole = (pieces * TENTHS).round().clip(-127, 127).astype(np.int8)
    return b64encode(whole.tobytes()).decode()


@cache
def _load() -> Mapping[str, Any]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return {row["id"]: row for row in map(json.loads, lines)}


def load_unseen_scores(article: str, document: Document) -> TextScores:
    """Return the scores of an article, or none where the encoder would give none."""
    row = _load().get(article)
    if row is None or len(row["scores"]) < FEWEST or len(document.sentences) < FEWEST:
        return NO_SCORES
    scores = np.array(row["scores"][: len(document.sentences)], dtype=np.float32)
    packed: Floats = np.frombuffer(b64decode(row["pieces"]), np.int8).astype(np.float32)
    packed /= np.float32(TENTHS)
    pieces = packed.reshape(-1, len(MENTION_QUESTIONS))
    starts = encode_sentences(document, load_encoder().pieces, load_encoder().longest).starts
    return TextScores(
        name_scores(QUESTIONS, scores), MentionScores(MENTION_QUESTIONS, starts, pieces[: len(starts)])
    )
