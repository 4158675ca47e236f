"""Values that no button offers: typed in reply to a settings panel on Telegram."""

from __future__ import annotations

import asyncio

import pytest

from bot.room_settings.import_export import export_settings
from bot.room_settings.overrides import Overrides
from tests.fakes.memory import memory
from tests.fakes.talking import having
from tests.fakes.telegram import (
    ADMINISTRATOR,
    ANONYMOUS_ADMIN,
    CHANNEL,
    FORUM,
    GROUP,
    OTHER_TOPIC,
    OWNER,
    PERSON,
    PRIVATE,
    STAFF,
    STRANGER,
    TOPIC,
    FakeTelegram,
)
from tests.handlers.telegram.panels import at_work, opened, pressed, typed

NOT_YOURS = "Settings are for the creator and the administrators of a group."


# ── typed values ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("setting", "text", "line"),
    [
        ("Repeat window", "48", "Repeat window: not set → 48 hours"),
        ("Domains ignored", "News.Example, a.example", "Domains ignored: not set → a.example, news.example"),
        ("Keywords ignored", "add spoiler, last page", "Keywords ignored: not set → last page, spoiler"),
        ("People ignored", "502 503", "People ignored: not set → 502, 503"),
        ("More links left alone", "/members", "More links left alone: not set → /members"),
        ("Prefixes ignored", "none", "Prefixes ignored: not set → none"),
    ],
)
async def test_a_value_is_typed_in_reply(fake: FakeTelegram, setting: str, text: str, line: str) -> None:
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, setting)
        fresh = await typed(fake, panel, text)
        assert fresh.text.replace("\u2060", "").splitlines()[0] == line
        assert (await pressed(fake, fresh, "Back to the default"))[0].endswith("→ not set")
    assert fake.deleted == [panel.id]
    assert len(await kept.rooms.audit("telegram", str(GROUP))) == 2


@pytest.mark.parametrize(
    ("setting", "text", "reason"),
    [
        ("Repeat window", "many", "Repeat window: it takes a whole number from 0 to 720."),
        ("Domains ignored", "a_b", "Domains ignored: “a_b” is not a domain; write it like news.example."),
        (
            "Keywords ignored",
            "remove dogs",
            "Keywords ignored: “dogs” is not set, so it cannot be removed.",
        ),
        ("People ignored", "@ada", "People ignored: not set → @ada"),
    ],
)
async def test_a_bad_value_is_refused_with_its_reason(
    fake: FakeTelegram, setting: str, text: str, reason: str
) -> None:
    async with at_work(fake, kept := memory()):
        fresh = await typed(fake, await opened(fake, setting), text)
    assert fresh.text.replace("\u2060", "").splitlines()[0] == reason
    assert bool(await kept.rooms.audit("telegram", str(GROUP))) is ("→" in reason)


async def test_a_value_is_typed_after_a_restart_and_by_who_hides_behind_the_group(
    fake: FakeTelegram,
) -> None:
    kept = memory()
    async with at_work(fake, kept):
        panel = await opened(fake, "Retention")
    group = {"id": GROUP, "type": "supergroup", "title": "The newsroom"}
    async with at_work(fake, kept):
        fresh = await typed(fake, panel, "90", by=ANONYMOUS_ADMIN, sender_chat=group)
    assert fresh.text.splitlines()[0] == "Retention: not set → 90 days"


@pytest.mark.parametrize("chat", [CHANNEL, PRIVATE])
async def test_a_value_is_typed_in_a_channel_and_in_private(fake: FakeTelegram, chat: int) -> None:
    async with at_work(fake, memory()):
        panel = await opened(fake, chat=chat, by=PERSON)
        await pressed(fake, panel, "Retention", by=PERSON if chat == PRIVATE else ADMINISTRATOR)
        fresh = await typed(fake, panel, "90", by=PERSON)
    assert fresh.text.splitlines()[0] == "Retention: not set → 90 days"


async def test_a_typed_value_of_a_topic_stays_in_it(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, "Retention", chat=FORUM, topic=TOPIC)
        fresh = await typed(fake, panel, "90", topic=TOPIC)
    assert fresh.body["message_thread_id"] == TOPIC
    assert [one.place for one in await kept.rooms.audit("telegram", f"{FORUM}/{TOPIC}")] == [
        f"{FORUM}/{TOPIC}"
    ]


async def test_who_administers_nothing_types_nothing(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, "Retention")
        for _ in range(20):
            await fake.says("90", by=STRANGER, replies_to=panel.id)
        await fake.says_in_private("hello")
        hint = await fake.answer(2)
    assert (hint.chat, len(fake.sent), fake.deleted) == (PRIVATE, 2, [])
    assert not await kept.rooms.audit("telegram", str(GROUP))


async def test_a_link_on_a_page_makes_no_panel_of_an_answer(fake: FakeTelegram) -> None:
    """A page can link to any address, and the card shows the links of originals."""
    async with at_work(fake, kept := memory()):
        await fake.says("/help", by=ADMINISTRATOR)
        help_ = await fake.answer()
        there = "https://t.me/hearsay_bot?start=set_here_retention_days"
        link = {"type": "text_link", "offset": 0, "length": 3, "url": there}
        fake._seen[help_.id]["entities"] = [link]
        await fake.says("90", by=ADMINISTRATOR, replies_to=help_.id)
        await opened(fake)
        await asyncio.sleep(0.05)
    assert (fake.deleted, await kept.rooms.audit("telegram", str(GROUP))) == ([], ())


async def test_a_word_under_the_list_of_settings_is_only_a_word(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        for panel in (await opened(fake), await opened(fake, "Mode")):
            await fake.says("off", by=ADMINISTRATOR, replies_to=panel.id)
        await opened(fake)
        await asyncio.sleep(0.05)
    assert (fake.deleted, await kept.rooms.audit("telegram", str(GROUP))) == ([], ())


# ── the log channel ─────────────────────────────────────────────────────────────────────────────────

REFUSED = "Nothing was changed. A log channel can be this group, one of its topics"


@pytest.mark.parametrize("channel", [f"{STAFF}", f"{GROUP}", f"{GROUP}/77", "none", "default"])
async def test_a_log_channel_is_the_own_group_or_one_that_who_sets_it_administers(
    fake: FakeTelegram, channel: str
) -> None:
    async with at_work(fake, await having("telegram", GROUP, log_channel="-1")):
        await typed(fake, await opened(fake, "Log channel"), channel)
        await fake.watch.until(
            lambda: [one for one in fake.sent if one.text.startswith("Log channel: -1 → ")]
        )


@pytest.mark.parametrize(
    ("channel", "by"), [(f"{STAFF}", OWNER), ("-999", OWNER), ("@newsroom", OWNER), ("-1/x", OWNER)]
)
async def test_a_log_channel_of_others_is_refused_however_it_is_set(
    fake: FakeTelegram, channel: str, by: int
) -> None:
    file = export_settings(Overrides.of({"log_channel": channel}))
    async with at_work(fake, kept := memory()):
        panel = await opened(fake, "Log channel", by=by)
        assert (await typed(fake, panel, channel, by=by)).text.startswith(REFUSED)
        await fake.sends_file(file.encode(), "/import", by=by)
        assert (await fake.answer(3)).text.startswith(REFUSED)
    assert not await kept.rooms.audit("telegram", str(GROUP))


async def test_changes_are_told_in_the_log_channel(fake: FakeTelegram) -> None:
    async with at_work(fake, await having("telegram", FORUM, log_channel=f"{FORUM}/{OTHER_TOPIC}")):
        panel = await opened(fake, "Mode", chat=FORUM, topic=TOPIC)
        await pressed(fake, panel, "automatic")
        notice = await fake.answer(2)
    assert (notice.chat, notice.body["message_thread_id"]) == (FORUM, OTHER_TOPIC)
    assert notice.text.splitlines() == [
        f"Cleo ({ADMINISTRATOR}) changed settings of The newsroom, topic {TOPIC}:",
        "",
        "Mode: not set → automatic",
    ]
