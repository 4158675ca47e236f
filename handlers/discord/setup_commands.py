"""Setup commands for Discord, run by hand: register the commands, invite the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

import discord
from pydantic import SecretStr

from handlers.discord.commands import register
from handlers.startup_errors import StartupError

# View Channel, Send Messages, Send Messages in Threads, Embed Links, Read Message History
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    read_message_history=True,
)
_T = TypeVar("_T")
NO_TOKEN: Final = "Set HEARSAY_DISCORD_TOKEN to the bot's token first; README says where to get one."  # noqa: S105  # a sentence
REFUSED: Final = "Discord does not know this token; copy it again from the developer portal."


def sync_commands(token: SecretStr | None) -> str:
    """Register the commands, and return their names as a sentence. Raises StartupError without a token, or
    when Discord refuses it."""
    names = asyncio.run(_translate_refusal(register(_require_token(token))))
    return "Discord knows these commands now: " + ", ".join(names)


def invitation_link(token: SecretStr | None) -> str:
    """Return the bot's own invitation link. Raises StartupError as above."""
    _, application = asyncio.run(_translate_refusal(_fetch_application(_require_token(token))))
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(application.id, permissions=PERMISSIONS, scopes=scopes)


def _require_token(token: SecretStr | None) -> str:
    if token is None or not token.get_secret_value().strip():
        raise StartupError(NO_TOKEN)
    return token.get_secret_value()


async def _translate_refusal(command: Coroutine[Any, Any, _T]) -> _T:
    try:
        return await command
    except discord.LoginFailure:
        raise StartupError(REFUSED) from None


async def _fetch_application(token: str) -> tuple[str, discord.AppInfo]:
    """Return the bot's name and its application."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        return "" if client.user is None else client.user.name, await client.application_info()


async def fetch_bot(token: SecretStr) -> tuple[str, bool]:
    """Return the bot's name, and True if it may hear messages. Raises StartupError as above, and
    DiscordException or OSError where Discord cannot be reached."""
    name, application = await _translate_refusal(_fetch_application(_require_token(token)))
    flags = application.flags
    return name, flags.gateway_message_content or flags.gateway_message_content_limited
