"""What Discord is told of the commands, on demand and not at every start."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.commands import Commands
from bot.notices import Notices
from bot.places import Person, Room
from bot.replies import Action, Button
from bot.replying.rooms import describe_values, get_help, get_label
from bot.room_settings.definitions import SETTING, SETTINGS
from bot.rooms import Mode
from bot.stores import Stores
from handlers.discord.client import run
from handlers.discord.commands import register
from tests.fakes import discord_objects as objects
from tests.fakes.conversation import OneReply
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_limits import SILENT, walk
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
from tests.fakes.discord_seen import Sent
from tests.fakes.memory import FakeRooms, Reach, memory
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import dispatcher, serving

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


@asynccontextmanager
async def at_work(kept: Stores, *buttons: Button) -> AsyncIterator[FakeDiscord]:
    conversation, notices = OneReply(replace(ferry(), buttons=buttons)), Notices(kept)
    commands = Commands(kept, notices)
    async with FakeDiscord() as fake:
        running = run(
            conversation,
            dispatcher(conversation),
            fake.token,
            commands=commands,
            notices=notices,
            **fake.seams,
        )
        async with serving(running):
            await fake.online()
            yield fake


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


# ── the panel ───────────────────────────────────────────────────────────────────────────────────────


async def opened(fake: FakeDiscord, setting: str | None = None) -> Sent:
    panel = await fake.answer_to(await fake.uses("settings", by=MODERATOR))
    if setting is None:
        return panel
    return await fake.answer_to(await fake.selects(panel, 3, setting, by=MODERATOR, last=False))


async def test_the_panel_shows_every_setting_and_each_can_be_chosen() -> None:
    async with at_work(memory()) as fake:
        panel = await opened(fake)
        assert panel.text.splitlines()[0] == "**Settings of this room**"
        for name in ("mode", "findings", "bots_ignored", "log_channel", "roles_ignored", "domains_allowed"):
            chosen = await fake.answer_to(await fake.selects(panel, 3, name, by=MODERATOR, last=False))
            assert f"({name})" in chosen.text.splitlines()[0].replace("\\", "")
            panel = chosen


@pytest.mark.parametrize(
    ("setting", "kind", "values", "line"),
    [
        ("mode", 3, ["automatic"], "Mode: not set → automatic"),
        ("findings", 3, ["hedges", "unconfirmed"], "Findings: not set → unconfirmed, words of doubt"),
        ("sections", 3, [], "Sections: not set → none"),
        ("bots_ignored", 3, ["off"], "Bots ignored: not set → off"),
        ("log_channel", 8, [str(THREAD)], f"Log channel: not set → {THREAD}"),
        ("roles_ignored", 6, ["8001", "8002"], "Roles ignored: not set → 8001, 8002"),
        ("people_ignored", 5, [str(STRANGER)], f"People ignored: not set → {STRANGER}"),
    ],
)
async def test_a_value_is_picked_and_told(setting: str, kind: int, values: list[str], line: str) -> None:
    async with at_work(kept := memory()) as fake:
        panel = await opened(fake, setting)
        changed = await fake.answer_to(await fake.selects(panel, kind, *values, by=MODERATOR))
        assert changed.text.splitlines()[0] == line
    (record,) = await kept.rooms.audit("discord", str(CHANNEL))
    assert (record.who, record.change.name) == (str(MODERATOR), setting)


async def pressed(fake: FakeDiscord, panel: Sent, label: str) -> Sent:
    return await fake.answer_to(await fake.presses(panel, panel.buttons[label], by=MODERATOR))


async def test_a_value_is_typed_and_a_bad_one_refused_in_a_sentence() -> None:
    async with at_work(kept := memory()) as fake:
        panel = await opened(fake, "person_cooldown_seconds")
        for typed, line in (
            ("30", "Cooldown per person: not set → 30 seconds"),
            ("many", "Cooldown per person: it takes a whole number from 0 to 3600."),
        ):
            window = await fake.presses(panel, panel.buttons["Type a value"], by=MODERATOR)
            await fake.watch.until(lambda: window.window)  # noqa: B023  # waited for at once
            panel = await fake.answer_to(await fake.submits(window, typed, by=MODERATOR))
            assert panel.text.splitlines()[0] == line
    assert len(await kept.rooms.audit("discord", str(CHANNEL))) == 1


async def test_the_panel_turns_to_the_server_and_back_and_takes_values_back() -> None:
    async with at_work(kept := memory()) as fake:
        panel = await pressed(fake, await opened(fake, "mode"), "Show the whole server")
        changed = await fake.answer_to(await fake.selects(panel, 3, "automatic", by=MODERATOR))
        assert changed.text.splitlines()[0] == "Mode: not set → automatic"
        here = await pressed(fake, changed, "Show this channel")
        assert "automatic (set for all rooms)" in here.text
        there = await pressed(fake, here, "Show the whole server")
        back = await pressed(fake, there, "Back to the default")
        assert back.text.splitlines()[0] == "Mode: automatic → not set"
        everything = await pressed(fake, back, "All settings")
        assert everything.text.startswith("**Settings of all rooms here")
    assert (await kept.settings(HERE)).mode is Mode.ON_REQUEST


async def test_who_may_not_manage_the_server_any_more_changes_nothing_with_an_open_panel() -> None:
    async with at_work(kept := memory()) as fake:
        panel = await opened(fake, "mode")
        refused = await fake.answer_to(await fake.selects(panel, 3, "automatic", by=PERSON))
    assert refused.text.splitlines()[0] == "Settings are for people who may manage the server."
    assert await kept.rooms.audit("discord", str(CHANNEL)) == ()


async def test_a_panel_without_its_memory_says_so() -> None:
    reach = Reach()
    async with at_work(memory(reach)) as fake:
        panel = await opened(fake)
        reach.lost = True
        lost = await fake.answer_to(await fake.selects(panel, 3, "mode", by=MODERATOR, last=False))
    assert lost.text.startswith("I cannot reach my records just now")


async def test_an_open_panel_is_this_message() -> None:
    async with at_work(memory()) as fake:
        panel = await opened(fake, "mode")
    for number, component in enumerate(walk(panel.components)):
        if "custom_id" in component:  # the library makes these up
            component["custom_id"] = f"made up {number}"
    options = panel.components[1]["components"][0].pop("options")
    assert [option["label"] for option in options] == [get_label(setting) for setting in SETTINGS]
    assert [option["value"] for option in options if option["default"]] == ["mode"]
    setting, words = SETTING["mode"], panel.components[0]["components"][0].pop("content").splitlines()
    assert words == [
        "**Mode** (mode): on request",
        "",
        f"{get_help(setting)} It takes {describe_values(setting)}.",
    ]
    assert panel.components == snapshot(
        [
            {"type": 17, "accent_color": None, "spoiler": False, "components": [{"type": 10}]},
            {
                "type": 1,
                "components": [
                    {
                        "type": 3,
                        "custom_id": "made up 3",
                        "min_values": 1,
                        "max_values": 1,
                        "disabled": False,
                        "required": True,
                        "placeholder": "Choose a setting to change",
                    }
                ],
            },
            {
                "type": 1,
                "components": [
                    {
                        "type": 3,
                        "custom_id": "made up 5",
                        "min_values": 1,
                        "max_values": 1,
                        "disabled": False,
                        "required": True,
                        "placeholder": "Pick a value",
                        "options": [
                            {"label": "off", "value": "off", "default": False},
                            {"label": "on request", "value": "on_request", "default": True},
                            {"label": "automatic", "value": "automatic", "default": False},
                        ],
                    }
                ],
            },
            {
                "type": 1,
                "components": [
                    {
                        "type": 2,
                        "style": 2,
                        "disabled": False,
                        "label": "Show the whole server",
                        "custom_id": "made up 7",
                    },
                    {
                        "type": 2,
                        "style": 2,
                        "disabled": False,
                        "label": "Back to the default",
                        "custom_id": "made up 8",
                    },
                    {
                        "type": 2,
                        "style": 2,
                        "disabled": False,
                        "label": "All settings",
                        "custom_id": "made up 9",
                    },
                ],
            },
        ]
    )


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


async def test_a_panel_from_before_a_reconnection_says_that_it_has_ended() -> None:
    async with at_work(memory()) as fake:
        panel = await fake.answer_to(await fake.uses("settings", by=MODERATOR))
        await fake.garbage()  # a new client follows, in the same process
        await fake.online(identified=2)
        pressed = await fake.selects(panel, 3, "mode", by=MODERATOR, last=False)
        await fake.watch.until(lambda: pressed.acknowledged)


async def test_a_window_that_was_open_during_a_reconnection_says_that_it_has_ended() -> None:
    async with at_work(memory(), Button(Action.WRONG, "Wrong?")) as fake:
        await fake.says(f"<@{BOT}> {URL}")
        answer = await fake.answer()
        opened = await fake.presses(answer, "hearsay:wrong:a1")
        await fake.watch.until(lambda: opened.window)
        await fake.garbage()
        await fake.online(identified=2)
        written = await fake.submits(opened, "the second line")
        await fake.watch.until(lambda: written.acknowledged)


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


async def test_what_a_picker_has_no_room_for_stays() -> None:
    kept = memory()
    many = frozenset(str(8000 + n) for n in range(40)) | {"somebody", "9" * 40}
    await kept.rooms.change("discord", str(CHANNEL), lambda now: now.with_value("people_ignored", many), None)
    async with at_work(kept) as fake:
        panel = await opened(fake, "people_ignored")
        await fake.answer_to(await fake.selects(panel, 5, str(STRANGER), by=MODERATOR))
    left = (await kept.settings(HERE)).people_ignored
    assert left == (many - {str(8000 + n) for n in range(25)}) | {str(STRANGER)}


async def test_a_list_that_is_too_long_to_be_shown_is_added_to() -> None:
    kept = memory()
    many = frozenset(f"{'x' * 60}{n}.example" for n in range(99))
    await kept.rooms.change(
        "discord", str(CHANNEL), lambda now: now.with_value("domains_ignored", many), None
    )
    async with at_work(kept) as fake:
        panel = await opened(fake, "domains_ignored")
        window = await fake.presses(panel, panel.buttons["Type a value"], by=MODERATOR)
        await fake.watch.until(lambda: window.window)
        await fake.answer_to(await fake.submits(window, "add news.example", by=MODERATOR))
    assert (await kept.settings(HERE)).domains_ignored == many | {"news.example"}


async def test_two_presses_at_once_leave_one_panel_and_each_its_own_setting() -> None:
    async with at_work(kept := memory()) as fake:
        panel = await opened(fake, "mode")
        both = [
            await fake.selects(panel, 3, "automatic", by=MODERATOR),
            await fake.selects(panel, 3, "style", by=MODERATOR, last=False),
        ]
        drawn = [await fake.answer_to(one) for one in both]
    assert {len(one.components) for one in drawn} == {4}
    assert [one.change.name for one in await kept.rooms.audit("discord", str(CHANNEL))] == ["mode"]
