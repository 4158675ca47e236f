"""The buttons under an answer, and who may press them.

    remove:<answer>:<involved>   takes the answer away, for the poster, the asker and administrators

A changed client can send any data for any message. So a press counts only if Telegram's own copy of the
message carries that very button; nothing needs to be signed or kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, TelegramError

from bot.conversation import Conversation
from bot.places import Room
from bot.replies import Action, Reply
from bot.replies import Button as Wanted
from bot.replying.words import words
from handlers.strangers import web_address

_LABEL_LIMIT: Final = 64
_ADDRESS_LIMIT: Final = 2048
_ROW: Final = 3
_ADMINISTRATORS: Final = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}


def keyboard(reply: Reply, answer_id: str, involved: Sequence[str]) -> InlineKeyboardMarkup | None:
    """The reply's buttons that this place serves, in order; details are folded into the message."""
    made = (_button(wanted, answer_id, involved) for wanted in reply.buttons)
    served = [button for button in made if button is not None]
    rows = [served[start : start + _ROW] for start in range(0, len(served), _ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(wanted: Wanted, answer_id: str, involved: Sequence[str]) -> InlineKeyboardButton | None:
    label = wanted.words[:_LABEL_LIMIT]
    match wanted.action:
        case Action.REMOVE:
            return InlineKeyboardButton(label, callback_data=f"remove:{answer_id}:{','.join(involved)}")
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
    else:
        _, answer, involved = data.split(":")
        refused = await conversation.may_remove(
            answer,
            room(message),
            involved=str(query.from_user.id) in involved.split(","),
            moderator=await _moderates(message, query.from_user.id),
        ) or await _removed(message)
        if refused is None:
            await conversation.retract(answer)
        await query.answer(refused)


async def _moderates(message: Message, person: int) -> bool:
    """The creator and administrators of a group; nobody, where Telegram will not say."""
    try:
        member = await message.get_bot().get_chat_member(message.chat_id, person)
    except TelegramError:
        return False
    return member.status in _ADMINISTRATORS


async def _removed(message: Message) -> str | None:
    """None, or why it could not be: pressed twice, or older than the 48 hours that Telegram allows."""
    try:
        await message.delete()
    except BadRequest:
        return words().say("places.cannot_remove")
    return None


def room(message: Message) -> Room:
    """A topic is a room of its own."""
    topic = topic_of(message)
    ident = str(message.chat_id) if topic is None else f"{message.chat_id}/{topic}"
    private = message.chat.type == ChatType.PRIVATE
    return Room("telegram", ident, private, None if private else str(message.chat_id))


def topic_of(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


def _carried(message: Message) -> set[str]:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return {str(button.callback_data) for row in rows for button in row if button.callback_data}
