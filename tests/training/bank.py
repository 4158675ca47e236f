"""The judgement bank, and the articles that were judged for this project in its form.

The bank is `../shared/eval/bank`; ours are `tests/quality/judgements/articles.jsonl`: 362 articles of
`../shared/eval` that are not in the bank, by editors who saw no output, as places in their texts. None
reports a `check` story, so all of them are for training. `attributions.jsonl` beside it has every attribution
of some of them. `pages.jsonl` judges pages and articles that public repositories keep; each line says where
(`source`). They are learnt from where their texts stand in `../fresh/texts.jsonl`, as
`extract_article` gives them, and left out elsewhere.
"""

from __future__ import annotations

import gzip
import json
import sys
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.fetching.plain_text import article_from_text
from bot.model import Source
from bot.reading.document import parse_document
from bot.reading.languages.registry import default_language

EVAL = Path(__file__).resolve().parents[3] / "shared/eval"
OURS = Path(__file__).resolve().parents[1] / "quality/judgements/articles.jsonl"
CORES = OURS.with_name("cores.toml")
ATTRIBUTIONS = OURS.with_name("attributions.jsonl")
PAGES = OURS.with_name("pages.jsonl")
PAGE_TEXTS = EVAL.parents[1] / "fresh/texts.jsonl"  # lines with "id" and "text"

SPANS = ("core", "facts", "summary", "not_alone", "evidence", "detail_caveats")
BEGINNING = ", its beginning"  # ends the id of an article's first sentences alone
FEWEST, FEW = 2, 7  # sentences of these: as many as the first at least, and one of so many numbers
SHARED, PLACED = 0.4, 0.6  # how the scorer weighs shared words, and a mention at the right place

Row = dict[str, Any]  # as a line of judged_dev.jsonl, with its "text" and its "part"


@cache
def load_bank(part: str = "train") -> tuple[Row, ...]:
    """Return the bank's judged articles of one part: "train", "check" or "all"."""
    return tuple(scorer().load("judged_dev.jsonl", part))


@cache
def load_judged() -> tuple[Row, ...]:
    """Return all judged articles to learn from: the bank's train part, then ours."""
    return (*load_bank(), *_load_ours(), *_load_pages())


@cache
def load_attributed() -> tuple[Row, ...]:
    """Return the judged articles to learn from of which every attribution is marked, under "attr"."""
    with (EVAL / "bank/attributions_dev.jsonl").open(encoding="utf-8") as lines:
        marked = {row["id"]: row["attr"] for row in map(json.loads, lines)}
    with ATTRIBUTIONS.open(encoding="utf-8") as lines:
        ours = {row["id"]: row["attr"] for row in map(json.loads, lines)}
    texts = {row["id"]: row["text"] for row in load_judged() if row["id"] in ours}
    marked |= {id_: [_spell_attribution(one, texts[id_]) for one in ours[id_]] for id_ in texts}
    return tuple({**row, "attr": marked[row["id"]]} for row in load_judged() if row["id"] in marked)


@cache
def load_cores() -> tuple[Row, ...]:
    """Return the articles of which only the news was judged (`tests/quality/judgements/cores.toml`), but for
    those judged in full and those of stories to check."""
    cores = tomllib.loads(CORES.read_text("utf-8"))
    judged = {row["id"] for row in (*load_bank("all"), *load_judged())}
    checked = {row["story"] for row in load_bank("check")}
    with gzip.open(EVAL / "certainty/fnc_article_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [row for row in map(json.loads, lines) if row["id"] in cores.keys() - judged]
    rows = [
        {
            "id": article["id"],
            "story": f"r{article['rumour']}",
            "text": article["body"],
            "core": [{"start": start, "end": start + 1} for start in cores[article["id"]]],
            "part": "train",
        }
        for article in articles
    ]
    return tuple(row for row in rows if row["story"] not in checked and not is_check_story(row["story"]))


def is_check_story(story: str) -> bool:
    """Return whether the bank's scorer would keep a story for checking."""
    return int(sha256(story.encode()).hexdigest(), 16) % 3 == 0


def shorten(row: Row) -> Row | None:
    """Return the first sentences of a judged article as an article of its own, for people paste a few
    sentences too; None where they do not hold its news and a fact, or where nothing is left out."""
    few = FEWEST + int(sha256(row["id"].encode()).hexdigest(), 16) % FEW
    sentences = parse_document(article_from_text(row["text"]), default_language()).sentences
    if len(sentences) <= few:
        return None
    end = sentences[few - 1].end
    spans = {key: [place for place in row[key] if place["end"] <= end] for key in SPANS if key in row}
    if not spans["core"] or spans.get("facts") == []:
        return None
    return {**row, **spans, "id": f"{row['id']}{BEGINNING}", "text": row["text"][:end]}


def scorer() -> Any:
    """Return the scorer of the bank as a module."""
    if str(EVAL / "bank") not in sys.path:
        sys.path.insert(0, str(EVAL / "bank"))
    return import_module("score_bank")


def _load_ours() -> list[Row]:
    return [_spell(row, row["text"]) for row in scorer().load(str(OURS))]


def _load_pages() -> list[Row]:
    """Return the judged pages of public repositories whose texts are there; none where they are not."""
    if not PAGE_TEXTS.is_file():
        return []
    with PAGE_TEXTS.open(encoding="utf-8") as lines:
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    with PAGES.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["id"] in texts]
    return [
        _spell({**row, "text": texts[row["id"]]}, texts[row["id"]])
        for row in rows
        if sha256(texts[row["id"]].encode()).hexdigest() == row["sha256"]
    ]


def _spell(row: Row, text: str) -> Row:
    """Return a row in the bank's form: places as spans, names as words."""
    spelt: dict[str, Any] = {key: [_span(place) for place in row[key]] for key in SPANS}
    for key in ("named", "unnamed"):
        spelt[key] = [
            {**source, "name": _words(source["name"], text), "at": _span(source["at"])} for source in row[key]
        ]
    chain = [step if step == "PAGE" else _words(step, text) for step in row["chain"]]
    return {**row, **spelt, "chain": chain, "part": "train"}


def _spell_attribution(one: Row, text: str) -> Row:
    """Return an attribution in the bank's form."""
    words = {key: _words(one[key], text) for key in ("who", "to", "by")}
    spans = {key: None if one[key] is None else _span(one[key]) for key in ("source", "cue")}
    return {**one, **words, **spans, "content": [_span(place) for place in one["content"]]}


def _span(place: list[int]) -> dict[str, int]:
    return {"start": place[0], "end": place[1]}


def _words(place: list[int] | str, text: str) -> str:
    return place if isinstance(place, str) else text[place[0] : place[1]]


def match_sources(row: Row, found: Sequence[Source]) -> list[bool | None]:
    """Return for each source that was found whether an editor listed it; None where it may be left out."""
    bank = scorer()
    listed = [(s, True) for s in row["named"]] + [(s, False) for s in row["unnamed"]]
    scores = [
        (_score(bank, one, gold, named), i, j)
        for i, one in enumerate(found)
        for j, (gold, named) in enumerate(listed)
    ]
    matched: dict[int, int] = {}

    def match(fits: Callable[[Source, Row, bool], bool]) -> None:
        taken = set(matched.values())
        pairs = [
            (s, i, j)
            for s, i, j in scores
            if i not in matched and j not in taken and fits(found[i], *listed[j])
        ]
        matched.update(bank.greedy(pairs))

    match(lambda one, gold, named: one.named and named and not gold["optional"])
    match(lambda one, gold, named: not one.named and not named and not gold["optional"])
    match(lambda _, gold, named: _is_either(bank, gold, named) and not gold["optional"])
    match(lambda _, gold, __: gold["optional"])
    return [
        None if i in matched and listed[matched[i]][0]["optional"] else i in matched
        for i in range(len(found))
    ]


def is_same_source(name: str, end: str) -> bool:
    """Return whether a candidate is the end of a chain, by the scorer's measure."""
    if "PAGE" in {name, end}:
        return name == end
    found, told = set(scorer().toks(name)), set(scorer().toks(end))
    return scorer().name_score(name, end, None) > 0 or len(found & told) >= SHARED * len(found | told)


def _score(bank: Any, one: Source, gold: Row, named: bool) -> float:  # noqa: FBT001
    score: float = bank.name_score(one.name.text, gold["name"], gold.get("kind") == "person")
    if named:
        return score
    ours, theirs = set(bank.toks(one.name.text)), set(bank.toks(gold["name"]))
    shared = len(ours & theirs) / len(ours | theirs) if ours | theirs else 0
    spans = ({"start": m.start, "end": m.end} for m in one.mentions)
    return max(
        score, shared if shared >= SHARED else 0, PLACED * any(bank.half(s, gold["at"]) for s in spans)
    )


def _is_either(bank: Any, gold: Row, named: bool) -> bool:  # noqa: FBT001
    """Return whether a source may be listed as named or unnamed: a ministry, “U.S. officials”."""
    if named:
        return gold["kind"] == "organisation" and bool(bank.BODY.search(gold["name"]))
    return any(c.isupper() for c in gold["name"][1:])
