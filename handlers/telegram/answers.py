"""What Telegram brings, turned into the conversation's messages, and its replies sent back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters, Update
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.conversation import Conversation
from bot.messages import Asked
from bot.messages import Message as Heard
from bot.places import Room
from bot.replies import Reply
from handlers.telegram.buttons import keyboard, pressed
from handlers.telegram.links import addresses
from handlers.telegram.render import message as rendered

_TYPING_LASTS: Final = 4.5  # seconds; Telegram takes the sign away after five

log = structlog.get_logger(__name__)


class Answers:
    """The ways in. Each handles one update and returns when its answer is sent."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def on_private(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if message := update.message:
            await self._hear(message, about=message)

    async def on_check(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The link stands in the command, or in the message that the command replies to."""
        if message := update.message:
            elsewhere = message.reply_to_message
            there = elsewhere is not None and not addresses(message) and addresses(elsewhere)
            await self._hear(message, about=elsewhere if there and elsewhere else message)

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if query := update.callback_query:
            await pressed(query, self._conversation)

    async def _hear(self, message: Message, *, about: Message) -> None:
        asker = _sender(message)
        if asker is None:
            return
        heard = await self._conversation.hear(Heard(_room(message), str(asker), addresses(about), asked=True))
        with _refusals_logged():
            if isinstance(heard, Reply):
                await _send(about, heard, None)
            elif heard is not None:
                await self._answer(about, heard, asker)

    async def _answer(self, about: Message, asked: Asked, asker: int) -> None:
        async with _typing(about):
            answer = await self._conversation.answer(asked)
        if answer is not None:
            sent = await _send(about, answer.reply, keyboard(answer.reply, answer.id, asker))
            await self._conversation.sent(answer.id, sent.link or str(sent.message_id))


def _sender(message: Message) -> int | None:
    """Who wrote it; None for a bot. An administrator who hides behind the group's name is the group."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    author = message.from_user
    return None if author is None or author.is_bot else author.id


def _room(message: Message) -> Room:
    """A topic is a room of its own."""
    topic = _topic(message)
    ident = str(message.chat_id) if topic is None else f"{message.chat_id}/{topic}"
    private = message.chat.type == ChatType.PRIVATE
    return Room("telegram", ident, private, None if private else str(message.chat_id))


def _topic(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


async def _send(about: Message, reply: Reply, buttons: InlineKeyboardMarkup | None) -> Message:
    """Under the message with the link and in its topic; without the topic if that is gone by now."""
    try:
        return await _send_to(_topic(about), about, reply, buttons)
    except BadRequest as refused:
        if "thread not found" not in refused.message.lower():
            raise
        return await _send_to(None, about, reply, buttons)


async def _send_to(
    topic: int | None, about: Message, reply: Reply, buttons: InlineKeyboardMarkup | None
) -> Message:
    return await about.get_bot().send_message(
        about.chat_id,
        rendered(reply),
        parse_mode=ParseMode.HTML,
        message_thread_id=topic,
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(about.message_id, allow_sending_without_reply=True),
        reply_markup=buttons,
    )


@asynccontextmanager
async def _typing(about: Message) -> AsyncIterator[None]:
    """Shows that something is being worked on; never holds the answer up, nor fails it."""
    showing = asyncio.create_task(_keep_typing(about))
    try:
        yield
    finally:
        showing.cancel()


async def _keep_typing(about: Message) -> None:
    with suppress(TelegramError):
        while True:
            await about.get_bot().send_chat_action(
                about.chat_id, ChatAction.TYPING, message_thread_id=_topic(about)
            )
            await asyncio.sleep(_TYPING_LASTS)


@contextmanager
def _refusals_logged() -> Iterator[None]:
    """Who blocked the bot or turned it out gets no answer, and it is not tried again."""
    try:
        yield
    except Forbidden as refused:
        log.info("telegram would not take the answer", reason=refused.message)
