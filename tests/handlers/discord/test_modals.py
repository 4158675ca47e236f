"""Windows in which somebody types."""

from __future__ import annotations

from bot.places import Person, Room
from bot.replies import Action
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_objects import CHANNEL, GUILD, STRANGER
from tests.handlers.discord.running import an_answer, with_buttons


async def test_a_reader_says_what_is_wrong_and_is_thanked_in_private(fake: FakeDiscord) -> None:
    async with an_answer(fake, conversation := with_buttons(Action.WRONG, Action.REMOVE)):
        opened = await fake.presses(fake.sent[0], "hearsay:wrong:a1", by=STRANGER)
        await fake.watch.until(lambda: opened.window)
        written = await fake.submits(opened, "The second line is not in the article.", by=STRANGER)
        told = await fake.answer_to(written)
    assert (opened.acknowledged, written.private, told.text, len(fake.sent)) == (9, True, "Thank you.", 1)
    assert conversation.objections == [
        ("a1", Person("discord", str(STRANGER)), "The second line is not in the article.")
    ]


async def test_an_objection_to_a_forgotten_answer_says_so(fake: FakeDiscord) -> None:
    async with an_answer(fake, conversation := with_buttons(Action.WRONG)):
        opened = await fake.presses(fake.sent[0], "hearsay:wrong:a1")
        await fake.watch.until(lambda: opened.window)
        conversation.known.clear()
        told = await fake.answer_to(await fake.submits(opened, ""))
    assert told.text == "I no longer have this answer. Send the link again to check it."


async def test_a_text_that_somebody_pastes_is_answered_to_him_alone(fake: FakeDiscord) -> None:
    async with an_answer(fake, conversation := with_buttons(Action.PASTE, Action.REMOVE)):
        opened = await fake.presses(fake.sent[0], "hearsay:paste:a1", by=STRANGER)
        await fake.watch.until(lambda: opened.window)
        written = await fake.submits(opened, "The bridge reopened.", by=STRANGER)
        answer = await fake.answer_to(written)
    assert (written.private, len(fake.sent)) == (True, 1)
    assert answer.buttons["remove"] == f"hearsay:remove:pa1:{STRANGER}"
    room = Room("discord", str(CHANNEL), private=False, server=str(GUILD))
    assert conversation.pasted == [("a1", room, Person("discord", str(STRANGER)), "The bridge reopened.")]
