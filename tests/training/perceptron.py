"""Sentences with tags → the tagger's model: averaged perceptrons (Collins 2002), several orders averaged."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.reading.languages.en.tagging import (
    EDGE,
    FUNCTION_WORD,
    OPEN,
    PUNCTUATION,
    SIGNS,
    ZERO,
    Model,
    build_far_traits,
    build_near_traits,
    build_own_traits,
    build_pair_traits,
    build_tag_traits,
    describe_shape,
    find_modes,
    straighten,
)
from tests.training.gum import Tagged
from tests.training.words import kind, possible_tags, reporting_forms

EPOCHS = 6
ORDERS = 8  # perceptrons trained on other orders of the sentences, averaged
FREQUENT = 20  # seen so often, a word has no tags but those seen
STEPS = 4  # weights are kept in quarters
LEAST = 0.25  # weights that never reach this are left out

Weights = dict[str, list[float]]
Raw = dict[str, Any]


def learn(sentences: Sequence[Tagged], *, epochs: int = EPOCHS, orders: int = ORDERS) -> Raw:
    """The model as its file holds it."""
    raw = vocabulary(sentences)
    model = Model(**raw)
    total: Weights = defaultdict(lambda: [0.0] * len(model.tags))
    for seed in range(orders):
        rng = random.Random(seed)
        examples = [Example.of(s, model) for s in recased(sentences, rng)]
        for trait, row in Perceptron(model.tags).fit(examples, epochs, rng).items():
            for i, weight in enumerate(row):
                total[trait][i] += weight / orders
    return raw | {"weights": dict(sorted(encoded(total)))}


def encoded(weights: Mapping[str, Sequence[float]]) -> Iterable[tuple[str, str]]:
    """Each trait with its pairs of signs, rounded; traits that weigh nothing are left out."""
    for trait, row in weights.items():
        if max(map(abs, row)) < LEAST:
            continue
        signs = "".join(SIGNS[i] + SIGNS[ZERO + step] for i, w in enumerate(row) for step in _steps(w))
        if signs:
            yield trait, signs


def _steps(weight: float) -> Iterable[int]:
    """The weight in quarters; one too large for a sign is written as several that add up."""
    left = round(weight * STEPS)
    while left:
        step = max(-ZERO, min(ZERO - 1, left))
        yield step
        left -= step


# ── which tags a word can have ──────────────────────────────────────────────────────────────────────


def vocabulary(sentences: Sequence[Tagged]) -> Raw:
    """The model before it has learnt any weights."""
    listed = possible_tags()
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word, tag in zip(map(straighten, sentence.words), sentence.tags, strict=True):
            seen[word.lower()][tag] += 1
    tags = sorted({t for counts in seen.values() for t in counts} | {*OPEN, *PUNCTUATION.values()})
    sign = dict(zip(tags, SIGNS, strict=False))
    reporting = reporting_forms()
    kinds = {word: kind(can, reports=word in reporting) for word, can in listed.items()}
    return {
        "tags": tags,
        "kinds": kinds,
        "choices": {word: _choices(counts, listed.get(word), sign) for word, counts in sorted(seen.items())},
        "kind_choices": {kinds[word]: "".join(sign[t] for t in widened(can)) for word, can in listed.items()},
        "weights": {},
    }


def _choices(counts: Counter[str], listed: tuple[str, ...] | None, sign: Mapping[str, str]) -> str:
    found = sorted(counts, key=lambda t: (-counts[t], t))
    count = sum(counts.values())
    if count >= FREQUENT:
        found = [t for t in found if counts[t] >= 0.005 * count]
    elif listed:
        found += widened(listed)
    elif count < 5 or set(found) <= set(OPEN):
        found += OPEN
    closed = FUNCTION_WORD if set(found).isdisjoint(OPEN) else ""
    return "".join(sign[t] for t in dict.fromkeys(found)) + closed


def widened(listed: tuple[str, ...]) -> list[str]:
    """What a word of the list can be besides: participles are adjectives, "-ing" forms nouns, and so on."""
    found = list(listed)
    for tag, more in (
        ("VBG", ("NN", "JJ")),
        ("VBN", ("JJ",)),
        ("NNPS", ("NNS", "NNP")),
        ("JJ", ("NN", "RB")),
        ("NNS", ("NN",)),
    ):
        if tag in listed:
            found += more
    return list(dict.fromkeys(found))


# ── other spellings of the same sentences ───────────────────────────────────────────────────────────


def recased(sentences: Sequence[Tagged], rng: random.Random) -> list[Tagged]:
    """The sentences, and some again as headlines, in capitals, in small letters, with other quotes."""
    found = list(sentences)
    for sentence in sentences:
        chance = rng.random()
        if len(sentence.words) > 3 and chance < 0.29:
            respell = capitals if chance < 0.10 else title if chance < 0.25 else small
            found.append(respell(sentence))
        if any(w in {'"', "'"} or "'" in w for w in sentence.words):
            found.append(requoted(sentence, rng.choice([("“", "”"), ("''", "''"), ("‘", "’")])))
    return found


def capitals(sentence: Tagged) -> Tagged:
    return Tagged(tuple(w.upper() for w in sentence.words), sentence.tags)


def small(sentence: Tagged) -> Tagged:
    return Tagged(tuple(w.lower() for w in sentence.words), sentence.tags)


def title(sentence: Tagged) -> Tagged:
    """As headlines are written: short function words stay small."""
    little = {"IN", "DT", "CC", "TO", "RP"}

    def cased(at: int, word: str, tag: str) -> str:
        stays = (
            (at > 0 and tag in little and len(word) < 5) or not word[0].isalpha() or word[:2] in {"n'", "n’"}
        )
        return word if stays else word[0].upper() + word[1:]

    words = tuple(cased(i, w, t) for i, (w, t) in enumerate(zip(*sentence, strict=True)))
    return Tagged(words, sentence.tags)


def requoted(sentence: Tagged, marks: tuple[str, str]) -> Tagged:
    """With other quotation marks; apostrophes in words become curly unless the marks are typewriter's."""

    def quoted(word: str, tag: str) -> str:
        if word in {'"', "'", "“", "”", "‘", "’"} and tag in {"``", "''"}:
            return marks[tag == "''"]
        return word if marks[0] == "''" else word.replace("'", "’")

    return Tagged(tuple(quoted(w, t) for w, t in zip(*sentence, strict=True)), sentence.tags)


# ── learning ────────────────────────────────────────────────────────────────────────────────────────


class Example(NamedTuple):
    """A sentence with what does not change while learning: traits, choices and right tags, by word."""

    traits: list[list[str]]
    words: list[tuple[str, str]]  # lower case, kind
    choices: list[tuple[int, ...]]
    tags: list[int]

    @classmethod
    def of(cls, sentence: Tagged, model: Model) -> Example:
        words = [straighten(w) for w in sentence.words]
        found = [
            (w, mode + describe_shape(w), model.find_kind(w.lower()))
            for w, mode in zip(words, find_modes(words), strict=True)
        ]
        keys = [(word.lower(), form, kind) for word, form, kind in found]
        near = [[EDGE], *(build_near_traits(*key) for key in keys), [EDGE]]
        far = [[EDGE], [EDGE], *(build_far_traits(*key) for key in keys), [EDGE], [EDGE]]
        traits = [
            build_own_traits(*key)
            + ["-" + t for t in near[i]]
            + ["+" + t for t in near[i + 2]]
            + ["=" + t for t in far[i]]
            + ["*" + t for t in far[i + 4]]
            for i, key in enumerate(keys)
        ]
        choices = [model.find_choices(word, form[0]) for word, form, _ in found]
        return cls(
            traits, [(word, kind) for word, _, kind in keys], choices, [model.index[t] for t in sentence.tags]
        )


class Perceptron:
    """Weights that change only on mistakes; what `fit` gives is their mean over all steps."""

    def __init__(self, tags: Sequence[str]) -> None:
        self._tags = (*tags, EDGE)
        self._size = len(tags)
        self._now: Weights = {}
        self._sum: Weights = {}
        self._step = 0

    def fit(self, examples: list[Example], epochs: int, rng: random.Random) -> Weights:
        for _ in range(epochs):
            rng.shuffle(examples)
            for example in examples:
                self._read(example)
        return {
            trait: [n - s / self._step for n, s in zip(now, self._sum[trait], strict=True)]
            for trait, now in self._now.items()
        }

    def _read(self, example: Example) -> None:
        second = first = self._size
        for traits, word, choices, right in zip(*example, strict=True):
            best = choices[0]
            if len(choices) > 1:
                self._step += 1
                tags = self._tags
                active = (
                    traits
                    + build_tag_traits(*word, tags[first])
                    + build_pair_traits(tags[second], tags[first])
                )
                rows = [row for row in map(self._now.get, active) if row]
                best = max(choices, key=lambda tag: sum([row[tag] for row in rows]))
                if best != right and right in choices:
                    self._mend(active, right, best)
            second, first = first, best

    def _mend(self, active: Sequence[str], right: int, wrong: int) -> None:
        # The mean of a weight is its last value minus what each change lacked of the steps (Daumé 2006).
        for trait in active:
            if trait not in self._now:
                self._now[trait] = [0.0] * self._size
                self._sum[trait] = [0.0] * self._size
            now, total = self._now[trait], self._sum[trait]
            now[right] += 1
            now[wrong] -= 1
            total[right] += self._step
            total[wrong] -= self._step
