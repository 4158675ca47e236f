"""A small transformer over the opening of an article, with scores for each sentence.

The layers of MiniLM (BERT's arithmetic), the last of which looks from the end of each sentence alone; a head
turns what it sees there into one score a question. Weights are stored as 8-bit integers with a scale for each
column, and computed with in 32-bit floats. The scores are rounded so coarsely that the order in which a
processor adds does not show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.reading.decisions.linear import CannotLoadWeights
from bot.reading.decisions.tensor_file import TensorFile, open_tensors
from bot.reading.decisions.wordpiece import WordPieces

FILE: Final = "encoder.safetensors"
DTYPES: Final = {"I8": np.int8, "U8": np.uint8, "F16": np.float16, "F32": np.float32}
MENTIONS: Final = "mentions"  # the head over pieces, and its questions in what the file states
HEADS: Final = 12  # of attention
EPSILON: Final = 1e-12  # of BERT's layer normalization
DECIMALS: Final = 2  # of a score; two processors differ in the sixth

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Affine:
    """x @ weight + bias."""

    weight: Floats
    bias: Floats

    def apply(self, x: Floats) -> Floats:
        out: Floats = x @ self.weight
        out += self.bias
        return out


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalization with its gain and bias."""

    gain: Floats
    bias: Floats

    def apply(self, x: Floats) -> Floats:
        out: Floats = x - x.mean(axis=-1, keepdims=True)
        spread = np.einsum("ij,ij->i", out, out)[:, None] / np.float32(x.shape[-1])
        out /= np.sqrt(spread + np.float32(EPSILON))
        out *= self.gain
        out += self.bias
        return out


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a transformer: attention, then two affine maps, each with a residual and a norm."""

    query: Affine
    key: Affine
    value: Affine
    joined: Affine
    after_attention: Norm
    up: Affine
    down: Affine
    after_all: Norm

    def apply(self, x: Floats, asking: Floats) -> Floats:
        """Return what the rows of `asking` (rows of `x`) see in all of `x`."""
        asked, keys, values = (_split_heads(a.apply(rows)) for a, rows in self._projections(x, asking))
        seen = _softmax(asked @ keys.transpose(0, 2, 1)) @ values
        attended = self.joined.apply(np.ascontiguousarray(seen.transpose(1, 0, 2)).reshape(asking.shape))
        attended += asking
        middle = self.after_attention.apply(attended)
        out = self.down.apply(_gelu(self.up.apply(middle)))
        out += middle
        return self.after_all.apply(out)

    def _projections(self, x: Floats, asking: Floats) -> tuple[tuple[Affine, Floats], ...]:
        return (self.query, asking), (self.key, x), (self.value, x)


@dataclass(frozen=True)
class Encoder:
    """The loaded weights. `questions` are the names of a sentence's scores, `mention_questions` those of a
    piece's."""

    pieces: WordPieces
    questions: tuple[str, ...]
    mention_questions: tuple[str, ...]
    words: NDArray[np.int8]
    word_scales: Floats
    places: Floats
    embedded: Norm
    layers: tuple[Layer, ...]
    sentence_places: Floats
    roles: Floats
    mixed: Affine
    answers: Affine
    mentions: Affine

    @property
    def longest(self) -> int:
        """The pieces of a text that are read."""
        return len(self.places)

    def score(
        self, pieces: Sequence[int], ends: Sequence[int], roles: Sequence[int]
    ) -> tuple[Floats, Floats]:
        """Return a row of scores for each sentence, and one for each piece; `ends` are the places of the
        sentences' last pieces, and the first sentence begins after the text's first piece."""
        x = self.words[pieces].astype(np.float32)
        x *= self.word_scales[pieces]
        x += self.places[: len(pieces)]
        x = self.embedded.apply(x)
        *layers, last = self.layers
        for layer in layers:
            x = layer.apply(x, x)
        starts = np.array([0, *ends[:-1]]) + 1
        lengths = np.array(ends)[:, None] + 1 - starts[:, None]
        means = np.add.reduceat(x[: ends[-1] + 1], starts) / lengths.astype(np.float32)
        seen = last.apply(x, x[ends])
        seen += self.sentence_places[np.minimum(np.arange(len(ends)), len(self.sentence_places) - 1)]
        seen += self.roles[roles]
        whole = np.broadcast_to(seen.mean(axis=0), seen.shape)
        mixed = _gelu(self.mixed.apply(np.concatenate((seen, whole, means, x[starts]), axis=1)))
        return self.answers.apply(mixed).round(DECIMALS), self.mentions.apply(x).round(DECIMALS)


def _split_heads(x: Floats) -> Floats:
    """Rows × columns → heads × rows × columns of a head."""
    return np.ascontiguousarray(x.reshape(len(x), HEADS, -1).transpose(1, 0, 2))


def _softmax(x: Floats) -> Floats:
    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x


def _gelu(x: Floats) -> Floats:
    """X · Φ(x), by its usual approximation with tanh."""
    inner = x * x
    inner *= np.float32(0.044715)
    inner += np.float32(1)
    inner *= x
    inner *= np.float32(math.sqrt(2 / math.pi))
    np.tanh(inner, out=inner)
    inner += np.float32(1)
    inner *= x
    inner *= np.float32(0.5)
    return inner


@cache
def load_encoder() -> Encoder:
    """Return the encoder that comes with this package. Raises CannotLoadWeights."""
    return read_encoder(files(__package__) / "weights" / FILE)


def read_encoder(file: Traversable) -> Encoder:
    """Return the encoder of a file. Raises CannotLoadWeights."""
    opened = open_tensors(file)
    try:
        return _build_encoder(opened)
    except (ValueError, KeyError, TypeError):
        raise CannotLoadWeights(f"The weights {file.name} are broken: install hearsay-bot again.") from None


def _build_encoder(file: TensorFile) -> Encoder:
    def stored(name: str) -> NDArray[Any]:
        array = file.arrays[name]
        numbers = np.frombuffer(file.content, DTYPES[array.dtype], array.count, array.start)
        return numbers.reshape(array.shape)

    def floats(name: str) -> Floats:
        return stored(name).astype(np.float32)

    def affine(name: str) -> Affine:
        weight = floats(f"{name}.weight")
        weight *= stored(f"{name}.scale")
        return Affine(weight, floats(f"{name}.bias"))

    def norm(name: str) -> Norm:
        return Norm(floats(f"{name}.gain"), floats(f"{name}.bias"))

    def layer(name: str) -> Layer:
        return Layer(
            query=affine(f"{name}.query"),
            key=affine(f"{name}.key"),
            value=affine(f"{name}.value"),
            joined=affine(f"{name}.joined"),
            after_attention=norm(f"{name}.after_attention"),
            up=affine(f"{name}.up"),
            down=affine(f"{name}.down"),
            after_all=norm(f"{name}.after_all"),
        )

    return Encoder(
        pieces=WordPieces(stored("vocabulary").tobytes().decode().split("\n")),
        questions=tuple(file.metadata["questions"].split()),
        mention_questions=tuple(file.metadata[MENTIONS].split()),
        words=stored("words"),
        word_scales=floats("word_scales"),
        places=floats("places"),
        embedded=norm("embedded"),
        layers=tuple(layer(f"layer{i}") for i in range(int(file.metadata["layers"]))),
        sentence_places=floats("sentence_places"),
        roles=floats("roles"),
        mixed=affine("mixed"),
        answers=affine("answers"),
        mentions=affine(MENTIONS),
    )
