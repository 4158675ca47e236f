# ruff: noqa: E501  # the exact words of a reply stand on one line

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.answer_cache import Answer
from bot.errors import BadStatus, CannotCheck
from bot.fetching.links import find_links
from bot.history import IN_THE_LOG, Query
from bot.log_context import current_check_id
from bot.messages import CheckRequest, Message
from bot.model import Link
from bot.places import Person, Room
from bot.ports import StoredReport
from bot.replies import Action
from bot.rooms import CardSection, DeliveryStyle, FindingKind, Mode
from tests.bot.lined import buttons
from tests.bot.served import (
    CHANNEL,
    NOW,
    OTHER,
    ROOM,
    Reports,
    Talk,
    Web,
    asked,
    automatic,
    heard,
    later,
    linked,
    read_text,
    removed,
    said,
    talk,
)
from tests.bot.written import bridge, plain
from tests.fakes.clock import Hands
from tests.fakes.memory import Reach
from tests.fakes.memory import memory as fake_memory
from tests.fakes.ports import FakeTextReader


async def test_a_message_with_links_asks_for_three_of_them_at_most() -> None:
    text = " ".join(f"https://{name}.example/" for name in "abcde")
    found = await talk().hear(Message(ROOM, "you", text, asked=True))
    assert isinstance(found, CheckRequest)
    assert [link.url for link in found.links] == [
        "https://a.example/",
        "https://b.example/",
        "https://c.example/",
    ]
    assert (found.more, found.room, found.sender) == (2, ROOM, "you")


async def test_a_message_that_asks_for_nothing_is_met_with_silence() -> None:
    assert await talk().hear(Message(CHANNEL, "you", "https://a.example/", asked=False)) is None


async def test_a_question_without_a_link_is_told_so() -> None:
    assert said(await talk().hear(Message(ROOM, "you", "hello", asked=True))) == snapshot(
        ["I found no link in this message. Send me a link to a news article."]
    )


async def test_an_address_that_cannot_be_read_gets_its_own_reason() -> None:
    assert said(await talk().hear(Message(ROOM, "you", " ftp://a.example/x ", asked=True))) == snapshot(
        ["I read only http and https links, so nothing was checked."]
    )


async def test_one_link_gets_its_card() -> None:
    answer = await talk().told(asked("https://a.example/"))
    assert said(answer.reply)[0] == "### Old bridge to close in May"
    assert re.fullmatch("[a-z0-9]{16}", answer.id)


async def test_a_failure_is_an_answer() -> None:
    answer = await talk().told(asked("https://c.example/"))
    assert said(answer.reply) == snapshot(["I could not read this page (HTTP 403), so nothing was checked."])
    assert buttons(answer.reply) == snapshot("[Paste the text] [Remove]")


async def test_several_links_get_one_answer_and_the_rest_is_counted() -> None:
    links = ("https://a.example/", "https://b.example/", "https://c.example/")
    answer = await talk().told(asked(*links, more=2))
    assert said(answer.reply) == snapshot(
        [
            "### Old bridge to close in May",
            "UNCONFIRMED: the article says so itself (“The following account is unconfirmed”). Harbour Post, quoting Quay Street blog, citing “people close to the talks”.",
            "-# Harbour Post · 2 November 2026 · read from this page only",
            "### Bridge reopens",
            "No words of doubt and no unnamed sources in the 9 words I could read. 1 source named. Read from this page only.",
            "-# harbour-post.example",
            "c.example: I could not read this page (HTTP 403), so nothing was checked.",
            "-# and 2 more",
        ]
    )


async def test_one_link_of_many_counts_the_others() -> None:
    assert said((await talk().told(asked("https://b.example/", more=1))).reply)[-1] == "-# and 1 more"


async def test_a_spoilered_link_gets_a_spoilered_answer() -> None:
    answer = await talk().told(asked("https://a.example/", spoiler=True))
    assert answer.reply.spoiler


async def test_a_bug_is_an_answer_too() -> None:
    answer = await talk(Web(a=RuntimeError("a bug"))).told(asked("https://a.example/"))
    assert said(answer.reply) == snapshot(["Something went wrong on my side, so nothing was checked."])


async def test_buttons_open_the_details_of_their_own_answer() -> None:
    conversation = talk()
    flagged = await conversation.told(asked("https://a.example/"))
    ordinary = await conversation.told(asked("https://b.example/"))
    assert said(await conversation.press(flagged.id, Action.HEDGES))[0] == "**Why it is marked unconfirmed**"
    assert said(await conversation.press(ordinary.id, Action.SOURCES))[1].startswith("* Maria Lindqvist")
    assert await conversation.press(ordinary.id, Action.HEDGES) is None


async def test_a_removed_answer_is_forgotten() -> None:
    conversation = talk()
    answer = await conversation.told(asked("https://a.example/"))
    assert await removed(conversation, answer.id, ROOM, involved=True, moderator=False) is None
    assert await conversation.press(answer.id, Action.SOURCES) is None
    assert conversation.recent_answers(ROOM) == ()


async def test_an_unknown_answer_has_no_details() -> None:
    assert await talk().press("0" * 16, Action.SOURCES) is None


async def test_checking_again_reads_the_page_anew_and_keeps_the_answers_buttons() -> None:
    web = Web(a=bridge())
    conversation = talk(web)
    answer = await conversation.told(asked("https://a.example/"), "brief")
    web.pages["a"] = plain()
    assert said(await conversation.press(answer.id, Action.AGAIN)) == snapshot(
        [
            "No words of doubt and no unnamed sources in the 9 words I could read. 1 source named. Read from this page only.",
            "-# harbour-post.example",
        ]
    )
    assert web.checked == [("https://a.example/", False), ("https://a.example/", True)]
    assert await conversation.press(answer.id, Action.HEDGES) is None


async def test_a_reader_who_calls_a_line_wrong_is_thanked() -> None:
    conversation = talk()
    answer = await conversation.told(asked("https://a.example/"))
    assert said(await conversation.press(answer.id, Action.WRONG)) == snapshot(
        ["Thank you. I have noted this for review, and I never publish it."]
    )


async def test_the_log_holds_hosts_and_neither_paths_nor_queries(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = talk(Web(a=bridge(), d=RuntimeError("a bug")))
    answer = await conversation.told(asked("https://a.example/secret?token=secret#secret"))
    await conversation.press(answer.id, Action.WRONG)
    await conversation.told(asked("https://d.example/secret?token=secret"))
    monkeypatch.setattr("bot.reply_composer.compose_reply", lambda *_, **__: 1 / 0)
    await conversation.told(asked("https://a.example/secret?token=secret"))
    assert [record.getMessage() for record in caplog.records] == [
        f"a reader says that answer {answer.id} about a.example is wrong",
        "a check of d.example broke",
        "no reply could be composed about a.example",
    ]
    assert "secret" not in caplog.text


async def test_an_answer_is_worked_on_under_its_own_id_also_when_it_is_read_again() -> None:
    seen: list[str | None] = []

    class Seeing(Web):
        async def check(self, link: Link, **more: Any) -> StoredReport:
            seen.append(current_check_id())
            return await super().check(link, **more)

    conversation = talk(Seeing(a=bridge()))
    answer = await conversation.told(asked("https://a.example/"))
    await conversation.recheck(answer.id)
    await conversation.answer(asked("https://a.example/"), answer_id="given")
    assert [*seen, current_check_id()] == [answer.id, answer.id, "given", None]


async def test_pasted_text_is_checked_and_said_to_be_pasted() -> None:
    conversation = talk()
    failed = await conversation.told(asked("https://c.example/"))
    assert said(await conversation.press(failed.id, Action.PASTE)) == snapshot(
        ["Send me the article's text, and I check what you paste."]
    )
    answer = await conversation.answer_text(asked("https://c.example/"), "The bridge reopened.")
    assert "Read from text that you pasted" in " ".join(said(answer.reply))


async def test_pasted_text_enters_the_history_and_is_no_answer_about_its_link() -> None:
    kept = await automatic()
    conversation = talk(memory=kept)
    of_channel = replace(asked("https://a.example/"), room=CHANNEL)
    for about in (of_channel, replace(of_channel, links=())):
        await conversation.answer_text(about, "The bridge reopened.")
    entries = (await kept.history.search(CHANNEL, Query())).entries
    assert [one.pasted for one in entries] == [True, True]
    found = await heard(conversation, "https://a.example/", asked=True)
    assert found is not None
    assert said(found.reply)[0] == "### Old bridge to close in May"


async def test_a_pasted_text_that_is_removed_leaves_the_history() -> None:
    kept = await automatic()
    conversation = talk(memory=kept)
    answer = await conversation.answer_text(replace(asked(), room=CHANNEL), "The bridge reopened.")
    await removed(conversation, answer.id, CHANNEL, involved=True, moderator=False)
    assert (await kept.history.search(CHANNEL, Query())).total == 0


async def test_an_empty_or_unreadable_paste_is_told_so() -> None:
    conversation = talk()
    assert said((await conversation.answer_text(asked(), " \n")).reply) == snapshot(
        ["Your message had no text, so nothing was checked."]
    )
    assert said((await conversation.answer_text(asked(), "bug")).reply) == said(
        (await talk(Web(a=CannotCheck())).told(asked("https://a.example/"))).reply
    )


async def test_a_room_has_its_own_history_newest_first() -> None:
    conversation = talk()
    first = await conversation.told(asked("https://a.example/"))
    second = await conversation.told(asked("https://b.example/"))
    assert conversation.recent_answers(ROOM) == (second, first)
    assert conversation.recent_answers(OTHER) == ()


# ── in a room that is shared ────────────────────────────────────────────────────────────────────────


async def test_automatic_mode_speaks_on_a_finding_alone() -> None:
    conversation = talk(memory=await automatic())
    flagged = await heard(conversation, "https://a.example/")
    assert flagged is not None
    assert await heard(conversation, "https://b.example/") is None
    assert await heard(conversation, "https://c.example/") is None


async def test_what_was_not_answered_is_not_in_the_history() -> None:
    kept = await automatic()
    await heard(talk(memory=kept), "https://b.example/")
    assert (await kept.history.search(CHANNEL, Query())).total == 0


async def test_a_repeated_link_gets_a_pointer_to_the_answer_that_stands_there() -> None:
    kept = await automatic()
    conversation = talk(memory=kept)
    first = await heard(conversation, "https://a.example/")
    assert first is not None
    await conversation.mark_sent(first.id, "https://chat.example/5/1")
    second = await heard(conversation, "https://a.example/", asked=True)
    assert second is not None
    assert said(second.reply) == snapshot(["Checked here a moment ago: Old bridge to close in May"])
    assert buttons(second.reply) == snapshot("[Check again] [Remove]")
    again = await conversation.press(second.id, Action.AGAIN)
    assert said(again)[0] == "### Old bridge to close in May"


async def test_who_waits_while_a_page_fails_is_told_so_and_does_not_have_it_asked_for_again() -> None:
    class Slow(Web):
        async def check(self, link: Link, **more: Any) -> StoredReport:
            await asyncio.sleep(0.01)
            return await super().check(link, **more)

    web = Slow(c=BadStatus(403))
    conversation = talk(web, memory=await automatic())
    six = (heard(conversation, "https://c.example/", asked=True) for _ in range(6))
    answers = await asyncio.gather(*six)
    assert len(web.checked) == 1
    assert len({tuple(said(answer.reply)) for answer in answers if answer is not None}) == 1
    assert await heard(conversation, "https://c.example/", asked=True) is not None
    assert len(web.checked) == 2  # who comes later has it tried again


async def test_automatic_mode_points_at_findings_alone() -> None:
    conversation = talk(memory=await automatic())
    for page in "ab":
        assert await heard(conversation, f"https://{page}.example/", asked=True) is not None
    repeated = await heard(conversation, "https://a.example/")
    assert repeated is not None
    assert said(repeated.reply)[0].startswith("Checked here")
    assert await heard(conversation, "https://b.example/") is None
    assert await heard(conversation, "https://b.example/", asked=True) is not None


@pytest.mark.parametrize(
    ("findings", "reports", "speaks"),
    [
        ({FindingKind.EVERY_ARTICLE}, {}, True),
        ({FindingKind.UNNAMED_CHAIN}, {"a": bridge()}, True),
        ({FindingKind.UNNAMED_CHAIN}, {"a": plain()}, False),
        ({FindingKind.UNNAMED_CHAIN}, {}, False),
        ({FindingKind.UNNAMED_CHAIN}, {"lost": True}, False),
    ],
)
async def test_whether_an_earlier_answer_was_a_finding_is_told_by_what_is_kept_of_it(
    findings: set[FindingKind], reports: dict[str, Any], *, speaks: bool
) -> None:
    kept = await automatic(findings=frozenset(findings))
    assert await heard(talk(memory=kept), "https://a.example/", asked=True) is not None
    repeated = await heard(later(kept, Reports(**reports)), "https://a.example/")
    assert (repeated is not None) == speaks


async def test_what_is_for_the_log_channel_alone_is_in_no_readers_history_at_any_time() -> None:
    kept = await automatic(style=DeliveryStyle.LOG_CHANNEL_ONLY, log_channel="6")
    conversation = talk(memory=kept)
    answer = await heard(conversation, "https://a.example/")
    assert answer is not None
    assert (await kept.history.search(CHANNEL, Query())).total == 0
    await conversation.mark_sent(answer.id, IN_THE_LOG)
    await kept.rooms.change("discord", "1", lambda now: now.with_value("style", DeliveryStyle.CARD), None)
    assert isinstance(await conversation.recheck(answer.id), Answer)
    await conversation.mark_sent(answer.id, "https://chat.example/6/1")
    assert (await kept.history.search(CHANNEL, Query())).total == 0
    assert (await kept.history.search(CHANNEL, Query(), logged=True)).total == 2


async def test_a_clock_that_goes_back_points_at_nothing_from_the_future() -> None:
    kept = await automatic()
    late = Hands(NOW + timedelta(days=40))
    for clock in (late, Hands(NOW)):
        conversation = Talk(
            checker=Web(a=bridge()), text_reader=FakeTextReader(read_text), stores=kept, clock=clock
        )
        found = await heard(conversation, "https://a.example/")
        assert found is not None
        assert said(found.reply)[0] == "### Old bridge to close in May"


async def test_an_answer_that_was_removed_is_pointed_at_no_more() -> None:
    conversation = talk(memory=await automatic())
    first = await heard(conversation, "https://a.example/")
    assert first is not None
    await removed(conversation, first.id, CHANNEL, involved=True, moderator=False)
    second = await heard(conversation, "https://a.example/")
    assert second is not None
    assert said(second.reply)[0] == "### Old bridge to close in May"


async def test_a_room_that_wants_short_answers_gets_them() -> None:
    conversation = talk(memory=await automatic(style=DeliveryStyle.BRIEF))
    found = await heard(conversation, "https://a.example/")
    assert found is not None
    assert [line.partition(" ")[0] for line in said(found.reply)] == ["UNCONFIRMED:", "-#"]


async def test_without_its_memory_it_answers_who_asks_and_keeps_silent_else() -> None:
    lost = Reach()
    conversation = talk(memory=fake_memory(lost))
    lost.lost = True
    answer = await heard(conversation, "https://a.example/", asked=True)
    assert answer is not None
    assert said(answer.reply)[0] == "### Old bridge to close in May"
    assert await heard(conversation, "https://a.example/") is None
    await conversation.mark_sent(answer.id, "x")
    await removed(conversation, answer.id, CHANNEL, involved=True, moderator=False)


async def test_a_room_that_wants_fewer_sections_gets_fewer() -> None:
    conversation = talk(memory=await automatic(sections=frozenset({CardSection.WHO_SAYS_SO})))
    found = await heard(conversation, "https://a.example/")
    assert found is not None
    shown = said(found.reply)
    assert "**UNCONFIRMED: the article says so itself**" in shown
    assert "**Who says so**" in shown
    assert "**The article also says**" not in shown
    bare = talk(memory=await automatic(sections=frozenset()))
    found = await heard(bare, "https://a.example/")
    assert found is not None
    assert "**Who says so**" not in said(found.reply)


# ── who may remove, and what only the asker sees ────────────────────────────────────────────────────


async def test_an_answer_from_before_a_restart_leaves_the_history_when_it_is_removed() -> None:
    kept = await automatic()
    answer = await heard(talk(memory=kept), "https://a.example/")
    assert answer is not None
    assert await removed(talk(memory=kept), answer.id, CHANNEL, involved=True, moderator=False) is None
    assert (await kept.history.search(CHANNEL, Query())).total == 0


async def test_what_a_command_answers_is_the_askers_until_he_shows_it() -> None:
    kept = await automatic(person_cooldown_seconds=0)
    conversation = talk(memory=kept)
    private = await heard(conversation, "https://a.example/", asked=True, aside=True)
    assert private is not None
    assert buttons(private.reply) == (
        "[Show to everyone] [Sources (4)] [Words of doubt (1)] [Wrong?] [Open article ↗]"
    )
    assert (await kept.history.search(CHANNEL, Query())).total == 0
    shown = await conversation.show(private.id, CHANNEL)
    assert isinstance(shown, Answer)
    assert shown.id != private.id
    assert said(shown.reply) == said(private.reply)
    assert "[Remove]" in buttons(shown.reply)
    assert (await kept.history.search(CHANNEL, Query())).total == 1
    for answer_id in (private.id, shown.id):
        assert said(await conversation.show(answer_id, CHANNEL)) == ["Everybody can see this answer already."]
    assert await conversation.show("0" * 16, CHANNEL) is None


async def test_what_is_asked_aside_is_told_in_full_and_costs_the_room_no_turn() -> None:
    conversation = talk(memory=await automatic(person_cooldown_seconds=0, room_cooldown_seconds=600))
    for _ in range(2):
        private = await heard(conversation, "https://a.example/", asked=True, aside=True)
        assert private is not None
        assert said(private.reply)[0] == "### Old bridge to close in May"
    assert await heard(conversation, "https://a.example/") is not None


async def test_a_failure_that_one_person_sees_has_nothing_to_show_or_remove() -> None:
    conversation = talk(memory=await automatic())
    private = await heard(conversation, "https://c.example/", asked=True, aside=True)
    assert private is not None
    assert buttons(private.reply) == "[Paste the text]"
    refused = await conversation.show(private.id, CHANNEL)
    assert said(refused) == ["This is not about an article, so there is nothing to show to others."]


# ── edits ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see https://a.example/", ["https://a.example/"]),
        ("oh, https://a.example/ of course", ["https://a.example/"]),
        ("https://b.example/ instead", ["https://b.example/"]),
        ("<https://a.example/>", []),
        ("! https://b.example/", []),
        ("never mind", []),
        ("https://shop.example/reset?token=1", []),
    ],
)
async def test_an_edited_message_asks_what_it_says_now(text: str, left: list[str]) -> None:
    conversation = talk(memory=await automatic())
    before = linked("https://a.example/")
    now = await conversation.reread(Message(CHANNEL, "7", text, asked=True), before)
    assert [link.url for link in now.links] == left
    assert (now == before) == (left == ["https://a.example/"])


async def test_an_edit_counts_the_links_that_are_not_checked() -> None:
    conversation = talk(memory=await automatic())
    text = " ".join(f"https://{name}.example/" for name in "abcde")
    now = await conversation.reread(Message(CHANNEL, "7", text, asked=True), linked("https://a.example/"))
    assert (len(now.links), now.more) == (3, 2)


async def test_an_edit_is_followed_without_a_cooldown_and_not_in_a_room_that_is_off() -> None:
    kept = await automatic(person_cooldown_seconds=600)
    conversation = talk(memory=kept)
    asked_first = await conversation.hear(Message(CHANNEL, "7", "https://a.example/", asked=False))
    assert isinstance(asked_first, CheckRequest)
    edited = Message(CHANNEL, "7", "https://b.example/", asked=True)
    assert (await conversation.reread(edited, asked_first)).links == find_links("https://b.example/")
    await kept.rooms.change("discord", "5", lambda now: now.with_value("mode", Mode.OFF), None)
    assert (await conversation.reread(edited, asked_first)).links == ()


@pytest.mark.parametrize(("asker", "left"), [("7", []), ("", []), ("8", ["https://b.example/"])])
async def test_an_edited_link_whose_poster_wants_no_reaction_keeps_its_answer_only_if_he_asked(
    asker: str, left: list[str]
) -> None:
    kept = await automatic()
    await kept.people.ignore(Person("discord", "8"))
    before = replace(linked("https://a.example/", unasked=False), sender=asker)
    edited = Message(CHANNEL, "8", "https://b.example/", asked=False)
    now = await talk(memory=kept).reread(edited, before)
    assert [link.url for link in now.links] == left


async def test_an_edit_long_after_gives_the_answer_to_who_wrote_it() -> None:
    conversation = talk(memory=await automatic())
    before = replace(linked("https://a.example/"), sender="")
    now = await conversation.reread(Message(CHANNEL, "7", "https://b.example/", asked=True), before)
    assert now.sender == "7"


async def test_what_was_asked_aside_is_shown_only_where_the_room_allows_it() -> None:
    kept = await automatic(person_cooldown_seconds=0, room_cooldown_seconds=600)
    conversation = talk(memory=kept)
    first, second = [
        await heard(conversation, f"https://{page}.example/", asked=True, aside=True) for page in "ab"
    ]
    assert first is not None
    assert second is not None
    elsewhere = Room("discord", "5", private=True)
    assert said(await conversation.show(first.id, elsewhere)) == [
        "You can show this to others only in the room where you asked for it."
    ]
    assert isinstance(await conversation.show(first.id, CHANNEL), Answer)
    assert said(await conversation.show(second.id, CHANNEL)) == [
        "Please wait: the next check here can start in 600 s."
    ]
    await kept.rooms.change("discord", "5", lambda now: now.with_value("mode", Mode.OFF), None)
    assert said(await conversation.show(second.id, CHANNEL)) == ["I am switched off here."]


async def test_an_answer_that_could_not_be_shown_may_be_shown_again() -> None:
    kept = await automatic(person_cooldown_seconds=0)
    conversation = talk(memory=kept)
    private = await heard(conversation, "https://a.example/", asked=True, aside=True)
    assert private is not None
    shown = await conversation.show(private.id, CHANNEL)
    assert isinstance(shown, Answer)
    await conversation.cancel_show(shown.id)
    assert (await kept.history.search(CHANNEL, Query())).total == 0
    assert isinstance(await conversation.show(private.id, CHANNEL), Answer)


# ── buttons of answers that this process did not give ───────────────────────────────────────────────
