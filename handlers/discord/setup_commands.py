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
    names = asyncio.run(_log_in_with(register(_require_token(token))))
    return "Discord knows these commands now: " + ", ".join(names)


def invitation_link(token: SecretStr | None) -> str:
    """Return the bot's own invitation link. Raises StartupError as above."""
    ident = asyncio.run(_log_in_with(_fetch_application_id(_require_token(token))))
    return discord.utils.oauth_url(ident, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))


def _require_token(token: SecretStr | None) -> str:
    if token is None or not token.get_secret_value().strip():
        raise StartupError(NO_TOKEN)
    return token.get_secret_value()


async def _log_in_with(errand: Coroutine[Any, Any, _T]) -> _T:
    try:
        return await errand
    except discord.LoginFailure:
        raise StartupError(REFUSED) from None


async def _fetch_application_id(token: str) -> int:
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        return (await client.application_info()).id


async def fetch_bot(token: SecretStr) -> tuple[str, bool]:
    """Return the bot's name, and True if it may hear messages. Raises StartupError as above, and
    DiscordException or OSError where Discord cannot be reached."""
    return await _log_in_with(_fetch_bot(_require_token(token)))


async def _fetch_bot(token: str) -> tuple[str, bool]:
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)
        flags = (await client.application_info()).flags
        name = "" if client.user is None else client.user.name
        return name, flags.gateway_message_content or flags.gateway_message_content_limited
