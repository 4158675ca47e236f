"""The buttons under an answer, and who may press them.

    remove:<answer>:<asker>      takes the answer away, for the person who asked

A changed client can send any data for any message. So a press counts only if Telegram's own copy of the
message carries that very button; nothing needs to be signed or kept.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest

from bot.conversation import Conversation
from bot.replies import Action, Reply
from bot.replies import Button as Wanted
from bot.replying.words import words
from handlers.strangers import web_address

_LABEL_LIMIT: Final = 64
_ADDRESS_LIMIT: Final = 2048
_ROW: Final = 3


def keyboard(reply: Reply, answer_id: str, asker: int) -> InlineKeyboardMarkup | None:
    """The reply's buttons that this place serves, in order; details are folded into the message."""
    made = (_button(wanted, answer_id, asker) for wanted in reply.buttons)
    served = [button for button in made if button is not None]
    rows = [served[start : start + _ROW] for start in range(0, len(served), _ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(wanted: Wanted, answer_id: str, asker: int) -> InlineKeyboardButton | None:
    label = wanted.words[:_LABEL_LIMIT]
    match wanted.action:
        case Action.REMOVE:
            return InlineKeyboardButton(label, callback_data=f"remove:{answer_id}:{asker}")
        case Action.OPEN:
            address = _openable(wanted.url)
            return InlineKeyboardButton(label, url=address) if address else None
        case Action.SOURCES | Action.HEDGES | Action.WRONG | Action.AGAIN | Action.PASTE | Action.SHOW:
            return None


def _openable(url: str | None) -> str | None:
    """Telegram refuses a whole message for a button to a host without a dot."""
    address = web_address(url) or ""
    dotted = "." in (urlsplit(address).hostname or "")
    return address if dotted and len(address) <= _ADDRESS_LIMIT else None


async def pressed(query: CallbackQuery, conversation: Conversation) -> None:
    """Does what the button says; every press is answered, so that no client waits."""
    message, data = query.message, query.data or ""
    if not isinstance(message, Message) or data not in _carried(message):
        await query.answer(words().say("places.forgotten"))
    elif data.rpartition(":")[2] != str(query.from_user.id):
        await query.answer(words().say("places.only_asker"))
    else:
        await conversation.press(data.split(":")[1], Action.REMOVE)
        await query.answer(await _removed(message))


async def _removed(message: Message) -> str | None:
    """None, or why it could not be: pressed twice, or older than the 48 hours that Telegram allows."""
    try:
        await message.delete()
    except BadRequest:
        return words().say("places.cannot_remove")
    return None


def _carried(message: Message) -> set[str]:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return {str(button.callback_data) for row in rows for button in row if button.callback_data}
