"""The buttons under an answer. Each carries what it needs in its custom_id, so it survives a restart.

hearsay:sources:<answer>            details, private to whoever presses
hearsay:remove:<answer>:<involved>  takes the answer away, for the poster, the asker and moderators
hearsay:show:<answer>               gives an answer that one person was told to everybody
hearsay:again:<answer>:<involved>   reads the page again, and edits the answer
hearsay:wrong:<answer>              a window for what is wrong, kept for review
hearsay:paste:<answer>              a window for the text of a page that could not be read
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Self, assert_never

import discord
from discord import ui

from bot.answer_cache import Answer
from bot.log_context import bind_check_id
from bot.replies import Action, Reply, Said, SmallPrint
from bot.replies import Button as Wanted
from bot.replying.phrasebook import get_phrases
from handlers.discord.incoming import message_link, room_at
from handlers.discord.interactions import AnyInteraction, Interaction, start_answer
from handlers.discord.modals import PasteModal, WrongModal
from handlers.discord.render import ADDRESS_LIMIT, render, render_details, render_pages
from handlers.sanitize import web_address

_LABEL_LIMIT: Final = 80
_INVOLVED: Final = (
    r"(?:[0-9]{1,20}(?:,[0-9]{1,20})?)?"  # at most two people; nobody, where they are forgotten
)


def answer_buttons(reply: Reply, answer_id: str, involved: Sequence[str]) -> list[ui.Item[Any]]:
    """The reply's buttons that this place serves, in order."""
    made = (_button(wanted, answer_id, involved) for wanted in reply.buttons)
    return [button for button in made if button is not None]


def _button(wanted: Wanted, answer_id: str, involved: Sequence[str]) -> ui.Item[Any] | None:
    label = wanted.words[:_LABEL_LIMIT]
    match wanted.action:
        case Action.SOURCES | Action.HEDGES as action:
            return DetailsButton(action, answer_id, label)
        case Action.REMOVE:
            return RemoveButton(answer_id, involved, label)
        case Action.SHOW:
            return ShowButton(answer_id, label)
        case Action.OPEN:
            address = web_address(wanted.url)
            fits = address is not None and len(address) <= ADDRESS_LIMIT
            return ui.Button(label=label, url=address) if fits else None
        case Action.AGAIN:
            return AgainButton(answer_id, involved, label)
        case Action.WRONG | Action.PASTE as action:
            return ModalButton(action, answer_id, label)
        case _:
            assert_never(wanted.action)


def _note_reply(sentence: str) -> Reply:
    return Reply((SmallPrint((Said(sentence),)),))


def _message_link(interaction: Interaction, message: int) -> str:
    """Return the address of a message that follows an interaction, which does not know its guild."""
    return message_link(interaction.guild_id, interaction.channel_id or 0, message)


def _may_write(permissions: discord.Permissions, channel: object) -> bool:
    threaded = isinstance(channel, discord.Thread)
    return permissions.send_messages_in_threads if threaded else permissions.send_messages


def _why_not_shown(interaction: Interaction) -> str | None:
    """Return why nothing can be shown in a channel; None where it can. A message that follows an interaction
    passes the bot's own permissions by, so they are looked at here, and so are those of the person who
    pressed."""
    if interaction.guild_id is None:
        return None
    if not _may_write(interaction.permissions, interaction.channel):
        return get_phrases().say("discord.you_may_not_write")
    if interaction.is_guild_integration() and not _may_write(
        interaction.app_permissions, interaction.channel
    ):
        return get_phrases().say("discord.i_may_not_write")
    return None


class DetailsButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=r"hearsay:(sources|hedges):([a-z0-9]{1,32})(?::([0-9]{1,3}))?",
):
    """Shows details to whoever presses, and to nobody else; `page` (from 0) turns their page."""

    def __init__(
        self, action: Action, answer_id: str, label: str | None = None, page: int | None = None
    ) -> None:
        turned = "" if page is None else f":{page}"
        super().__init__(ui.Button(label=label, custom_id=f"hearsay:{action}:{answer_id}{turned}"))
        self.action, self.answer_id, self.page = action, answer_id, page

    @classmethod
    async def from_custom_id(cls, _: AnyInteraction, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(Action(match[1]), match[2], page=int(match[3]) if match[3] else None)

    async def callback(self, interaction: AnyInteraction) -> None:
        if self.page is None:
            await interaction.response.defer(ephemeral=True, thinking=True)
        else:
            await interaction.response.defer()
        with bind_check_id(self.answer_id):
            start_answer(interaction, self._show(interaction))

    async def _show(self, interaction: Interaction) -> None:
        conversation = interaction.client.conversation
        found = await conversation.press(self.answer_id, self.action)
        if found is None:
            view = render(_note_reply(get_phrases().say("places.forgotten")))
        else:
            last = len(render_pages(found.blocks)) - 1
            page = min(self.page or 0, last)  # the answer may have become shorter since
            there = [(page - 1, "discord.previous_page"), (page + 1, "discord.next_page")]
            neighbours = [
                DetailsButton(
                    self.action, self.answer_id, get_phrases().say(key, page=to + 1, pages=last + 1), to
                )
                for to, key in there
                if 0 <= to <= last
            ]
            view = render_details(found, page, neighbours)
        await interaction.edit_original_response(view=view)


class RemoveButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=rf"hearsay:remove:([a-z0-9]{{1,32}}):({_INVOLVED})",
):
    """Takes the answer away for the poster of the link, whoever asked, and those who may delete messages."""

    def __init__(self, answer_id: str, involved: Sequence[str], label: str | None = None) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"hearsay:remove:{answer_id}:{','.join(involved)}"))
        self.answer_id, self.involved = answer_id, involved

    @classmethod
    async def from_custom_id(cls, _: AnyInteraction, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(match[1], match[2].split(","))

    async def callback(self, interaction: AnyInteraction) -> None:
        await interaction.response.defer()
        with bind_check_id(self.answer_id):
            start_answer(interaction, self._remove(interaction))

    async def _remove(self, interaction: Interaction) -> None:
        conversation = interaction.client.conversation
        refused = await conversation.refuse_removal(
            self.answer_id,
            room_at(interaction),
            involved=str(interaction.user.id) in self.involved,
            moderator=interaction.permissions.manage_messages,
        )
        if refused is None:
            await interaction.delete_original_response()
            await interaction.client.dispatcher.handle_removal(self.answer_id)
        else:
            await interaction.followup.send(view=render(_note_reply(refused)), ephemeral=True)


class ShowButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"hearsay:show:([a-z0-9]{1,32})"):
    """Gives an answer that one person was told to everybody in the channel."""

    def __init__(self, answer_id: str, label: str | None = None) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"hearsay:show:{answer_id}"))
        self.answer_id = answer_id

    @classmethod
    async def from_custom_id(cls, _: AnyInteraction, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(match[1])

    async def callback(self, interaction: AnyInteraction) -> None:
        await interaction.response.defer()
        with bind_check_id(self.answer_id):
            start_answer(interaction, self._show(interaction))

    async def _show(self, interaction: Interaction) -> None:
        unfit = _why_not_shown(interaction)
        if unfit is not None:
            await interaction.followup.send(view=render(_note_reply(unfit)), ephemeral=True)
            return
        conversation = interaction.client.conversation
        shown = await conversation.show(self.answer_id, room_at(interaction))
        if not isinstance(shown, Answer):
            note = _note_reply(get_phrases().say("places.forgotten")) if shown is None else shown
            await interaction.followup.send(view=render(note), ephemeral=True)
            return
        with bind_check_id(shown.id):
            await self._post(interaction, shown)

    async def _post(self, interaction: Interaction, shown: Answer) -> None:
        conversation = interaction.client.conversation
        involved = shown.involved or [str(interaction.user.id)]
        view = render(shown.reply, answer_buttons(shown.reply, shown.id, involved))
        try:
            sent = await interaction.followup.send(view=view, silent=True, wait=True)
        except BaseException:
            await conversation.cancel_show(shown.id)
            raise
        await conversation.mark_sent(shown.id, _message_link(interaction, sent.id))


class AgainButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"hearsay:again:([a-z0-9]{{1,32}}):({_INVOLVED})"
):
    """Reads the page of an answer again, in its place."""

    def __init__(self, answer_id: str, involved: Sequence[str], label: str | None = None) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"hearsay:again:{answer_id}:{','.join(involved)}"))
        self.answer_id, self.involved = answer_id, involved

    @classmethod
    async def from_custom_id(cls, _: AnyInteraction, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(match[1], match[2].split(",") if match[2] else [])

    async def callback(self, interaction: AnyInteraction) -> None:
        await interaction.response.defer()
        with bind_check_id(self.answer_id):
            start_answer(interaction, self._again(interaction))

    async def _again(self, interaction: Interaction) -> None:
        conversation = interaction.client.conversation
        found = await conversation.recheck(self.answer_id)
        if not isinstance(found, Answer):
            note = _note_reply(get_phrases().say("places.forgotten")) if found is None else found
            await interaction.followup.send(view=render(note), ephemeral=True)
            return
        view = render(found.reply, answer_buttons(found.reply, self.answer_id, self.involved))
        there = await interaction.edit_original_response(view=view)
        await conversation.mark_sent(self.answer_id, _message_link(interaction, there.id))


class ModalButton(
    ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"hearsay:(wrong|paste):([a-z0-9]{1,32})"
):
    """Opens a window to write in."""

    def __init__(self, action: Action, answer_id: str, label: str | None = None) -> None:
        super().__init__(ui.Button(label=label, custom_id=f"hearsay:{action}:{answer_id}"))
        self.action, self.answer_id = action, answer_id

    @classmethod
    async def from_custom_id(cls, _: AnyInteraction, __: ui.Item[Any], match: re.Match[str], /) -> Self:
        return cls(Action(match[1]), match[2])

    async def callback(self, interaction: AnyInteraction) -> None:
        window = (
            WrongModal(self.answer_id)
            if self.action is Action.WRONG
            else PasteModal(self.answer_id, answer_buttons)
        )
        await interaction.response.send_modal(window)


DYNAMIC: Final = (DetailsButton, RemoveButton, ShowButton, AgainButton, ModalButton)
