"""The commands, usable in servers, private chats and, installed by a person, anywhere.

Whatever a command answers, only who gave it sees.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str

from bot.commands import Commands
from bot.dispatcher import Undeliverable
from bot.places import Person, Room
from bot.replies import Reply
from bot.replying.diagnosis import Need
from bot.replying.failures import remark
from bot.replying.phrasebook import get_phrases
from handlers.discord.delivery import fetch_channel
from handlers.discord.incoming import room_at, room_of
from handlers.discord.interactions import AnyInteraction, Interaction, start_answer
from handlers.discord.panel import DiscordPanel, may_set
from handlers.discord.render import render

_EVERYWHERE: Final = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_EVERYBODY: Final = app_commands.AppInstallationType(guild=True, user=True)
_IN_SERVERS: Final = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
SourceChannel = (
    discord.TextChannel | discord.ForumChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
)  # of settings that are copied
_LARGEST_IMPORT: Final = 1 << 20  # bytes

log = structlog.get_logger(__name__)


def _describe(key: str) -> locale_str:
    """A description, in phrases; ready to be translated."""
    return locale_str(get_phrases().say(f"discord.commands.{key}"), key=key)


def _who(interaction: Interaction) -> Person:
    return Person("discord", str(interaction.user.id))


def _chosen_room(interaction: Interaction, whole_server: bool) -> Room:  # noqa: FBT001  # as somebody chose
    """The room of a command, or the server whose settings are its defaults."""
    here = room_at(interaction)
    server = here.server if whole_server else None
    return here if server is None else Room(here.platform, server, private=False, server=server)


def _commands(interaction: Interaction) -> Commands:
    found = interaction.client.commands
    if found is None:
        raise RuntimeError("a command about what is remembered came to a client without a memory")
    return found


async def tell_privately(interaction: Interaction, key: str) -> None:
    """A phrase for whoever did something that leads nowhere; where even that fails, nobody is told."""
    view = render(remark(key))
    with suppress(discord.HTTPException):
        if interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)


async def _answer(interaction: Interaction, working: Awaitable[Reply]) -> None:
    """Acknowledge at once, and answer when the reply is there."""
    await interaction.response.defer(ephemeral=True)

    async def answer() -> None:
        await interaction.edit_original_response(view=render(await working))

    start_answer(interaction, answer())


# ── asking ──────────────────────────────────────────────────────────────────────────────────────────


@app_commands.command(description=_describe("check"))
@app_commands.describe(url=_describe("check_url"))
async def check(interaction: Interaction, url: str) -> None:
    await interaction.client.check(interaction, url)


@app_commands.context_menu(name="Check sources")
async def check_message(interaction: Interaction, message: discord.Message) -> None:
    await interaction.client.check_message(interaction, message)


@app_commands.command(description=_describe("history"))
@app_commands.describe(search=_describe("history_search"), page=_describe("page"))
async def history(
    interaction: Interaction, search: str = "", page: app_commands.Range[int, 1, 9999] = 1
) -> None:
    logged = may_set(interaction)
    found = _commands(interaction).show_history(room_at(interaction), search, page - 1, logged=logged)
    await _answer(interaction, found)


@app_commands.command(name="help", description=_describe("help"))
async def help_(interaction: Interaction) -> None:
    async def explain() -> Reply:
        return remark("discord.help")

    await _answer(interaction, explain())


# ── people ──────────────────────────────────────────────────────────────────────────────────────────


@app_commands.command(description=_describe("privacy"))
async def privacy(interaction: Interaction) -> None:
    await _answer(interaction, _commands(interaction).show_privacy(room_at(interaction), _who(interaction)))


@app_commands.command(description=_describe("forget"))
async def forget(interaction: Interaction) -> None:
    await _answer(interaction, _commands(interaction).forget(_who(interaction)))


@app_commands.command(description=_describe("ignoreme"))
async def ignoreme(interaction: Interaction) -> None:
    await _answer(interaction, _commands(interaction).ignore(_who(interaction)))


@app_commands.command(description=_describe("heedme"))
async def heedme(interaction: Interaction) -> None:
    await _answer(interaction, _commands(interaction).stop_ignoring(_who(interaction)))


# ── admins ──────────────────────────────────────────────────────────────────────────────────────────


async def _refuse() -> Reply:
    return remark("discord.panel.not_yours")


async def _for_admins(interaction: Interaction, made: Callable[[], Awaitable[Reply]]) -> None:
    await _answer(interaction, made() if may_set(interaction) else _refuse())


@app_commands.command(description=_describe("settings"))
async def settings(interaction: Interaction) -> None:
    if not may_set(interaction):
        await _answer(interaction, _refuse())
        return
    await interaction.response.defer(ephemeral=True)
    panel = DiscordPanel(_commands(interaction), room_at(interaction))
    start_answer(interaction, panel.open(interaction))


@app_commands.command(description=_describe("audit"))
@app_commands.describe(page=_describe("page"))
async def audit(interaction: Interaction, page: app_commands.Range[int, 1, 9999] = 1) -> None:
    await _for_admins(interaction, lambda: _commands(interaction).show_audit(room_at(interaction), page - 1))


@app_commands.command(description=_describe("doctor"))
async def doctor(interaction: Interaction) -> None:
    async def examine() -> Reply:
        told = Need("log_channel", await _can_log(interaction))
        return await _commands(interaction).diagnose(room_at(interaction), [*needs(interaction), told])

    await _answer(interaction, examine())


@app_commands.command(description=_describe("reset"))
@app_commands.describe(sure=_describe("reset_sure"), whole_server=_describe("whole_server"))
async def reset(interaction: Interaction, sure: bool, whole_server: bool = False) -> None:  # noqa: FBT001, FBT002  # Discord gives it so
    async def done() -> Reply:
        if not sure:
            return remark("places.not_reset")
        return await _commands(interaction).reset(_chosen_room(interaction, whole_server), _who(interaction))

    await _for_admins(interaction, done)


@app_commands.command(description=_describe("copy"))
@app_commands.describe(channel=_describe("copy_channel"))
async def copy(interaction: Interaction, channel: SourceChannel) -> None:
    here = room_at(interaction)
    there = room_of(channel, interaction.guild_id, private=False)
    who = _who(interaction)
    await _for_admins(interaction, lambda: _commands(interaction).copy(there, here, who))


@app_commands.command(description=_describe("export"))
@app_commands.describe(whole_server=_describe("whole_server"))
async def export(interaction: Interaction, whole_server: bool = False) -> None:  # noqa: FBT001, FBT002  # as above
    if not may_set(interaction):
        await _answer(interaction, _refuse())
        return
    await interaction.response.defer(ephemeral=True)

    async def answer() -> None:
        made = await _commands(interaction).export_settings(_chosen_room(interaction, whole_server))
        if isinstance(made, Reply):
            await interaction.edit_original_response(view=render(made))
        else:
            file = discord.File(io.BytesIO(made.encode()), "hearsay-settings.json")
            await interaction.edit_original_response(attachments=[file])

    start_answer(interaction, answer())


@app_commands.command(name="import", description=_describe("import"))
@app_commands.describe(file=_describe("import_file"), whole_server=_describe("whole_server"))
async def import_(interaction: Interaction, file: discord.Attachment, whole_server: bool = False) -> None:  # noqa: FBT001, FBT002  # as above
    async def take() -> Reply:
        if file.size > _LARGEST_IMPORT:
            return remark("places.import_too_large")
        try:
            given = await file.read()
        except (discord.HTTPException, aiohttp.ClientError):
            return remark("places.import_unread")
        place = _chosen_room(interaction, whole_server)
        return await _commands(interaction).import_settings(place, given, _who(interaction))

    await _for_admins(interaction, take)


async def _can_log(interaction: Interaction) -> bool:
    """Return True if the bot may write in the room's log channel, or the room has none."""
    room = room_at(interaction)
    try:
        channel = await _commands(interaction).get_value(room, "log_channel")
        there = await fetch_channel(interaction.client, room, channel) if isinstance(channel, str) else None
    except Undeliverable:
        return False
    except (OSError, discord.HTTPException):
        return True  # nobody knows
    if there is None:
        return True
    granted = there.permissions_for(there.guild.me)
    threaded = isinstance(there, discord.Thread)
    writes = granted.send_messages_in_threads if threaded else granted.send_messages
    return granted.view_channel and writes


def needs(interaction: Interaction) -> list[Need]:
    """Return what the bot needs where a command was given, and whether Discord grants it."""
    granted = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)  # where that of its channel says nothing
    wanted = {
        "view_channel": granted.view_channel,
        **({} if in_thread else {"send_messages": granted.send_messages}),
        "embed_links": granted.embed_links,
        "read_message_history": granted.read_message_history,
        "send_messages_in_threads": granted.send_messages_in_threads,
        "create_public_threads": granted.create_public_threads,
        "message_content": interaction.client.intents.message_content,
    }
    return [Need(key, met) for key, met in wanted.items()] if interaction.guild_id else []


AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu

FOR_ALL: Final[tuple[AnyCommand, ...]] = (
    check, check_message, history, help_, privacy, forget, ignoreme, heedme,
)  # fmt: skip
FOR_ADMINS: Final[tuple[app_commands.Command[Any, ..., Any], ...]] = (
    settings, audit, doctor, reset, copy, export, import_,
)  # fmt: skip


def command_tree(client: discord.Client) -> app_commands.CommandTree[Any]:
    tree = app_commands.CommandTree(client, allowed_contexts=_EVERYWHERE, allowed_installs=_EVERYBODY)
    for one in FOR_ALL:
        tree.add_command(one)

    @tree.error
    async def report_error(interaction: AnyInteraction, error: app_commands.AppCommandError) -> None:
        """Say that a command is gone, which Discord still offers after an update; anything else is a fault of
        ours."""
        gone = isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch)
        if not gone:
            log.error("a command on discord failed", exc_info=error)
        await tell_privately(interaction, "discord.gone" if gone else "places.failed")

    for command in FOR_ADMINS:
        command.default_permissions = discord.Permissions(manage_guild=True)
        command.allowed_contexts = _IN_SERVERS
        tree.add_command(command)
    return tree


async def register(token: str) -> list[str]:
    """Tell Discord of the commands, once after an update of them; return their names."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        tree = command_tree(client)
        await client.login(token)
        return [_display_name(command) for command in await tree.sync()]


def _display_name(command: app_commands.AppCommand) -> str:
    """Return “/check”, and a menu of messages by its own words."""
    slash = command.type is discord.AppCommandType.chat_input
    return f"/{command.name}" if slash else f"“{command.name}” on a message"
