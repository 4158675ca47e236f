"""JSON whose values know their lines: what `json` leaves out, so that a fault can be shown where it stands.

`json` alone judges what is JSON. Every key and every value of a text that it accepts begins with one token,
and walking what it read in the order of the text meets them in the order of those tokens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

DEEPEST: Final = 20  # objects and lists inside each other
_EXACT: Final = 18  # digits; Python refuses to read a number of thousands of them

# A string, the opening of an object or a list, or a bare word or number.
_BEGINNING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[^\s\[\]{},:"]+')


class TooDeep(ValueError):  # noqa: N818  # named for what it is; "Error" would add nothing
    """Objects and lists stand inside each other beyond reason."""


@dataclass(frozen=True, slots=True)
class Member:
    """A key of an object, in its line, and its value."""

    key: str
    line: int
    value: LocatedValue


@dataclass(frozen=True, slots=True)
class Object:
    """An object with all of its keys, those that are given twice too."""

    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class LocatedValue:
    """A value and the line in which it begins."""

    value: Object | tuple[LocatedValue, ...] | str | float | bool | None
    line: int


def parse_located(text: str) -> LocatedValue:
    """Parse the text's one value. Raises json.JSONDecodeError or TooDeep."""
    try:
        found = json.loads(
            text,
            object_pairs_hook=tuple,
            parse_int=lambda digits: int(digits) if len(digits) <= _EXACT else float(digits),
        )
    except RecursionError:
        raise TooDeep from None
    return _walk(found, _lines(text), DEEPEST)


def strip_lines(found: LocatedValue) -> object:
    """Return the value as `json` reads it, without lines; of a key that is given twice the last."""
    match found.value:
        case Object(members):
            return {member.key: strip_lines(member.value) for member in members}
        case tuple() as items:
            return [strip_lines(item) for item in items]
        case value:
            return value


def _walk(found: Any, lines: Iterator[int], depth: int) -> LocatedValue:
    line = next(lines)
    if depth == 0:
        raise TooDeep
    match found:
        case tuple():
            members = [Member(key, next(lines), _walk(value, lines, depth - 1)) for key, value in found]
            return LocatedValue(Object(tuple(members)), line)
        case list():
            return LocatedValue(tuple([_walk(item, lines, depth - 1) for item in found]), line)
        case _:
            return LocatedValue(found, line)


def _lines(text: str) -> Iterator[int]:
    line, done = 1, 0
    for token in _BEGINNING.finditer(text):
        line += text.count("\n", done, token.start())
        done = token.start()
        yield line
