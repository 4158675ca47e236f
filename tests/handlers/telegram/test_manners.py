"""What a moderator would mute a bot for, and does not meet: echoes, noise, and answers in wrong places."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.commands import Commands
from bot.notices import Notices
from bot.rooms import FindingKind, Mode
from bot.stores import Stores
from handlers.telegram.client import run
from handlers.telegram.rate_limiter import LineQuota
from tests.fakes import talking
from tests.fakes.conversation import OneReply
from tests.fakes.memory import memory
from tests.fakes.replies import ferry
from tests.fakes.serving import at_home
from tests.fakes.talking import FLAGGED, ORDINARY, having, talk
from tests.fakes.telegram import (
    ADMINISTRATOR,
    ANONYMOUS_ADMIN,
    BOT,
    CHANNEL,
    GROUP,
    LOCKED,
    MUTED,
    PRIVATE,
    STAFF,
    STRANGER,
    FakeTelegram,
    Refused,
)

THE_CHANNEL = {"id": CHANNEL, "type": "channel", "title": "The newsroom"}
THE_GROUP = {"id": GROUP, "type": "supergroup", "title": "The newsroom"}
TELEGRAM = 777_000  # who carries a channel's posts into its group
PHOTO = [{"file_id": "x", "file_unique_id": "x", "width": 9, "height": 9}]


def at_work(fake: FakeTelegram, kept: Stores) -> Any:
    notices = Notices(kept)
    return at_home(run, talk(kept), fake, commands=Commands(kept, notices), notices=notices)


async def automatic(chat: int = GROUP, kept: Stores | None = None, **more: Any) -> Stores:
    return await talking.automatic("telegram", chat, kept, **more)


async def carried(fake: FakeTelegram, text: str, **more: Any) -> int:
    """A channel's post appears in the channel's group."""
    origin = {"type": "channel", "chat": THE_CHANNEL, "message_id": 5, "date": 1_790_000_000}
    passed: dict[str, Any] = {
        "sender_chat": THE_CHANNEL,
        "is_automatic_forward": True,
        "forward_origin": origin,
    }
    return await fake.says(text, by=TELEGRAM, **passed, **more)


async def heard_out(fake: FakeTelegram, answers: int) -> None:
    """Everything that was said has been dealt with: a private question behind it is answered."""
    await fake.says_in_private(ORDINARY)
    await fake.answer(answers + 1)
    await asyncio.sleep(0.05)


# ── echoes ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_link_in_a_channels_post_is_read_in_its_group(fake: FakeTelegram) -> None:
    async with at_work(fake, await automatic()):
        await carried(fake, f"Today: {FLAGGED}")
        answer = await fake.answer()
    assert answer.chat == GROUP


async def test_an_answer_in_a_channel_is_not_read_again_in_its_group(fake: FakeTelegram) -> None:
    kept = await automatic(CHANNEL, await automatic(findings=frozenset({FindingKind.EVERY_ARTICLE})))
    async with at_work(fake, kept):
        await fake.says(f"Today: {FLAGGED}", chat=CHANNEL)
        answer = await fake.answer()
        linked = [{"type": "text_link", "offset": 0, "length": 3, "url": FLAGGED}]
        await carried(fake, answer.text, entities=linked)
        await carried(fake, f"{answer.text}\n", entities=linked, edits=999)
        await heard_out(fake, 1)
    assert [sent.chat for sent in fake.sent] == [CHANNEL, PRIVATE]


async def test_an_answer_that_somebody_forwards_is_not_read(fake: FakeTelegram) -> None:
    origin = {"type": "user", "sender_user": {"id": BOT, "is_bot": True, "first_name": "H"}, "date": 1}
    async with at_work(fake, await automatic()):
        linked = [{"type": "text_link", "offset": 0, "length": 3, "url": FLAGGED}]
        await fake.says("Original: the ministry", forward_origin=origin, entities=linked)
        await heard_out(fake, 0)
    assert [sent.chat for sent in fake.sent] == [PRIVATE]


async def test_what_a_channel_tells_the_bot_is_not_told_again_in_its_group(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        for words in ("/settings", f"/check {FLAGGED}", "Checked with @hearsay_bot"):
            await carried(fake, words)
        await fake.says("Our news. Checked with @hearsay_bot", chat=CHANNEL)
        await heard_out(fake, 0)
    assert [sent.chat for sent in fake.sent] == [PRIVATE]


# ── noise ───────────────────────────────────────────────────────────────────────────────────────────


async def test_an_album_with_one_link_is_one_question(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        part: dict[str, Any] = {"chat": PRIVATE, "under": "caption", "photo": PHOTO, "media_group_id": "1"}
        await fake.says(f"look {FLAGGED}", **part)
        for _ in range(3):
            await fake.says("", **part)
        await fake.answer()
        await fake.all_seen()
        await asyncio.sleep(0.05)
    assert len(fake.sent) == 1


async def test_one_person_cannot_make_it_talk_and_talk(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        for _ in range(30):
            await fake.says("/help")
            await fake.says("/check")
        await fake.says("/help", by=STRANGER)
        await fake.says(f"/check {FLAGGED}", by=ADMINISTRATOR)
        await fake.answer(7)
        await heard_out(fake, 7)
    in_the_group = [sent for sent in fake.sent if sent.chat == GROUP]
    assert len(in_the_group) == 7
    assert any("UNCONFIRMED" in sent.text for sent in in_the_group)


async def test_who_floods_one_group_does_not_stop_automatic_mode_in_another(fake: FakeTelegram) -> None:
    async with at_work(fake, await automatic(STAFF)):
        for _ in range(60):
            await fake.says("/check")
        await fake.says(f"look {FLAGGED}", chat=STAFF)
        await fake.watch.until(lambda: any(sent.chat == STAFF for sent in fake.sent))


async def test_what_was_allowed_is_allowed_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    allowance, now = LineQuota(), 0.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    assert [allowance.take("a", 2) for _ in range(3)] == [True, True, False]
    assert allowance.take("b", 2)
    now = 31.0
    assert allowance.take("a", 2)


async def test_a_channel_that_posts_two_links_at_once_gets_both_read(fake: FakeTelegram) -> None:
    values: Any = {"mode": Mode.AUTOMATIC, "findings": frozenset({FindingKind.EVERY_ARTICLE})}
    async with at_work(fake, await having("telegram", CHANNEL, **values)):
        await fake.says(f"look {FLAGGED}", chat=CHANNEL)
        await fake.says(f"look {ORDINARY}", chat=CHANNEL)
        await fake.answer(2)


async def test_who_writes_as_a_channel_of_his_own_is_one_person(fake: FakeTelegram) -> None:
    own = {"id": -1000000009999, "type": "channel", "title": "Mine"}
    async with at_work(fake, memory()):
        for number in range(10):
            await fake.says(f"/check {FLAGGED}?{number}", by=136_817_688, sender_chat=own)
        await heard_out(fake, 5)
    answers = [sent for sent in fake.sent if "Old bridge" in sent.text or "wait" in sent.text.lower()]
    assert len(answers) <= 6


# ── who is who, and where ───────────────────────────────────────────────────────────────────────────


async def test_an_anonymous_administrator_stays_anonymous(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = fake._member
    hidden = {"is_anonymous": True}
    monkeypatch.setattr(
        fake,
        "_member",
        lambda ident, status: member(ident, status) | (hidden if status == "administrator" else {}),
    )
    kept = await having("telegram", GROUP, log_channel=str(GROUP))
    async with at_work(fake, kept):
        await fake.says("/settings", by=ANONYMOUS_ADMIN, sender_chat=THE_GROUP)
        panel = await fake.answer()
        await fake.answer_to(await fake.presses(panel, panel.buttons["Mode"], by=ADMINISTRATOR))
        await fake.watch.until(lambda: "automatic" in panel.buttons)
        await fake.presses(panel, panel.buttons["automatic"], by=ADMINISTRATOR)
        notice = await fake.answer(2)
        await fake.says("/audit", by=ADMINISTRATOR)
        audit = await fake.answer(3)
    assert str(ADMINISTRATOR) not in notice.text + audit.text


async def test_the_message_that_tells_of_its_own_end_does_not_bring_it_back(fake: FakeTelegram) -> None:
    kept = memory()
    async with at_work(fake, kept):
        await fake.stands(GROUP, "kicked", "member", by=ADMINISTRATOR)
        await fake.says("", under="caption", left_chat_member={"id": BOT, "is_bot": True, "first_name": "H"})
        await fake.says("from before", date=1)
        await fake.all_seen()
    assert await kept.find_left_rooms("telegram") == (str(GROUP),)


async def test_a_memory_that_was_away_once_does_not_hide_who_was_left(fake: FakeTelegram) -> None:
    from tests.fakes.memory import Reach

    kept = memory(reach := Reach())
    await kept.rooms.mark_left("telegram", str(GROUP))
    async with at_work(fake, kept):
        reach.lost = True
        await fake.says("hello")
        await fake.all_seen()
        reach.lost = False
        await fake.says("hello again")
        await heard_out(fake, 0)
    assert await kept.find_left_rooms("telegram") == ()


@pytest.mark.parametrize("now", [MUTED, LOCKED])
async def test_a_group_that_moved_to_where_the_bot_may_not_write_is_finished_with(
    fake: FakeTelegram, now: int
) -> None:
    fake.moved_to = now
    async with at_home(run, conversation := OneReply(ferry()), fake):
        await fake.says(f"/check {FLAGGED}", chat=-605)
        await fake.watch.until(lambda: conversation.asked)
        await heard_out(fake, 0)
    assert len(conversation.asked) == 2


async def test_an_answer_that_follows_a_move_stands_under_no_other_message(fake: FakeTelegram) -> None:
    async with at_home(run, OneReply(ferry()), fake):
        await fake.says(f"/check {FLAGGED}", chat=-605)
        answer = await fake.answer()
    assert (answer.chat, "reply_parameters" in answer.body) == (GROUP, False)


async def test_a_message_comes_without_the_button_that_telegram_refuses(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = fake._send_message

    async def picky(said: dict[str, Any]) -> Any:
        if "https://ferry" in str(said["reply_markup"]) or "url" in str(said["reply_markup"]):
            raise Refused(400, "Bad Request: BUTTON_URL_INVALID")
        return await taken(said)

    monkeypatch.setattr(fake, "_send_message", picky)
    async with at_home(run, OneReply(ferry()), fake):
        await fake.says_in_private(FLAGGED)
        answer = await fake.answer()
    assert list(answer.buttons) == ["Remove"]


async def test_a_press_that_telegram_has_given_up_on_is_done_all_the_same(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_late(_: object) -> bool:
        raise Refused(400, "Bad Request: query is too old and response timeout expired")

    kept = memory()
    async with at_work(fake, kept):
        await fake.says("/settings", by=ADMINISTRATOR)
        panel = await fake.answer()
        monkeypatch.setattr(fake, "_answer_callback_query", too_late)
        await fake.presses(panel, panel.buttons["Mode"], by=ADMINISTRATOR)
        await fake.watch.until(lambda: "automatic" in panel.buttons)


async def test_an_export_from_a_topic_that_is_gone_comes_all_the_same(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        fake.close_topics()
        await fake.says("/export", chat=-602, topic=77, by=ADMINISTRATOR)
        found = await fake.answer()
    assert found.file is not None


async def test_a_pointer_in_a_channel_leads_to_the_answer(fake: FakeTelegram) -> None:
    async with at_work(fake, await automatic(CHANNEL)):
        await fake.says(f"look {FLAGGED}", chat=CHANNEL)
        answer = await fake.answer()
        await asyncio.sleep(0.05)
        await fake.says(f"look {FLAGGED}", chat=CHANNEL)
        pointer = await fake.answer(2)
    (address,) = [one["url"] for one in pointer.entities if one["type"] == "text_link"]
    assert address == f"https://t.me/c/{str(CHANNEL).removeprefix('-100')}/{answer.id}"
