"""The flag on articles that a reader judged, beside the 21 of ../shared/eval that the rules were made on."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

from bot.fetching.typed import article_from_text
from bot.reading.report import report

JUDGED = Path(__file__).with_name("flags.toml")
ARTICLES = "certainty/fnc_article_dev.jsonl.gz"


def judged_flags(folder: Path) -> dict[str, str]:
    """How many articles that deserve the flag carry it, and how many that do not, as "3 of 84"."""
    judgements = {name: set(ids.split()) for name, ids in tomllib.loads(JUDGED.read_text("utf-8")).items()}
    with gzip.open(folder / ARTICLES, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: row["body"] for row in map(json.loads, lines)}
    return {name: f"{_raised(texts[i] for i in ids)} of {len(ids)}" for name, ids in judgements.items()}


def _raised(texts: Iterable[str]) -> int:
    claims = (report(article_from_text(text)).claim for text in texts)
    return sum(claim is not None and claim.unconfirmed for claim in claims)
