"""The kinds of values that a setting takes, and what can be wrong with one.

    what a person types ─raw()→ what a file would hold ─faults()→ () ─value()→ the value ─json()→ the file's

Both ways in meet in `faults`, so that nothing can be typed that could not be imported, or the other way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, cast

from bot.room_settings.domains import parse_domain
from bot.room_settings.link_filter import parse_entry

Value = bool | int | str | frozenset[str] | None
Json = bool | int | str | list[str] | None

LONGEST_ID: Final = 40  # characters; the platforms' own have at most 20
LONGEST_KEYWORD: Final = 60
LONGEST_PREFIX: Final = 8
_SHOWN: Final = 40  # characters of a wrong item that are shown again
_LONGEST_NUMBER: Final = 9  # digits; no setting comes near

NONE: Final = "none"
ALL: Final = "all"
_ON: Final = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a value. `kind` is the key of its sentence under `rooms.faults` in phrases, `facts`
    fill it in, `item` is the number of the list's item that is wrong.
    """

    kind: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    item: int | None = None


# Every kind has these four; `value` is asked only about what has no faults.
#
#     raw(text) → object    faults(found) → tuple[Fault, ...]    value(found) → Value    json(value) → Json

# ── one value ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list."""

    among: type[StrEnum]

    def raw(self, text: str) -> object:
        return text

    def faults(self, found: object) -> tuple[Fault, ...]:
        return () if isinstance(found, str) and _find_choice(self.among, found) else (Fault("choice"),)

    def value(self, found: object) -> Value:
        return _find_choice(self.among, cast(str, found))

    def json(self, value: Value) -> Json:
        return _single(value)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, both allowed. `unit` is the key of its words under `rooms.units`."""

    least: int
    most: int
    unit: str

    def raw(self, text: str) -> object:
        digits = text.strip()
        fits = re.fullmatch(rf"[+-]?[0-9]{{1,{_LONGEST_NUMBER}}}", digits)
        return int(digits) if fits else digits

    def faults(self, found: object) -> tuple[Fault, ...]:
        fits = type(found) is int and self.least <= found <= self.most
        return () if fits else (Fault("whole"),)

    def value(self, found: object) -> Value:
        return cast(int, found)

    def json(self, value: Value) -> Json:
        return _single(value)


@dataclass(frozen=True, slots=True)
class OnOff:
    """A switch."""

    def raw(self, text: str) -> object:
        return _ON.get(text.strip().lower(), text)

    def faults(self, found: object) -> tuple[Fault, ...]:
        return () if isinstance(found, bool) else (Fault("on_off"),)

    def value(self, found: object) -> Value:
        return cast(bool, found)

    def json(self, value: Value) -> Json:
        return _single(value)


@dataclass(frozen=True, slots=True)
class RoomReference:
    """The id of a room on the same platform, or none."""

    def raw(self, text: str) -> object:
        return None if text.strip().lower() == NONE else text.strip()

    def faults(self, found: object) -> tuple[Fault, ...]:
        fits = found is None or (isinstance(found, str) and parse_id(found) == found)
        return () if fits else (Fault("place"),)

    def value(self, found: object) -> Value:
        return cast(str | None, found)

    def json(self, value: Value) -> Json:
        return _single(value)


def _single(value: Value) -> Json:
    return list(value) if isinstance(value, frozenset) else value


# ── several ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Choices:
    """Some of a closed list, at least so many."""

    among: type[StrEnum]
    least: int = 0

    @property
    def most(self) -> int:
        return len(self.among)

    def raw(self, text: str) -> list[str]:
        names = [one.strip() for one in re.split(r"[,;\n]", text) if one.strip()]
        whole = {ALL: list[str](self.among), NONE: list[str]()}
        return whole.get(names[0].lower(), names) if len(names) == 1 else names

    def read(self, item: str) -> str | None:
        """An item as it is kept; None for what is none."""
        return _find_choice(self.among, item)

    def faults(self, found: object) -> tuple[Fault, ...]:
        return _faults(found, self.read, "choice_item", self.least, self.most)

    def value(self, found: object) -> Value:
        return _parse_items(found, self.read)

    def json(self, value: Value) -> Json:
        if not isinstance(value, frozenset):
            return value
        return [*(one.value for one in self.among if one in value), *sorted(value.difference(self.among))]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of words of one sort, at most so many. `phrases`: an item may hold blanks; commas part them."""

    sort: str
    most: int
    phrases: bool = False

    def raw(self, text: str) -> list[str]:
        found = [one.strip() for one in re.split(r"[,;\n]" if self.phrases else r"[\s,;]", text)]
        items = [one for one in found if one]
        return [] if [one.lower() for one in items] == [NONE] else items

    def read(self, item: str) -> str | None:
        """An item as it is kept; None for what is none."""
        return _READ[self.sort](item)

    def faults(self, found: object) -> tuple[Fault, ...]:
        return _faults(found, self.read, self.sort, 0, self.most)

    def value(self, found: object) -> Value:
        return _parse_items(found, self.read)

    def json(self, value: Value) -> Json:
        return sorted(value) if isinstance(value, frozenset) else value


def _faults(
    found: object, read: Callable[[str], str | None], sort: str, least: int, most: int
) -> tuple[Fault, ...]:
    if not isinstance(found, list):
        return (Fault("list"),)
    if len(found) > most:
        return (Fault("too_many", {"n": len(found), "most": most}),)
    wrong: list[Fault] = []
    for n, item in enumerate(found):
        if not isinstance(item, str):
            wrong.append(Fault("no_text", {"n": n + 1}, n))
        elif read(item) is None:
            wrong.append(Fault(sort, {"item": shorten(item)}, n))
    if not wrong and len(found) < least:
        return (Fault("too_few", {"least": least}),)
    return tuple(wrong)


def _parse_items(found: object, read: Callable[[str], str | None]) -> frozenset[str]:
    items: Iterable[object] = found if isinstance(found, list) else ()
    return frozenset(kept for item in items if isinstance(item, str) and (kept := read(item)) is not None)


# ── items ───────────────────────────────────────────────────────────────────────────────────────────

_ID: Final = re.compile(rf"[-A-Za-z0-9_.:@/]{{1,{LONGEST_ID}}}")
_UNFIT: Final = re.compile(r"[,;\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def parse_id(written: str) -> str | None:
    """Parse a platform's id of a person, a role or a room."""
    name = written.strip()
    return name if _ID.fullmatch(name) else None


def parse_keyword(written: str) -> str | None:
    """Parse a word or a few, with single blanks between them."""
    if len(written) > LONGEST_KEYWORD * 4:
        return None
    name = " ".join(unicodedata.normalize("NFC", written).split())
    return name if 0 < len(name) <= LONGEST_KEYWORD and not _UNFIT.search(name) else None


def parse_prefix(written: str) -> str | None:
    """Parse a beginning of messages."""
    name = written.strip()
    fits = 0 < len(name) <= LONGEST_PREFIX and len(name.split()) == 1 and not _UNFIT.search(name)
    return name if fits else None


_READ: Final[Mapping[str, Callable[[str], str | None]]] = {
    "domain": parse_domain,
    "entry": parse_entry,
    "identity": parse_id,
    "keyword": parse_keyword,
    "prefix": parse_prefix,
}


def shorten(text: str) -> str:
    """Shorten what somebody gave, to show it again."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _find_choice(among: type[StrEnum], written: str) -> StrEnum | None:
    """Return the choice that somebody means: "Log channel only" is "log_channel_only"."""
    name = "_".join(re.findall(r"\w+", written.lower().replace("_", " ")))
    try:
        return among(name)
    except ValueError:
        return None


ValueKind = Choice | Choices | Whole | OnOff | Items | RoomReference
