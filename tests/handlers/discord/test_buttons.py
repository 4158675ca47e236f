"""Buttons on Discord: who may press what, and what a forged press is worth."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial

import pytest
from inline_snapshot import snapshot

from bot.replies import Action, Button, DetailPanel, ListEntry, Reply, Said
from handlers.discord.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_objects import AMONG_FRIENDS, CHANNEL, GUILD, MODERATOR, PERSON, STRANGER
from tests.fakes.replies import URL, ferry
from tests.fakes.serving import at_home, dispatcher, serving
from tests.handlers.discord.running import an_answer, with_buttons

SILENT = 1 << 12


def aside(reply: Reply) -> Reply:
    return replace(reply, buttons=(Button(Action.SHOW, "Show to everyone"), *reply.buttons))


at_work = partial(at_home, run)


def answered(fake: FakeDiscord) -> AbstractAsyncContextManager[None]:
    return an_answer(fake, OneReply(ferry()))


async def test_the_buttons_carry_the_answer_and_the_asker(fake: FakeDiscord) -> None:
    async with answered(fake):
        assert fake.sent[0].buttons == {
            "Sources (3)": "hearsay:sources:a1",
            "Words of doubt (1)": "hearsay:hedges:a1",
            "Remove": f"hearsay:remove:a1:{PERSON}",
            "Open article": URL,
        }


async def test_details_are_shown_to_whoever_presses_and_to_nobody_else(fake: FakeDiscord) -> None:
    async with answered(fake):
        pressed = await fake.presses(fake.sent[0], "hearsay:sources:a1", by=STRANGER)
        panel = await fake.answer_to(pressed)
    assert (pressed.acknowledged, pressed.private, len(fake.sent)) == (5, True, 1)
    assert panel.text == snapshot("""\
**Named**
Harbour Gazette (outlet)
> the Harbour Gazette reported

the crews’ union (organisation)
> union said that nothing has been signed

Ines Holm (person)
> said Ines Holm, a ship’s mate\
""")


async def test_hedges_have_their_own_button(fake: FakeDiscord) -> None:
    async with answered(fake):
        panel = await fake.answer_to(await fake.presses(fake.sent[0], "hearsay:hedges:a1"))
    assert panel.text == snapshot("""\
**In the report**
“may be over”
> Ferry strike may be over by …\
""")


async def test_a_button_of_an_answer_from_before_a_restart_still_works(fake: FakeDiscord) -> None:
    conversation = OneReply(ferry())
    async with an_answer(fake, conversation):
        pass
    async with serving(run(conversation, dispatcher(conversation), fake.token, guild_ready_timeout=0.05)):
        await fake.online(identified=2)
        panel = await fake.answer_to(await fake.presses(fake.sent[0], "hearsay:hedges:a1"))
    assert panel.text.startswith("**In the report**")


async def test_a_button_of_a_forgotten_answer_says_so_privately(fake: FakeDiscord) -> None:
    conversation = OneReply(ferry())
    async with an_answer(fake, conversation):
        conversation.known.clear()
        pressed = await fake.presses(fake.sent[0], "hearsay:sources:a1")
        panel = await fake.answer_to(pressed)
    assert pressed.private
    assert panel.text == snapshot("-# I no longer have this answer. Send the link again to check it.")


@pytest.mark.parametrize("remover", [PERSON, MODERATOR])
async def test_the_asker_and_moderators_remove_an_answer(fake: FakeDiscord, remover: int) -> None:
    async with an_answer(fake, conversation := OneReply(ferry())):
        await fake.presses(fake.sent[0], f"hearsay:remove:a1:{PERSON}", by=remover)
        await fake.watch.until(lambda: fake.deleted)
    assert (fake.deleted, conversation.known) == ([fake.sent[0].id], {})


async def test_anybody_else_is_told_privately_who_may_remove_it(fake: FakeDiscord) -> None:
    async with answered(fake):
        pressed = await fake.presses(fake.sent[0], f"hearsay:remove:a1:{PERSON}", by=STRANGER)
        told = await fake.answer_to(pressed)
    assert (fake.deleted, pressed.private) == ([], True)
    assert told.text == snapshot(
        "-# Only the poster of the link, whoever asked and moderators can remove this answer."
    )


async def test_an_answer_to_a_command_is_shown_to_everyone_on_demand(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(aside(ferry())), fake):
        private = await fake.answer_to(await fake.checks(URL))
        assert (private.buttons["Show to everyone"], fake.sent) == ("hearsay:show:a1", [])
        pressed = await fake.presses(private, "hearsay:show:a1")
        shown = await fake.answer()
    assert (pressed.acknowledged, shown.room, shown.text) == (6, CHANNEL, private.text)
    assert shown.body["flags"] & SILENT
    assert conversation.places == {
        "a1": "",
        "ba1": f"https://discord.com/channels/{GUILD}/{CHANNEL}/{shown.id}",
    }


async def test_among_friends_without_a_server_only_those_involved_remove_an_answer(fake: FakeDiscord) -> None:
    async with at_work(OneReply(aside(ferry())), fake):
        private = await fake.answer_to(await fake.checks(URL, room=AMONG_FRIENDS))
        await fake.presses(private, "hearsay:show:a1")
        shown = await fake.answer()
        pressed = await fake.presses(shown, f"hearsay:remove:ba1:{PERSON}", by=STRANGER)
        told = await fake.answer_to(pressed)
    assert (fake.deleted, shown.room) == ([], AMONG_FRIENDS)
    assert told.text.startswith("-# Only the poster of the link")


async def test_an_answer_that_is_forgotten_is_not_shown(fake: FakeDiscord) -> None:
    async with at_work(conversation := OneReply(aside(ferry())), fake):
        private = await fake.answer_to(await fake.checks(URL))
        conversation.known.clear()
        pressed = await fake.presses(private, "hearsay:show:a1")
        told = await fake.answer_to(pressed)
    assert (pressed.private, fake.sent) == (True, [])
    assert told.text == "-# I no longer have this answer. Send the link again to check it."


async def test_removing_twice_at_once_removes_once(fake: FakeDiscord) -> None:
    async with answered(fake):
        presses = [await fake.presses(fake.sent[0], f"hearsay:remove:a1:{PERSON}") for _ in range(2)]
        await fake.watch.until(lambda: all(press.acknowledged for press in presses) and fake.deleted)
    assert fake.deleted == [fake.sent[0].id]


@pytest.mark.parametrize(
    "forged",
    [
        "hearsay:remove:a1:9102",
        "hearsay:sources:../../etc",
        "hearsay:open:a1",
        "other:sources:a1",
        "hearsay:remove:a1:",
    ],
)
async def test_a_button_that_the_answer_does_not_carry_does_nothing(fake: FakeDiscord, forged: str) -> None:
    async with answered(fake):
        pressed = await fake.presses(fake.sent[0], forged, by=STRANGER)
        await fake.answer_to(await fake.presses(fake.sent[0], "hearsay:hedges:a1"))
    assert (pressed.acknowledged, fake.deleted) == (None, [])


# ── windows, and reading again ──────────────────────────────────────────────────────────────────────


async def test_a_page_that_is_read_again_stands_in_the_place_of_the_answer(fake: FakeDiscord) -> None:
    async with an_answer(fake, with_buttons(Action.AGAIN, Action.REMOVE)):
        pressed = await fake.presses(fake.sent[0], f"hearsay:again:a1:{PERSON}", by=STRANGER)
        anew = await fake.answer_to(pressed)
    assert (pressed.acknowledged, len(fake.sent)) == (6, 1)
    assert anew.text == "-# Nothing more to show."


async def test_a_forgotten_answer_is_not_read_again(fake: FakeDiscord) -> None:
    async with an_answer(fake, conversation := with_buttons(Action.AGAIN)):
        conversation.known.clear()
        pressed = await fake.presses(fake.sent[0], f"hearsay:again:a1:{PERSON}")
        told = await fake.answer_to(pressed)
    assert pressed.private
    assert told.text == "-# I no longer have this answer. Send the link again to check it."


async def test_long_details_have_pages_that_turn_in_their_place(fake: FakeDiscord) -> None:
    many = tuple(ListEntry((Said(f"{n} " + "word " * 200),)) for n in range(9))
    long = replace(ferry(), panels=(DetailPanel(Action.SOURCES, many),))
    async with an_answer(fake, conversation := OneReply(long)):
        opened = await fake.presses(fake.sent[0], "hearsay:sources:a1")
        first = await fake.answer_to(opened)
        assert first.buttons == {"Page 2 of 3 ▶": "hearsay:sources:a1:1"}
        turned = await fake.presses(first, "hearsay:sources:a1:1")
        second = await fake.answer_to(turned)
        conversation.known["a1"] = ferry()
        shorter = await fake.answer_to(await fake.presses(first, "hearsay:sources:a1:1"))
    assert (opened.acknowledged, turned.acknowledged, len(fake.sent)) == (5, 6, 1)
    assert list(second.buttons) == ["◀ Page 1 of 3", "Page 3 of 3 ▶"]
    assert [page.text[0] for page in (first, second)] == ["0", "3"]
    assert (shorter.text.splitlines()[0], shorter.buttons) == ("**Named**", {})


async def test_buttons_of_a_message_that_is_gone_do_no_harm(fake: FakeDiscord) -> None:
    async with an_answer(fake, conversation := with_buttons(Action.REMOVE, Action.AGAIN, Action.SOURCES)):
        fake.deleted.append(fake.sent[0].id)
        removing = await fake.presses(fake.sent[0], f"hearsay:remove:a1:{PERSON}")
        panel = await fake.answer_to(await fake.presses(fake.sent[0], "hearsay:sources:a1"))
        await fake.watch.until(lambda: removing.acknowledged)
    assert panel.text
    assert conversation.asked
