from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.interchange import to_json
from bot.shapes import SHAPE, Each, Later, Maybe, Misfit, fits
from tests.bot.written import bridge


@pytest.mark.parametrize(
    ("found", "shape", "complaint"),
    [
        (True, int, "x is not a whole number"),
        (1.0, int, "x is not a whole number"),
        (1, bool, "x is not true or false"),
        (None, str, "x is not a text"),
        ("abc", [str], "x is not a list"),
        (["abc", 5], [str], "x[1] is not a text"),
        ([], {"a": int}, "x is not an object"),
        ({}, {"a": int}, "x.a is missing"),
        ({"a": None}, {"a": Later(int)}, "x.a is not a whole number"),
        ({"a": {"b": 1}}, {"a": Maybe({"b": str})}, "x.a.b is not a text"),
        ({"any": 1}, Each(str), "x.any is not a text"),
    ],
)
def test_what_has_another_shape_is_named_with_its_place(found: Any, shape: Any, complaint: str) -> None:
    with pytest.raises(Misfit, match=f"^{re.escape(complaint)}$"):
        fits(found, shape, "x")


def test_a_report_has_the_shape_of_schema_1_with_and_without_later_keys() -> None:
    found = to_json(bridge(), "a")
    fits(found, SHAPE)
    del found["article"]["pasted"]
    fits(found | {"added": 1}, SHAPE)


def test_every_key_of_a_report_is_in_its_shape() -> None:
    found = to_json(bridge(), "a")
    assert list(_unshaped(found, SHAPE)) == []


def _unshaped(found: Any, shape: Any, place: str = "") -> Iterator[str]:
    """The places of keys that the shape does not name."""
    inner = shape.shape if isinstance(shape, Maybe | Later) else shape
    if isinstance(inner, list):
        for item in found:
            yield from _unshaped(item, inner[0], f"{place}[]")
    if isinstance(inner, dict) and found is not None:
        yield from (f"{place}.{key}" for key in found.keys() - inner.keys())
        for key in found.keys() & inner.keys():
            yield from _unshaped(found[key], inner[key], f"{place}.{key}")
