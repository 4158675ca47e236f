"""What log channels are told, and what a doctor finds in a room."""

from __future__ import annotations

import pytest

from bot.commands import Commands
from bot.notices import Notices
from bot.places import Person, Room
from tests.bot.lined import lines
from tests.bot.told import ROOM, Channels, commands
from tests.fakes.memory import memory

SERVER = Room("discord", "1", private=False, server="1")
MARA = Person("discord", "7")


async def test_the_log_channel_hears_who_changed_what() -> None:
    told = commands(channels := Channels())
    await told.set(SERVER, "log_channel", "90", MARA)
    await told.set(ROOM, "mode", "automatic", MARA)
    assert channels.posted == [
        (SERVER, "90", ["7 changed settings of 1:", "* Log channel: not set → 90"]),
        (ROOM, "90", ["7 changed settings of 5:", "* Mode: not set → automatic"]),
    ]


class Called:
    """What things are called, where anybody knows."""

    async def get_room_name(self, room: Room) -> str | None:
        return "#general" if room == ROOM else None

    async def get_person_name(self, room: Room, person: str) -> str | None:
        if person != MARA.id:
            raise LookupError(person, room)
        return "Mara"


async def test_rooms_and_people_are_called_as_their_platform_calls_them_or_by_their_ids() -> None:
    notices = Notices(kept := memory())
    notices.connect("discord", channels := Channels(), Called())
    told = Commands(kept, notices)
    await told.set(SERVER, "log_channel", "90", MARA)
    await told.set(ROOM, "mode", "automatic", Person("discord", "8"))
    assert [said[0] for _, _, said in channels.posted] == [
        "Mara (7) changed settings of 1:",
        "8 changed settings of #general:",
    ]
    assert [line.rpartition(" · ")[2] for line in lines(await told.show_audit(ROOM))[1:]] == [
        "by 8",
        "by Mara (7) (set for all rooms)",
    ]


async def test_a_log_channel_that_is_no_more_hears_so_itself() -> None:
    told = commands(channels := Channels())
    await told.set(ROOM, "log_channel", "90", MARA)
    await told.set(ROOM, "log_channel", "91", MARA)
    await told.reset(ROOM, MARA)
    assert [channel for _, channel, _ in channels.posted] == ["90", "90", "91", "91"]


async def test_reset_copy_and_import_are_told_of_too_and_nothing_is_where_nothing_changes() -> None:
    told = commands(channels := Channels())
    await told.set(SERVER, "log_channel", "90", MARA)
    await told.set(ROOM, "mode", "automatic", MARA)
    file = await told.export_settings(ROOM)
    assert isinstance(file, str)
    await told.reset(ROOM, MARA)
    await told.import_settings(ROOM, file, MARA)
    await told.import_settings(ROOM, file, MARA)
    await told.copy(ROOM, Room("discord", "6", private=False, server="1"), MARA)
    assert [room.id for room, _, _ in channels.posted] == ["1", "5", "5", "5", "6"]


async def test_a_log_channel_that_cannot_be_told_changes_nothing_about_the_change(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = commands(Channels(PermissionError("no right to write there")))
    await told.set(ROOM, "log_channel", "90", MARA)
    assert lines(await told.set(ROOM, "mode", "off", MARA)) == ["Mode: not set → off"]
    assert "no right to write there" in caplog.text
    assert "Traceback" not in caplog.text


async def test_without_a_platform_nobody_is_told() -> None:
    kept = memory()
    assert lines(await Commands(kept).set(ROOM, "log_channel", "90", MARA)) == ["Log channel: not set → 90"]
