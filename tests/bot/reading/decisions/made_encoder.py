"""A tiny encoder with made-up weights."""

from pathlib import Path
from typing import Any

import numpy as np

from bot.reading.decisions.linear import VERSION
from tests.training.tensor_file import write_tensors

WIDTH, LONGEST, LAYERS = 24, 80, 2
VOCABULARY = ("[CLS]", "[SEP]", "[UNK]", "the", "harbour", "is", "closed", "open", ".")
QUESTIONS = ("news", "depends")
MENTION_QUESTIONS = ("source",)


def write_encoder(folder: Path, **stated: str) -> Path:
    """Write a file of made-up weights into a folder; `stated` is said of it instead of what is true."""
    truth = {
        "version": str(VERSION),
        "layers": str(LAYERS),
        "questions": " ".join(QUESTIONS),
        "mentions": " ".join(MENTION_QUESTIONS),
    }
    file = folder / "made.safetensors"
    write_tensors(file, made_arrays(), truth | stated)
    return file


def made_arrays() -> dict[str, Any]:
    """Return what a file of weights holds, the same each time."""
    random = np.random.default_rng(17)

    def affine(name: str, rows: int, columns: int) -> dict[str, Any]:
        weight = random.integers(-127, 128, (rows, columns), dtype=np.int8)
        scale = np.full(columns, 1 / 400, np.float32)
        return {
            f"{name}.weight": weight,
            f"{name}.scale": scale,
            f"{name}.bias": np.zeros(columns, np.float32),
        }

    def norm(name: str) -> dict[str, Any]:
        return {f"{name}.gain": np.ones(WIDTH, np.float32), f"{name}.bias": np.zeros(WIDTH, np.float32)}

    arrays: dict[str, Any] = {
        "vocabulary": np.frombuffer("\n".join(VOCABULARY).encode(), np.uint8),
        "words": random.integers(-127, 128, (len(VOCABULARY), WIDTH), dtype=np.int8),
        "word_scales": np.full((len(VOCABULARY), 1), 0.01, np.float32),
        "places": random.normal(0, 0.1, (LONGEST, WIDTH)).astype(np.float16),
        "sentence_places": random.normal(0, 0.1, (3, WIDTH)).astype(np.float32),
        "roles": random.normal(0, 0.1, (3, WIDTH)).astype(np.float32),
        **norm("embedded"),
        **affine("mixed", 4 * WIDTH, WIDTH),
        **affine("answers", WIDTH, len(QUESTIONS)),
        **affine("mentions", WIDTH, len(MENTION_QUESTIONS)),
    }
    for layer in (f"layer{i}" for i in range(LAYERS)):
        for name in ("query", "key", "value", "joined"):
            arrays |= affine(f"{layer}.{name}", WIDTH, WIDTH)
        arrays |= affine(f"{layer}.up", WIDTH, 2 * WIDTH) | affine(f"{layer}.down", 2 * WIDTH, WIDTH)
        arrays |= norm(f"{layer}.after_attention") | norm(f"{layer}.after_all")
    return arrays
