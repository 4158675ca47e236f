from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import RefusedAddress
from bot.messages import CheckRequest, Message
from bot.places import Room
from bot.replying.failures import failure
from handlers import app
from handlers.settings import EnvironmentSettings
from handlers.startup_errors import StartupError
from storage.engine import CannotStore

ROOM = Room("terminal", "here", private=True)


def found(folder: Path, **more: object) -> EnvironmentSettings:
    return EnvironmentSettings.model_validate({"database": folder / "hearsay.sqlite3", **more})


async def test_the_wired_conversation_refuses_addresses_of_this_machine(tmp_path: Path) -> None:
    async with app.open_services(found(tmp_path)) as (conversation, *_):
        asked = await conversation.hear(Message(ROOM, "you", "http://127.0.0.1/x", asked=True))
        assert isinstance(asked, CheckRequest)
        answer = await conversation.answer(asked)
        assert answer is not None
        assert answer.reply == failure(RefusedAddress())


async def test_a_developer_may_let_it_read_pages_of_this_machine(tmp_path: Path) -> None:
    async with app.open_services(found(tmp_path, allow_loopback=True)) as (conversation, *_):
        asked = await conversation.hear(Message(ROOM, "you", "http://localhost:8000/page", asked=True))
        assert isinstance(asked, CheckRequest)


async def test_a_database_that_cannot_be_used_is_said_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStore, match="cannot be used"):
        async with app.open_services(found(tmp_path / "file")):
            pass


async def test_when_no_platform_runs_any_more_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    async def refused(*_: object, **__: object) -> None:
        """Ends by itself, as a platform whose token is refused."""

    monkeypatch.setattr("handlers.discord.client.run", broken)
    monkeypatch.setattr("handlers.telegram.client.run", refused)
    tokens = {"discord_token": SecretStr("x"), "telegram_token": SecretStr("y"), "allow_loopback": True}
    with pytest.raises(StartupError, match="No platform accepts its token"):
        await app._run_platforms(found(tmp_path, **tokens))
    assert "Discord has stopped" in caplog.text
    assert "HEARSAY_ALLOW_LOOPBACK" in caplog.text


@pytest.fixture
def own_signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("own_signals")
async def test_the_systems_signal_ends_it_and_lets_it_finish_what_it_owes() -> None:
    done: list[str] = []
    began = asyncio.Event()

    async def serving() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)  # a second time, while it ends
            await asyncio.sleep(0.01)
            done.append("finished")

    running = asyncio.create_task(app._run_until_stopped(serving(), lambda: done.append("told")))
    await began.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await running
    assert done == ["told", "finished"]


async def test_what_was_loaded_at_the_start_is_not_looked_at_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def goes_on(*_: object, **__: object) -> None:
        await asyncio.sleep(0.3)

    monkeypatch.setattr("handlers.telegram.client.run", goes_on)
    monkeypatch.setattr(app, "FREEZE_AFTER", 0.05)
    try:
        with pytest.raises(StartupError):
            await app._run_platforms(found(tmp_path, telegram_token=SecretStr("1:a"), operations_port=0))
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


async def test_what_ends_by_itself_leaves_the_systems_signal_as_it_was() -> None:
    before = signal.getsignal(signal.SIGTERM)
    await app._run_until_stopped(asyncio.sleep(0))
    assert signal.getsignal(signal.SIGTERM) is before


def test_tokens_are_not_handed_on_to_the_processes_that_read_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    async def platforms(_: EnvironmentSettings) -> None:
        seen.append({name for name in os.environ if name.startswith("HEARSAY_")})

    given = {"DISCORD_TOKEN": "d", "TELEGRAM_TOKEN": "t", "DATABASE_URL": "", "CONTACT": "https://a.example"}
    for name, value in given.items():
        monkeypatch.setenv(f"HEARSAY_{name}", value)
    monkeypatch.setenv("HEARSAY_DATABASE", str(tmp_path / "h.sqlite3"))
    monkeypatch.setattr("handlers.app._run_platforms", platforms)
    monkeypatch.setattr("handlers.app.log_to_stderr", lambda *_: None)
    app.main()
    assert seen == [{"HEARSAY_CONTACT", "HEARSAY_DATABASE"}]
