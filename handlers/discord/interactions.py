"""Interactions of our own client: commands, buttons and windows reach it through them."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Coroutine
from typing import Any

import discord

from bot.commands import Commands
from bot.conversation import Conversation
from bot.dispatcher import Dispatcher


class InteractionClient(discord.Client):
    """The client, as handlers of interactions know it."""

    conversation: Conversation
    dispatcher: Dispatcher
    commands: Commands | None

    @abstractmethod
    def start_answer(
        self, answer: Coroutine[Any, Any, None], to: Interaction | None = None
    ) -> asyncio.Task[None]:
        """Start an answer that is finished before this client goes."""

    @abstractmethod
    async def check(self, interaction: Interaction, url: str) -> None:
        """Answer a command."""

    @abstractmethod
    async def check_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Answer the menu of a message."""


Interaction = discord.Interaction[InteractionClient]
# The library's own callbacks take those of any client, and an override may not take less.
AnyInteraction = discord.Interaction[Any]


def start_answer(interaction: Interaction, answer: Coroutine[Any, Any, None]) -> None:
    """Start an answer to an interaction; its author is told where it fails."""
    interaction.client.start_answer(answer, interaction)
