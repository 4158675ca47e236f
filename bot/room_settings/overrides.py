"""Overrides of settings: a room's over its server's over the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from bot.room_settings.definitions import SETTING, SETTINGS, BadSetting, Setting
from bot.room_settings.kinds import Fault, Json, Value, shorten
from bot.rooms import DEFAULT, RoomSettings


class NotSet(Enum):
    """The value of a setting that nobody has set; None is a value ("no log channel")."""

    NOT_SET = "not set"


NOT_SET: Final = NotSet.NOT_SET


@dataclass(frozen=True, slots=True)
class Overrides(Mapping[str, Value]):
    """Settings by name, only those that were set, in the order of their declaration. `Overrides()` has none;
    `of` makes others, so that every value is one that its setting takes.
    """

    given: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Overrides:
        """Raises BadSetting for a value that its setting does not take, and for a name that is none."""
        return cls.from_json({name: _get_setting(name).to_json(value) for name, value in values.items()})

    @classmethod
    def from_json(cls, found: Mapping[str, object]) -> Overrides:
        """As the store holds them. Raises BadSetting as `of` does."""
        values = {name: _get_setting(name).from_json(value) for name, value in found.items()}
        return cls(tuple((s.name, values[s.name]) for s in SETTINGS if s.name in values))

    def to_json(self) -> dict[str, Json]:
        return {name: SETTING[name].to_json(value) for name, value in self.given}

    def with_value(self, name: str, value: Value) -> Overrides:
        """Return these with one set. Raises BadSetting as `of` does."""
        return Overrides.of({**dict(self.given), name: value})

    def without(self, *names: str) -> Overrides:
        """Return these with some no longer set."""
        return Overrides(tuple((name, value) for name, value in self.given if name not in names))

    def __getitem__(self, name: str) -> Value:
        for known, value in self.given:
            if known == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.given)

    def __len__(self) -> int:
        return len(self.given)


@dataclass(frozen=True, slots=True)
class Change:
    """One setting before and after, for the audit."""

    name: str
    old: Value | NotSet
    new: Value | NotSet


def merge_layers(layers: Iterable[Overrides]) -> Overrides:
    """Merge layers of settings; the last one counts."""
    found = {name: value for layer in layers for name, value in layer.given}
    return Overrides(tuple((s.name, found[s.name]) for s in SETTINGS if s.name in found))


def resolve_settings(*layers: Overrides) -> RoomSettings:
    """Return the settings of a room from its layers, the outermost first."""
    found: dict[str, Any] = dict(merge_layers(layers).given)
    return replace(DEFAULT, **found)


def find_changes(old: Overrides, new: Overrides) -> Iterator[Change]:
    """Yield the differences, in the order of the declaration."""
    for setting in SETTINGS:
        change = Change(setting.name, old.get(setting.name, NOT_SET), new.get(setting.name, NOT_SET))
        if change.old != change.new:
            yield change


def _get_setting(name: str) -> Setting:
    if name not in SETTING:
        raise BadSetting(name, Fault("unknown", {"name": shorten(name)}))
    return SETTING[name]
