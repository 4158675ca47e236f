"""The buttons under an answer. Each carries what it needs in its custom_id, so it survives a restart.

hearsay:sources:<answer>            details, private to whoever presses
hearsay:remove:<answer>:<asker>     takes the answer away, for the asker and for moderators
"""

from __future__ import annotations

import re
from typing import Any, Final, Self

import discord
from discord import ui

from bot.conversation import Conversation
from bot.replies import Action, Fine, Reply, Said
from bot.replies import Button as Wanted
from bot.replying.words import words
from handlers.discord.render import layout
from handlers.strangers import web_address

_LABEL_LIMIT: Final = 80
_ADDRESS_LIMIT: Final = 512

Interaction = discord.Interaction[Any]


def buttons(reply: Reply, answer_id: str, asker: int) -> list[ui.Item[Any]]:
    """The reply's buttons that this place serves, in order."""
    made = (_button(wanted, answer_id, asker) for wanted in reply.buttons)
    return [button for button in made if button is not None]


def _button(wanted: Wanted, answer_id: str, asker: int) -> ui.Item[Any] | None:
    label = wanted.words[:_LABEL_LIMIT]
    match wanted.action:
        case Action.SOURCES | Action.HEDGES as action:
            return PanelButton(action, answer_id, label)
        case Action.REMOVE:
            return RemoveButton(answer_id, asker, label)
        case Action.OPEN:
            address = web_address(wanted.url)
            fits = address is not None and len(address) <= _ADDRESS_LIMIT
            return ui.Button(label=label, url=address) if fits else None
        case Action.WRONG | Action.AGAIN | Action.PASTE | Action.SHOW:
            return None


def _note(key: str) -> Reply:
    return Reply((Fine((Said(words().say(key)),)),))


class PanelButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"hearsay:(sources|hedges):([a-z0-9]{1,32})"
):
    """Shows details to whoever presses, and to nobody else."""

    def __init__(self, action: Action, answer_id: str, label: str | None = None) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"hearsay:{action}:{answer_id}"))
        self.action, self.answer_id = action, answer_id

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(Action(match[1]), match[2])

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        interaction.client.owe(self._show(interaction))

    async def _show(self, interaction: Interaction) -> None:
        conversation: Conversation = interaction.client.conversation
        panel = await conversation.press(self.answer_id, self.action)
        await interaction.edit_original_response(view=layout(panel or _note("places.forgotten")))


class RemoveButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"hearsay:remove:([a-z0-9]{1,32}):([0-9]{1,20})"
):
    """Takes the answer away for the person who asked, and for those who may delete messages here."""

    def __init__(self, answer_id: str, asker: int, label: str | None = None) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"hearsay:remove:{answer_id}:{asker}"))
        self.answer_id, self.asker = answer_id, asker

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(match[1], int(match[2]))

    async def callback(self, interaction: Interaction) -> None:
        if not self._may_remove(interaction):
            await interaction.response.send_message(
                view=layout(_note("places.only_asker_or_moderators")), ephemeral=True
            )
            return
        await interaction.response.defer()
        interaction.client.owe(self._remove(interaction))

    async def _remove(self, interaction: Interaction) -> None:
        conversation: Conversation = interaction.client.conversation
        await conversation.press(self.answer_id, Action.REMOVE)
        await interaction.delete_original_response()

    def _may_remove(self, interaction: Interaction) -> bool:
        return interaction.user.id == self.asker or interaction.permissions.manage_messages
