"""Made-up articles with caveats of which it is known what they concern (`made_up_caveats.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

FILE = Path(__file__).with_suffix(".toml")
EACH = 4  # articles of each story and group of caveats
SEED = 7


@dataclass(frozen=True, slots=True)
class MadeUp:
    """An article; `doubts` are its sentences with a caveat on its claim, `asides` those with another one."""

    name: str
    text: str
    doubts: tuple[str, ...]
    asides: tuple[str, ...]
    template: str


@cache
def make_articles() -> tuple[MadeUp, ...]:
    """Return articles, always the same ones."""
    raw = tomllib.loads(FILE.read_text("utf-8"))
    random = Random(SEED)  # a fixed order, no secret
    return tuple(
        _make(story, group, raw, random)
        for story in raw["stories"]
        for group in (*raw["on_claim"], *raw["on_detail"])
        for _ in range(EACH)
    )


def _make(story: Mapping[str, Any], group: str, raw: Mapping[str, Any], random: Random) -> MadeUp:
    on_claim = group in raw["on_claim"]
    frames = raw["frames"]["thing" if group == "thing" else random.choice(sorted(frames_for(raw, group)))]
    lead = _fill(random.choice(frames), story, random)
    template = random.choice(raw["on_claim" if on_claim else "on_detail"][group])
    caveat = _fill(template, story, random)
    sentences = list(story["around"])
    random.shuffle(sentences)
    if group == "opening":
        sentences = [caveat, *sentences]
    else:
        sentences.insert(random.choice((0, 0, 1, 2, len(sentences))), caveat)
        sentences = [lead, *sentences]
    asides: list[str] = [] if on_claim else [caveat]
    if on_claim and random.random() < 0.3:  # of those with a flag have both
        aside = _fill(random.choice(raw["on_detail"]["detail"]), story, random)
        asides.append(aside)
        sentences.append(aside)
    title = [story["title"], ""] if random.random() < 0.5 else []  # half of them
    text = "\n".join([*title, *_into_paragraphs(sentences)])
    return MadeUp(story["title"], text, (caveat,) if on_claim else (), tuple(asides), template)


def frames_for(raw: Mapping[str, Any], group: str) -> Iterator[str]:
    """Yield the frames that suit a group: nobody doubts what he tells on record in the next sentence."""
    for name in raw["frames"]:
        if name != "thing" and not (group in {"report", "condition"} and name in {"plain", "record"}):
            yield name


def _fill(template: str, story: Mapping[str, Any], random: Random) -> str:
    words = {name: story[name] for name in ("news", "event", "thing", "other", "also")}
    words["detail"] = random.choice(story["details"])
    capital = {name.capitalize(): value[0].upper() + value[1:] for name, value in words.items()}
    return template.format(**words, **capital)


def _into_paragraphs(sentences: Sequence[str]) -> Iterator[str]:
    """Yield one or two sentences a paragraph, with an empty line after each."""
    for at in range(0, len(sentences), 2):
        yield " ".join(sentences[at : at + 2])
        yield ""
