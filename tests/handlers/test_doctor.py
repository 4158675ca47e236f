"""What `hearsay doctor` finds."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from email.utils import formatdate
from functools import partial
from pathlib import Path
from time import time

import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import text
from typer.testing import CliRunner

from handlers import cli, doctor
from handlers.doctor import StartupCheck, run_checks
from handlers.settings import EnvironmentSettings
from handlers.telegram.setup_commands import fetch_bot
from storage.engine import open_engine
from tests.fakes.discord import FakeDiscord
from tests.fakes.loopback import Loopback
from tests.fakes.telegram import FakeTelegram
from tests.storage.databases import postgres


def settings(folder: Path, **more: object) -> EnvironmentSettings:
    return EnvironmentSettings.model_validate(
        {"database": folder / "h.sqlite3", "operations_port": 0, **more}
    )


async def found(
    of: EnvironmentSettings, *platforms: doctor.PlatformChecks, clocks: tuple[str, ...] = ()
) -> dict[str, StartupCheck]:
    return {one.what: one async for one in run_checks(of, platforms, clocks)}


@pytest.fixture
async def clock() -> AsyncIterator[tuple[str, list[float]]]:
    """A server that tells the time, and how far it is off."""
    off = [0.0]

    async def told(_: web.Request) -> web.Response:
        return web.Response(headers={"Date": formatdate(time() + off[0], usegmt=True)})

    application = web.Application()
    application.router.add_route("*", "/", told)
    server = Loopback(application)
    await server.start()
    yield f"http://127.0.0.1:{server.port}/", off
    await server.stop()


async def test_without_a_token_and_a_database_nothing_stands_in_the_way(tmp_path: Path) -> None:
    seen = await found(settings(tmp_path))
    assert all(one.well for one in seen.values())
    assert seen["database"].sentence.endswith("Hearsay makes it when it first starts.")
    assert seen["platforms"].sentence == "No token is set, so `hearsay run` is a chat in the terminal."
    assert seen["readers"].sentence == "Pages can be read."
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240  # nothing else runs


async def test_a_database_is_looked_at(tmp_path: Path) -> None:
    of = settings(tmp_path)
    await (await open_engine(of.database)).dispose()
    assert (await found(of))["database"] == StartupCheck("database", True, "It is there, and up to date.")
    of.database.write_bytes(b"no database at all, but long enough to be looked at " * 50)
    assert not (await found(of))["database"].well


async def test_where_processes_share_a_database_its_workers_are_looked_for(tmp_path: Path) -> None:
    with postgres() as address:
        of = settings(tmp_path, database_url=address, readers=0)
        assert not (await found(of))["workers"].well
        engine = await open_engine(address)
        assert (await found(of))["workers"].sentence.endswith("start one with `hearsay worker`.")
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
        await engine.dispose()
        one = StartupCheck("workers", True, "1 at work; this process reads 0 pages at once.")
        assert (await found(of))["workers"] == one


async def test_a_clock_that_is_off_is_said(tmp_path: Path, clock: tuple[str, list[float]]) -> None:
    address, off = clock
    unreachable = "http://127.0.0.1:1/"
    right = await found(settings(tmp_path), clocks=(unreachable, address))
    assert right["clock"] == StartupCheck("clock", True, "It is right.")
    off[0] = -3600.0
    wrong = (await found(settings(tmp_path), clocks=(address,)))["clock"]
    assert not wrong.well
    assert "seconds off" in wrong.sentence
    assert (await found(settings(tmp_path), clocks=(unreachable,)))["clock"].well


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        seen = await found(settings(tmp_path, operations_port=taken.getsockname()[1]))
    assert not seen["operations"].well


async def test_tokens_are_shown_to_their_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeDiscord(content_intent=True) as discord, FakeTelegram() as telegram:
        telegram.reads_all = False
        monkeypatch.setattr(
            "handlers.telegram.setup_commands.fetch_bot", partial(fetch_bot, base_url=telegram.base_url)
        )
        both = settings(tmp_path, discord_token=discord.token, telegram_token=telegram.token)
        seen = await found(both, *doctor.PLATFORMS)
        assert seen["discord"] == StartupCheck(
            "discord",
            True,
            "The token is hearsay's, which sees no messages, so automatic mode does not work.",
        )
        assert seen["telegram"] == StartupCheck(
            "telegram",
            True,
            "The token is @hearsay_bot's, "
            "which sees only commands, unless it is an administrator of the group.",
        )
        wrong = settings(tmp_path, discord_token="wrong", telegram_token="900:wrong")  # made up
        seen = await found(wrong, *doctor.PLATFORMS)
        assert [seen[name].sentence for name in ("discord", "telegram")] == [
            "Discord does not know this token; copy it again from the developer portal.",
            "Telegram does not know this token; copy it again from @BotFather.",
        ]
        await telegram.down()
        seen = await found(both, doctor.check_telegram)
        assert seen["telegram"] == StartupCheck(
            "telegram", False, "Telegram cannot be reached (NetworkError)."
        )
        assert both.telegram_token == SecretStr(telegram.token)


@pytest.mark.parametrize(("well", "code"), [(True, 0), (False, 1)])
def test_the_command_line_shows_each_finding_and_ends_by_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, well: bool, code: int
) -> None:
    async def one(*_: object) -> AsyncIterator[StartupCheck]:
        yield StartupCheck("clock", True, "It is right.")
        yield StartupCheck("database", well, "It is as it is.")

    monkeypatch.setattr("handlers.doctor.run_checks", one)
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(cli.app, ["doctor"])
    mark = "✓" if well else "✗"
    assert ended.stdout.splitlines() == ["✓ clock: It is right.", f"{mark} database: It is as it is."]
    assert ended.exit_code == code
