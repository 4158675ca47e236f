"""What Discord is told of the commands, on demand and not at every start."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.commands import Commands
from bot.notices import Notices
from bot.places import Person, Room
from handlers.discord.client import run
from handlers.discord.commands import register
from tests.fakes import discord_objects as objects
from tests.fakes.conversation import OneReply
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_limits import SILENT
from tests.fakes.discord_objects import (
    BOT,
    CHANNEL,
    GUILD,
    LOCKED_CHANNEL,
    MODERATOR,
    PERSON,
    SHY,
    STRANGER,
    THREAD,
)
from tests.fakes.memory import FakeRooms, memory
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import dispatcher, serving
from tests.handlers.discord.running import at_work

IN_GUILD, WITH_THE_BOT, AMONG_OTHERS = 0, 1, 2
FOR_A_GUILD, FOR_A_PERSON = 0, 1


async def test_check_is_registered_for_servers_and_people_everywhere() -> None:
    async with FakeDiscord() as fake:
        assert (await register(fake.token))[0] == "/check"
    check, *_, menu = fake.commands
    assert (menu["name"], menu["type"]) == ("Check sources", 3)
    assert check["contexts"] == [IN_GUILD, WITH_THE_BOT, AMONG_OTHERS]
    assert check["integration_types"] == [FOR_A_GUILD, FOR_A_PERSON]
    assert [(option["name"], option["required"]) for option in check["options"]] == [("url", True)]


async def test_a_start_registers_nothing() -> None:
    conversation = OneReply(ferry())
    async with (
        FakeDiscord() as fake,
        serving(run(conversation, dispatcher(conversation), fake.token, **fake.seams)),
    ):
        await fake.online()
        assert fake.commands == []


# ── what they answer ────────────────────────────────────────────────────────────────────────────────

HERE = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
SERVER = Room("discord", str(GUILD), private=False, server=str(GUILD))


async def said(fake: FakeDiscord, command: str, **options: object) -> str:
    by = options.pop("by", PERSON)
    assert isinstance(by, int)
    used = await fake.uses(command, by=by, **options)  # type: ignore[arg-type]  # a room is an id
    answer = await fake.answer_to(used)
    assert used.private
    return answer.text


async def test_only_admins_are_offered_what_admins_may() -> None:
    async with FakeDiscord() as fake:
        await register(fake.token)
    admins = {c["name"] for c in fake.commands if c["default_member_permissions"] == 1 << 5}
    assert admins == {"settings", "audit", "doctor", "reset", "copy", "export", "import"}
    assert all(c["contexts"] == [IN_GUILD] for c in fake.commands if c["name"] in admins)


async def test_people_see_and_have_their_way() -> None:
    async with at_work(kept := memory()) as fake:
        assert (await said(fake, "privacy")).startswith("I read links, not conversations. I keep the link")
        assert await said(fake, "ignoreme") == (
            "I will no longer react to your links. I still answer your commands."
        )
        assert await kept.people.is_ignored(Person("discord", str(PERSON)))
        await said(fake, "heedme")
        assert not await kept.people.is_ignored(Person("discord", str(PERSON)))
        assert await said(fake, "forget") == "There was nothing to remove."
        assert "I never say whether something is true" in await said(fake, "help")
        assert await said(fake, "history", search="bridge", page=2) == "I found no such check here."


async def test_a_doctor_names_what_is_missing_in_a_channel() -> None:
    async with at_work(kept := memory()) as fake:
        healthy = await said(fake, "doctor", by=MODERATOR)
        locked = await said(fake, "doctor", by=MODERATOR, room=LOCKED_CHANNEL)
        for name, value in (("mode", "automatic"), ("style", "thread")):
            await Commands(kept).set(HERE, name, value, Person("discord", "1"))
        wanting = await said(fake, "doctor", by=MODERATOR)
    assert healthy.endswith("Nothing is in the way.")
    assert "I may not write in this channel, so I answer nobody here." in locked
    for missing in ("Discord hides the text of messages", "I may not open threads here"):
        assert (missing in wanting, missing in healthy) == (True, False)


async def test_a_doctor_says_where_the_log_channel_cannot_be_told() -> None:
    seen = {}
    async with at_work(kept := memory()) as fake:
        for channel in (CHANNEL, LOCKED_CHANNEL, 4711):
            await Commands(kept).set(HERE, "log_channel", str(channel), Person("discord", "1"))
            seen[channel] = await said(fake, "doctor", by=MODERATOR)
    told = {channel: "I cannot write in the log channel" not in text for channel, text in seen.items()}
    assert told == {CHANNEL: True, LOCKED_CHANNEL: False, 4711: False}


@pytest.mark.parametrize("command", ["settings", "audit", "reset", "export", "copy", "import"])
async def test_who_may_not_manage_the_server_changes_and_sees_nothing(command: str) -> None:
    needed: dict[str, dict[str, object]] = {
        "copy": {"channel": CHANNEL},
        "import": {"file": b"{}"},
        "reset": {"sure": True},
    }
    options = needed.get(command, {})
    async with at_work(kept := memory()) as fake:
        assert await said(fake, command, **options) == "Settings are for people who may manage the server."
    assert await kept.rooms.audit("discord", str(CHANNEL)) == ()


async def test_settings_leave_as_a_file_and_come_back() -> None:
    async with at_work(kept := memory()) as fake:
        await Commands(kept).set(HERE, "mode", "automatic", Person("discord", "1"))
        used = await fake.uses("export", by=MODERATOR)
        await fake.watch.until(lambda: fake.uploads)
        (file,) = fake.uploads
        assert used.private
        assert json.loads(file)["settings"]["mode"] == "automatic"
        assert await said(fake, "reset", by=MODERATOR, sure=False) == "Nothing was reset."
        assert await said(fake, "reset", by=MODERATOR, sure=True) == ("1 setting is back to its default.")
        assert await said(fake, "import", by=MODERATOR, file=file) == "1 setting was changed."
        assert "I changed nothing" in await said(fake, "import", by=MODERATOR, file=b"\x89PNG\r\n")
        large = await said(fake, "import", by=MODERATOR, file=b" " * (1 << 20) + b"{}")
        assert large.startswith("This file is larger than 1 MiB")
        copied = await said(fake, "copy", by=MODERATOR, channel=CHANNEL, room=LOCKED_CHANNEL)
        assert copied == "1 setting was copied."


# ── what has ended, and where else it is used ───────────────────────────────────────────────────────


async def test_the_audit_shows_what_was_changed_for_the_whole_server() -> None:
    async with at_work(kept := memory()) as fake:
        await Commands(kept).set(SERVER, "mode", "automatic", Person("discord", str(STRANGER)))
        told = await fake.answer_to(await fake.uses("audit", by=MODERATOR))
    assert "automatic" in told.text, told.text


async def test_a_doctor_in_a_thread_asks_for_what_is_needed_in_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in a forum, or in a channel that only some may write in."""
    real = objects.interaction

    def granted(*args: Any, **more: Any) -> Any:
        return real(*args, **more) | {"app_permissions": str(objects.INVITED & ~(1 << 11))}

    monkeypatch.setattr(objects, "interaction", granted)
    async with at_work(memory()) as fake:
        told = await fake.answer_to(await fake.uses("doctor", by=MODERATOR, room=THREAD))
    assert "nobody is answered here" not in told.text, told.text


async def test_an_unknown_command_is_answered() -> None:
    """What Discord still offers after an update that took a command away."""
    async with at_work(memory()) as fake:
        used = await fake.uses("sources", by=PERSON)
        await fake.watch.until(lambda: used.acknowledged)


# ── coming and going ────────────────────────────────────────────────────────────────────────────────


async def test_a_server_that_turned_the_bot_out_while_it_was_away_is_let_go_of() -> None:
    kept, elsewhere = memory(), 1 << 22  # which is another shard's
    rooms = kept.rooms
    assert isinstance(rooms, FakeRooms)
    for room, server in ((CHANNEL, GUILD), (7902, 7900), (7903, elsewhere)):
        place = Room("discord", str(room), private=False, server=str(server))
        await Commands(kept).set(place, "mode", "off", Person("discord", "1"))
    conversation = OneReply(ferry())
    async with FakeDiscord() as fake:
        running = run(
            conversation,
            dispatcher(conversation),
            fake.token,
            commands=Commands(kept),
            shard=(0, 2),
            **fake.seams,
        )
        async with serving(running):
            await fake.online()
            async with asyncio.timeout(60):
                while not rooms.gone:  # noqa: ASYNC110  # nothing tells of it
                    await asyncio.sleep(0.01)
    assert rooms.gone == {("discord", "7900")}


async def test_a_new_server_is_welcomed_once_and_let_go_of_when_it_turns_the_bot_out() -> None:
    kept = memory()
    rooms = kept.rooms
    assert isinstance(rooms, FakeRooms)
    async with at_work(kept) as fake:
        await asyncio.sleep(0.2)  # a server that comes while the first ones are gathered is not a new one
        await fake.invites(7900, 7901)
        welcome = await fake.answer()
        assert (welcome.room, welcome.body["flags"] & SILENT) == (7901, SILENT)
        assert "I read links, not conversations." in welcome.text
        await fake.turns_out(7900)
        await said(fake, "help")
        await asyncio.sleep(0.05)
        assert rooms.gone == {("discord", "7900"), ("discord", "7901")}
        await fake.invites(7900, 7901)
        await fake.answer(2)
        assert rooms.gone == set()


async def test_a_room_that_takes_no_answers_is_told_of_in_the_log_channel_once() -> None:
    async with at_work(kept := memory()) as fake:
        await Commands(kept).set(SERVER, "log_channel", str(THREAD), Person("discord", "1"))
        for _ in range(2):
            await fake.says(f"<@{BOT}> {URL}", room=LOCKED_CHANNEL)
        told = await fake.answer()
        await fake.says(f"<@{BOT}> {URL}")
        await fake.answer(2)
        await asyncio.sleep(0.05)
    assert (told.room, len(fake.sent)) == (THREAD, 2)
    assert told.text.startswith(
        f"I am not allowed to write in #room-{LOCKED_CHANNEL}, so I answer nobody there."
    )


async def test_several_processes_share_the_servers() -> None:
    conversation = OneReply(ferry())
    async with FakeDiscord() as fake:
        running = run(conversation, dispatcher(conversation), fake.token, shard=(1, 4), **fake.seams)
        async with serving(running):
            await fake.online()
            assert fake.shard == [1, 4]


async def test_who_takes_no_direct_message_says_nothing_about_the_channel() -> None:
    gate = asyncio.Event()
    kept = memory()
    conversation, notices = OneReply(ferry(), gate=gate), Notices(kept)
    await Commands(kept).set(SERVER, "log_channel", str(THREAD), Person("discord", "1"))
    async with (
        FakeDiscord() as fake,
        serving(run(conversation, dispatcher(conversation), fake.token, notices=notices, **fake.seams)),
    ):
        await fake.online()
        asked = await fake.checks(URL, by=SHY)
        await fake.watch.until(lambda: asked.acknowledged)
        fake.expire(asked)
        gate.set()
        await fake.says(f"<@{BOT}> {URL}")
        await fake.answer()
        await asyncio.sleep(0.05)
    assert [sent.room for sent in fake.sent] == [CHANNEL]


async def test_a_file_that_discord_does_not_give_changes_nothing() -> None:
    async with at_work(memory()) as fake:
        told = await said(fake, "import", by=MODERATOR, file=b"")
    assert told == "I could not download this file, so nothing was changed. Please try again."
