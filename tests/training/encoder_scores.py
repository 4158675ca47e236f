"""The encoder's scores of judged articles, by weights that have not seen their stories.

`encoder.py` writes them; what learns how far to trust the encoder reads them, without torch.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from bot.reading.decisions.encoder import Floats
from bot.reading.decisions.sentence_scores import FEWEST, Scores, name_scores

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
)


def write_unseen_scores(scores: Mapping[str, Floats]) -> None:
    rows = ({"id": id_, "scores": rows.round(2).tolist()} for id_, rows in scores.items())
    content = "".join(json.dumps(row) + "\n" for row in rows)
    FILE.write_bytes(gzip.compress(content.encode(), mtime=0))


@cache
def _load() -> Mapping[str, Floats]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: np.array(row["scores"], dtype=np.float32) for row in rows}


def load_unseen_scores(article: str, sentences: int | None = None) -> Scores:
    """Return the scores of an article's first sentences, or none where the encoder would give none."""
    scores = _load().get(article, np.empty((0, len(QUESTIONS)), dtype=np.float32))[:sentences]
    return {} if len(scores) < FEWEST else name_scores(QUESTIONS, scores)
