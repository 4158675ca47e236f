"""Room settings ⇄ a JSON file that people keep, edit and carry to another room.

    {"hearsay": "room settings", "version": 1, "settings": {"mode": "automatic", …}}

A file is taken as a whole or not at all; what is wrong with it is told with the line, everything at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.room_settings.definitions import SETTING
from bot.room_settings.kinds import Fault, shorten
from bot.room_settings.located_json import LocatedValue, Member, Object, TooDeep, parse_located, strip_lines
from bot.room_settings.overrides import Overrides

VERSION: Final = 1
LARGEST: Final = 64 * 1024  # bytes
MOST_KEYS: Final = 200
MOST_FAULTS: Final = 20  # told at once

_WHAT: Final = "hearsay"
_IS: Final = "room settings"
_VERSION: Final = "version"
_SETTINGS: Final = "settings"
_FRAME: Final = (_WHAT, _VERSION, _SETTINGS)


@dataclass(frozen=True, slots=True)
class LineFault:
    """A fault in a line, and its setting if it is about one."""

    line: int
    fault: Fault
    name: str | None = None


class BadImport(ValueError):  # noqa: N818  # named for what it is; "Error" would add nothing
    """A file that is not taken: its faults in order, the first twenty, and how many `more` there are.
    `bot.replying.rooms.explain_refusals` has the sentences.
    """

    def __init__(self, faults: tuple[LineFault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults[:MOST_FAULTS]
        self.more = len(faults[MOST_FAULTS:])


def export_settings(overrides: Overrides) -> str:
    """Write the file, keys and items in a stable order."""
    found = {_WHAT: _IS, _VERSION: VERSION, _SETTINGS: overrides.to_json()}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def import_settings(file: str | bytes) -> Overrides:
    """Read the settings of a file. Raises BadImport."""
    frame = _read_frame(_decode(file))
    faults = list(_frame_faults(frame))
    inner = next((member.value for member in frame.members if member.key == _SETTINGS), None)
    if inner is not None and isinstance(inner.value, Object):
        faults += _setting_faults(inner.value)
    if faults:
        raise BadImport(tuple(sorted(faults, key=lambda fault: fault.line)))
    values = strip_lines(inner) if inner is not None else {}
    return Overrides.from_json(values if isinstance(values, dict) else {})


# ── what stops the reading ──────────────────────────────────────────────────────────────────────────


def _reject(kind: str, line: int = 1, **facts: str | int) -> BadImport:
    return BadImport((LineFault(line, Fault(kind, facts)),))


def _decode(file: str | bytes) -> str:
    too_large = _reject("too_large", most=LARGEST // 1024)
    if len(file) > LARGEST:
        raise too_large
    if isinstance(file, str):
        if len(file.encode("utf-8", "surrogatepass")) > LARGEST:
            raise too_large
        return file.removeprefix("\ufeff")
    try:
        return file.decode(json.detect_encoding(file)).removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        raise _reject("not_text", file.count(b"\n", 0, problem.start) + 1) from None


def _read_frame(text: str) -> Object:
    """Return the file's object, if it is one of room settings in a version that is known here."""
    try:
        found = parse_located(text)
    except json.JSONDecodeError as problem:
        raise _reject("not_json", problem.lineno, column=problem.colno) from None
    except TooDeep:
        raise _reject("too_deep") from None
    if not isinstance(found.value, Object):
        raise _reject("not_object", found.line)
    keys = _count_keys(found)
    if keys > MOST_KEYS:
        raise _reject("too_many_keys", n=keys, most=MOST_KEYS)
    told = {member.key: member.value for member in found.value.members}
    if _WHAT not in told or told[_WHAT].value != _IS:
        raise _reject("other_file", told[_WHAT].line if _WHAT in told else 1)
    if _VERSION not in told:
        raise _reject("no_version", version=VERSION)
    version = told[_VERSION]
    if type(version.value) is not int or version.value < 1:
        raise _reject("version", version.line, version=VERSION)
    if version.value > VERSION:
        raise _reject("newer", version.line, theirs=version.value, version=VERSION)
    return found.value


def _count_keys(found: LocatedValue) -> int:
    match found.value:
        case Object(members):
            return sum(1 + _count_keys(member.value) for member in members)
        case tuple() as items:
            return sum(_count_keys(item) for item in items)
        case _:
            return 0


# ── what is told all at once ────────────────────────────────────────────────────────────────────────


def _frame_faults(frame: Object) -> Iterator[LineFault]:
    yield from _find_duplicates(frame)
    for member in frame.members:
        if member.key in SETTING:
            yield LineFault(member.line, Fault("misplaced", {"name": member.key}))
        elif member.key not in _FRAME:
            yield _make_unknown("unknown_part", member, _FRAME)
        elif member.key == _SETTINGS and not isinstance(member.value.value, Object):
            yield LineFault(member.value.line, Fault("no_settings"))
    if all(member.key != _SETTINGS for member in frame.members):
        yield LineFault(1, Fault("no_settings"))


def _setting_faults(settings: Object) -> Iterator[LineFault]:
    yield from _find_duplicates(settings)
    for member in settings.members:
        setting = SETTING.get(member.key)
        if setting is None:
            yield _make_unknown("unknown", member, tuple(SETTING))
        else:
            items = member.value.value if isinstance(member.value.value, tuple) else ()
            for fault in setting.faults(strip_lines(member.value)):
                line = member.value.line if fault.item is None else items[fault.item].line
                yield LineFault(line, fault, member.key)


def _find_duplicates(found: Object) -> Iterator[LineFault]:
    first: dict[str, int] = {}
    for member in found.members:
        if member.key in first:
            fault = Fault("twice", {"name": shorten(member.key), "first": first[member.key]})
            yield LineFault(member.line, fault)
        first.setdefault(member.key, member.line)


def _make_unknown(kind: str, member: Member, known: tuple[str, ...]) -> LineFault:
    name = shorten(member.key)
    like = get_close_matches(name, known, n=1)
    fault = Fault(f"{kind}_like", {"name": name, "like": like[0]}) if like else Fault(kind, {"name": name})
    return LineFault(member.line, fault)
