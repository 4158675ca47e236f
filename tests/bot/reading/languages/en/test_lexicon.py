"""Every entry of the English lexicon is run on the example that stands beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from bot.model import Article
from bot.reading.annotators.rules import RULES
from bot.reading.decisions.sentence_scores import NO_SCORES
from bot.reading.decisions.sentences import find_candidates
from bot.reading.document import parse_document
from bot.reading.explain import analyse
from bot.reading.languages.base import Language
from bot.reading.languages.en.inflection import conjugate, inflect, singularise
from bot.reading.languages.lexicon import Constructions
from bot.reading.languages.loading import PLAIN, parse_lexicon
from bot.reading.names import find_names
from bot.reading.quotes import find_quotations
from bot.reading.sources import resolve_sources
from tests.bot.reading.texts import english, example_article, read, said, seen

RAW: dict[str, Any] = tomllib.loads(
    files("bot.reading.languages.en").joinpath("lexicon.toml").read_text("utf-8")
)
CUES = [(g["frame"], g["example"], lemma) for g in RAW["cues"] for lemma in sorted(set(g["lemmas"].split()))]
HEDGES = [(c, p, e) for c, group in RAW["hedges"].items() for p, e in group.items()]


@pytest.mark.parametrize(("frame", "example", "lemma"), CUES)
def test_every_cue_is_found_in_the_example_of_its_group(frame: str, example: str, lemma: str) -> None:
    past = conjugate(lemma).past
    found = read(example.format(past=past))
    cues = {a.cue.text.lower(): a.reporting for a in found.attributions if a.cue and a.source}
    assert past in cues, said(found)
    assert cues[past] or frame == "attitude"


def constructions(name: str) -> Constructions:
    found = getattr(english().lexicon, name)
    assert isinstance(found, Constructions)
    return found


def patterns_found(name: str, example: str) -> set[str]:
    document, what = seen(example), constructions(name)
    return {what.sources[m.entry] for m in what.patterns.find(document, 0, len(document.words))}


@pytest.mark.parametrize(
    ("name", "pattern", "example"),
    [(n, p, e) for n in PLAIN for p, e in RAW[n].items()]
    + [("caveats", p, e) for group in RAW["caveats"].values() for p, e in group.items()]
    + [("hedges", p, e) for _, p, e in HEDGES],
)
def test_every_construction_is_found_in_its_example(name: str, pattern: str, example: str) -> None:
    assert pattern in patterns_found(name, example)


@pytest.mark.parametrize(("category", "example"), [(c, e) for c, _, e in HEDGES])
def test_every_example_of_a_hedge_is_listed_under_its_category(category: str, example: str) -> None:
    assert category in {h.category for h in read(example).hedges}


@pytest.mark.parametrize("example", RAW["lookalikes"].values())
def test_no_look_alike_is_listed_as_a_hedge(example: str) -> None:
    assert [h.words.text for h in read(example).hedges] == []


@pytest.mark.parametrize("example", RAW["phrasal"].values())
def test_every_phrasal_cue_has_its_speaker(example: str) -> None:
    assert any(source == "Mara Venn" for source, _, _ in said(read(example)))


@pytest.mark.parametrize("noun", RAW["noun_cues"]["nouns"].split())
def test_every_noun_cue_attributes_its_clause_to_its_author(noun: str) -> None:
    found = read(RAW["noun_cues"]["example"].format(noun=noun))
    assert ("Mara Venn", noun) in {(source, cue) for source, cue, _ in said(found)}


@pytest.mark.parametrize("example", RAW["anonymous"].values())
def test_every_wording_of_anonymity_makes_an_anonymous_source(example: str) -> None:
    assert [s.kind for s in read(example).sources] == ["anonymous"]


def test_no_pattern_stands_twice() -> None:
    for name in ("hedges", "lookalikes", "caveats", "settled", "debunks", "relays", "anonymous", "phrasal"):
        sources = constructions(name).sources
        assert len(sources) == len(set(sources))


# ── word lists ──────────────────────────────────────────────────────────────────────────────────────

NOWHERE = "□"  # a word that stands in no example
LISTS = [(section, name) for section in ("words", "sets", "kinds", "events") for name in RAW[section]]


def without_words(section: str, name: str) -> Language:
    """English with one word list that fits nothing."""
    emptied = {**RAW[section][name], "words": NOWHERE}
    raw = {**RAW, section: {**RAW[section], name: emptied}}
    return replace(english(), lexicon=parse_lexicon(raw, inflect=inflect, singularise=singularise))


@pytest.mark.parametrize(("section", "name"), LISTS)
def test_the_example_of_a_word_list_is_read_otherwise_without_it(
    section: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, without = example_article(RAW[section][name]["example"]), without_words(section, name)
    with_list = analyse(text)
    monkeypatch.setattr("bot.reading.explain.find_language", lambda _: without)
    assert (analyse(text).report, features(text, without)) != (with_list.report, features(text, english()))


def features(text: Article, language: Language) -> list[Mapping[str, float]]:
    """The features by which sentences are chosen: one list may be too little to choose another."""
    document = parse_document(text, language)
    quoted = find_quotations(document)
    resolved = resolve_sources(
        document, RULES.annotate(document, quoted), find_names(document), quoted, NO_SCORES
    )
    return [candidate.features for candidate in find_candidates(document, resolved, quoted)]
