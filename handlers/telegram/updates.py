"""The intake of updates: what Telegram brings is accepted before it counts as received, then seen through.

An update counts as confirmed once it is in the library's queue. So whatever must not be lost, a link that is
to be checked, an edit, a group that moves, is in the database before; the rest, commands and buttons, waits
in that queue for its turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from telegram import Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.conversation import Conversation
from bot.dispatcher import Dispatcher
from bot.log_context import bind_check_id
from bot.messages import CheckRequest
from bot.messages import Message as Heard
from bot.replies import Reply
from handlers.draining import PendingAnswers
from handlers.load_shedding import DropLog, LoadShedder
from handlers.telegram.commands import KNOWN, PERSONAL, TelegramCommands
from handlers.telegram.delivery import LinkTextCache, TelegramDelivery
from handlers.telegram.incoming import (
    BotIdentity,
    Command,
    find_quote,
    find_subject,
    is_by_bot,
    is_my_forwarded,
    is_private,
    is_reply_to_me,
    mentions_me,
    parse_command,
    sender_of,
    to_message,
    topic_of,
)
from handlers.telegram.links import find_addresses
from handlers.telegram.membership import Membership
from handlers.telegram.panel import find_typed_setting
from handlers.telegram.permissions import may_set
from handlers.telegram.prompts import Prompts
from handlers.telegram.rate_limiter import LineQuota
from handlers.telegram.sending import TelegramMessageRef, message_ref, send_reply
from handlers.telegram.transport import TolerantBot

_TYPING_LASTS: Final = 4.5  # seconds; Telegram takes the sign away after five
_YOUNG: Final = timedelta(hours=1)  # how old a message may be that gets its first link by an edit
_LINES_IN_A_GROUP: Final = 5  # that one person has said to him in half a minute, beside answers about links
_LINES_IN_PRIVATE: Final = 10
_IN_A_ROOM: Final = 8  # answers under way; twenty a minute are all that a group takes
_ENDS_WITHIN: Final = 5.0  # seconds; a database that is locked takes some

log = structlog.get_logger(__name__)


class UpdateQueue(asyncio.Queue[object]):
    """The library's queue of updates, behind a door at which some are taken in at once. `took` is told of
    each that need not be brought again."""

    def __init__(self, took: Callable[[int], None]) -> None:
        super().__init__()
        self.intake: UpdateIntake | None = None
        self._took = took

    async def put(self, item: object) -> None:
        """An end in the middle of it is not one: what was begun is finished, so that it is not done twice."""
        taking = asyncio.ensure_future(self._take(item))
        try:
            await asyncio.shield(taking)
        except asyncio.CancelledError:
            await asyncio.wait({taking}, timeout=_ENDS_WITHIN)
            raise

    async def _take(self, item: object) -> None:
        done = False
        if isinstance(item, Update) and self.intake is not None:
            try:
                done = await self.intake.take_in(item)
            except Exception:
                log.exception("an update of telegram could not be taken in")
        if not done:
            await super().put(item)
        if isinstance(item, Update):
            self._took(item.update_id)


class UpdateIntake:
    """Accept what must not be lost, and answer what is accepted."""

    def __init__(
        self,
        me: BotIdentity,
        conversation: Conversation,
        dispatcher: Dispatcher,
        *,
        pending: PendingAnswers,
        delivery: TelegramDelivery,
        link_texts: LinkTextCache,
        membership: Membership,
        prompts: Prompts,
        commands: TelegramCommands | None,
    ) -> None:
        self._me = me
        self._conversation = conversation
        self._dispatcher = dispatcher
        self._delivery = delivery
        self._link_texts = link_texts
        self._membership = membership
        self._prompts = prompts
        self._commands = commands
        self._quota = LineQuota()
        self.pending = pending
        self._shedder = LoadShedder(in_a_room=_IN_A_ROOM)
        self._drop_log = DropLog()

    async def take_in(self, update: Update) -> bool:
        """Return True if an update needs nothing more than what was done and begun here."""
        if (message := update.message or update.channel_post) is not None:
            return await self._take_message(message)
        if (message := update.edited_message or update.edited_channel_post) is not None:
            await self._take_edit(message)
            return True
        if update.my_chat_member is not None:
            said = await self._membership.follow_change(update.my_chat_member)
            if said is not None:
                self._start_answer(said)
            return True
        return False

    async def _take_message(self, message: Message) -> bool:
        if await self._membership.follow_migration(message):
            return True
        await self._membership.note_message(message)
        if self._is_my_own(message):
            return True
        given = parse_command(message, self._me)
        name = None if given is None else given.name
        if name in PERSONAL and self._commands is not None and not is_by_bot(message):
            self._say(message, await self._commands.do_personal(message, name))
            return True
        if name in KNOWN and name != "check":
            return is_by_bot(message)  # which would answer, too
        if name != "check":  # an answer to what the bot wants to know can look like a command: "/members"
            if is_private(message) and self._prompts.expects(message) is not None:
                return False
            if find_typed_setting(message, self._me) is not None and await may_set(message):
                return False
        if not _may_ask(message, given):
            return True
        self._prompts.give_up(message)
        await self._handle(message, given)
        return True

    def has_quota(self, message: Message) -> bool:
        """Return True if one more line may be said to somebody in a chat: one person must not use up what
        Telegram lets a chat hear in a minute."""
        most = _LINES_IN_PRIVATE if is_private(message) else _LINES_IN_A_GROUP
        return self._quota.take((message.chat_id, sender_of(message)), most)

    def _say(self, about: Message, reply: Reply) -> None:
        if self.has_quota(about):
            self._start_answer(_send(about, reply))

    def _is_my_own(self, message: Message) -> bool:
        """Return True for a message of the bot's that comes back: forwarded by somebody, or from a channel to
        its group."""
        if message.forward_origin is None:
            return False
        bot = message.get_bot()
        return is_my_forwarded(message, self._me) or (
            isinstance(bot, TolerantBot) and bot.has_said(message.text or "")
        )

    async def _handle(self, message: Message, given: Command | None) -> None:
        said, about = self._find_question(message, given)
        if said is None:
            return
        where, origin = message_ref(about), f"telegram message {message.chat_id} {message.message_id}"
        async with self._dispatcher.lock_message(str(where)):
            wanted = await self._conversation.hear(said)
            if isinstance(wanted, CheckRequest):
                await self._accept(wanted, origin, about)
            elif wanted is not None and not await self._dispatcher.has_accepted(origin):
                self._say(message, wanted)

    def _find_question(self, message: Message, given: Command | None) -> tuple[Heard | None, Message]:
        """Return what somebody wants checked, and the message that it is about; nothing where there is
        nothing to look at."""
        called = given is not None or mentions_me(message, self._me)
        linked = bool(find_addresses(message))
        asked = is_private(message) or called or (is_reply_to_me(message, self._me) and linked)
        about = find_subject(message) if called else message
        if message.from_user is not None and message.from_user.id == self._me.id:
            return None, about
        if not linked:  # neither the signature of a channel nor a picture of many deserves a word
            single = message.effective_attachment and message.media_group_id is None
            shown = message.text or message.caption or single
            if not asked or message.chat.type == ChatType.CHANNEL or not shown:
                return None, about
        return to_message(message, self._me, about=about, asked=asked), about

    async def _accept(self, asked: CheckRequest, origin: str, about: Message) -> None:
        if asked.unasked and not self._shedder.has_capacity(asked):
            self._drop_log.count_one()
            await self._conversation.drop(asked)
            return
        where = message_ref(about)
        self._link_texts.note(where, find_quote(about))
        job = await self._dispatcher.accept(origin, asked, str(where))
        if job is not None:
            shown_in = None if asked.unasked else about
            self._shedder.add(asked, self._start_answer(self._see_through(job.id, shown_in)))

    async def _take_edit(self, message: Message) -> None:
        """Let answers follow the links of their message; one that gets its first link by an edit counts as
        new, while it is young."""
        if self._is_my_own(message):
            return
        given = parse_command(message, self._me)
        said, about = self._find_question(message, given) if _may_ask(message, given) else (None, message)
        where = str(message_ref(message))
        async with self._dispatcher.lock_message(where):
            as_edited = said or to_message(message, self._me, about=message, asked=False)
            changed = None if as_edited is None else await self._dispatcher.handle_edit(as_edited, where)
        for check in changed or ():
            self._link_texts.note(message_ref(message), find_quote(message))
            self._start_answer(self._see_through(check, None))
        young = datetime.now(UTC) - message.date < _YOUNG
        if changed is None and said is not None and young and find_addresses(about):
            await self._handle(message, given)

    async def _see_through(self, check: str, shown_in: Message | None) -> None:
        """Answer a check. `shown_in`: where people wait for the answer and see that it is being worked on."""
        with bind_check_id(check):
            async with _typing(shown_in):
                await self._dispatcher.run_job(check, self._delivery)

    def _start_answer(self, answer: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return self.pending.add(_log_failures(answer))


def _may_ask(message: Message, given: Command | None) -> bool:
    """Return True if it is no command for something else, or for another bot; in private there is no other
    bot."""
    if given is None or given.name == "check":
        return True
    return given.name not in KNOWN and is_private(message)


async def _send(about: Message, reply: Reply) -> None:
    await send_reply(about.get_bot(), message_ref(about), reply, None)


async def _log_failures(answer: Coroutine[Any, Any, None]) -> None:
    try:
        await answer
    except (Forbidden, BadRequest) as refused:
        log.info("telegram would not take the answer", reason=refused.message)
    except Exception:
        log.exception("an answer on telegram failed")


@asynccontextmanager
async def _typing(about: Message | None) -> AsyncIterator[None]:
    """Show that something is being worked on; never hold the answer up, nor fail it."""
    if about is None:
        yield
        return
    showing = asyncio.create_task(_keep_typing(message_ref(about), about))
    try:
        yield
    finally:
        showing.cancel()


async def _keep_typing(where: TelegramMessageRef, about: Message) -> None:
    with suppress(TelegramError):
        while True:
            await about.get_bot().send_chat_action(
                where.chat, ChatAction.TYPING, message_thread_id=topic_of(about)
            )
            await asyncio.sleep(_TYPING_LASTS)
