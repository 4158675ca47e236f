"""Bots that read no page themselves, and workers that do: real processes on a real PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr

import handlers.app
from handlers.settings import EnvironmentSettings
from handlers.startup_errors import StartupError
from tests.fakes.serving import serving
from tests.handlers.test_platforms import PLATFORMS, fake_of, page, runs
from tests.handlers.working import PATIENCE, alive, workers
from tests.storage.databases import postgres

__all__ = ["page"]  # a fixture


@pytest.fixture
def database() -> Iterator[str]:
    with postgres(migrated=True) as address:
        yield address


def configured(database: str, **more: Any) -> EnvironmentSettings:
    given = {"database_url": SecretStr(database), "readers": 0, "allow_loopback": True, "operations_port": 0}
    return EnvironmentSettings.model_validate({**given, **more})


@pytest.mark.parametrize("name", PLATFORMS)
async def test_a_bot_without_readers_answers_by_a_worker(
    page: str, database: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async def never(*_: object) -> None:
        raise AssertionError("a page is read here")

    monkeypatch.setattr("bot.check.LinkChecker.check", never)
    async with fake_of(name) as fake, workers(database):
        monkeypatch.setattr(f"handlers.{name}.client.run", partial(runs(name), **fake.seams))
        found = configured(database, **{f"{name}_token": SecretStr(fake.token)})
        async with serving(handlers.app._run_platforms(found)):
            await fake.online()
            await fake.says_in_private(page)
            answer = await fake.answer()
    assert "UNCONFIRMED: the article says so itself" in answer.text


async def test_a_bot_with_readers_is_its_own_worker(
    page: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fake_of("telegram") as fake:
        monkeypatch.setattr("handlers.telegram.client.run", partial(runs("telegram"), **fake.seams))
        found = configured(database, readers=1, telegram_token=SecretStr(fake.token))
        async with serving(handlers.app._run_platforms(found)):
            await fake.online()
            await fake.says_in_private(page)
            answer = await fake.answer()
            assert await alive(database) == 1
    assert "UNCONFIRMED: the article says so itself" in answer.text


async def test_a_worker_that_is_told_to_end_ends_well(database: str) -> None:
    async with workers(database, 2) as (first, second):
        first.terminate()
        assert await asyncio.wait_for(first.wait(), PATIENCE) == 0
        assert await alive(database) == 1
        second.terminate()
        assert await asyncio.wait_for(second.wait(), PATIENCE) == 0
    assert await alive(database) == 0


@pytest.mark.parametrize(
    "given",
    [{}, {"HEARSAY_DATABASE_URL": "postgresql://127.0.0.1/hearsay", "HEARSAY_READERS": "0"}],
)
def test_a_worker_without_a_database_to_share_or_without_readers_says_so(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEARSAY_DATABASE_URL", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(
        StartupError, match="set HEARSAY_DATABASE_URL to a PostgreSQL database, and HEARSAY_READ"
    ):
        handlers.app.run_worker()


def test_a_bot_without_readers_needs_a_database_to_share() -> None:
    with pytest.raises(ValueError, match="which need HEARSAY_DATABASE_URL"):
        EnvironmentSettings.model_validate({"readers": 0})
