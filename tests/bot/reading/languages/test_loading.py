"""What a lexicon may not hold is refused in one sentence."""

from __future__ import annotations

import ast
import tomllib
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import bot.reading
from bot.reading.languages.en.inflection import inflect, singularise
from bot.reading.languages.lexicon import Lexicon
from bot.reading.languages.loading import WORD_LISTS, parse_lexicon

READING = Path(bot.reading.__path__[0])
ENGLISH: dict[str, Any] = tomllib.loads(
    files("bot.reading.languages.en").joinpath("lexicon.toml").read_text("utf-8")
)
LIST = {"use": "what a rule does with it", "words": "one two", "example": "One and two."}


def parse(raw: dict[str, Any]) -> Lexicon:
    return parse_lexicon(raw, inflect=inflect, singularise=singularise)


def refusal(raw: dict[str, Any]) -> str:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # the test compares its words
        parse(raw)
    return str(refused.value)


def changed(section: str, name: str, **change: object) -> dict[str, Any]:
    """English with one entry of a section changed."""
    raw = deepcopy(ENGLISH)
    raw[section][name] = {**raw[section].get(name, {}), **change}
    return raw


def test_some_rule_asks_for_each_word_list() -> None:
    asked = {
        node.attr
        for module in READING.rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    assert set() == WORD_LISTS - asked


def test_a_word_list_that_no_rule_asks_for_is_refused() -> None:
    assert refusal(changed("words", "colours", **LIST)) == "no rule asks for the word list “colours”"


def test_a_set_that_no_pattern_asks_for_is_refused() -> None:
    assert refusal(changed("sets", "colours", **LIST)) == "no rule asks for the set “colours”"


def test_a_section_that_no_rule_asks_for_is_refused() -> None:
    assert refusal({**ENGLISH, "colours": {}}) == "no rule asks for the section “colours”"


def test_a_missing_word_list_is_named() -> None:
    raw = deepcopy(ENGLISH)
    del raw["words"]["person_pronouns"]
    why = "the word list “person_pronouns” is missing; a language that has none names it in `without`"
    assert refusal(raw) == why


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("negation", "the word list “negations” asks for the set “negation”, which is missing"),
        ("be", "no set {be} for '{be} quoted <RB>? as saying'"),
    ],
)
def test_a_missing_set_is_named(name: str, why: str) -> None:
    raw = deepcopy(ENGLISH)
    del raw["sets"][name]
    assert why in refusal(raw)


def test_a_language_may_do_without_a_word_list_or_a_section() -> None:
    raw = deepcopy(ENGLISH)
    del raw["words"]["person_pronouns"], raw["captions"]
    lexicon = parse({**raw, "without": "person_pronouns captions"})
    assert (lexicon.words.person_pronouns, lexicon.captions.sources) == (frozenset(), ())


def test_what_a_language_does_without_must_be_known() -> None:
    why = "no language may do without “colours”"
    assert refusal({**ENGLISH, "without": "colours"}) == why


@pytest.mark.parametrize("key", ["use", "words", "example"])
def test_a_word_list_has_a_use_words_and_an_example(key: str) -> None:
    assert (
        refusal(changed("words", "person_pronouns", **{key: ""}))
        == f"the word list “person_pronouns” has no {key}"
    )


def test_a_misspelt_key_of_a_word_list_is_refused() -> None:
    raw = changed("words", "person_pronouns", exmaple="He left.")
    assert refusal(raw) == "the word list “person_pronouns” knows nothing called “exmaple”"


def test_a_word_that_stands_twice_in_a_list_is_refused() -> None:
    raw = changed("words", "person_pronouns", words="he she he")
    assert refusal(raw) == "“he” stands twice in the word list “person_pronouns”"


def test_a_cue_that_stands_twice_in_a_frame_is_refused() -> None:
    raw = deepcopy(ENGLISH)
    raw["cues"].append({"frame": "clause", "example": "Mara Venn {past} that it fell.", "lemmas": "say"})
    assert refusal(raw) == "“say” stands twice in the cues of the frame “clause”"


def test_cues_without_an_example_are_refused() -> None:
    raw = deepcopy(ENGLISH)
    raw["cues"].append({"frame": "clause", "lemmas": "bellow"})
    assert refusal(raw) == "the cues of the frame “clause” have no example"


def test_a_pattern_that_stands_twice_in_a_section_is_refused() -> None:
    raw = changed("hedges", "modal", apparently="It apparently fell.")
    raw["hedges"]["rumour"]["apparently"] = "It apparently fell."
    assert refusal(raw) == "“apparently” stands twice in hedges"


def test_a_pattern_without_an_example_is_refused() -> None:
    assert refusal(changed("hedges", "modal", maybe="")) == "the pattern “maybe” has no example"


def test_noun_cues_without_an_example_are_refused() -> None:
    assert refusal({**ENGLISH, "noun_cues": {"nouns": "claim"}}) == "noun_cues have no example"


def test_a_word_list_of_words_alone_is_refused() -> None:
    raw = deepcopy(ENGLISH)
    raw["words"]["person_pronouns"] = "he she"
    assert refusal(raw) == "the word list “person_pronouns” has no use and no example"
