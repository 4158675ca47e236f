"""What whoever runs Hearsay can ask it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

import handlers.app
from bot.errors import BadStatus
from bot.fair_queue import Ticket
from bot.model import Link
from bot.ports import StoredReport
from handlers.heartbeat import Heartbeats
from handlers.monitoring import HEARD_WITHIN, CountedChecks, Metrics, MonitoringServer
from handlers.settings import EnvironmentSettings
from tests.bot.written import bridge
from tests.fakes.loopback import free_port
from tests.fakes.ports import FakeChecker
from tests.fakes.serving import serving
from tests.handlers.test_platforms import PLATFORMS, fake_of, page, runs

__all__ = ["page"]  # a fixture

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LINK = Link("https://private.example/secret", "https://private.example/secret")


class World:
    """A store, a clock, and readers that count."""

    waiting, shed_count, killed, dropped_count = 3, 4, 5, 6

    def __init__(self) -> None:
        self.now = 100.0
        self.lost = False
        self.figures, self.pulse = Metrics(), Heartbeats(["discord", "telegram"], lambda: self.now)
        self.figures.collect_from(self, self.pulse, self)
        self.operations = MonitoringServer(self.figures, self.pulse, self, lambda: NOW)

    async def backlog(self) -> tuple[int, datetime | None]:
        if self.lost:
            raise OSError
        return 2, NOW - timedelta(seconds=30)


@pytest.fixture
async def asked(world: World) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    async with world.operations.serve("127.0.0.1", port):
        await asyncio.sleep(0.05)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client


@pytest.fixture
def world() -> World:
    return World()


async def test_it_is_alive_and_ready_when_everything_is_heard_from(
    world: World, asked: httpx.AsyncClient
) -> None:
    assert (await asked.get("/healthz")).text == "ok\n"
    world.pulse.beat("discord")
    early = await asked.get("/readyz")
    assert (early.status_code, early.json()) == (503, {"database": True, "discord": True, "telegram": False})
    world.pulse.beat("telegram")
    assert (await asked.get("/readyz")).status_code == 200
    world.now += HEARD_WITHIN
    assert (await asked.get("/readyz")).json() == {"database": True, "discord": False, "telegram": False}


async def test_a_database_that_is_lost_is_not_ready() -> None:
    world = World()
    world.lost = True
    port = free_port()
    async with world.operations.serve("127.0.0.1", port), httpx.AsyncClient() as client:
        await asyncio.sleep(0.05)
        assert (await client.get(f"http://127.0.0.1:{port}/readyz")).json()["database"] is False


async def test_checks_are_counted_by_how_they_end_and_nothing_names_what_was_checked(
    world: World, asked: httpx.AsyncClient
) -> None:
    outcomes: list[Any] = [
        StoredReport(bridge(), NOW),
        StoredReport(bridge(), NOW - timedelta(hours=1)),
        BadStatus(404),
        KeyError(),
    ]

    async def check(link: Link, **_: object) -> StoredReport:  # noqa: ARG001  # as it is called
        found = outcomes.pop(0)
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[no-any-return]

    counted = CountedChecks(FakeChecker(check), world.figures, lambda: NOW)
    await counted.check(LINK)
    await counted.check(LINK, ticket=Ticket("r", asked=False))
    for failure in (BadStatus, KeyError):
        with pytest.raises(failure):
            await counted.check(LINK)
    logging.getLogger("bot.check").warning("a report of https://private.example could not be kept")
    logging.getLogger("somebody.else").error("no")
    lines = (await asked.get("/metrics")).text.splitlines()
    for outcome in ("read", "kept", "bad_status", "bug"):
        assert f'hearsay_checks_total{{outcome="{outcome}"}} 1.0' in lines
    assert 'hearsay_check_seconds_count{asked="yes"} 3.0' in lines
    assert 'hearsay_check_seconds_count{asked="no"} 1.0' in lines
    assert 'hearsay_log_lines_total{level="warning",part="bot"} 1.0' in lines
    assert 'hearsay_log_lines_total{level="error",part="libraries"} 1.0' in lines
    assert "hearsay_unfinished_checks 2.0" in lines
    assert "hearsay_oldest_unfinished_check_seconds 30.0" in lines
    assert "hearsay_pages_waiting 3.0" in lines
    assert "hearsay_pages_given_way_total 4.0" in lines
    assert "hearsay_readers_killed_total 5.0" in lines
    assert "hearsay_automatic_checks_dropped_total 6.0" in lines
    assert not any("private" in line for line in lines)


async def test_a_port_that_is_taken_is_said_and_done_without(world: World) -> None:
    with socket.socket() as taken, capture_logs() as logs:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with world.operations.serve("127.0.0.1", taken.getsockname()[1]):
            pass
    assert [entry["event"] for entry in logs] == ["nobody can ask how I am"]


@pytest.mark.parametrize("name", PLATFORMS)
async def test_the_whole_bot_says_that_it_is_ready_and_counts_its_checks(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("handlers.monitoring.POLL_SECONDS", 0.05)
    async with fake_of(name) as fake:
        monkeypatch.setattr(f"handlers.{name}.client.run", partial(runs(name), **fake.seams))
        given = {"database": tmp_path / "h.sqlite3", "allow_loopback": True, "operations_port": free_port()}
        found = EnvironmentSettings.model_validate({**given, f"{name}_token": SecretStr(fake.token)})
        async with serving(handlers.app._run_platforms(found)):
            await fake.online()
            await fake.says_in_private(page)
            await fake.answer()
            await asyncio.sleep(0.1)
            address = f"http://127.0.0.1:{found.operations_port}"
            async with httpx.AsyncClient(base_url=address) as client:
                assert (await client.get("/readyz")).json() == {"database": True, name: True}
                metrics = (await client.get("/metrics")).text
    assert 'hearsay_checks_total{outcome="read"} 1.0' in metrics
    assert "127.0.0.1" not in metrics
