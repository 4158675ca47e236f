"""Room settings in words: names, help, values, and the reasons why a value is not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, assert_never

from bot.replies import Line, Piece, Said, Stated
from bot.replying.lines import join_pieces
from bot.replying.phrasebook import Phrases, TimeUnit, get_phrases
from bot.room_settings.definitions import SETTING, BadSetting, Setting
from bot.room_settings.import_export import BadImport
from bot.room_settings.kinds import Choice, Choices, Fault, Items, OnOff, RoomReference, Value, Whole
from bot.room_settings.overrides import NotSet
from bot.rooms import RoomSettings, find_conflicts

AT_ONCE: Final = 20  # items of a list that are shown
_TIME_UNITS: Final[Mapping[str, TimeUnit]] = {"seconds": "second", "hours": "hour", "days": "day"}


def get_label(setting: Setting, phrases: Phrases | None = None) -> str:
    return (phrases or get_phrases()).say(f"rooms.labels.{setting.name}")


def get_help(setting: Setting, phrases: Phrases | None = None) -> str:
    """Return its one sentence of help."""
    return (phrases or get_phrases()).say(f"rooms.help.{setting.name}")


def describe_values(setting: Setting, phrases: Phrases | None = None) -> str:
    """Describe the values that it takes: "a whole number from 1 to 365"."""
    said = phrases or get_phrases()
    match setting.kind:
        case Choice(among):
            return said.say("rooms.takes.choice", choices=_choices(setting, list(among), said))
        case Choices(among, least):
            key = "rooms.takes.one_or_more" if least else "rooms.takes.some"
            return said.say(key, choices=_choices(setting, list(among), said))
        case Whole(least, most):
            return said.say("rooms.takes.whole", least=least, most=most)
        case Items(sort, most):
            return said.say(f"rooms.takes.{sort}", most=most)
        case OnOff():
            return said.say("rooms.takes.on_off")
        case RoomReference():
            return said.say("rooms.takes.place")
        case _:
            assert_never(setting.kind)


def format_value(
    setting: Setting, value: Value | NotSet, phrases: Phrases | None = None, most: int = AT_ONCE
) -> Line:
    """Return a value as a person reads it; people's own words are `Stated`. Of a long list the first
    `most`."""
    said = phrases or get_phrases()
    match value:
        case NotSet():
            return (Said(said.say("rooms.not_set")),)
        case None:
            return (Said(said.say("rooms.none")),)
        case bool():
            return (Said(said.say("rooms.on" if value else "rooms.off")),)
        case int():
            unit = setting.kind.unit if isinstance(setting.kind, Whole) else "hedges"
            return (Said(quantity(value, unit, said)),)
        case str():
            return (_one(setting, value, said),)
        case _:
            items = setting.to_json(value)
            pieces = [_one(setting, item, said) for item in items] if isinstance(items, list) else []
            if not pieces:
                return (Said(said.say("rooms.none")),)
            more = len(pieces) - most
            cut = [*pieces[:most], Said(said.say("rooms.more", n=more))] if more > 0 else pieces
            return join_pieces(cut, said.say("rooms.gap"))


def quantity(n: int, unit: str, said: Phrases) -> str:
    """As in: 2 words of doubt, 30 days; “none” for no time."""
    if said.has(f"rooms.units.{unit}"):
        return said.count(f"rooms.units.{unit}", n)
    return said.span(n, _TIME_UNITS[unit]) if n else said.say("rooms.none")


def explain_refusal(error: BadSetting, phrases: Phrases | None = None) -> Line:
    """Say why a value is not taken, after the setting's name."""
    said = phrases or get_phrases()
    setting = SETTING.get(error.name)
    if setting is None:
        return _reason(error.fault, None, said)
    return (
        *said.line("rooms.refused", label=Said(get_label(setting, said))),
        *_reason(error.fault, setting, said),
    )


def explain_refusals(error: BadImport, phrases: Phrases | None = None) -> tuple[Line, ...]:
    """Say why a file is not taken, a line for each fault in the order of the file."""
    said = phrases or get_phrases()
    found: list[Line] = []
    for one in error.faults:
        setting = None if one.name is None else SETTING[one.name]
        line = Said(str(one.line))
        if one.name is None:
            place = said.line("rooms.line", line=line)
        else:
            place = said.line("rooms.line_of", line=line, name=Said(one.name))
        found.append((*place, *_reason(one.fault, setting, said)))
    if error.more:
        found.append((Said(said.count("rooms.more_faults", error.more)),))
    return tuple(found)


def describe_conflicts(settings: RoomSettings, phrases: Phrases | None = None) -> tuple[str, ...]:
    """Return a sentence for each group of settings that make no sense together."""
    said = phrases or get_phrases()
    return tuple(said.say(f"rooms.at_odds.{key}") for key in find_conflicts(settings))


def _reason(fault: Fault, setting: Setting | None, said: Phrases) -> Line:
    pieces: dict[str, Piece] = {
        name: Stated(fact) if isinstance(fact, str) else Said(str(fact)) for name, fact in fault.facts.items()
    }
    if setting is not None:
        pieces["takes"] = Said(describe_values(setting, said))
    return said.line(f"rooms.faults.{fault.kind}", **pieces)


def _choices(setting: Setting, among: Sequence[str], said: Phrases) -> str:
    return said.say("rooms.or").join(said.say(f"rooms.choices.{setting.name}.{one}") for one in among)


def _one(setting: Setting, value: str, said: Phrases) -> Piece:
    if isinstance(setting.kind, Choice | Choices):
        return Said(said.say(f"rooms.choices.{setting.name}.{value}"))
    return Stated(value)
