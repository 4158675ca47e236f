"""The windows that a button opens to write in. A window ends with the process that opened it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import discord
from discord import ui

from bot.log_context import bind_check_id
from bot.places import Person
from bot.replies import Reply
from bot.replying.failures import remark
from bot.replying.phrasebook import get_phrases
from handlers.discord.incoming import room_at
from handlers.discord.interactions import AnyInteraction, Interaction, start_answer
from handlers.discord.render import render

MakeButtons = Callable[[Reply, str, Sequence[str]], list[ui.Item[Any]]]

LASTS: Final = 900.0  # seconds; Discord does not say when somebody closes a window
LONGEST_NOTE: Final = 500
LONGEST_TEXT: Final = 4000  # Discord's own limit


def person(interaction: Interaction) -> Person:
    return Person("discord", str(interaction.user.id))


class WrongModal(ui.Modal):
    """A window for the line of an answer that is wrong."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(title=get_phrases().say("discord.wrong_title"), timeout=LASTS)
        self.answer_id = answer_id
        self.note: ui.TextInput[WrongModal] = ui.TextInput(
            label=get_phrases().say("discord.wrong_label"),
            style=discord.TextStyle.paragraph,
            max_length=LONGEST_NOTE,
            required=False,
        )
        self.add_item(self.note)

    async def on_submit(self, interaction: AnyInteraction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        with bind_check_id(self.answer_id):
            start_answer(interaction, self._note(interaction))

    async def _note(self, interaction: Interaction) -> None:
        conversation = interaction.client.conversation
        said = await conversation.object(self.answer_id, person(interaction), self.note.value)
        await interaction.edit_original_response(view=render(said or remark("places.forgotten")))


class PasteModal(ui.Modal):
    """A window for the text of an article that could not be read. `make_buttons`: those of the answer."""

    def __init__(self, answer_id: str, make_buttons: MakeButtons) -> None:
        super().__init__(title=get_phrases().say("discord.paste_title"), timeout=LASTS)
        self.answer_id = answer_id
        self._make_buttons = make_buttons
        self.text: ui.TextInput[PasteModal] = ui.TextInput(
            label=get_phrases().say("discord.paste_label"),
            style=discord.TextStyle.paragraph,
            max_length=LONGEST_TEXT,
        )
        self.add_item(self.text)

    async def on_submit(self, interaction: AnyInteraction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        with bind_check_id(self.answer_id):
            start_answer(interaction, self._answer(interaction))

    async def _answer(self, interaction: Interaction) -> None:
        conversation = interaction.client.conversation
        here, who = room_at(interaction), person(interaction)
        answer = await conversation.answer_pasted(self.answer_id, here, who, self.text.value)
        with bind_check_id(answer.id):
            view = render(answer.reply, self._make_buttons(answer.reply, answer.id, [who.id]))
            await interaction.edit_original_response(view=view)
