"""What Discord is told of the commands, on demand and not at every start."""

from __future__ import annotations

from handlers.discord.client import run
from handlers.discord.commands import register
from tests.fakes.conversation import OneReply
from tests.fakes.discord import FakeDiscord
from tests.fakes.replies import ferry
from tests.fakes.serving import desk, serving

IN_GUILD, WITH_THE_BOT, AMONG_OTHERS = 0, 1, 2
FOR_A_GUILD, FOR_A_PERSON = 0, 1


async def test_check_is_registered_for_servers_and_people_everywhere() -> None:
    async with FakeDiscord() as fake:
        assert await register(fake.token) == ["/check", "“Check sources” on a message"]
    check, menu = fake.commands
    assert (menu["name"], menu["type"]) == ("Check sources", 3)
    assert check["contexts"] == [IN_GUILD, WITH_THE_BOT, AMONG_OTHERS]
    assert check["integration_types"] == [FOR_A_GUILD, FOR_A_PERSON]
    assert [(option["name"], option["required"]) for option in check["options"]] == [("url", True)]


async def test_a_start_registers_nothing() -> None:
    conversation = OneReply(ferry())
    async with (
        FakeDiscord() as fake,
        serving(run(conversation, desk(conversation), fake.token, **fake.seams)),
    ):
        await fake.online()
        assert fake.commands == []
