from __future__ import annotations

import re
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
    assert set(found) == set(SHAPE)
    assert set(found["article"]) == set(SHAPE["article"])  # type: ignore[call-overload]  # shapes are of any kind
