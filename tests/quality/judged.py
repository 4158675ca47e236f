"""Readers' judgements of articles of ../shared/eval, by id and place: whether the flag is deserved, which
sentence carries the news, and where the hedges are."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.fetching.plain_text import article_from_text
from bot.model import Report
from bot.reading.report import report

JUDGEMENTS = Path(__file__).with_name("judgements")
ARTICLES = ("certainty/fnc_article_dev.jsonl.gz", "attribution/polnear_train.jsonl.gz")


def judged(folder: Path) -> dict[str, dict[str, Any]]:
    """Each judgement's lines, in the form of run.py's results."""
    texts = _texts(folder)
    return {
        "judged flags": _flags(texts),
        "judged cores": {"core claim found": _cores(texts)},
        "judged hedges": {"hedges": _hedges(texts)},
    }


def _texts(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ARTICLES:
        with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
            found |= {row["id"]: row.get("body") or row["text"] for row in map(json.loads, lines)}
    return found


def _judgements(name: str) -> dict[str, Any]:
    return tomllib.loads((JUDGEMENTS / f"{name}.toml").read_text("utf-8"))


def _read(text: str) -> Report:
    return report(article_from_text(text))


def _flags(texts: Mapping[str, str]) -> dict[str, str]:
    """How many articles that deserve the flag carry it, and how many that do not, as "3 of 84"."""
    judgements = {name: ids.split() for name, ids in _judgements("flags").items()}
    return {name: f"{_raised(texts[i] for i in ids)} of {len(ids)}" for name, ids in judgements.items()}


def _raised(texts: Iterable[str]) -> int:
    claims = (_read(text).claim for text in texts)
    return sum(claim is not None and claim.unconfirmed for claim in claims)


def _cores(texts: Mapping[str, str]) -> str:
    """How often a reader's sentence begins within the one that Hearsay chose."""
    judgements = _judgements("cores")
    claims = ((starts, _read(texts[i]).claim) for i, starts in judgements.items())
    found = sum(
        claim is not None and any(claim.sentence.start <= start < claim.sentence.end for start in starts)
        for starts, claim in claims
    )
    return f"{found} of {len(judgements)}"


def _hedges(texts: Mapping[str, str]) -> dict[str, float]:
    """Precision, recall and F1 in percent, by overlap; what a reader called optional counts neither way."""
    judgements = _judgements("hedges")
    hit = extra = found = gold = 0
    for i, spans in judgements["hedges"].items():
        wanted, optional = _spans(spans), _spans(judgements["optional"].get(i, ""))
        listed = [(h.words.start, h.words.end) for h in _read(texts[i]).hedges]
        gold += len(wanted)
        found += sum(_overlaps(span, listed) for span in wanted)
        hit += sum(_overlaps(span, wanted) for span in listed)
        extra += sum(not _overlaps(span, [*wanted, *optional]) for span in listed)
    precision, recall = 100 * hit / (hit + extra), 100 * found / gold
    return {
        "p": round(precision, 1),
        "r": round(recall, 1),
        "f1": round(2 * precision * recall / (precision + recall), 1),
    }


def _spans(text: str) -> list[tuple[int, int]]:
    pairs = (span.split("-") for span in text.split())
    return [(int(start), int(end)) for start, end in pairs]


def _overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
