from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from bot.room_settings.located_json import (
    DEEPEST,
    LocatedValue,
    Member,
    Object,
    TooDeep,
    parse_located,
    strip_lines,
)

TEXT = """
{
  "a": 1, "b": [true,

    "x\\n{\\"[", null],
  "c":
     {"a": {}}, "a": []
}
"""


def test_every_key_and_value_has_the_line_in_which_it_begins() -> None:
    assert parse_located(TEXT) == LocatedValue(
        Object(
            (
                Member("a", 3, LocatedValue(1, 3)),
                Member(
                    "b",
                    3,
                    LocatedValue(
                        (LocatedValue(True, 3), LocatedValue('x\n{"[', 5), LocatedValue(None, 5)), 3
                    ),
                ),
                Member("c", 6, LocatedValue(Object((Member("a", 7, LocatedValue(Object(()), 7)),)), 7)),
                Member("a", 7, LocatedValue((), 7)),
            )
        ),
        2,
    )


def test_what_json_does_not_read_is_told_as_json_tells_it() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        parse_located('{"a": 1,\n "b" 2}')
    assert caught.value.lineno == 2


def test_a_number_of_thousands_of_digits_is_read_as_about_as_large() -> None:
    assert parse_located("9" * 5000).value == float("inf")
    assert parse_located("-1234567890").value == -1234567890


def test_nesting_ends_somewhere() -> None:
    assert parse_located("[" * DEEPEST + "]" * DEEPEST).line == 1
    for depth in (DEEPEST + 1, 500, 30_000):
        with pytest.raises(TooDeep):
            parse_located("[" * depth + "]" * depth)


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@limits(max_examples=100, deadline=None)
@given(_JSON, st.fixed_dictionaries({"indent": st.sampled_from([None, 0, 3]), "ensure_ascii": st.booleans()}))
def test_any_json_is_read_as_json_reads_it_and_on_its_lines(found: Any, form: dict[str, Any]) -> None:
    text = json.dumps(found, **form)
    read = parse_located(text)
    assert strip_lines(read) == found
    lines = text.split("\n")
    for value in _values(read):
        if isinstance(value.value, str):
            assert json.dumps(value.value, ensure_ascii=form["ensure_ascii"]) in lines[value.line - 1]


def _values(found: LocatedValue) -> Iterator[LocatedValue]:
    yield found
    if isinstance(found.value, Object):
        for member in found.value.members:
            yield LocatedValue(member.key, member.line)
            yield from _values(member.value)
    elif isinstance(found.value, tuple):
        for item in found.value:
            yield from _values(item)
