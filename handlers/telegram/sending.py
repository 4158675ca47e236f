"""Messages on their way out: silent, without previews, under what they answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, Self, TypeVar

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from bot.replies import Reply
from bot.replying.failures import remark
from handlers.telegram.incoming import topic_of
from handlers.telegram.render import render as rendered

T = TypeVar("T")

log = structlog.get_logger(__name__)

_GENERAL: Final = "-"
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


class TelegramMessageRef(NamedTuple):
    """A message that is answered, and its topic."""

    chat: int
    topic: int | None
    message: int

    def __str__(self) -> str:
        return f"{self.chat} {_GENERAL if self.topic is None else self.topic} {self.message}"

    @classmethod
    def read(cls, written: str) -> Self:
        chat, topic, message = written.split()
        return cls(int(chat), None if topic == _GENERAL else int(topic), int(message))


def message_ref(message: Message) -> TelegramMessageRef:
    return TelegramMessageRef(message.chat_id, topic_of(message), message.message_id)


def message_link(chat: int, message: int, username: str | None = None) -> str:
    """Return the address of a message, which everybody finds in a chat with a name, and its members in a
    supergroup or a channel; elsewhere its number has to do."""
    if username and chat < 0:
        return f"https://t.me/{username}/{message}"
    group = str(chat).removeprefix("-100")
    return f"https://t.me/c/{group}/{message}" if group != str(chat) else str(message)


async def send_reply(
    bot: Bot,
    spot: TelegramMessageRef,
    reply: Reply,
    buttons: InlineKeyboardMarkup | ForceReply | None,
    *,
    quote: str | None = None,
) -> Message:
    """Send under the message with the link, which is quoted where that can be, and in its topic."""
    return await post(bot, spot.chat, spot.topic, reply, buttons, under=_under(spot.message, quote))


async def post(
    bot: Bot,
    chat: int,
    topic: int | None,
    reply: Reply,
    buttons: InlineKeyboardMarkup | ForceReply | None,
    *,
    under: ReplyParameters | None = None,
) -> Message:
    """Post silently, and without a preview of its links."""
    return await _send_conceding(
        bot.send_message,
        chat_id=chat,
        text=rendered(reply),
        parse_mode=ParseMode.HTML,
        message_thread_id=topic,
        disable_notification=True,
        link_preview_options=_NO_PREVIEW,
        reply_markup=buttons,
        reply_parameters=under,
    )


async def send_file(bot: Bot, spot: TelegramMessageRef, content: bytes, name: str) -> None:
    """Send a file, under the message that asks for it."""
    await _send_conceding(
        bot.send_document,
        chat_id=spot.chat,
        document=InputFile(content, name),
        message_thread_id=spot.topic,
        disable_notification=True,
        reply_parameters=_under(spot.message),
    )


async def edit(bot: Bot, chat: int, message: int, reply: Reply, buttons: InlineKeyboardMarkup | None) -> None:
    """Edit a message. Raises BadRequest where there is no such message any more."""
    try:
        await _send_conceding(
            bot.edit_message_text,
            text=rendered(reply),
            chat_id=chat,
            message_id=message,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=buttons,
        )
    except BadRequest as refused:
        if "not modified" not in refused.message.lower():
            raise


def _under(message: int, quote: str | None = None) -> ReplyParameters:
    return ReplyParameters(message, allow_sending_without_reply=True, quote=quote)


async def _send_conceding(call: Callable[..., Awaitable[T]], **wanted: Any) -> T:
    """Send, and retry without what Telegram will not have in a message."""
    while True:
        try:
            return await call(**wanted)
        except BadRequest as refused:
            less = _concede(wanted, refused.message.lower())
            if less is None:
                raise
            wanted |= less


def _concede(wanted: dict[str, Any], why: str) -> dict[str, Any] | None:
    """Return the message without a topic that is gone, a quotation that has changed, or addresses that no
    button may have."""
    under, buttons = wanted.get("reply_parameters"), wanted.get("reply_markup")
    # What stands under no message is meant for its topic alone, as in a log channel.
    if "thread not found" in why and under is not None and wanted.get("message_thread_id") is not None:
        return {"message_thread_id": None}
    if "quote" in why and under is not None and under.quote is not None:
        return {"reply_parameters": _under(under.message_id)}
    if "button" in why and isinstance(buttons, InlineKeyboardMarkup):
        kept = [[one for one in row if one.url is None] for row in buttons.inline_keyboard]
        fewer = InlineKeyboardMarkup([row for row in kept if row])
        return None if fewer == buttons else {"reply_markup": fewer}
    return None


async def answer_press(
    query: CallbackQuery, told: str | None = None, *, alert: bool = False, url: str | None = None
) -> None:
    """Answer a press, so that no client waits; one that Telegram has given up on is done all the same."""
    try:
        await query.answer(told, show_alert=alert, url=url)
    except BadRequest as refused:
        log.info("a press came late", reason=refused.message)


async def remove(bot: Bot, chat: int, message: int) -> bool:
    """Take a message of the bot's own away. One that Telegram does not delete any more, after 48 hours, is
    emptied instead; False where neither can be, as where somebody was faster."""
    try:
        return await bot.delete_message(chat, message)
    except BadRequest:
        pass
    except Forbidden:
        return False
    try:
        await edit(bot, chat, message, remark("telegram.removed"), None)
    except (BadRequest, Forbidden):
        return False
    return True
