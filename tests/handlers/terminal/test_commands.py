from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.handlers.terminal.test_chat import talk

BRIDGE = "https://bridge.example/a"


async def test_settings_can_be_tried_in_a_shared_room() -> None:
    found = await talk("/room dale", "hello", "/settings mode off", f"/check {BRIDGE}", "/room", BRIDGE)
    assert "You are in the shared room dale." in found[0]
    assert found[2] == "Mode: not set → off"
    assert "I am switched off here." in found
    assert found.count("Old bridge to close in May") == 1


async def test_automatic_mode_answers_a_pasted_link_with_a_finding_and_no_other() -> None:
    found = await talk(
        "/room dale",
        "/settings mode automatic",
        "/settings person_cooldown_seconds 0",
        f"look {BRIDGE}",
        "look https://plain.example/b",
    )
    assert "Old bridge to close in May" in found
    assert "Bridge reopens" not in found


async def test_a_repeated_link_is_pointed_at_its_answer() -> None:
    found = await talk(
        "/room dale", "/settings person_cooldown_seconds 0", "/settings mode automatic", *[BRIDGE] * 2
    )
    assert "Checked here a moment ago: Old bridge to close in May" in found


async def test_a_command_in_a_shared_room_is_answered_to_the_asker_who_may_show_it() -> None:
    found = await talk("/room dale", f"/check {BRIDGE}", "/history", "/show", "/history", "/show")
    nothing, everything = "I found no such check here.", "1 check"
    assert found.count("Now everybody in dale sees:") == 1
    assert [line for line in found if line in (nothing, everything)] == [nothing, everything]
    assert found.count("Old bridge to close in May") == 2
    assert "Everybody can see this answer already." in found


async def test_settings_of_all_rooms_stand_below_those_of_one() -> None:
    found = await talk("/settings all mode off", "/room dale", "/settings mode on_request", "/settings")
    assert any("Mode (mode): on request (set here)" in line for line in found)
    assert "Mode: not set → off" in found


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/settings mode", "Mode (mode): on request"),
        ("/settings copy", "Type /settings copy and the name of a room."),
        ("/settings moed off", "There is no setting called moed; did you mean mode?"),
        ("/settings reset", "Nothing was set here."),
        ("/settings copy dale", "Nothing is set there, so nothing was changed here."),
        ("/audit", "Nobody has changed a setting here yet."),
        ("/history", "I found no such check here."),
        ("/history 👍", "This search has no word in it. Type the beginning of a word."),
        ("/forget", "There was nothing to remove."),
        ("/ignoreme", "I will no longer react to your links. I still answer your commands."),
        ("/heedme", "I react to your links again."),
        ("/import /no/such/file", "I cannot use /no/such/file: No such file or directory."),
        ("/export", "Type /export and the name of a new file"),
    ],
)
async def test_each_command_answers_in_one_sentence(typed: str, line: str) -> None:
    assert any(found.startswith(line) for found in await talk(typed))


async def test_settings_and_history_leave_as_files_and_settings_come_back(tmp_path: Path) -> None:
    settings, table = tmp_path / "settings.json", tmp_path / "history.csv"
    found = await talk(
        "/settings style brief",
        BRIDGE,
        f"/export {settings}",
        f"/export history {table}",
        f"/export {settings}",
        "/settings reset",
        f"/import {settings}",
        "/history old page 1",
        "/audit",
    )
    assert json.loads(settings.read_text("utf-8"))["settings"] == {"style": "brief"}
    assert "Old bridge to close in May" in table.read_text("utf-8")
    assert f"I cannot use {settings}: File exists." in found
    assert "1 setting was changed." in found
    assert any("Old bridge to close in May · harbour-post.example · unconfirmed" in line for line in found)
    assert sum("by you" in line for line in found) == 3


async def test_a_doctor_says_what_happens_here() -> None:
    found = await talk("/doctor", "/room dale", "/settings mode off", "/doctor")
    assert [line for line in found if line.startswith("I ")] == [
        "I answer whoever asks. I leave links alone that are only pasted (the mode is “on request”).",
        "I am switched off here (the mode is “off”), so I answer nobody.",
    ]
    assert found.count("Nothing is in the way.") == 2


async def test_what_the_log_channel_hears_is_seen() -> None:
    found = await talk("/room dale", "/settings log_channel press-room", "/settings mode off")
    assert found.count("In the log channel press-room:") == 2
    assert found.count("you changed settings of dale:") == 2
