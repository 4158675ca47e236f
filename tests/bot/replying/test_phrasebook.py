from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.model import Category, End, SourceKind, Voice
from bot.replies import Said, Stated
from bot.replying.phrasebook import Phrases, get_phrases

NONE = {"zero": "none", "one": "{n} link", "other": "{n} links"}
SOME = Phrases({"a": {"b": "Hello {name}", "count": NONE, "plain": {"one": "{n} day", "other": "{n} days"}}})


def test_a_phrase_is_found_by_its_path_and_filled_in() -> None:
    assert SOME.say("a.b", name="{n}") == "Hello {n}"


def test_a_counted_phrase_has_the_form_that_fits() -> None:
    assert [SOME.count("a.count", n) for n in (0, 1, 2)] == ["none", "1 link", "2 links"]
    assert SOME.count("a.plain", 0) == "0 days"


def test_dates_spans_and_lists_are_those_of_the_locale() -> None:
    said = get_phrases()
    assert said.date(date(2019, 2, 10)) == "10 February 2019"
    assert [said.span(n, "hour") for n in (1, 2)] == ["1 hour", "2 hours"]
    assert said.list_of(["a", "b", "c"]) == "a, b and c"


def test_a_counted_phrase_has_the_form_of_its_language() -> None:
    forms = {"one": "{n} plik", "few": "{n} pliki", "other": "{n} plików"}
    polish = Phrases({"locale": "pl", "files": forms})
    assert [polish.count("files", n) for n in (1, 2, 5)] == ["1 plik", "2 pliki", "5 plików"]


@pytest.mark.parametrize(
    ("code", "name"), [("es", "Spanish"), ("nb", "Norwegian Bokmål"), ("xx", None), ("und", None), ("", None)]
)
def test_a_language_has_its_name_where_there_is_one(code: str, name: str | None) -> None:
    assert get_phrases().language(code) == name


def test_pieces_in_a_phrase_keep_their_type() -> None:
    assert SOME.line("a.b", name=Stated("x")) == (Said("Hello "), Stated("x"))


def test_a_phrase_that_nobody_wrote_is_an_error_at_once() -> None:
    assert not SOME.has("a.c")
    assert not SOME.has("a.b.c")
    with pytest.raises(KeyError):
        SOME.say("a.c")


def test_every_label_of_the_closed_lists_has_its_word() -> None:
    said = get_phrases()
    assert {kind.value for kind in SourceKind} == set(said.of("sources.kinds"))
    assert {category.value for category in Category} == set(said.of("hedges.categories"))
    assert all(said.has(f"hedges.{voice.value}") for voice in Voice)
    assert said.has(f"chain.{End.WITHHELD.value}")


NOT_FOR_PEOPLE = re.compile(r"\b(?:hedg\w*|chains?|lexic\w*|excerpts?|flights?|ledgers?)\b", re.IGNORECASE)


def phrases(of: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, found in of.items():
        if isinstance(found, dict):
            yield from phrases(found, f"{path}{key}.")
        else:
            yield from ((path + key, str(one)) for one in (found if isinstance(found, list) else [found]))


def test_no_phrase_has_a_word_that_only_the_code_needs() -> None:
    assert [(key, said) for key, said in phrases(get_phrases().phrases) if NOT_FOR_PEOPLE.search(said)] == []


def test_every_counted_phrase_has_a_form_for_one_and_for_more() -> None:
    forms = [key.rpartition(".") for key, _ in phrases(get_phrases().phrases)]
    counted = {table for table, _, form in forms if form in ("zero", "one")}
    assert {
        table for table in counted if not all(get_phrases().has(f"{table}.{n}") for n in ("one", "other"))
    } == set()


SAYS = {"say", "_say", "remark", "count", "count_reply", "line", "of", "_make_label"}


def test_every_phrase_that_the_code_asks_for_exists() -> None:
    root = Path(__file__).resolve().parents[3]
    trees = [
        ast.parse(file.read_text("utf-8"))
        for top in ("bot", "handlers")
        for file in (root / top).rglob("*.py")
    ]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    asked = {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.args[0], ast.Constant)
        and getattr(call.func, "attr", getattr(call.func, "id", None)) in SAYS
    }
    keys = {key for key in asked if "." in key and key.partition(".")[0] in get_phrases().phrases}
    assert len(keys) > 100
    assert [key for key in sorted(keys) if not get_phrases().has(key)] == []
