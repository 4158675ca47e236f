"""The Telegram application, started and stopped inside the loop that everything else runs in.

Updates are fetched (long polling), or brought to an address of ours (a webhook, behind a proxy that speaks
HTTPS).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog
from telegram import Message, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, Updater, filters

from bot.commands import Commands
from bot.conversation import Conversation
from bot.dispatcher import Dispatcher
from bot.log_context import bind_check_id
from bot.notices import Notices
from bot.replies import Reply
from bot.replying.failures import remark
from bot.replying.phrasebook import get_phrases
from handlers.backoff import Backoff
from handlers.draining import DRAIN_SECONDS, PendingAnswers
from handlers.heartbeat import ignore_beat
from handlers.telegram.buttons import ButtonPresses, answer_keyboard
from handlers.telegram.commands import KNOWN, TelegramCommands, offer_commands
from handlers.telegram.delivery import DeliveryEvents, LinkTextCache, TelegramDelivery
from handlers.telegram.display_names import TelegramNames
from handlers.telegram.incoming import PLATFORM, BotIdentity, parse_command
from handlers.telegram.membership import Membership
from handlers.telegram.panel import ACTIONS, TelegramPanel, button_data, find_typed_setting
from handlers.telegram.prompts import PARTS_WITHIN, Prompts
from handlers.telegram.rate_limiter import MessageRateLimiter
from handlers.telegram.sending import answer_press, message_ref, send_reply
from handlers.telegram.transport import TolerantBot
from handlers.telegram.updates import UpdateIntake, UpdateQueue
from handlers.telegram.webhook import CannotListen, Webhook, listen

_DRAIN_SECONDS: Final = DRAIN_SECONDS
_LONGEST_BACKOFF: Final = 300.0
OFFER_BACKOFF: Final = 60.0  # seconds, then twice that, and so on
_HEARTBEAT: Final = 60.0  # seconds after which it is asked whether the token still holds
_CONFLICTS, _WITHIN = 4, 60.0  # so many in so many seconds: somebody else polls with this token
_UPDATES: Final = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
]

App = Application[Any, Any, Any, Any, Any, Any]

log = structlog.get_logger(__name__)


class SecondPoller(Exception):  # noqa: N818  # named for what it is; "Error" would add nothing
    """Another process fetches the updates of this token."""


_FINAL: Final[dict[type[Exception], str]] = {  # no retry can help
    InvalidToken: "telegram refuses to let me in: it does not know this token",
    SecondPoller: "another process fetches the updates of this telegram token, so this one stops; "
    "stop the other one, or give each a token of its own",
}


async def run(
    conversation: Conversation,
    dispatcher: Dispatcher,
    token: str,
    *,
    commands: Commands | None = None,
    notices: Notices | None = None,
    webhook: Webhook | None = None,
    base_url: str = "https://api.telegram.org/bot",
    base_file_url: str = "https://api.telegram.org/file/bot",
    pace: MessageRateLimiter | None = None,
    pause: float = 1.0,
    poll_seconds: int = 10,
    parts_within: float = PARTS_WITHIN,
    heartbeat: float = _HEARTBEAT,
    beat: Callable[[], None] = ignore_beat,
) -> None:
    """Serve Telegram until cancelled, then shut down gracefully: finish the answers that are begun.
    While Telegram cannot be reached at the start: a retry with exponential backoff, from `pause` seconds to
    five minutes; later losses of the network are the library's to wait out. Returns where no retry helps."""
    backoff = Backoff(pause, _LONGEST_BACKOFF)
    while True:
        connection = TelegramConnection(conversation, dispatcher, commands, notices, parts_within)
        try:
            bot = TolerantBot(token, base_url, base_file_url, pace or MessageRateLimiter(), beat)
            application = connection.application(bot)
            async with _start(application), connection.open_parts(application):
                if webhook is None:
                    await _poll(application, connection, poll_seconds, heartbeat)
                else:
                    await _listen(application, connection, webhook, heartbeat)
        except (InvalidToken, SecondPoller) as final:
            log.error(_FINAL[type(final)])  # noqa: TRY400  # the library's own words hold the token
            return
        except CannotListen as problem:
            log.error("telegram cannot bring anything here", reason=str(problem))  # noqa: TRY400  # as above
            return
        except TelegramError as failed:
            log.warning("telegram cannot be reached", retry_in=backoff.seconds, reason=repr(failed))
        await backoff.sleep()


class TelegramConnection:
    """Everything that serves one connection."""

    intake: UpdateIntake

    def __init__(
        self,
        conversation: Conversation,
        dispatcher: Dispatcher,
        commands: Commands | None,
        notices: Notices | None,
        parts_within: float,
    ) -> None:
        self._conversation, self._dispatcher = conversation, dispatcher
        self._commands, self._notices = commands, notices
        self._parts_within = parts_within
        self.conflicts: deque[float] = deque(maxlen=_CONFLICTS)
        self.conflict = asyncio.Event()

    def application(self, bot: TolerantBot) -> App:
        self._inbox = UpdateQueue(bot.note_taken)
        application = Application.builder().bot(bot).update_queue(self._inbox).build()
        posts = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
        application.add_handler(MessageHandler(posts, self.on_message, block=False))
        application.add_handler(CallbackQueryHandler(self.on_press, block=False))
        application.add_error_handler(self.on_error)
        return application

    @asynccontextmanager
    async def open_parts(self, application: App) -> AsyncIterator[None]:
        """Open the parts, once it is known who the bot is; what other processes left is seen through beside
        what comes in."""
        bot, link_texts, pending = application.bot, LinkTextCache(), PendingAnswers("telegram")
        self._me = BotIdentity(bot.id, bot.username)
        membership = Membership(bot, self._commands, self._notices)
        events = DeliveryEvents(membership.report_muted, membership.note_removal, membership.move)
        delivery = TelegramDelivery(bot, link_texts, events, pending)
        self._prompts = Prompts(bot, self._conversation, parts_within=self._parts_within)
        self._button_presses = ButtonPresses(self._conversation, self._dispatcher, self._prompts)
        self._panel = None if self._commands is None else TelegramPanel(bot, self._commands)
        self._command_handlers = (
            None
            if self._commands is None or self._panel is None
            else TelegramCommands(bot, self._commands, self._panel, self._prompts)
        )
        self.intake = self._inbox.intake = UpdateIntake(
            self._me,
            self._conversation,
            self._dispatcher,
            pending=pending,
            delivery=delivery,
            link_texts=link_texts,
            membership=membership,
            prompts=self._prompts,
            commands=self._command_handlers,
        )
        if self._notices is not None:
            self._notices.connect(PLATFORM, delivery, TelegramNames(bot))
        watching = self._dispatcher.poll(PLATFORM, delivery, self.intake.pending.add)
        self._background = [asyncio.create_task(watching)]
        if self._commands is not None:
            self._background.append(asyncio.create_task(_offer_commands(application)))
        try:
            yield
        finally:
            await self._stop_background()

    # ── what waits in the library's queue ──

    async def on_message(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None:
            return
        given = parse_command(message, self._me)
        if given is not None and given.name in KNOWN:
            if self._command_handlers is not None and self.intake.has_quota(message):
                await self._command_handlers.do(message, given)
        elif (field := find_typed_setting(message, self._me)) is not None and self._panel is not None:
            await self._panel.type(message, field)
        elif (wants := self._prompts.expects(message)) is not None:
            said = await self._prompts.take(message, wants)
            if isinstance(said, Reply):
                await send_reply(message.get_bot(), message_ref(message), said, None)
            elif said is not None:
                with bind_check_id(said.id):
                    buttons = answer_keyboard(said.reply, said.id, said.involved)
                    await send_reply(message.get_bot(), message_ref(message), said.reply, buttons)

    async def on_press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """A press counts only if Telegram's own copy of the message carries that very button."""
        query = update.callback_query
        if query is None:
            return
        message, data = query.message, query.data or ""
        action, _, rest = data.partition(":")
        if not isinstance(message, Message) or data not in button_data(message):
            await answer_press(
                query, get_phrases().say("telegram.ended" if action in ACTIONS else "places.forgotten")
            )
        elif action not in ACTIONS:
            await self._button_presses.press(query, message, action, rest)
        elif self._panel is not None:
            await self._panel.press(query, message, data)

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if isinstance(context.error, TelegramError):
            log.warning("telegram would not do something", reason=context.error.message)
            return
        log.error("something on telegram failed", exc_info=context.error)
        message = update.effective_message if isinstance(update, Update) else None
        if message is None:
            return
        try:
            await send_reply(message.get_bot(), message_ref(message), remark("places.failed"), None)
        except TelegramError as refused:
            log.info("telegram would not take an apology", reason=refused.message)

    def report_poll_error(self, error: TelegramError) -> None:
        """Log an error that the library's polling has met; it goes on."""
        if not isinstance(error, Conflict):
            log.warning("telegram does not answer", reason=repr(error))
            return
        now = asyncio.get_running_loop().time()
        self.conflicts.append(now)
        log.warning("another process fetches the updates of this telegram token")
        if len(self.conflicts) == _CONFLICTS and now - self.conflicts[0] < _WITHIN:
            self.conflict.set()

    async def _stop_background(self) -> None:
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def drain(self, seconds: float) -> None:
        """Take up nothing more, and finish the pending answers."""
        await self._stop_background()
        await self.intake.pending.drain(seconds)


async def _offer_commands(application: App) -> None:
    backoff = Backoff(OFFER_BACKOFF)
    while True:
        try:
            await offer_commands(application.bot)
        except TelegramError as failed:
            log.warning("telegram does not know the commands", retry_in=backoff.seconds, reason=repr(failed))
            await backoff.sleep()
        else:
            return


@asynccontextmanager
async def _start(application: App) -> AsyncIterator[App]:
    try:
        await application.initialize()
        yield application
    finally:
        await application.shutdown()
        # One that failed to initialise does not shut its bot down, whose connections are open by then.
        await application.bot.shutdown()


# ── fetched, or brought ─────────────────────────────────────────────────────────────────────────────


async def _poll(
    application: App, connection: TelegramConnection, poll_seconds: int, heartbeat: float
) -> None:
    """Fetch updates. Raises SecondPoller, and InvalidToken where the token is revoked meanwhile."""
    async with _serve(application, connection) as updater:
        await updater.start_polling(
            timeout=poll_seconds,
            bootstrap_retries=-1,
            allowed_updates=_UPDATES,
            error_callback=connection.report_poll_error,
        )
        conflict = asyncio.create_task(connection.conflict.wait())
        refused = asyncio.create_task(application.bot.wait_refused())
        beating = asyncio.create_task(_watch_token(application, heartbeat))
        try:
            await asyncio.wait({conflict, refused, beating}, return_when=asyncio.FIRST_COMPLETED)
            if conflict.done():
                raise SecondPoller
            if refused.done():
                raise InvalidToken
            await beating
        finally:
            for task in (conflict, refused, beating):
                task.cancel()
            await asyncio.gather(conflict, refused, beating, return_exceptions=True)


async def _listen(
    application: App, connection: TelegramConnection, webhook: Webhook, heartbeat: float
) -> None:
    """Take the updates that Telegram brings. Raises InvalidToken where the token is revoked meanwhile."""
    bot = application.bot

    async def take(brought: dict[str, Any]) -> None:
        if (update := bot.parse_update(brought)) is not None:
            await application.update_queue.put(update)

    secret = webhook.secret_for(bot.token)
    async with _serve(application, connection), listen(webhook, secret, take):
        await bot.set_webhook(webhook.url, secret_token=secret, allowed_updates=_UPDATES)
        await _watch_token(application, heartbeat)


async def _watch_token(application: App, seconds: float) -> None:
    """Ask Telegram, for ever, until the token does not hold any more. Raises InvalidToken."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await application.bot.get_me()
        except InvalidToken:
            raise
        except TelegramError as failed:
            log.warning("telegram does not answer", reason=repr(failed))


@asynccontextmanager
async def _serve(application: App, connection: TelegramConnection) -> AsyncIterator[Updater]:
    """Serve until cancelled; then no new update is fetched, and those in hand are finished, within limits."""
    updater = application.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")
    await application.start()
    try:
        yield updater
    finally:
        try:
            async with asyncio.timeout(_DRAIN_SECONDS + 2):
                if updater.running:
                    with suppress(TelegramError):  # it raises again what has ended its polling
                        await updater.stop()
                await asyncio.gather(application.stop(), connection.drain(_DRAIN_SECONDS))
        except TimeoutError:
            log.warning("answers on telegram were given up at the end")
