"""The Telegram application, started and stopped inside the loop that everything else runs in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import structlog
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    Updater,
    filters,
)

from bot.conversation import Conversation
from bot.desk import Desk
from bot.notices import Notices
from handlers.telegram.answers import Answers
from handlers.telegram.delivering import Delivery, told

_DRAIN_SECONDS: Final = 25.0  # a check ends within 15 s of fetching and 5 s of reading
_LONGEST_PAUSE: Final = 300.0
_AT_ONCE: Final = 64
_RETRIES: Final = 5
_UPDATES: Final = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY]

App = Application[Any, Any, Any, Any, Any, Any]

log = structlog.get_logger(__name__)


async def run(
    conversation: Conversation,
    desk: Desk,
    token: str,
    *,
    notices: Notices | None = None,
    base_url: str = "https://api.telegram.org/bot",
    pause: float = 1.0,
    poll_seconds: int = 10,
) -> None:
    """Serves Telegram until cancelled, then finishes the answers that it owes.

    While Telegram cannot be reached at the start it is tried again after `pause` seconds, then twice that, up
    to five minutes; later losses of the network are the library's to wait out. Returns, having said so, only
    where no retry can help: when Telegram refuses the token.
    """
    wait = pause
    while True:
        try:
            application = _application(conversation, desk, token, base_url)
            if notices is not None:
                notices.connect("telegram", partial(told, application.bot))
            async with _started(application), _watching(desk, Delivery(application.bot)):
                await _serve(application, poll_seconds)
        except InvalidToken as refused:
            log.error("telegram refuses to let me in", reason=str(refused))  # noqa: TRY400  # no fault of ours
            return
        except TelegramError as failed:
            log.warning("telegram cannot be reached", retry_in=wait, reason=repr(failed))
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_PAUSE)


def _application(conversation: Conversation, desk: Desk, token: str, base_url: str) -> App:
    answers = Answers(conversation, desk)
    builder = Application.builder().token(token).base_url(base_url).concurrent_updates(_AT_ONCE)
    application = builder.rate_limiter(AIORateLimiter(max_retries=_RETRIES)).build()
    new = filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler("check", answers.on_check, filters=new))
    application.add_handler(MessageHandler(filters.ChatType.PRIVATE & new, answers.on_private))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, answers.on_edited))
    application.add_handler(CallbackQueryHandler(answers.on_press))
    application.add_error_handler(_failed)
    return application


@asynccontextmanager
async def _started(application: App) -> AsyncIterator[App]:
    try:
        await application.initialize()
        yield application
    finally:
        await application.shutdown()
        # One that failed to initialise does not shut its bot down, whose connections are open by then.
        await application.bot.shutdown()


@asynccontextmanager
async def _watching(desk: Desk, delivery: Delivery) -> AsyncIterator[None]:
    """What other processes left is seen through beside what comes in."""
    task = asyncio.create_task(desk.watch("telegram", delivery))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _serve(application: App, poll_seconds: int) -> None:
    """Until cancelled; then no new update is fetched, and those in hand are finished, within limits."""
    updater = application.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")
    await application.start()
    try:
        await updater.start_polling(
            timeout=poll_seconds, bootstrap_retries=-1, allowed_updates=_UPDATES, error_callback=_lost
        )
        await asyncio.Event().wait()
    finally:
        await _drain(application, updater)


async def _drain(application: App, updater: Updater) -> None:
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            if updater.running:
                await updater.stop()
            await application.stop()
    except TimeoutError:
        log.warning("answers on telegram were given up at the end")


def _lost(error: TelegramError) -> None:
    log.warning("telegram does not answer", reason=repr(error))


async def _failed(_: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    log.error("an answer on telegram failed", exc_info=context.error)
