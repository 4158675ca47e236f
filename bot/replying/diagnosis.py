"""A diagnosis of a room: permissions that a platform does not grant, and settings that keep Hearsay
silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.replies import Label, Line, ListEntry, Reply, ReplyBlock, Said, Text
from bot.replying.phrasebook import get_phrases
from bot.replying.rooms import describe_conflicts, format_value
from bot.room_settings.definitions import SETTING
from bot.rooms import DeliveryStyle, Mode, RoomSettings

# What is needed only where a room is set so.
WANTED: Final[Mapping[str, Callable[[RoomSettings], bool]]] = {
    "message_content": lambda settings: settings.mode is Mode.AUTOMATIC,
    "create_public_threads": lambda settings: settings.style is DeliveryStyle.THREAD,
    "log_channel": lambda settings: settings.log_channel is not None,
    "telegram_log_channel": lambda settings: settings.log_channel is not None,
    "telegram_hears": lambda settings: settings.mode is Mode.AUTOMATIC,
}


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a platform grants or not; `key` names it under `doctor.needs` in phrases, where it says
    what fails without it and how to mend that."""

    key: str
    met: bool


def diagnose(settings: RoomSettings, needs: Sequence[Need] = (), *, log_channel_seen: bool = True) -> Reply:
    """Diagnose a room: what Hearsay does there, and what hinders it. `log_channel_seen`: the platform is
    connected, so that a log channel can be told."""
    said = get_phrases()
    hindered: list[Line] = [(Said(sentence, strong=True),) for sentence in describe_conflicts(settings, said)]
    if settings.log_channel is not None and not log_channel_seen:
        hindered.append((Said(said.say("doctor.log_channel_unseen"), strong=True),))
    hindered += [
        (
            Said(said.say(f"doctor.needs.{need.key}.without"), strong=True),
            Said(" " + said.say(f"doctor.needs.{need.key}.mend")),
        )
        for need in needs
        if not need.met and (need.key not in WANTED or WANTED[need.key](settings))
    ]
    if settings.mode is Mode.AUTOMATIC:
        slot = Said("\0findings")
        findings = format_value(SETTING["findings"], settings.findings, said)
        line = said.line("doctor.automatic", findings=slot)
        doing: Line = tuple(piece for one in line for piece in (findings if one == slot else (one,)))
    else:
        doing = (Said(said.say(f"doctor.{settings.mode}")),)
    found: list[ReplyBlock] = [Label((Said(said.say("doctor.title")),)), Text(doing)]
    found += [ListEntry(line) for line in hindered] or [Text((Said(said.say("doctor.nothing")),))]
    return Reply(tuple(found))
