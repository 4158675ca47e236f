"""What is done at Discord once, by hand."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from handlers.discord.setup_commands import PERMISSIONS, invitation_link, sync_commands
from handlers.startup_errors import StartupError
from tests.fakes.discord import FakeDiscord


def test_the_invitation_asks_for_exactly_the_permissions_that_are_needed() -> None:
    assert PERMISSIONS.value == 274877991936


async def test_the_commands_are_registered_and_named() -> None:
    async with FakeDiscord() as fake:
        said = await asyncio.to_thread(sync_commands, SecretStr(fake.token))
    assert said.startswith("Discord knows these commands now: /check, /history, /help")
    assert said.endswith("“Check sources” on a message")


async def test_the_invitation_is_the_bots_own() -> None:
    async with FakeDiscord() as fake:
        link = await asyncio.to_thread(invitation_link, SecretStr(fake.token))
    asked = parse_qs(urlsplit(link).query)
    assert asked["permissions"] == ["274877991936"]
    assert asked["scope"] == ["bot applications.commands"]
    assert asked["client_id"][0].isdigit()


@pytest.mark.parametrize("token", [None, SecretStr(""), SecretStr("  ")])
def test_without_a_token_one_sentence_says_what_to_do(token: SecretStr | None) -> None:
    with pytest.raises(StartupError, match="Set HEARSAY_DISCORD_TOKEN"):
        sync_commands(token)


async def test_a_token_that_discord_does_not_know_is_said_without_showing_it() -> None:
    async with FakeDiscord():
        with pytest.raises(StartupError) as refused:
            await asyncio.to_thread(sync_commands, SecretStr("not-a-token"))
    assert "not-a-token" not in str(refused.value)
