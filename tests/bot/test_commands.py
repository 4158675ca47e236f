from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.commands import Commands, parse_query
from bot.history import IN_THE_LOG, PAGE, Query, make_entry
from bot.places import Person, Room
from bot.ports import StoredReport
from bot.replies import Reply
from bot.replying.rooms import get_help
from bot.room_settings.definitions import SETTING, SETTINGS
from bot.stores import Stores
from tests.bot.lined import lines
from tests.bot.written import bridge, plain
from tests.fakes.memory import Reach, memory

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROOM = Room("discord", "5", private=False, server="1")
SERVER = Room("discord", "1", private=False, server="1")
OTHER = Room("discord", "6", private=False, server="1")
OWEN = Person("discord", "7")


@pytest.fixture
def kept() -> Stores:
    return memory()


@pytest.fixture
def commands(kept: Stores) -> Commands:
    return Commands(kept)


def said(reply: Reply | str) -> list[str]:
    assert isinstance(reply, Reply)
    return lines(reply)


async def test_every_setting_is_shown_with_where_it_was_set(commands: Commands) -> None:
    await commands.set(SERVER, "mode", "automatic", OWEN)
    await commands.set(ROOM, "repeat_hours", "5", OWEN)
    shown = said(await commands.show_settings(ROOM))
    assert len(shown) == 1 + len(SETTINGS)
    assert any("(mode): automatic (set for all rooms)" in line for line in shown)
    assert "* Repeat window (repeat_hours): 5 hours (set here)" in shown


async def test_one_setting_is_explained_with_what_it_takes(commands: Commands) -> None:
    assert said(await commands.show_setting(ROOM, "repeat_hours")) == [
        "Repeat window (repeat_hours): 24 hours",
        f"{get_help(SETTING['repeat_hours'])} It takes a whole number from 0 to 720.",
    ]
    assert said(await commands.show_setting(ROOM, "moed")) == [
        "There is no setting called moed; did you mean mode?"
    ]


async def test_a_setting_is_set_and_taken_back(commands: Commands) -> None:
    assert said(await commands.set(ROOM, "mode", "off", OWEN)) == ["Mode: not set → off"]
    assert said(await commands.set(ROOM, "mode", "off", OWEN)) == [
        "Nothing has changed: that was set already."
    ]
    assert said(await commands.set(ROOM, "mode", "default", OWEN)) == ["Mode: off → not set"]


async def test_a_wrong_name_or_value_is_one_sentence_and_changes_nothing(commands: Commands) -> None:
    assert said(await commands.set(ROOM, "moed", "off", OWEN)) == [
        "There is no setting called moed; did you mean mode?"
    ]
    assert said(await commands.set(ROOM, "colour of the bridge", "red", OWEN)) == [
        "There is no setting called colour of the bridge."
    ]
    (sentence,) = said(await commands.set(ROOM, "repeat_hours", "many", OWEN))
    assert sentence.startswith("Repeat window: ")
    assert said(await commands.show_audit(ROOM)) == ["Nobody has changed a setting here yet."]


async def test_a_list_is_edited_item_by_item(commands: Commands) -> None:
    await commands.set(ROOM, "domains_ignored", "a.example", OWEN)
    await commands.set(ROOM, "domains_ignored", "add b.example", OWEN)
    (line,) = said(await commands.set(ROOM, "domains_ignored", "remove a.example", OWEN))
    assert line.endswith("→ b.example")


async def test_changes_are_on_record_with_who(commands: Commands) -> None:
    await commands.set(ROOM, "mode", "off", OWEN)
    assert said(await commands.show_audit(ROOM)) == [
        "**Changes of settings, newest first**",
        "* 2026-11-25 12:00 · Mode: not set → off · by 7",
    ]


async def test_settings_travel_as_a_file(commands: Commands) -> None:
    await commands.set(ROOM, "mode", "automatic", OWEN)
    file = await commands.export_settings(ROOM)
    assert isinstance(file, str)
    assert json.loads(file)["settings"] == {"mode": "automatic"}
    assert said(await commands.import_settings(OTHER, file, OWEN)) == ["1 setting was changed."]
    assert said(await commands.import_settings(OTHER, file, OWEN)) == [
        "Nothing has changed: that was set already."
    ]
    assert await commands.export_settings(OTHER) == file


async def test_a_bad_file_is_refused_line_by_line_and_nothing_is_half_applied(commands: Commands) -> None:
    file = '{"hearsay": "room settings", "version": 1, "settings": {\n"mode": "off",\n"repeat_hours": "x"}}'
    found = said(await commands.import_settings(ROOM, file, OWEN))
    assert found[0] == "I changed nothing, because I cannot use everything in this file:"
    assert found[1].startswith("Line 3")
    assert said(await commands.show_audit(ROOM)) == ["Nobody has changed a setting here yet."]


async def test_copying_from_a_room_where_nothing_is_set_changes_nothing(commands: Commands) -> None:
    await commands.set(ROOM, "mode", "off", OWEN)
    before = await commands.export_settings(ROOM)
    assert said(await commands.copy(OTHER, ROOM, OWEN)) == [
        "Nothing is set there, so nothing was changed here."
    ]
    assert await commands.export_settings(ROOM) == before
    assert len(said(await commands.show_audit(ROOM))) == 2


async def test_settings_are_copied_and_reset(commands: Commands) -> None:
    await commands.set(ROOM, "mode", "off", OWEN)
    await commands.set(OTHER, "repeat_hours", "5", OWEN)
    assert said(await commands.copy(ROOM, OTHER, OWEN)) == ["2 settings were copied."]
    assert await commands.export_settings(OTHER) == await commands.export_settings(ROOM)
    assert said(await commands.copy(ROOM, OTHER, OWEN)) == ["Both rooms have the same settings already."]
    assert said(await commands.reset(OTHER, OWEN)) == ["1 setting is back to its default."]
    assert said(await commands.reset(OTHER, OWEN)) == ["Nothing was set here."]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("old bridge", Query("old bridge")),
        ("flagged bridge", Query("bridge", flagged=True)),
        ("domain:www.Courier.example bridge", Query("bridge", "courier.example")),
        ("domain:%%% bridge", Query("domain:%%% bridge")),
        ("", Query()),
    ],
)
def test_a_search_is_words_a_domain_and_a_flag(typed: str, query: Query) -> None:
    assert parse_query(typed) == query


async def test_the_history_is_listed_searched_and_paged(commands: Commands, kept: Stores) -> None:
    assert said(await commands.show_history(ROOM)) == ["I found no such check here."]
    for n in range(6):
        await kept.history.add(
            ROOM, make_entry(StoredReport(plain(), NOW), f"a.example/{n}", NOW), plain(), "a1"
        )
    await kept.history.add(ROOM, make_entry(StoredReport(bridge(), NOW), "b.example/", NOW), bridge(), "a1")
    first = said(await commands.show_history(ROOM))
    assert first[0] == "**7 checks, newest first**"
    assert first[1].endswith(" · unconfirmed")
    assert first[-1] == "-# page 1 of 2"
    assert len(said(await commands.show_history(ROOM, page=1))) == 1 + 2 + 1
    assert len(said(await commands.show_history(ROOM, "old"))) == 2
    assert said(await commands.show_history(ROOM, "👍")) == [
        "This search has no word in it. Type the beginning of a word."
    ]


async def test_text_that_was_pasted_is_listed_as_such(commands: Commands, kept: Stores) -> None:
    report = plain(pasted=True, url=None)
    one = make_entry(StoredReport(report, NOW), "", NOW)
    for entry in (one, replace(one, title="")):
        await kept.history.add(ROOM, entry, report, "a1")
    assert said(await commands.show_history(ROOM))[1:] == [
        "* 2026-11-25 12:00 · text that somebody pasted",
        "* 2026-11-25 12:00 · Bridge reopens · text that somebody pasted",
    ]


async def test_what_stands_in_the_log_channel_alone_is_told_to_who_may_see_it(
    commands: Commands, kept: Stores
) -> None:
    for number in range(PAGE + 1):
        entry = make_entry(StoredReport(plain(), NOW), f"a.example/{number}", NOW, place=IN_THE_LOG)
        await kept.history.add(ROOM, entry, plain(), "a1")
    assert said(await commands.show_history(ROOM)) == ["I found no such check here."]
    assert await commands.export_history(ROOM, table=False) == "[]\n"
    assert said(await commands.show_history(ROOM, logged=True))[-1] == "-# page 1 of 2"
    file = await commands.export_history(ROOM, table=False, logged=True)
    assert isinstance(file, str)
    assert len(json.loads(file)) == PAGE + 1


async def test_the_history_leaves_as_a_table_or_as_json(commands: Commands, kept: Stores) -> None:
    await kept.history.add(ROOM, make_entry(StoredReport(bridge(), NOW), "b.example/", NOW), bridge(), "a1")
    table, objects = (
        await commands.export_history(ROOM, table=True),
        await commands.export_history(ROOM, table=False),
    )
    assert isinstance(table, str)
    assert isinstance(objects, str)
    (row,) = csv.DictReader(io.StringIO(table))
    assert row["title"] == json.loads(objects)[0]["title"] == "Old bridge to close in May"


async def test_people_see_what_is_kept_and_have_their_way(commands: Commands) -> None:
    assert said(await commands.ignore(OWEN)) == [
        "I will no longer react to your links. I still answer your commands."
    ]
    assert said(await commands.show_kept(OWEN)) == ["About you I keep your wish that I ignore your links."]
    assert said(await commands.stop_ignoring(OWEN)) == ["I react to your links again."]
    assert said(await commands.forget(OWEN)) == ["There was nothing to remove."]


async def test_where_the_memory_is_out_of_reach_every_command_says_so() -> None:
    commands = Commands(memory(Reach(lost=True)))
    sorry = ["I cannot reach my records just now, so nothing was changed. Please try again later."]
    found = [
        await commands.show_settings(ROOM),
        await commands.set(ROOM, "mode", "off", OWEN),
        await commands.reset(ROOM, OWEN),
        await commands.copy(ROOM, OTHER, OWEN),
        await commands.export_settings(ROOM),
        await commands.show_audit(ROOM),
        await commands.show_history(ROOM),
        await commands.export_history(ROOM, table=True),
        await commands.show_kept(OWEN),
        await commands.forget(OWEN),
        await commands.ignore(OWEN),
        await commands.stop_ignoring(OWEN),
    ]
    assert [said(one) for one in found] == [sorry] * len(found)
