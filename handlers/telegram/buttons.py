"""The buttons under an answer, and who may press them.

    remove:<answer>:<involved>   takes the answer away, for the poster, the asker and administrators
    again:<answer>:<involved>    reads the page again, and edits the answer
    wrong:<answer>               asks, in private, what is wrong; kept for review
    paste:<answer>               asks, in private, for the text of a page that could not be read

A changed client can send any data for any message. So a press counts only if Telegram's own copy of the
message carries that very button; nothing needs to be signed or kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, Forbidden

from bot.answer_cache import Answer
from bot.conversation import Conversation
from bot.dispatcher import Dispatcher
from bot.log_context import bind_check_id
from bot.replies import Action, Reply
from bot.replies import Button as Wanted
from bot.replying.phrasebook import get_phrases
from handlers.sanitize import web_address
from handlers.telegram.incoming import is_private, room_of
from handlers.telegram.log_channel import add_heading, find_heading
from handlers.telegram.markup import strip_markup
from handlers.telegram.permissions import is_moderator
from handlers.telegram.prompts import Prompts, start_link
from handlers.telegram.render import render as rendered
from handlers.telegram.sending import answer_press, edit, message_link, remove

_LABEL_LIMIT: Final = 64
_ADDRESS_LIMIT: Final = 2048
_ROW: Final = 3
_AT_ONCE: Final = 5.0  # seconds; a press that is answered later than some fifteen is an error to Telegram
_LONGEST_WINDOW: Final = 200  # characters


def answer_keyboard(reply: Reply, answer_id: str, involved: Sequence[str]) -> InlineKeyboardMarkup | None:
    """The reply's buttons that this place serves, what leads to the article first; details are folded into
    the message."""
    wanted = sorted(reply.buttons, key=lambda button: button.action is not Action.OPEN)
    made = (_button(one, answer_id, involved) for one in wanted)
    served = [button for button in made if button is not None]
    rows = [served[start : start + _ROW] for start in range(0, len(served), _ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(wanted: Wanted, answer_id: str, involved: Sequence[str]) -> InlineKeyboardButton | None:
    label = wanted.words[:_LABEL_LIMIT]
    match wanted.action:
        case Action.REMOVE | Action.AGAIN as action:
            return InlineKeyboardButton(label, callback_data=f"{action}:{answer_id}:{','.join(involved)}")
        case Action.WRONG | Action.PASTE as action:
            return InlineKeyboardButton(label, callback_data=f"{action}:{answer_id}")
        case Action.OPEN:
            address = web_address(wanted.url) or ""
            # Telegram refuses a whole message for a button to a host without a dot.
            fits = "." in (urlsplit(address).hostname or "") and len(address) <= _ADDRESS_LIMIT
            return InlineKeyboardButton(label, url=address) if fits else None
        case Action.SOURCES | Action.HEDGES | Action.SHOW:
            return None


class ButtonPresses:
    """The handler of presses on the buttons under an answer."""

    def __init__(self, conversation: Conversation, dispatcher: Dispatcher, prompts: Prompts) -> None:
        self._conversation = conversation
        self._dispatcher = dispatcher
        self._prompts = prompts

    async def press(self, query: CallbackQuery, message: Message, action: str, rest: str) -> None:
        """Answer every press, so that no client waits."""
        answer, _, involved = rest.partition(":")
        with bind_check_id(answer):
            match action:
                case Action.REMOVE:
                    await self._remove(query, message, answer, involved.split(","))
                case Action.AGAIN:
                    await self._again(query, message, answer, [one for one in involved.split(",") if one])
                case _:
                    await self._ask(query, message, action, answer)

    async def _remove(
        self, query: CallbackQuery, message: Message, answer: str, involved: Sequence[str]
    ) -> None:
        refused = await self._conversation.refuse_removal(
            answer,
            room_of(message),
            involved=str(query.from_user.id) in involved,
            moderator=await is_moderator(message.get_bot(), message.chat_id, query.from_user.id),
        )
        if refused is None:
            gone = await remove(message.get_bot(), message.chat_id, message.message_id)
            refused = None if gone else get_phrases().say("places.cannot_remove")
        if refused is None:
            await self._dispatcher.handle_removal(answer)
        await answer_press(query, refused)

    async def _again(
        self, query: CallbackQuery, message: Message, answer: str, involved: Sequence[str]
    ) -> None:
        """Read the page again; tell the person who pressed at once, unless the page is read quickly."""
        reading = asyncio.ensure_future(self._conversation.recheck(answer))
        done, _ = await asyncio.wait({reading}, timeout=_AT_ONCE)
        if not done:
            await answer_press(query, get_phrases().say("telegram.again"))
        found = await reading
        if isinstance(found, Answer) and not await self._update_message(message, found, involved):
            found = None
        if not done:
            return
        if isinstance(found, Reply):
            await answer_press(query, strip_markup(rendered(found))[:_LONGEST_WINDOW], alert=True)
        else:
            await answer_press(query, get_phrases().say("places.forgotten") if found is None else None)

    async def _update_message(self, message: Message, found: Answer, involved: Sequence[str]) -> bool:
        """Edit the answer; False where the message is gone by now, or its chat."""
        buttons = answer_keyboard(found.reply, found.id, involved)
        above = find_heading(message)
        reply = found.reply if above is None else add_heading(above, found.reply)
        try:
            await edit(message.get_bot(), message.chat_id, message.message_id, reply, buttons)
        except (BadRequest, Forbidden):
            return False
        if above is None:
            place = message_link(message.chat_id, message.message_id, message.chat.username)
            await self._conversation.mark_sent(found.id, place)
        return True

    async def _ask(self, query: CallbackQuery, message: Message, action: str, answer: str) -> None:
        """Ask for what somebody has to say where nobody else reads it."""
        if is_private(message):
            await answer_press(query)
            await self._prompts.ask(message.chat_id, action, answer)
        else:
            await answer_press(query, url=start_link(message.get_bot().username, f"{action}_{answer}"))
