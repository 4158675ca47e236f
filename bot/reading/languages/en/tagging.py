"""The part-of-speech tagger: words of one sentence → their parts of speech, as Penn Treebank tags.

A linear model (averaged perceptron, Collins 2002) read from left to right. What a word adds to the scores
of its own tag and of its neighbours' tags does not depend on the sentence, so it is summed once for each
word and kept: tagging itself only adds six rows. `python -m tests.training tagger train` makes the model.

As in GUM, which it learnt from, "to" is TO before a verb and IN before a noun, dashes are ":", brackets
are "-LRB-" and "-RRB-", hyphenated compounds are one word ("US-led" JJ, "vice-president" NN).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

KEPT_WORDS: Final = 6000  # twice so many at most in a casing: about 50 MiB after hundreds of pages
PUNCTUATION: Final = {
    **dict.fromkeys("-–—‐―", ":"),
    "--": ":",
    **dict.fromkeys("([{", "-LRB-"),
    **dict.fromkeys(")]}", "-RRB-"),
    **dict.fromkeys(("“", "«", "„", "``"), "``"),
    **dict.fromkeys("”»", "''"),
}
OPEN: Final = tuple("NN NNS NNP NNPS JJ JJR JJS RB VB VBD VBN VBG VBP VBZ CD FW UH".split())
CAPITAL: Final = tuple("NNP NN JJ NNPS NNS CD FW".split())  # an unknown word with one, inside a sentence
# The code of a model file: one printable sign for a tag or a weight, none that JSON escapes.
SIGNS: Final = "".join(chr(c) for c in range(33, 127) if chr(c) not in '"\\')
SIGN_VALUES: Final = {sign: value for value, sign in enumerate(SIGNS)}
ZERO: Final = len(SIGNS) // 2
FUNCTION_WORD: Final = " "  # ends the choices of a word that is never a name

LIKELY: Final = 5  # more choices for a word than this cost time and were never right, measured on GUM
EDGE: Final = "#"
PROSE: Final = 4  # so many long words in small letters are no headline
HEADLINE: Final = 3  # so few words are no headline
MODES: Final = "NSTC"
NOTHING: Final[Mapping[int, int]] = {}
Row = Sequence[int]


def tag(words: Sequence[str]) -> list[str]:
    """Return the Penn tag of each word of one sentence; straight and curly quotes and apostrophes alike."""
    return load_tagger().tag(words)


@cache
def load_tagger() -> Tagger:
    """Return the English tagger; loading takes about 30 ms."""
    packed = files("bot.reading.languages.en").joinpath("tagger.json.gz").read_bytes()
    return Tagger(Model(**json.loads(gzip.decompress(packed))))


# ── what a word shows of itself ─────────────────────────────────────────────────────────────────────


def straighten(word: str) -> str:
    """Return the word with straight apostrophes."""
    return word.replace("’", "'").replace("‘", "'") if not word.isascii() else word


def describe_shape(word: str) -> str:
    """Return how a word is written: "Aa" Mosul, "AA" NATO, "A." U.S., "AaA" McCain, "9" 1,000, "'s", "." a
    sign."""
    first = word[0]
    if first.isalpha():
        if word.islower():
            return "a-" if "-" in word else "a"
        if not first.isupper():
            return "aA"
        if len(word) == 1:
            return "I"
        if word.isupper():
            return "A." if "." in word else "AA"
        return "Aa" if word[1:].islower() else "AaA"
    if first.isdigit() or (first in "$£€" and len(word) > 1):
        return "9a" if word[-1].isalpha() else "9"
    if first in "#@" and len(word) > 1:
        return "@"
    return "'s" if first == "'" and len(word) > 1 else "."


def find_casing(words: Sequence[str]) -> str:
    """Return what capitals mean in this sentence: "N" names, "T" nothing much (a Title), "C" nothing
    (CAPS)."""
    long = small = 0  # titles leave short words small, so only long ones tell
    for word in words:
        if len(word) > 3 and word[0].isalpha():  # noqa: PLR2004  # longer than most such words
            long += 1
            small += word.islower()
            if small == PROSE and any(w[0].isupper() for w in words):
                return "N"
    spelt = [w for w in words if len(w) > 1 and w[0].isalpha()]
    if len(spelt) >= HEADLINE and sum(w.isupper() for w in spelt) >= 0.7 * len(spelt):
        return "C"
    if small >= PROSE:
        return "C"  # nothing in it has a capital
    return "T" if long >= HEADLINE and small <= 0.2 * long else "N"


def find_modes(words: Sequence[str]) -> list[str]:
    """Return the casing at each word: "S" where a sentence starts, for there a capital says little."""
    case = find_casing(words)
    row = [case] * len(words)
    if case == "N":
        starts = True
        for at, word in enumerate(words):
            if starts:
                row[at] = "S"
                starts = not word[0].isalnum()
            elif word == ":":
                starts = True
    return row


def build_own_traits(low: str, form: str, kind: str) -> list[str]:
    """Return what bears on a word's own tag: `form` is its mode and shape, `kind` what the word list says."""
    return [
        "w" + low,
        "2" + low[-2:],
        "3" + low[-3:],
        "4" + low[-4:],
        "q" + low[:3],
        "s" + form,
        "c" + kind,
        "d" + form + kind,
        "e" + form + low[-2:],
    ]


def build_near_traits(low: str, form: str, kind: str) -> list[str]:
    """Return what bears on the tags of the words beside it."""
    return ["w" + low, "3" + low[-3:], "s" + form, "c" + kind]


def build_far_traits(low: str, form: str, kind: str) -> list[str]:
    """Return what bears on the tags of the words one further."""
    return ["w" + low, "c" + kind + form]


def build_tag_traits(low: str, kind: str, before: str) -> list[str]:
    """Return what the tag `before` adds for a word."""
    return ["V" + before + low, "X" + before + kind]


def build_pair_traits(second: str, first: str) -> list[str]:
    """Return what the two tags before a word add for its own, the nearer one last."""
    return ["T" + first, f"U{second} {first}"]


def decode(signs: str) -> dict[int, int]:
    """Return pairs of SIGNS as tag → weight; a large weight stands in several pairs that add up."""
    weights: dict[int, int] = {}
    for tag, weight in zip(signs[::2], signs[1::2], strict=True):
        at = SIGN_VALUES[tag]
        weights[at] = weights.get(at, 0) + SIGN_VALUES[weight] - ZERO
    return weights


# ── the model ───────────────────────────────────────────────────────────────────────────────────────


class Model:
    """A learnt model, as it stands in the file: strings of SIGNS, decoded when they are first needed.

    `kinds`: word → what it can be, in letters of the word list; `choices`: word → the signs of its tags, then
    perhaps FUNCTION_WORD;
    `kind_choices`: the same for a kind; `weights`: trait → pairs of signs, a tag and its weight.
    """

    def __init__(
        self,
        tags: Sequence[str],
        kinds: Mapping[str, str],
        choices: Mapping[str, str],
        kind_choices: Mapping[str, str],
        weights: Mapping[str, str],
    ) -> None:
        self.tags = tuple(tags)
        self.index = {name: i for i, name in enumerate(self.tags)}
        self._kinds = kinds
        self._choices = choices
        self._kind_choices = kind_choices
        self._weights = weights
        self._decoded: dict[str, dict[int, int]] = {}
        self._looks: dict[tuple[str, ...], list[int]] = {}
        self._open, self._capital, self._names = (
            "".join(SIGNS[self.index[name]] for name in names) for names in (OPEN, CAPITAL, ("NNP", "NNPS"))
        )

    def find_kind(self, low: str) -> str:
        """Return what the word list says; for a compound, what it says of the last part."""
        found = self._kinds.get(low)
        if found is None and "-" in low:
            return "-" + self._kinds.get(low[low.rfind("-") + 1 :], "")
        return found or ""

    def find_choices(self, word: str, mode: str) -> tuple[int, ...]:
        """Return the tags that a word can have, as indices, never empty."""
        if word in PUNCTUATION:
            return (self.index[PUNCTUATION[word]],)
        low = word.lower()
        unknown = self._capital if mode == "N" and word[0].isupper() else self._open
        signs = self._choices.get(low) or self._kind_choices.get(self.find_kind(low)) or unknown
        if signs[-1] != FUNCTION_WORD and word[0].isalpha() and (mode == "C" or word[0].isupper()):
            signs += self._names
        return tuple(dict.fromkeys(SIGN_VALUES[sign] for sign in signs if sign != FUNCTION_WORD))

    def find_weights(self, trait: str) -> Mapping[int, int]:
        """Return what a trait adds to each tag."""
        found = self._decoded.get(trait)
        if found is None:
            signs = self._weights.get(trait)
            if signs is None:
                return NOTHING
            found = self._decoded[trait] = decode(signs)
        return found

    def sum_row(self, *traits: str) -> list[int]:
        """Return the weights of all tags, summed over `traits`."""
        total = [0] * len(self.tags)
        for trait in traits:
            for tag, weight in self.find_weights(trait).items():
                total[tag] += weight
        return total

    def sum_beside(self, place: str, word: str, look: Sequence[str]) -> Row:
        """The same for what stands beside: words of one look share a row, unless they have weights."""
        row = self._looks.get(key := (place, *look))
        if row is None:
            if len(self._looks) >= KEPT_WORDS:
                self._looks.clear()
            row = self._looks[key] = self.sum_row(*[place + trait for trait in look])
        weights = self.find_weights(place + word)
        if weights:
            row = row.copy()
            for tag, weight in weights.items():
                row[tag] += weight
        return row

    def sum_scores(self, choices: Row, traits: Sequence[str]) -> list[int]:
        """The weights of a few tags, summed over `traits`."""
        found = [weights for weights in map(self.find_weights, traits) if weights]
        return [sum([weights.get(tag, 0) for weights in found]) for tag in choices]


class KnownWord:
    """A word in one casing, with all that it adds to scores: one weight a tag in each row.

    `left` counts for the word after it, `left2` for the one after that; `right` and `right2` for those
    before it. `after`: the scores of its own `choices` by the tag that stands before it.
    """

    __slots__ = ("after", "choices", "kind", "left", "left2", "low", "own", "right", "right2")

    def __init__(self, model: Model, word: str, mode: str) -> None:
        self.low = low = word.lower()
        self.kind = kind = model.find_kind(low)
        form = mode + describe_shape(word)
        self.choices = model.find_choices(word, mode)
        self.own: Row = ()
        if len(self.choices) > 1:
            own = model.sum_scores(self.choices, build_own_traits(low, form, kind))
            likely = sorted(zip(own, self.choices, strict=True), key=lambda pair: -pair[0])[:LIKELY]
            self.own, self.choices = zip(*likely, strict=True)
        self.after: dict[int, Row] = {}
        self._weigh_beside(model, build_near_traits(low, form, kind), build_far_traits(low, form, kind))

    def _weigh_beside(self, model: Model, near: Sequence[str], far: Sequence[str]) -> None:
        self.left, self.right = (model.sum_beside(place, near[0], near[1:]) for place in "-+")
        self.left2, self.right2 = (model.sum_beside(place, far[0], far[1:]) for place in "=*")


class Edge(KnownWord):
    """The edge before the first word and after the last."""

    __slots__ = ()

    def __init__(self, model: Model) -> None:
        self._weigh_beside(model, [EDGE], [EDGE])


class Tagger:
    """Tags sentences; keeps what it worked out about words, which changes nothing but the time taken."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._names = (*model.tags, EDGE)
        self._edge: KnownWord = Edge(model)
        self._to, self._noun, self._verb = (model.index.get(name, -1) for name in ("TO", "NN", "VB"))
        self._words: dict[str, dict[str, KnownWord]] = {mode: {} for mode in MODES}
        self._earlier: dict[str, dict[str, KnownWord]] = {mode: {} for mode in MODES}
        self._pairs: list[Row | None] = [None] * len(self._names) ** 2

    def tag(self, words: Sequence[str]) -> list[str]:
        row = self._look_up(words)
        names = self._names
        second = first = len(names) - 1
        left2 = left = self._edge
        found = []
        for at, word in enumerate(row[:-2], start=1):
            choices = word.choices
            best = choices[0]
            if len(choices) > 1:
                pair = self._pairs[second * len(names) + first] or self._weigh_pair(second, first)
                scores = word.after.get(first) or self._weigh_after(word, first)
                best = _choose_best(
                    choices, scores, (left.left, row[at].right, left2.left2, row[at + 1].right2, pair)
                )
            if first == self._to and best == self._noun and self._verb in choices:
                best = self._verb  # GUM writes TO for the "to" of an infinitive alone
            found.append(names[best])
            second, first, left2, left = first, best, left, word
        return found

    def _look_up(self, words: Sequence[str]) -> list[KnownWord]:
        """Return what is known of each word, and two edges."""
        plain_words = [straighten(word) for word in words]
        row = [
            self._words[mode].get(word) or self._remember(word, mode)
            for word, mode in zip(plain_words, find_modes(plain_words), strict=True)
        ]
        return [*row, self._edge, self._edge]

    def _remember(self, word: str, mode: str) -> KnownWord:
        """A word that is new, or was not met since the last KEPT_WORDS others: those before them go."""
        if len(self._words[mode]) >= KEPT_WORDS:
            self._words[mode], self._earlier[mode] = {}, self._words[mode]
        known = self._earlier[mode].get(word) or KnownWord(self._model, word, mode)
        self._words[mode][word] = known
        return known

    def _weigh_pair(self, second: int, first: int) -> Row:
        """The weights of all tags after these two."""
        row = self._model.sum_row(*build_pair_traits(self._names[second], self._names[first]))
        self._pairs[second * len(self._names) + first] = row
        return row

    def _weigh_after(self, word: KnownWord, before: int) -> Row:
        """The scores of a word's choices after the tag `before`."""
        extra = self._model.sum_scores(
            word.choices, build_tag_traits(word.low, word.kind, self._names[before])
        )
        scores = word.after[before] = [a + b for a, b in zip(word.own, extra, strict=True)]
        return scores


def _choose_best(choices: Row, scores: Row, beside: tuple[Row, Row, Row, Row, Row]) -> int:
    """The choice with the highest sum; the first of equals."""
    a, b, c, d, e = beside
    best, top = -1, -1_000_000
    for choice, score in zip(choices, scores, strict=True):
        total = score + a[choice] + b[choice] + c[choice] + d[choice] + e[choice]
        if total > top:
            best, top = choice, total
    return best
