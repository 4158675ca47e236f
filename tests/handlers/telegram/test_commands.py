"""What the commands on Telegram answer, in private and in groups, and whom they refuse."""

from __future__ import annotations

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest

from bot.commands import Commands
from bot.history import make_entry
from bot.notices import Notices
from bot.places import Person, Room
from bot.ports import StoredReport
from bot.stores import Stores
from handlers.telegram.client import run
from tests.bot.written import bridge
from tests.fakes.conversation import OneReply
from tests.fakes.memory import Reach, memory
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import at_home
from tests.fakes.talking import NOW, having
from tests.fakes.telegram import (
    ADMINISTRATOR,
    ANONYMOUS_ADMIN,
    CHANNEL,
    FORUM,
    GROUP,
    MUTED,
    OTHER_TOPIC,
    OWNER,
    PERSON,
    PRIVATE,
    ROBOT,
    STAFF,
    TOPIC,
    FakeTelegram,
)
from tests.handlers.telegram.running import answer, said

HERE = Room("telegram", str(GROUP), private=False, server=str(GROUP))
THE_GROUP = {"id": GROUP, "type": "supergroup", "title": "The newsroom"}
ADMIN = Person("telegram", str(ADMINISTRATOR))


def at_work(fake: FakeTelegram, kept: Stores) -> AbstractAsyncContextManager[object]:
    notices = Notices(kept)
    return at_home(run, OneReply(ferry()), fake, commands=Commands(kept, notices), notices=notices)


# ── /start and /help ────────────────────────────────────────────────────────────────────────────────


async def test_start_greets_in_private_and_says_first_what_is_kept(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        greeting = await said(fake, "/start", chat=PRIVATE)
    assert greeting.startswith("Send me a link to a news article.")
    assert "I read links, not conversations. I keep the link and the result for 30 days" in greeting


@pytest.mark.parametrize(
    "forged", ["wrong_", "paste_../a", "remove_a1", "set_here_mode", "WRONG_a1", "x" * 64]
)
async def test_a_start_with_made_up_words_is_a_start(fake: FakeTelegram, forged: str) -> None:
    async with at_work(fake, memory()):
        greeting = await answer(fake, f"/start {forged}", chat=PRIVATE)
    assert greeting.text.startswith("Send me a link to a news article.")
    assert "reply_markup" not in greeting.body


@pytest.mark.parametrize("reads_all", [True, False])
async def test_a_group_is_told_what_privacy_mode_hides(fake: FakeTelegram, *, reads_all: bool) -> None:
    fake.reads_all = reads_all
    async with at_work(fake, memory()):
        welcome = await said(fake, "/start@hearsay_bot")
    assert welcome.startswith("Thank you for having me.")
    assert ("Privacy mode is on, so Telegram" in welcome) is not reads_all


async def test_a_question_that_is_for_private_is_not_asked_in_a_group(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        welcome = await said(fake, "/start wrong_a1")
    assert welcome.startswith("Thank you for having me.")


async def test_help_names_every_command_and_is_silent_under_what_asked(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        told = await answer(fake, "/help", topic=TOPIC, chat=FORUM)
        privately = await said(fake, "/help", chat=PRIVATE)
    assert all(f"/{name}" in told.text for name in ("check", "history", "privacy", "forget", "ignoreme"))
    assert (told.body["disable_notification"], told.body["message_thread_id"]) == (True, TOPIC)
    assert told.body["reply_parameters"]["allow_sending_without_reply"] is True
    assert privately.splitlines()[-1] == "Here I check the links in every message."


async def test_a_command_for_another_bot_is_left_alone(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        for other in ("/help@other_bot", "/settings@other_bot", "/weather"):
            await fake.says(other, by=ADMINISTRATOR)
        mine = await fake.says("/HELP@Hearsay_Bot", by=ADMINISTRATOR)
        told = await fake.answer()
        await said(fake, f"/check@hearsay_bot {URL}")
    assert told.body["reply_parameters"]["message_id"] == mine
    assert len(fake.sent) == 2


async def test_another_bot_is_not_answered(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        await fake.says("/help", by=ROBOT)
        await said(fake, "/help")
        await asyncio.sleep(0.05)
    assert len(fake.sent) == 1


# ── /history ────────────────────────────────────────────────────────────────────────────────────────


async def checked(kept: Stores, room: Room, *titles: str) -> None:
    for number, title in enumerate(titles):
        entry = replace(make_entry(StoredReport(bridge(), NOW), f"k{number}", NOW), title=title)
        report = replace(bridge(), sources=())
        await kept.history.add(room, entry, report, f"{room.id} {number}")


async def test_history_is_searched_by_words_and_shows_this_room_alone(fake: FakeTelegram) -> None:
    await checked(kept := memory(), HERE, "The bridge closes", "A ferry sails")
    await checked(kept, replace(HERE, id="-999", server="-999"), "The bridge elsewhere")
    async with at_work(fake, kept):
        found = await said(fake, "/history bridge")
        nothing = await said(fake, "/history zebra")
        futile = await said(fake, "/history ???")
    assert found.splitlines()[0] == "1 check"
    assert ("The bridge closes" in found, "elsewhere" in found) == (True, False)
    assert nothing == "I found no such check here."
    assert futile == "This search has no word in it. Type the beginning of a word."


async def test_history_comes_in_pages(fake: FakeTelegram) -> None:
    await checked(kept := memory(), HERE, *(f"Number {n}" for n in range(7)))
    async with at_work(fake, kept):
        first, second = await said(fake, "/history"), await said(fake, "/history number page 2")
    assert (first.splitlines()[-1], second.splitlines()[-1]) == ("page 1 of 2", "page 2 of 2")
    assert ("Number 6" in first, "Number 6" in second, "Number 0" in second) == (True, False, True)


async def test_the_history_of_a_topic_and_of_a_private_chat_are_their_own(fake: FakeTelegram) -> None:
    topic = Room("telegram", f"{FORUM}/{TOPIC}", private=False, server=str(FORUM))
    await checked(kept := memory(), topic, "Said in a topic")
    await checked(kept, Room("telegram", str(PRIVATE), private=True), "Said in private")
    async with at_work(fake, kept):
        there = await said(fake, "/history", chat=FORUM, topic=TOPIC)
        other = await said(fake, "/history", chat=FORUM, topic=OTHER_TOPIC)
        private = await said(fake, "/history", chat=PRIVATE)
    assert ("Said in a topic" in there, "Said in private" in private) == (True, True)
    assert other == "I found no such check here."


async def test_a_stranger_in_a_title_stays_words(fake: FakeTelegram) -> None:
    await checked(kept := memory(), HERE, "<b>@everyone</b>")
    async with at_work(fake, kept):
        shown = await answer(fake, "/history")
    assert "&lt;b&gt;@\u2060everyone" in shown.body["text"]


# ── people ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
async def test_people_see_and_have_their_way(fake: FakeTelegram, chat: int) -> None:
    kept, me = memory(), Person("telegram", str(PERSON))
    async with at_work(fake, kept):
        ignored = await said(fake, "/ignoreme", chat=chat)
        assert await kept.people.is_ignored(me)
        heeded = await said(fake, "/heedme", chat=chat)
        assert not await kept.people.is_ignored(me)
    assert ignored == "I will no longer react to your links. I still answer your commands."
    assert heeded == "I react to your links again."


async def test_what_is_kept_of_somebody_is_said_in_private_alone(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        await said(fake, "/privacy", chat=GROUP)
        in_the_group = fake.sent[-1]
        alone = await said(fake, "/privacy", chat=PRIVATE)
        led_there = await said(fake, "/start privacy", chat=PRIVATE)
        among_others, forgotten = await said(fake, "/forget"), await said(fake, "/forget", chat=PRIVATE)
    first = (
        "I read links, not conversations. I keep the link and the result for 30 days; never your messages."
    )
    assert in_the_group.text == f"{first}\n\nI say what I keep about you only in private."
    (address,) = [one["url"] for one in in_the_group.entities if one["type"] == "text_link"]
    assert address == "https://t.me/hearsay_bot?start=privacy"
    assert alone == led_there
    assert alone.startswith(f"{first}\n\nI keep nothing about you.")
    assert among_others == "I removed you from what I keep. The results stay, without you."
    assert forgotten == "There was nothing to remove."


@pytest.mark.parametrize("command", ["ignoreme", "forget", "heedme"])
async def test_in_the_name_of_a_chat_nobody_has_wishes_for_all(fake: FakeTelegram, command: str) -> None:
    kept = memory()
    async with at_work(fake, kept):
        by_admin = await said(fake, f"/{command}", by=ANONYMOUS_ADMIN, sender_chat=THE_GROUP)
        by_channel = await said(fake, f"/{command}", chat=CHANNEL)
    assert by_admin == by_channel
    assert by_admin.startswith("You write in the name of a chat, so I cannot tell who you are.")
    assert not await kept.people.is_ignored(Person("telegram", str(GROUP)))
    assert not await kept.people.is_ignored(Person("telegram", str(CHANNEL)))


async def test_privacy_names_the_days_of_this_room(fake: FakeTelegram) -> None:
    async with at_work(fake, await having("telegram", GROUP, retention_days=7)):
        assert "the result for 7 days" in await said(fake, "/privacy")


async def test_a_memory_that_is_out_of_reach_is_said_to_be(fake: FakeTelegram) -> None:
    async with at_work(fake, memory(reach := Reach())):
        reach.lost = True
        for command in ("history", "forget", "export", "audit", "reset"):
            told = await said(fake, f"/{command}", by=ADMINISTRATOR)
            lost = told.startswith("I cannot reach my records just now")
            assert lost is (command != "reset")  # which only asks


# ── /doctor and /audit ──────────────────────────────────────────────────────────────────────────────


async def test_a_doctor_finds_nothing_where_nothing_is_wrong(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        told = await said(fake, "/doctor", by=ADMINISTRATOR)
    assert told.endswith("Nothing is in the way.")


async def test_a_doctor_names_privacy_mode_where_it_hides_what_is_wanted(fake: FakeTelegram) -> None:
    fake.reads_all = False
    async with at_work(fake, kept := memory()):
        unhindered = await said(fake, "/doctor", by=ADMINISTRATOR)
        await Commands(kept).set(HERE, "mode", "automatic", ADMIN)
        hindered = await said(fake, "/doctor", by=ADMINISTRATOR)
    assert unhindered.endswith("Nothing is in the way.")
    assert "Telegram shows me only commands and replies to me" in hindered
    assert "privacy mode off at @\u2060BotFather" in hindered


async def test_a_doctor_of_a_group_that_takes_no_messages_answers_in_private(
    fake: FakeTelegram, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.makes_administrator(MUTED, PERSON)
    async with at_work(fake, memory()):
        await fake.says("/help", chat=MUTED)
        told = await answer(fake, "/doctor", chat=MUTED)
    assert told.chat == PRIVATE
    assert "I may not write in this group, so I answer nobody here." in told.text
    assert "Traceback" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("channel", "told"), [(GROUP, True), (STAFF, True), (-1, False), (-999, False), ("nowhere", False)]
)
async def test_a_doctor_says_where_the_log_channel_cannot_be_told(
    fake: FakeTelegram, channel: object, *, told: bool
) -> None:
    async with at_work(fake, await having("telegram", GROUP, log_channel=str(channel))):
        found = await said(fake, "/doctor", by=ADMINISTRATOR)
    assert ("I cannot write in the log channel" not in found) is told


async def test_the_audit_says_who_changed_what_in_pages(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        assert await said(fake, "/audit", by=OWNER) == "Nobody has changed a setting here yet."
        for number in range(1, 13):
            await Commands(kept).set(HERE, "repeat_hours", str(number), ADMIN)
        first, second = [await said(fake, f"/audit{page}", by=OWNER) for page in ("", " page 2")]
    assert f"Repeat window: 11 hours → 12 hours · by Cleo ({ADMINISTRATOR})" in first
    assert "Repeat window: not set → 1 hour" in second


async def test_the_audit_of_a_topic_holds_what_was_changed_for_its_group(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        group = Room("telegram", str(FORUM), private=False, server=str(FORUM))
        await Commands(kept).set(group, "mode", "off", ADMIN)
        told = await said(fake, "/audit", by=OWNER, chat=FORUM, topic=TOPIC)
    assert "Mode: not set → off" in told


# ── files ───────────────────────────────────────────────────────────────────────────────────────────


async def test_settings_leave_as_a_file_and_come_back_by_a_reply_to_it(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := await having("telegram", GROUP, mode="automatic")):
        file = await answer(fake, "/export", by=ADMINISTRATOR)
        assert json.loads(file.file or b"")["settings"] == {"mode": "automatic"}
        await Commands(kept).set(HERE, "mode", "off", ADMIN)
        told = await said(fake, "/import", by=ADMINISTRATOR, replies_to=file.id)
    assert told == "1 setting was changed."
    assert (await kept.settings(HERE)).mode == "automatic"


async def test_the_file_of_a_topic_arrives_there_silently(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        file = await answer(fake, "/export", by=OWNER, chat=FORUM, topic=TOPIC)
    assert (file.body["message_thread_id"], file.body["disable_notification"]) == (TOPIC, True)


GOOD = b'{"hearsay": "room settings", "version": 1, "settings": {"mode": "off"}}'


async def test_a_file_with_the_command_as_its_caption_is_taken(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        await fake.sends_file(GOOD, "/import", by=ADMINISTRATOR)
        assert (await fake.answer()).text == "1 setting was changed."
    assert (await kept.settings(HERE)).mode == "off"
    (record,) = await kept.rooms.audit("telegram", str(GROUP))
    assert record.who == str(ADMINISTRATOR)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"hearsay": ', "Line 1: this is not JSON at column 13"),
        (b'{"hearsay": "room settings", "version": 1, "settings": {"mood": 1}}', "did you mean “mode”?"),
        (b"\x89PNG\r\n\x1a\n\x00", "I changed nothing, because I cannot use everything in this file:"),
        (b"{}" + b" " * (10 << 20), "This file is larger than 1 MiB, too large for settings"),
        (b"", "Line 1: this is not JSON"),
    ],
)
async def test_a_bad_file_changes_nothing_and_is_told_why(
    fake: FakeTelegram, content: bytes, sentence: str
) -> None:
    async with at_work(fake, kept := await having("telegram", GROUP, mode="automatic")):
        await fake.sends_file(content, "/import", by=ADMINISTRATOR)
        assert sentence in (await fake.answer()).text
    assert (await kept.settings(HERE)).mode == "automatic"


async def test_a_file_that_telegram_does_not_give_changes_nothing(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        sent = await fake.sends_file(GOOD, by=ADMINISTRATOR)
        fake.loses_files()
        told = await said(fake, "/import", by=ADMINISTRATOR, replies_to=sent)
    assert told == "I could not download this file, so nothing was changed. Please try again."


async def test_a_picture_and_a_message_without_a_file_are_told_what_to_send(fake: FakeTelegram) -> None:
    picture = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    hint = "Reply with /import to a file that /export made, or send such a file with /import as its caption."
    async with at_work(fake, memory()):
        assert await said(fake, "/import", by=ADMINISTRATOR) == hint
        assert await said(fake, "/import", by=ADMINISTRATOR, under="caption", photo=picture) == hint
        before = await fake.says("look", by=ADMINISTRATOR)
        assert await said(fake, "/import", by=ADMINISTRATOR, replies_to=before) == hint


# ── /copy and /reset ────────────────────────────────────────────────────────────────────────────────


LARGE = -1001234567890  # as real supergroups are called


@pytest.mark.parametrize(
    ("chat", "source"),
    [
        (FORUM, "78"),
        (FORUM, "https://t.me/Newsroom/78"),
        (LARGE, "https://t.me/c/1234567890/78"),
        (LARGE, "https://t.me/c/1234567890/78/5"),
    ],
)
async def test_the_settings_of_another_topic_are_copied(fake: FakeTelegram, chat: int, source: str) -> None:
    kept = memory()
    there = Room("telegram", f"{chat}/78", private=False, server=str(chat))
    await Commands(kept).set(there, "mode", "off", ADMIN)
    fake.makes_administrator(chat, OWNER)
    async with at_work(fake, kept):
        told = await said(fake, f"/copy {source}", by=OWNER, chat=chat, topic=TOPIC)
    assert told == "1 setting was copied."
    assert (await kept.settings(replace(there, id=f"{chat}/{TOPIC}"))).mode == "off"


@pytest.mark.parametrize(
    "source", ["", "news", "-1", f"https://t.me/c/999/{OTHER_TOPIC}", "https://t.me/other/7"]
)
async def test_what_is_no_topic_of_this_group_is_not_copied_from(fake: FakeTelegram, source: str) -> None:
    kept = await having("telegram", FORUM, mode="automatic")
    async with at_work(fake, kept):
        told = await said(fake, f"/copy {source}", by=OWNER, chat=FORUM)
    assert told.startswith("Type /copy and the number of another topic of this group")
    assert (await kept.rooms.overrides("telegram", str(FORUM)))["mode"] == "automatic"


async def test_a_reset_asks_first(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := await having("telegram", GROUP, mode="off", repeat_hours=1)):
        asked = await answer(fake, "/reset", by=OWNER)
        assert (await kept.settings(HERE)).mode == "off"
        sure = asked.buttons["Yes, reset everything here"]
        await fake.answer_to(await fake.presses(asked, sure, by=OWNER))
        await fake.watch.until(lambda: asked.edits)
    assert asked.text.splitlines()[0] == "2 settings are back to their defaults."
    assert not await kept.rooms.overrides("telegram", str(GROUP))
