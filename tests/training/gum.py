"""GUM's documents as sentences of Hearsay's own tokens, each with its Penn tag.

GUM splits "US-led" into three tokens and "50%" into two; Hearsay keeps them whole, so a token that covers
several of GUM's gets one tag from them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.reading import document
from bot.reading.languages.registry import find_language

GUM = Path(__file__).resolve().parents[3] / "shared/eval/gum"
BRACKETS = {"(": "-LRB-", "[": "-LRB-", ")": "-RRB-", "]": "-RRB-"}
DASHES = frozenset({"-", "--", "–", "—", "‐", "―"})
MODIFIERS = frozenset({"amod", "compound", "nmod", "det", "advmod"})


class Tagged(NamedTuple):
    """One sentence."""

    words: tuple[str, ...]
    tags: tuple[str, ...]


class Piece(NamedTuple):
    """A token of GUM's at its place in the sentence; `head` is the `id` of the token it depends on."""

    id: int
    form: str
    tag: str
    head: int
    relation: str
    start: int
    end: int


def documents() -> dict[str, list[Tagged]]:
    """Every document by name ("GUM_news_afghan"), in order."""
    found: dict[str, list[Tagged]] = {}
    for path in sorted(GUM.glob("*.conllu.gz")):
        for name, text, rows in _sentences(path):
            found.setdefault(name, []).append(retokenized(text, _pieces(text, rows)))
    return found


def _sentences(path: Path) -> Iterator[tuple[str, str, list[list[str]]]]:
    name = text = ""
    rows: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in map(str.rstrip, lines):
            if line.startswith("# newdoc id = "):
                name = line.removeprefix("# newdoc id = ")
            elif line.startswith("# text = "):
                text = line.removeprefix("# text = ")
            elif line and line.split("\t", 1)[0].isdecimal():
                rows.append(line.split("\t"))
            elif not line and rows:
                yield name, text, rows
                rows = []
        if rows:
            yield name, text, rows


def _pieces(text: str, rows: Sequence[Sequence[str]]) -> list[Piece]:
    at, found = 0, []
    for row in rows:
        start = text.index(row[1], at)
        at = start + len(row[1])
        found.append(Piece(int(row[0]), row[1], row[4], int(row[6]), row[7].split(":")[0], start, at))
    return found


def retokenized(text: str, pieces: Sequence[Piece]) -> Tagged:
    """The sentence in our tokens."""
    english = find_language("en")
    assert english
    places = list(document.tokenize(text, 0, len(text), english))
    words = tuple(text[start:end] for start, end in places)
    return Tagged(words, tuple(_tag(text[a:b], a, b, _under(a, b, pieces)) for a, b in places))


def _under(start: int, end: int, pieces: Sequence[Piece]) -> list[Piece]:
    return [p for p in pieces if p.start < end and start < p.end]


def _tag(word: str, start: int, end: int, parts: Sequence[Piece]) -> str:
    if word in DASHES:
        return ":"
    if len(parts) == 1 and (parts[0].start, parts[0].end) == (start, end):
        return parts[0].tag
    if len(parts) > 1 and start <= parts[0].start and parts[-1].end <= end:
        return _merged(word, parts)
    return parts[0].tag if word[0].isalnum() else BRACKETS.get(word, word if word in ".,:" else "SYM")


def _merged(word: str, parts: Sequence[Piece]) -> str:
    """One tag for a word that GUM has in parts."""
    spelt = [p for p in parts if p.tag != "HYPH" and p.form not in "-/"]
    tags = [p.tag for p in spelt]
    if word.lower() == "cannot":
        return "MD"
    if "$" in tags or word.endswith("%") or set(tags) == {"CD"}:
        return "CD"
    if len(spelt) < 2 or set(tags) <= {"NNP", "NNPS"}:
        return spelt[-1].tag if spelt else parts[-1].tag
    if "-" not in word:  # "gonna", "10km"
        return tags[0] if tags[0] == "CD" or tags[-1] in {"TO", "RB"} else tags[-1]
    return _compound(spelt, parts[-1].id)


def _compound(spelt: Sequence[Piece], last: int) -> str:
    """JJ for a compound before the noun that it modifies ("six-member"), else the tag of its head."""
    inside = {p.id for p in spelt}
    head = next((p for p in reversed(spelt) if p.head not in inside), spelt[-1])
    if head.relation in MODIFIERS and head.head > last:
        named = spelt[0].tag.startswith("NNP") and spelt[-1].tag.startswith("NNP")
        return "NNP" if named else "RB" if (head.relation, head.tag) == ("advmod", "RB") else "JJ"
    return "JJ" if head.tag == "VBN" else head.tag
