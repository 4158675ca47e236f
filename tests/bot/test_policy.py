"""Links and people that are left alone, cooldowns, and who may do what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.history import Query
from bot.messages import CheckRequest, Message
from bot.places import Person, Room
from bot.replies import Action
from bot.rooms import Mode, Removers
from tests.bot.served import CHANNEL, ROOM, asked, automatic, heard, removed, said, talk


async def test_who_asks_where_hearsay_is_switched_off_is_told_so() -> None:
    conversation = talk(memory=await automatic(mode=Mode.OFF))
    told = await conversation.hear(Message(CHANNEL, "7", "https://a.example/", asked=True))
    assert said(told) == snapshot(["I am switched off here."])
    assert await conversation.hear(Message(CHANNEL, "7", "https://a.example/", asked=False)) is None


@pytest.mark.parametrize(
    "message",
    [
        Message(CHANNEL, "8", "https://a.example/", asked=False),
        Message(CHANNEL, "7", "https://a.example/", asked=False, roles=("44",)),
        Message(CHANNEL, "7", "https://a.example/", asked=False, bot=True),
        Message(CHANNEL, "7", "! https://a.example/", asked=False),
        Message(CHANNEL, "7", "spoiler https://a.example/", asked=False),
        Message(CHANNEL, "7", "https://b.example/", asked=False),
        Message(CHANNEL, "7", "no link", asked=False),
    ],
)
async def test_what_admins_want_ignored_is_met_with_silence(message: Message) -> None:
    kept = await automatic(
        people_ignored=frozenset({"8"}),
        roles_ignored=frozenset({"44"}),
        keywords_ignored=frozenset({"spoiler"}),
        domains_ignored=frozenset({"b.example"}),
    )
    assert await talk(memory=kept).hear(message) is None


async def test_who_wants_no_reaction_gets_none_but_for_a_command() -> None:
    kept = await automatic()
    await kept.people.ignore(Person("discord", "7"))
    conversation = talk(memory=kept)
    assert await heard(conversation, "https://a.example/") is None
    assert await heard(conversation, "https://a.example/", asked=True) is not None


async def test_who_wants_no_reaction_gets_none_when_somebody_else_asks_about_his_link() -> None:
    kept = await automatic()
    await kept.people.ignore(Person("discord", "8"))
    conversation = talk(memory=kept)
    his = Message(CHANNEL, "7", "https://a.example/", asked=True, poster="8")
    told = await conversation.hear(his)
    assert said(told) == snapshot(
        ["The person who posted this link asked me to ignore their links, so nothing was checked."]
    )
    assert said(await conversation.hear(replace(his, aside=True))) == said(told)
    assert await conversation.hear(replace(his, asked=False)) is None
    assert isinstance(await conversation.hear(replace(his, sender="8")), CheckRequest)
    assert isinstance(await conversation.hear(replace(his, poster="9")), CheckRequest)


async def test_what_was_told_aside_about_a_link_is_not_shown_once_its_poster_wants_no_reaction() -> None:
    kept = await automatic()
    conversation = talk(memory=kept)
    private = await heard(conversation, "https://a.example/", asked=True, aside=True, poster="8")
    assert private is not None
    await kept.people.ignore(Person("discord", "8"))
    assert said(await conversation.show(private.id, CHANNEL)) == [
        "The person who posted this link asked me to ignore their links, so nothing was checked."
    ]


async def test_a_domain_that_is_not_read_here_is_said_to_who_asks() -> None:
    conversation = talk(memory=await automatic(domains_allowed=frozenset({"b.example"})))
    told = await conversation.hear(Message(CHANNEL, "7", "https://a.example/", asked=True))
    assert said(told) == snapshot(
        ["In this room I do not read links to a.example. Admins can change that in the settings."]
    )


async def test_a_cooldown_is_silence_unasked_and_a_sentence_for_who_asks() -> None:
    conversation = talk(memory=await automatic(person_cooldown_seconds=30))
    assert await heard(conversation, "https://a.example/x") is not None
    assert await heard(conversation, "https://a.example/y") is None
    told = await conversation.hear(Message(CHANNEL, "7", "https://a.example/", asked=True))
    assert said(told) == snapshot(["Please wait: the next check here can start in 30 s."])
    other = await conversation.hear(Message(CHANNEL, "9", "https://a.example/", asked=True))
    assert isinstance(other, CheckRequest)


async def test_who_is_no_single_person_has_no_cooldown_of_his_own_and_keeps_to_the_rooms() -> None:
    kept = await automatic(person_cooldown_seconds=30)
    conversation = talk(memory=kept)
    for page in ("x", "y"):
        assert await heard(conversation, f"https://a.example/{page}", impersonal=True) is not None
    assert await heard(conversation, "https://a.example/z") is not None
    await kept.rooms.change("discord", "5", lambda now: now.with_value("room_cooldown_seconds", 30), None)
    assert await heard(conversation, "https://a.example/u", impersonal=True) is None


async def test_what_is_checked_in_private_costs_nobody_his_turn_in_a_room() -> None:
    conversation = talk(memory=await automatic(person_cooldown_seconds=30))
    private = Room("discord", "9", private=True)
    for _ in range(2):
        assert isinstance(
            await conversation.hear(Message(private, "7", "https://a.example/", asked=True)), CheckRequest
        )
    assert await heard(conversation, "https://a.example/") is not None


@pytest.mark.parametrize(
    ("removers", "involved", "moderator", "refused"),
    [
        (Removers.POSTER_ASKER_AND_MODERATORS, True, False, None),
        (Removers.POSTER_ASKER_AND_MODERATORS, False, True, None),
        (
            Removers.POSTER_ASKER_AND_MODERATORS,
            False,
            False,
            "Only the poster of the link, whoever asked and moderators can remove this answer.",
        ),
        (Removers.MODERATORS_ONLY, True, False, "Here only moderators can remove an answer."),
        (Removers.MODERATORS_ONLY, False, True, None),
    ],
)
async def test_a_room_decides_who_removes_an_answer(
    removers: Removers, refused: str | None, *, involved: bool, moderator: bool
) -> None:
    kept = await automatic(removers=removers)
    conversation = talk(memory=kept)
    answer = await heard(conversation, "https://a.example/")
    assert answer is not None
    found = await removed(conversation, answer.id, CHANNEL, involved=involved, moderator=moderator)
    assert found == refused
    left = (await kept.history.search(CHANNEL, Query())).total
    assert (left, await conversation.press(answer.id, Action.SOURCES) is None) == (
        (1, False) if refused else (0, True)
    )


async def test_a_private_answer_is_always_ones_own_to_remove() -> None:
    kept = await automatic(removers=Removers.MODERATORS_ONLY)
    answer = await talk(memory=kept).told(asked("https://a.example/"))
    assert await removed(talk(memory=kept), answer.id, ROOM, involved=True, moderator=False) is None


async def test_a_domain_that_is_ignored_by_now_is_not_shown() -> None:
    kept = await automatic(person_cooldown_seconds=0)
    conversation = talk(memory=kept)
    private = await heard(conversation, "https://a.example/", asked=True, aside=True)
    assert private is not None
    ignored = frozenset({"a.example"})
    await kept.rooms.change("discord", "5", lambda now: now.with_value("domains_ignored", ignored), None)
    assert said(await conversation.show(private.id, CHANNEL)) == [
        "In this room I do not read links to a.example. Admins can change that in the settings."
    ]
