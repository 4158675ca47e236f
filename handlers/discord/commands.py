"""The commands, usable in servers, private chats and, installed by a person, anywhere."""

from __future__ import annotations

from typing import Any, Final

import discord
from discord import app_commands

_EVERYWHERE: Final = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_EVERYBODY: Final = app_commands.AppInstallationType(guild=True, user=True)


@app_commands.command(description="Who says so, and how sure is the article itself? Only you see the answer.")
@app_commands.describe(url="The link to an article")
async def check(interaction: discord.Interaction[Any], url: str) -> None:
    await interaction.client.check(interaction, url)


@app_commands.context_menu(name="Check sources")
async def check_message(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    await interaction.client.check_message(interaction, message)


def command_tree(client: discord.Client) -> app_commands.CommandTree[Any]:
    tree = app_commands.CommandTree(client, allowed_contexts=_EVERYWHERE, allowed_installs=_EVERYBODY)
    tree.add_command(check)
    tree.add_command(check_message)
    return tree


async def register(token: str) -> list[str]:
    """Tells Discord of the commands, once after an update of them; their names."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        tree = command_tree(client)
        await client.login(token)
        return [_called(command) for command in await tree.sync()]


def _called(command: app_commands.AppCommand) -> str:
    """“/check”, and a menu of messages by its own words."""
    slash = command.type is discord.AppCommandType.chat_input
    return f"/{command.name}" if slash else f"“{command.name}” on a message"
