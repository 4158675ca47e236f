"""Every room setting, declared once: panels, /help, README and files are made from this list.

Of the setting `mode`, `rooms.labels.mode` and `rooms.help.mode` in phrases are its label and one sentence of
help, and `rooms.choices.mode` has the words for its choices. Its default is that of `bot.rooms.RoomSettings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from bot.room_settings.kinds import (
    Choice,
    Choices,
    Fault,
    Items,
    Json,
    OnOff,
    RoomReference,
    Value,
    ValueKind,
    Whole,
    shorten,
)
from bot.rooms import DEFAULT, CardSection, DeliveryStyle, FindingKind, Mode, Removers

ADD: Final = "add"
REMOVE: Final = "remove"


class BadSetting(ValueError):  # noqa: N818  # named for what it is; "Error" would add nothing
    """A value that this setting does not take; `bot.replying.rooms.explain_refusal` has the
    sentence."""

    def __init__(self, name: str, fault: Fault) -> None:
        super().__init__(name, fault)
        self.name = name
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the field of `RoomSettings` that it is, which values it takes, and the platform that alone
    knows what it is about."""

    name: str
    kind: ValueKind
    platform: str | None = None

    def is_of(self, platform: str) -> bool:
        """Return True if the platform has this setting; the terminal has them all."""
        return self.platform in {None, platform} or platform == "terminal"

    @property
    def default(self) -> Value:
        return cast(Value, getattr(DEFAULT, self.name))

    def parse(self, text: str, now: Value = None) -> Value:
        """Parse what somebody typed. Raises BadSetting.

        Where there can be several, "none" is the empty list, and "add x, y" or "remove x" change what is set
        `now` (unless given, the default).
        """
        kind = self.kind
        if not isinstance(kind, Choices | Items):
            return self._check(kind.raw(text))
        verb, *rest = text.split(maxsplit=1) or [""]
        if not verb:
            raise BadSetting(self.name, Fault("nothing"))
        kept = cast(list[str], kind.json(now if isinstance(now, frozenset) else self.default))
        if rest and verb.lower() == ADD:
            found = [*kept, *(one for one in kind.raw(rest[0]) if kind.read(one) not in kept)]
        elif rest and verb.lower() == REMOVE:
            items = kind.raw(rest[0])
            for item in items:
                if kind.read(item) not in kept:
                    raise BadSetting(self.name, Fault("not_there", {"item": shorten(item)}))
            gone = {kind.read(item) for item in items}
            found = [one for one in kept if one not in gone]
        else:
            found = kind.raw(text)
        return self._check(found)

    def from_json(self, found: object) -> Value:
        """Read the value that a file or the store holds. Raises BadSetting."""
        return self._check(found)

    def to_json(self, value: Value) -> Json:
        """Write the value as files and the store hold it; the items of a list are in a stable order."""
        return self.kind.json(value)

    def faults(self, found: object) -> tuple[Fault, ...]:
        """Return every fault of a value in a file."""
        return self.kind.faults(found)

    def _check(self, found: object) -> Value:
        for fault in self.kind.faults(found):
            raise BadSetting(self.name, fault)
        return self.kind.value(found)


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("mode", Choice(Mode)),
    Setting("findings", Choices(FindingKind, least=1)),
    Setting("least_hedges", Whole(1, 20, "hedges")),
    Setting("style", Choice(DeliveryStyle)),
    Setting("sections", Choices(CardSection)),
    Setting("domains_allowed", Items("domain", most=100)),
    Setting("domains_ignored", Items("domain", most=100)),
    Setting("unasked_too", Items("entry", most=50)),
    Setting("unasked_spared", Items("entry", most=50)),
    Setting("roles_ignored", Items("identity", most=50), "discord"),
    Setting("people_ignored", Items("identity", most=100)),
    Setting("keywords_ignored", Items("keyword", most=50, phrases=True)),
    Setting("prefixes_ignored", Items("prefix", most=10)),
    Setting("bots_ignored", OnOff()),
    Setting("person_cooldown_seconds", Whole(0, 3600, "seconds")),
    Setting("room_cooldown_seconds", Whole(0, 3600, "seconds")),
    Setting("repeat_hours", Whole(0, 720, "hours")),
    Setting("retention_days", Whole(1, 365, "days")),
    Setting("log_channel", RoomReference()),
    Setting("removers", Choice(Removers)),
)
SETTING: Final[Mapping[str, Setting]] = {setting.name: setting for setting in SETTINGS}
