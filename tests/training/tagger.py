"""The part-of-speech tagger, trained on GUM.

Measuring holds out a quarter of the documents at a time, four times, and prints how many tags are right.
Training learns from all documents and writes bot/reading/languages/en/tagger.json.gz.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bot.reading.languages.en.tagging import Model, Tagger
from tests.training.gum import Tagged, documents
from tests.training.perceptron import capitals, learn, title

FILE = Path(__file__).resolve().parents[2] / "bot/reading/languages/en/tagger.json.gz"
FOLDS = 4


def train() -> None:
    sentences = [s for document in documents().values() for s in document]
    packed = json.dumps(learn(sentences), ensure_ascii=True, separators=(",", ":")).encode()
    FILE.write_bytes(gzip.compress(packed, mtime=0))
    tell(f"{FILE.name}: {FILE.stat().st_size:,} bytes packed, {len(packed):,} unpacked")


def measure() -> None:
    """Accuracy on held-out documents: all, the news, the news as headlines and in capitals."""
    everything = documents()
    names = sorted(everything)
    sums: dict[str, Counter[str]] = {}
    for fold in range(FOLDS):
        held = names[fold::FOLDS]
        tagger = Tagger(Model(**learn([s for n in names if n not in held for s in everything[n]])))
        news = [s for n in held if "_news_" in n for s in everything[n]]
        for label, sentences in {
            "all": [s for n in held for s in everything[n]],
            "news": news,
            "news as headlines": [title(s) for s in news],
            "news in capitals": [capitals(s) for s in news],
        }.items():
            counts = compared(tagger, sentences)
            sums[label] = sums.get(label, Counter()) + counts
            tell(f"fold {fold}  {label:18} {summary(counts)}")
    for label, counts in sums.items():
        tell(f"together {label:17} {summary(counts)}")


def compared(tagger: Tagger, sentences: Iterable[Tagged]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for words, right in sentences:
        for mine, theirs in zip(tagger.tag(words), right, strict=True):
            counts["words"] += 1
            counts["right"] += mine == theirs
            counts["verbs"] += theirs[:2] == "VB"
            counts["verbs read as nouns"] += theirs[:2] == "VB" and mine[:2] == "NN"
            counts["nouns"] += theirs[:2] == "NN"
            counts["nouns read as verbs"] += theirs[:2] == "NN" and mine[:2] == "VB"
    return counts


def summary(counts: Counter[str]) -> str:
    return (
        f"{counts['right'] / counts['words']:7.2%} right,"
        f" {counts['verbs read as nouns'] / counts['verbs']:6.2%} of verbs read as nouns,"
        f" {counts['nouns read as verbs'] / counts['nouns']:6.2%} of nouns read as verbs"
    )


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
