"""The settings panel on Telegram: what its buttons and what is typed change, and whom it refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.places import Person, Room
from bot.replying.rooms import get_label
from bot.room_settings.definitions import SETTINGS
from bot.rooms import Mode
from tests.fakes.memory import Reach, memory
from tests.fakes.talking import having
from tests.fakes.telegram import (
    ADMINISTRATOR,
    FORUM,
    GROUP,
    OTHER_TOPIC,
    OWNER,
    STRANGER,
    TOPIC,
    FakeTelegram,
    Query,
    Sent,
)
from tests.handlers.telegram.panels import at_work, opened, pressed

NOT_YOURS = "Settings are for the creator and the administrators of a group."
ENDED = (
    "This has changed in the meantime, so nothing was done. "
    "Please look again, or send /settings for a new panel."
)
HERE = Room("telegram", str(GROUP), private=False, server=str(GROUP))
ADMIN = Person("telegram", str(ADMINISTRATOR))
BY_BUTTONS = [one for one in SETTINGS if one.name != "roles_ignored"]


async def told(fake: FakeTelegram, panel: Sent, data: str, **more: Any) -> Query:
    return await fake.answer_to(await fake.presses(panel, data, **more))


# ── every setting ───────────────────────────────────────────────────────────────────────────────────


async def test_the_panel_offers_every_setting_and_each_is_shown_with_its_help(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        panel = await opened(fake)
        assert panel.text.splitlines()[0] == "Settings of all rooms here; a room's own settings come first"
        for setting in BY_BUTTONS:
            lines = await pressed(fake, panel, get_label(setting))
            assert lines[0].startswith(f"{get_label(setting)} ({setting.name}): ")
            assert "It takes" in panel.text
            await pressed(fake, panel, "◀ All settings")
        assert list(panel.buttons) == [*map(get_label, BY_BUTTONS), "Reset…", "Close"]


@pytest.mark.parametrize(
    ("setting", "button", "line", "back"),
    [
        ("Mode", "automatic", "Mode: not set → automatic", "Mode: automatic → not set"),
        ("Bots ignored", "off", "Bots ignored: not set → off", "Bots ignored: off → not set"),
        ("Repeat window", "6 hours", "Repeat window: not set → 6 hours", "Repeat window: 6 hours → not set"),
        ("Log channel", "This chat", f"Log channel: not set → {GROUP}", f"Log channel: {GROUP} → not set"),
        (
            "Findings",
            "✓ unconfirmed",
            "Findings: not set → unnamed origin",
            "Findings: unnamed origin → not set",
        ),
        (
            "Who may remove",
            "moderators only",
            "Who may remove: not set → moderators only",
            "Who may remove: moderators only → not set",
        ),
    ],
)
async def test_a_value_is_pressed_shown_recorded_and_put_back(
    fake: FakeTelegram, setting: str, button: str, line: str, back: str
) -> None:
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, setting)
        assert (await pressed(fake, panel, button))[0] == line
        other = button.removeprefix("✓ ") if button.startswith("✓") else f"✓ {button}"
        assert (other in panel.buttons, button in panel.buttons) == (True, False)
        assert (await pressed(fake, panel, "Back to the default"))[0] == back
        assert button in panel.buttons
    assert [one.who for one in await kept.rooms.audit("telegram", str(GROUP))] == [str(ADMINISTRATOR)] * 2


async def test_a_set_of_choices_is_switched_one_by_one_and_keeps_its_last_where_it_needs_one(
    fake: FakeTelegram,
) -> None:
    async with at_work(fake, memory()):
        panel = await opened(fake, "Findings", "✓ unconfirmed", "words of doubt", "✓ unnamed origin")
        assert [one for one in panel.buttons if one.startswith("✓")] == ["✓ words of doubt"]
        refused = await pressed(fake, panel, "✓ words of doubt")
    assert refused[0].startswith("Findings: it takes one or more of unconfirmed")
    assert "✓ words of doubt" in panel.buttons


async def test_what_only_discord_has_is_not_offered(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        panel = await opened(fake, "Style")
    assert list(panel.buttons)[:3] == ["✓ card", "brief", "log channel only"]


LONG, LONG_TOPIC = -1009999999999999, 2**31


async def test_every_button_of_every_setting_fits_even_for_the_longest_ids(fake: FakeTelegram) -> None:
    """The fake refuses more than 64 bytes."""
    fake.makes_administrator(LONG, ADMINISTRATOR)
    fake._topics[LONG] = {LONG_TOPIC}
    async with at_work(fake, memory()):
        panel = await opened(fake, chat=LONG, topic=LONG_TOPIC)
        for scope in ("Whole group", "This topic"):
            await pressed(fake, panel, scope)
            for setting in BY_BUTTONS:
                await pressed(fake, panel, get_label(setting))
                assert max(len(data.encode()) for data in panel.buttons.values()) <= 64
                await pressed(fake, panel, "◀ All settings")


async def test_an_open_panel_is_this_message(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        panel = await opened(fake, "Log channel", chat=FORUM, topic=TOPIC)
    assert panel.body == snapshot(
        {
            "chat_id": -602,
            "text": """\
<b>Log channel</b> (log_channel): none

Where I report changed settings and missing permissions. It takes the id of a channel, or none.

Reply to this message with a new value.\
""",
            "disable_notification": True,
            "link_preview_options": {"is_disabled": True},
            "message_thread_id": 77,
            "parse_mode": "HTML",
            "reply_markup": {
                "inline_keyboard": [
                    [
                        {"callback_data": "set:here:log_channel:none", "text": "✓ No log channel"},
                        {"callback_data": "set:here:log_channel:-602", "text": "This chat"},
                    ],
                    [{"callback_data": "set:here:log_channel:-602/77", "text": "This topic"}],
                    [
                        {"callback_data": "set:here:log_channel:default", "text": "Back to the default"},
                        {"callback_data": "set:here", "text": "◀ All settings"},
                    ],
                ]
            },
            "reply_parameters": {"allow_sending_without_reply": True, "message_id": 10},
        }
    )


# ── this topic, or the whole group ──────────────────────────────────────────────────────────────────


async def test_a_topic_and_its_group_are_set_apart(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, "Mode", "off", "◀ All settings", chat=FORUM, topic=TOPIC)
        assert "Mode (mode): off (set here)" in panel.text
        await pressed(fake, panel, "Whole group")
        assert "Mode (mode): on request" in panel.text
        await pressed(fake, panel, "Mode")
        await pressed(fake, panel, "automatic")
        await pressed(fake, panel, "◀ All settings")
        await pressed(fake, panel, "This topic")
        assert "Mode (mode): off (set here)" in panel.text
    rooms = [Room("telegram", f"{FORUM}/{topic}", False, str(FORUM)) for topic in (TOPIC, OTHER_TOPIC)]
    assert [(await kept.settings(room)).mode for room in rooms] == [Mode.OFF, Mode.AUTOMATIC]


async def test_only_a_topic_has_a_group_above_it(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        assert "Whole group" not in (await opened(fake)).buttons


# ── who presses what ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("data", ["set:here", "set:here:mode", "reset:here", "close"])
async def test_who_administers_nothing_presses_in_vain(fake: FakeTelegram, data: str) -> None:
    async with at_work(fake, memory()):
        panel = await opened(fake, "Mode", "◀ All settings", chat=FORUM, topic=TOPIC)
        before = (panel.text, panel.edits)
        data = "set:all" if data == "set:here" else data
        query = await told(fake, panel, data, by=STRANGER)
    assert (query.told, query.alert, (panel.text, panel.edits)) == (NOT_YOURS, True, before)
    assert fake.deleted == []


async def test_who_is_no_administrator_any_more_changes_nothing_with_an_open_panel(
    fake: FakeTelegram,
) -> None:
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, "Mode")
        fake._members[GROUP].pop(ADMINISTRATOR)
        query = await told(fake, panel, panel.buttons["off"], by=ADMINISTRATOR)
    assert query.told == NOT_YOURS
    assert not await kept.rooms.audit("telegram", str(GROUP))


@pytest.mark.parametrize(
    "forged",
    ["set:here:retention_days:1", "set:all:mode:off", "reset:here:sure", "set:here:mode:nonsense", "set"],
)
async def test_data_that_the_panel_does_not_carry_changes_nothing(fake: FakeTelegram, forged: str) -> None:
    async with at_work(fake, kept := await having("telegram", GROUP, repeat_hours=1)):
        panel = await opened(fake, "Mode")
        query = await told(fake, panel, forged, by=ADMINISTRATOR)
    assert (query.told, panel.edits) == (ENDED, 1)
    assert not [one for one in await kept.rooms.audit("telegram", str(GROUP)) if one.who]


async def test_a_press_on_what_the_panel_showed_before_says_so(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        panel = await opened(fake, "Findings")
        before = panel.buttons["words of doubt"]
        await pressed(fake, panel, "words of doubt")
        assert (await told(fake, panel, before, by=OWNER)).told == ENDED
        assert (
            await told(fake, panel, panel.buttons["✓ words of doubt"], by=OWNER, too_old=True)
        ).told == ENDED


async def test_two_administrators_at_once_change_one_setting_once(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, "Findings")
        both = [
            await fake.presses(panel, panel.buttons["words of doubt"], by=by) for by in (ADMINISTRATOR, OWNER)
        ]
        for one in both:
            await fake.answer_to(one)
        await fake.watch.until(lambda: "✓ words of doubt" in panel.buttons)
        await asyncio.sleep(0.05)
    assert len(await kept.rooms.audit("telegram", str(GROUP))) == 1
    assert "✓ words of doubt" in panel.buttons


async def test_presses_on_two_panels_at_once_each_change_their_setting(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        first, second = await opened(fake, "Mode"), await opened(fake, "Style", by=OWNER)
        for panel, button, by in ((first, "off", ADMINISTRATOR), (second, "brief", OWNER)):
            await fake.answer_to(await fake.presses(panel, panel.buttons[button], by=by))
        await fake.watch.until(lambda: first.edits + second.edits == 4)
    changed = {(one.who, one.change.name) for one in await kept.rooms.audit("telegram", str(GROUP))}
    assert changed == {(str(ADMINISTRATOR), "mode"), (str(OWNER), "style")}


async def test_a_panel_shows_what_was_pressed_last_even_if_the_press_before_takes_long(
    fake: FakeTelegram,
) -> None:
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, "Mode")
        edit = fake.hold("editMessageText")
        for number, (button, by) in enumerate((("off", ADMINISTRATOR), ("automatic", OWNER)), start=1):
            await fake.answer_to(await fake.presses(panel, panel.buttons[button], by=by))
            await asyncio.sleep(0.05 * number)
        edit.set()
        await fake.watch.until(lambda: panel.edits == 3)
    assert (await kept.settings(HERE)).mode is Mode.AUTOMATIC
    assert "✓ automatic" in panel.buttons


# ── reset, close, and what cannot be ────────────────────────────────────────────────────────────────


async def test_a_reset_is_asked_about_and_can_be_left_alone(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := await having("telegram", GROUP, mode="off")):
        panel = await opened(fake)
        asked = await pressed(fake, panel, "Reset…")
        await pressed(fake, panel, "◀ All settings")
        assert (await kept.settings(HERE)).mode is Mode.OFF
        await pressed(fake, panel, "Reset…")
        done = await pressed(fake, panel, "Yes, reset everything here")
    assert asked == ["Delete everything that is set here? The settings above it then apply."]
    assert done[0] == "1 setting is back to its default."
    assert not await kept.rooms.overrides("telegram", str(GROUP))


async def test_a_panel_is_closed(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        panel = await opened(fake)
        await fake.answer_to(await fake.presses(panel, "close", by=OWNER))
        await fake.watch.until(lambda: fake.deleted)
    assert fake.deleted == [panel.id]


async def test_a_panel_without_its_memory_says_so_and_works_again_after_that(fake: FakeTelegram) -> None:
    async with at_work(fake, memory(reach := Reach())):
        panel = await opened(fake, "Mode")
        reach.lost = True
        lost = await pressed(fake, panel, "automatic")
        reach.lost = False
        changed = await pressed(fake, panel, "automatic")
    assert lost[0].startswith("I cannot reach my records just now, so nothing was changed.")
    assert changed[0] == "Mode: not set → automatic"
