"""What Telegram brings, turned into the conversation's messages, and its replies sent back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.conversation import Conversation
from bot.desk import Desk
from bot.ledger import Due
from bot.messages import Asked
from bot.messages import Message as Heard
from bot.replies import Reply
from handlers.telegram.buttons import pressed, room, topic_of
from handlers.telegram.delivering import Delivery, sent, spot
from handlers.telegram.links import addresses

_TYPING_LASTS: Final = 4.5  # seconds; Telegram takes the sign away after five
_YOUNG: Final = timedelta(hours=1)  # how old a message may be that gets its first link by an edit

log = structlog.get_logger(__name__)


class Answers:
    """The ways in. Each handles one update and returns when its answer is sent."""

    def __init__(self, conversation: Conversation, desk: Desk) -> None:
        self._conversation = conversation
        self._desk = desk

    async def on_private(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if message := update.message:
            await self._hear(message, about=message)

    async def on_check(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The link stands in the command, or in the message that the command replies to."""
        if message := update.message:
            elsewhere = message.reply_to_message
            there = elsewhere is not None and not addresses(message) and addresses(elsewhere)
            await self._hear(message, about=elsewhere if there and elsewhere else message)

    async def on_edited(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers follow the links of their message. In private, one that gets its first link asks."""
        message = update.edited_message
        author = None if message is None else _sender(message)
        if message is None or author is None:
            return
        said = Heard(room(message), str(author), addresses(message), asked=True)
        async with self._desk.turn(str(spot(message))):
            changed = await self._desk.edited(said, str(spot(message)))
        young = datetime.now(UTC) - message.date < _YOUNG
        if changed is None and said.text and said.room.private and young:
            await self._hear(message, about=message)
        with _refusals_logged():
            for check in changed or ():
                await self._desk.see_through(check, Delivery(message.get_bot()))

    async def on_press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if query := update.callback_query:
            await pressed(query, self._conversation)

    async def _hear(self, message: Message, *, about: Message) -> None:
        asker = _sender(message)
        if asker is None:
            return
        poster = None if about is message else _sender(about)
        said = Heard(
            room(message),
            str(asker),
            addresses(about),
            asked=True,
            poster=None if poster is None else str(poster),
        )
        async with self._desk.turn(str(spot(about))):
            heard = await self._conversation.hear(said)
            due = await self._accepted(message, about, heard) if isinstance(heard, Asked) else None
        with _refusals_logged():
            if isinstance(heard, Reply):
                await sent(about.get_bot(), spot(about), heard, None)
            if due is not None:
                async with _typing(about):
                    await self._desk.see_through(due.id, Delivery(about.get_bot()))

    async def _accepted(self, message: Message, about: Message, asked: Asked) -> Due | None:
        origin = f"telegram message {message.chat_id} {message.message_id}"
        return await self._desk.accept(origin, asked, str(spot(about)))


def _sender(message: Message) -> int | None:
    """Who wrote it; None for a bot. An administrator who hides behind the group's name is the group."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    author = message.from_user
    return None if author is None or author.is_bot else author.id


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
                about.chat_id, ChatAction.TYPING, message_thread_id=topic_of(about)
            )
            await asyncio.sleep(_TYPING_LASTS)


@contextmanager
def _refusals_logged() -> Iterator[None]:
    """Who blocked the bot or turned it out gets no answer, and it is not tried again."""
    try:
        yield
    except Forbidden as refused:
        log.info("telegram would not take the answer", reason=refused.message)
