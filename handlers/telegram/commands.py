"""The commands. Whatever one answers stands under it, in its chat and topic; a doctor of a chat in which the
bot may not write answers in private.

Telegram has no answers that only one person sees, so who wants to be alone with the bot writes to it in
private.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
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
from bot.replying.phrasebook import get_phrases
from bot.room_settings.import_export import BadImport, import_settings
from bot.rooms import DEFAULT
from handlers import paging
from handlers.telegram.incoming import Command, is_private, person_of, room_of
from handlers.telegram.panel import TelegramPanel
from handlers.telegram.permissions import LogChannels, can_hear_all, check_needs, may_set
from handlers.telegram.prompts import Prompts, parse_start, start_link
from handlers.telegram.sending import message_ref, post, send_file, send_reply

FOR_ALL: Final = ("check", "history", "privacy", "forget", "ignoreme", "heedme", "help", "start")
FOR_ADMINS: Final = ("settings", "doctor", "audit", "export", "import", "copy", "reset")
PERSONAL: Final = frozenset({"forget", "ignoreme", "heedme"})  # what people want of their own
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
    """The commands. Each does what it says and returns what is to be answered, if it has not answered
    already."""

    def __init__(self, bot: Bot, commands: Commands, panel: TelegramPanel, prompts: Prompts) -> None:
        self._bot = bot
        self._commands = commands
        self._panel = panel
        self._prompts = prompts
        self._log_channels = LogChannels(bot)
        self._handlers: Mapping[str, CommandHandler] = {
            "start": self._start,
            "help": self._help,
            "history": self._history,
            "privacy": self._privacy,
            "settings": lambda message, _: self._panel.open(message),
            "doctor": self._doctor,
            "audit": self._audit,
            "export": self._export,
            "import": self._import,
            "copy": self._copy,
            "reset": lambda message, _: self._panel.ask_reset(message),
        }

    async def do(self, message: Message, given: Command) -> None:
        self._prompts.give_up(message)
        refused = given.name in FOR_ADMINS and not await may_set(message)
        said = (
            remark("telegram.not_yours") if refused else await self._handlers[given.name](message, given.rest)
        )
        if said is None:
            return
        try:
            await send_reply(self._bot, message_ref(message), said, None)
        except BadRequest:
            if given.name != "doctor" or message.from_user is None:
                raise
            # What a doctor finds may be why nothing can be said there.
            await post(self._bot, message.from_user.id, None, said, None)

    # ── for all ──

    async def _start(self, message: Message, rest: str) -> Reply | None:
        """A greeting, or what a button of an answer asks for in private."""
        asked = parse_start(rest)
        if is_private(message):
            if asked is not None:
                await self._prompts.ask(message.chat_id, *asked)
                return None
            if rest == PRIVACY:
                return await self._privacy(message, "")
            return remark("telegram.start", days=DEFAULT.retention_days)
        hint = (
            ()
            if await can_hear_all(self._bot, message.chat_id)
            else remark("telegram.hears_commands_only").blocks
        )
        welcome = remark("commands.welcome", days=DEFAULT.retention_days)
        return Reply((*welcome.blocks, *hint))

    async def _help(self, message: Message, _: str) -> Reply:
        privately = remark("telegram.help_private").blocks if is_private(message) else ()
        return Reply((*remark("telegram.help").blocks, *privately))

    async def _history(self, message: Message, rest: str) -> Reply:
        text, page = paging.split_page(rest)
        # Whoever asks, everybody in a group reads the answer.
        return await self._commands.show_history(room_of(message), text, page, logged=is_private(message))

    async def _privacy(self, message: Message, _: str) -> Reply:
        """Say what is kept of somebody to him alone."""
        if is_private(message):
            return await self._commands.show_privacy(room_of(message), person_of(message))
        there = Stated(get_phrases().say("telegram.private_chat"), start_link(self._bot.username, PRIVACY))
        general = await self._commands.show_room_privacy(room_of(message))
        return Reply((*general.blocks, Text(get_phrases().line("telegram.privately", link=there))))

    async def do_personal(self, message: Message, name: str) -> Reply:
        """Do a command of somebody's own before Telegram is told that it came: a crash must not lose it."""
        self._prompts.give_up(message)
        if message.sender_chat is not None:
            return remark("telegram.nobody")
        match name:
            case "forget":
                return await self._commands.forget(person_of(message), among_others=not is_private(message))
            case "ignoreme":
                return await self._commands.ignore(person_of(message))
            case _:
                return await self._commands.stop_ignoring(person_of(message))

    # ── for administrators ──

    async def _audit(self, message: Message, rest: str) -> Reply:
        return await self._commands.show_audit(
            room_of(message), paging.parse_page(rest.removeprefix("page "))
        )

    async def _doctor(self, message: Message, _: str) -> Reply:
        told = Need("telegram_log_channel", await self._can_log(room_of(message)))
        return await self._commands.diagnose(room_of(message), [*await check_needs(self._bot, message), told])

    async def _can_log(self, here: Room) -> bool:
        try:
            channel = await self._commands.get_value(here, "log_channel")
            if isinstance(channel, str):
                chat, _ = await self._log_channels.find(here, channel)
                if chat != int(here.server or here.id):
                    await self._bot.get_chat(chat)
        except (Undeliverable, TelegramError):
            return False
        except OSError:  # nobody knows
            pass
        return True

    async def _export(self, message: Message, _: str) -> Reply | None:
        made = await self._commands.export_settings(room_of(message))
        if isinstance(made, Reply):
            return made
        await send_file(self._bot, message_ref(message), made.encode(), _FILE)
        return None

    async def _import(self, message: Message, _: str) -> Reply:
        """The file is that of the command, or of the message that it replies to."""
        before = message.reply_to_message
        file = message.document or (before.document if before is not None else None)
        if file is None:
            return remark("telegram.import_hint")
        given = await self._download(file)
        if isinstance(given, Reply):
            return given
        here, who = room_of(message), person_of(message)
        with suppress(BadImport):  # which the sender is told by what follows
            channel = import_settings(given).get("log_channel")
            if isinstance(channel, str) and not await self._log_channels.may_be_chosen(here, channel, who):
                return remark("telegram.no_log_channel")
        return await self._commands.import_settings(here, given, who)

    async def _download(self, file: Document) -> bytes | Reply:
        if file.file_size is not None and file.file_size > _LARGEST_IMPORT:
            return remark("places.import_too_large")
        try:
            given = await (await file.get_file()).download_as_bytearray()
        except TelegramError:
            return remark("places.import_unread")
        return bytes(given) if len(given) <= _LARGEST_IMPORT else remark("places.import_too_large")

    async def _copy(self, message: Message, rest: str) -> Reply:
        """Copy from another topic of this group, by its number or a link to it, or from the group itself."""
        here, found, topic = room_of(message), _TOPIC.fullmatch(rest), None
        if found is not None:
            names = {found["group"] or "", (found["name"] or "").lower()} - {""}
            own = {str(message.chat_id).removeprefix("-100"), (message.chat.username or "").lower()}
            topic = found["topic"] if names <= own else None  # a link that leads to another group has none
        server = here.server
        if server is None or (topic is None and rest.lower() != "group"):
            return remark("telegram.copy_hint")
        ident = server if topic is None else f"{server}{INSIDE}{topic}"
        there = Room(here.platform, ident, private=False, server=server)
        return await self._commands.copy(there, here, person_of(message))


async def offer_commands(bot: Bot) -> None:
    """Tell Telegram which commands to offer, and to whom. Raises TelegramError."""
    everybody = [_bot_command(name) for name in FOR_ALL]
    admins = [_bot_command(name) for name in FOR_ADMINS]
    await bot.set_my_commands([*everybody, *admins], BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(everybody[:-1], BotCommandScopeAllGroupChats())
    await bot.set_my_commands([*everybody[:-1], *admins], BotCommandScopeAllChatAdministrators())


def _bot_command(name: str) -> BotCommand:
    return BotCommand(name, get_phrases().say(f"telegram.commands.{name}"))
