"""The commands. Whatever one answers stands under it, in its chat and topic; a doctor of a chat in which the
bot may not write answers in private.

Telegram has no answers that only one person sees, so who wants to be alone with the bot writes to it in
private.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    Document,
    Message,
)
from telegram.error import BadRequest, TelegramError

from bot.commands import Commands
from bot.dispatcher import Undeliverable
from bot.places import INSIDE, Room
from bot.replies import Reply, Stated, Text
from bot.replying.diagnosis import Need
from bot.replying.failures import remark
from bot.replying.phrasebook import words
from bot.room_settings.import_export import BadImport, imported
from bot.rooms import DEFAULT
from handlers import paging
from handlers.telegram.incoming import Command, in_private, person, room
from handlers.telegram.panel import TelegramPanel
from handlers.telegram.permissions import LogChannels, hears_all, may_set, needs
from handlers.telegram.prompts import Prompts, starting, wanted
from handlers.telegram.sending import handed, message_ref, posted, sent

FOR_ALL: Final = ("check", "history", "privacy", "forget", "ignoreme", "heedme", "help", "start")
FOR_ADMINS: Final = ("settings", "doctor", "audit", "export", "import", "copy", "reset")
WISHES: Final = frozenset({"forget", "ignoreme", "heedme"})  # what people want of their own
PRIVACY: Final = "privacy"  # what leads to it from a group
KNOWN: Final = frozenset({*FOR_ALL, *FOR_ADMINS})
_LARGEST_IMPORT: Final = 1 << 20  # bytes
_FILE: Final = "hearsay-settings.json"
_TOPIC: Final = re.compile(
    r"""
      (?:https://t\.me/(?:c/(?P<group>[0-9]+)|(?P<name>\w+))/)?  # the link of a private, or of a public group
      (?P<topic>[0-9]{1,12})
      (?:/[0-9]+)?                                              # a message in the topic
    """,
    re.VERBOSE,
)

CommandHandler = Callable[[Message, str], Awaitable[Reply | None]]


class TelegramCommands:
    """Each does what it says and gives what is to be answered, if it has not answered already."""

    def __init__(self, bot: Bot, commands: Commands, panel: TelegramPanel, prompts: Prompts) -> None:
        self._bot = bot
        self._commands = commands
        self._panel = panel
        self._prompts = prompts
        self._log_place = LogChannels(bot)
        self._does: Mapping[str, CommandHandler] = {
            "start": self._start,
            "help": self._help,
            "history": self._history,
            "privacy": self._privacy,
            "settings": self._settings,
            "doctor": self._doctor,
            "audit": self._audit,
            "export": self._export,
            "import": self._import,
            "copy": self._copy,
            "reset": self._reset,
        }

    async def do(self, message: Message, given: Command) -> None:
        self._prompts.give_up(message)
        refused = given.name in FOR_ADMINS and not await may_set(message)
        said = remark("telegram.not_yours") if refused else await self._does[given.name](message, given.rest)
        if said is None:
            return
        try:
            await sent(self._bot, message_ref(message), said, None)
        except BadRequest:
            if given.name != "doctor" or message.from_user is None:
                raise
            # What a doctor finds may be why nothing can be said there.
            await posted(self._bot, message.from_user.id, None, said, None)

    # ── for all ──

    async def _start(self, message: Message, rest: str) -> Reply | None:
        """A greeting, or what a button of an answer asks for in private."""
        asked = wanted(rest)
        if in_private(message):
            if asked is not None:
                await self._prompts.ask(message.chat_id, *asked)
                return None
            if rest == PRIVACY:
                return await self._privacy(message, "")
            return remark("telegram.start", days=DEFAULT.retention_days)
        hint = (
            ()
            if await hears_all(self._bot, message.chat_id)
            else remark("telegram.hears_commands_only").blocks
        )
        welcome = remark("commands.welcome", days=DEFAULT.retention_days)
        return Reply((*welcome.blocks, *hint))

    async def _help(self, message: Message, _: str) -> Reply:
        privately = remark("telegram.help_private").blocks if in_private(message) else ()
        return Reply((*remark("telegram.help").blocks, *privately))

    async def _history(self, message: Message, rest: str) -> Reply:
        text, page = paging.split_page(rest)
        # Whoever asks, everybody in a group reads the answer.
        return await self._commands.show_history(room(message), text, page, logged=in_private(message))

    async def _privacy(self, message: Message, _: str) -> Reply:
        """What is kept of somebody is said to him alone."""
        if in_private(message):
            return await self._commands.show_privacy(room(message), person(message))
        there = Stated(words().say("telegram.private_chat"), starting(self._bot.username, PRIVACY))
        general = await self._commands.show_room_privacy(room(message))
        return Reply((*general.blocks, Text(words().line("telegram.privately", link=there))))

    async def wish(self, message: Message, name: str) -> Reply:
        """Done before Telegram is told that it came: a crash must not lose what somebody wants of his own."""
        self._prompts.give_up(message)
        if message.sender_chat is not None:
            return remark("telegram.nobody")
        match name:
            case "forget":
                return await self._commands.forget(person(message), among_others=not in_private(message))
            case "ignoreme":
                return await self._commands.ignore(person(message))
            case _:
                return await self._commands.stop_ignoring(person(message))

    # ── for administrators ──

    async def _settings(self, message: Message, _: str) -> None:
        await self._panel.open(message)

    async def _reset(self, message: Message, _: str) -> None:
        await self._panel.ask_reset(message)

    async def _audit(self, message: Message, rest: str) -> Reply:
        return await self._commands.show_audit(room(message), paging.parse_page(rest.removeprefix("page ")))

    async def _doctor(self, message: Message, _: str) -> Reply:
        told = Need("telegram_log_channel", await self._can_be_told(room(message)))
        return await self._commands.diagnose(room(message), [*await needs(self._bot, message), told])

    async def _can_be_told(self, here: Room) -> bool:
        try:
            channel = await self._commands.get_value(here, "log_channel")
            if isinstance(channel, str):
                chat, _ = await self._log_place.of(here, channel)
                return chat == int(here.server or here.id) or await self._sees(chat)
        except Undeliverable:
            return False
        except OSError:  # nobody knows
            pass
        return True

    async def _sees(self, chat: int) -> bool:
        try:
            await self._bot.get_chat(chat)
        except TelegramError:
            return False
        return True

    async def _export(self, message: Message, _: str) -> Reply | None:
        made = await self._commands.export_settings(room(message))
        if isinstance(made, Reply):
            return made
        await handed(self._bot, message_ref(message), made.encode(), _FILE)
        return None

    async def _import(self, message: Message, _: str) -> Reply:
        """The file is that of the command, or of the message that it replies to."""
        before = message.reply_to_message
        file = message.document or (before.document if before is not None else None)
        if file is None:
            return remark("telegram.import_hint")
        given = await self._file(file)
        return given if isinstance(given, Reply) else await self._take(message, given)

    async def _take(self, message: Message, file: bytes) -> Reply:
        here, who, channel = room(message), person(message), _log_channel(file)
        if channel is not None and not await self._log_place.may_be_chosen(here, channel, who):
            return remark("telegram.no_log_channel")
        return await self._commands.import_settings(here, file, who)

    async def _file(self, file: Document) -> bytes | Reply:
        if file.file_size is not None and file.file_size > _LARGEST_IMPORT:
            return remark("places.import_too_large")
        try:
            given = await (await file.get_file()).download_as_bytearray()
        except TelegramError:
            return remark("places.import_unread")
        return bytes(given) if len(given) <= _LARGEST_IMPORT else remark("places.import_too_large")

    async def _copy(self, message: Message, rest: str) -> Reply:
        """From another topic of this group, by its number or a link to it, or from the group itself."""
        here = room(message)
        server, topic = here.server, _topic(message, rest)
        if server is None or (topic is None and rest.lower() != "group"):
            return remark("telegram.copy_hint")
        ident = server if topic is None else f"{server}{INSIDE}{topic}"
        there = Room(here.platform, ident, private=False, server=server)
        return await self._commands.copy(there, here, person(message))


def _log_channel(file: bytes) -> str | None:
    """The one that a file of settings names."""
    try:
        found = imported(file).get("log_channel")
    except BadImport:  # which is told to who sent it
        return None
    return found if isinstance(found, str) else None


def _topic(message: Message, typed: str) -> str | None:
    """The number of a topic of this group; None for a link that leads to another one."""
    found = _TOPIC.fullmatch(typed)
    if found is None:
        return None
    names = {found["group"] or "", (found["name"] or "").lower()} - {""}
    own = {str(message.chat_id).removeprefix("-100"), (message.chat.username or "").lower()}
    return found["topic"] if names <= own else None


async def offer(bot: Bot) -> None:
    """Tells Telegram which commands to offer, and to whom. Raises TelegramError."""
    everybody = [_offered(name) for name in FOR_ALL]
    admins = [_offered(name) for name in FOR_ADMINS]
    await bot.set_my_commands([*everybody, *admins], BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(everybody[:-1], BotCommandScopeAllGroupChats())
    await bot.set_my_commands([*everybody[:-1], *admins], BotCommandScopeAllChatAdministrators())


def _offered(name: str) -> BotCommand:
    return BotCommand(name, words().say(f"telegram.commands.{name}"))
