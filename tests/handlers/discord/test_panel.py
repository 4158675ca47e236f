"""The settings panel on Discord: what is picked and typed in it, and when it has ended."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from bot.places import Room
from bot.replies import Action, Button
from bot.replying.rooms import describe_values, get_help, get_label
from bot.room_settings.definitions import SETTING, SETTINGS
from bot.rooms import Mode
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_limits import walk
from tests.fakes.discord_objects import (
    BOT,
    CHANNEL,
    GUILD,
    MODERATOR,
    PERSON,
    STRANGER,
    THREAD,
)
from tests.fakes.discord_seen import Sent
from tests.fakes.memory import Reach, memory
from tests.fakes.replies import URL
from tests.handlers.discord.running import at_work

# ── what they answer ────────────────────────────────────────────────────────────────────────────────

HERE = Room("discord", str(CHANNEL), private=False, server=str(GUILD))


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


# ── coming and going ────────────────────────────────────────────────────────────────────────────────


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
