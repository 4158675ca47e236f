"""What the Dockerfile promises, as far as it can be held without Docker."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.fakes.discord_objects import BOT, MODERATOR
from tests.fakes.loopback import free_port
from tests.handlers.forks import ROOT
from tests.handlers.lives import PATIENCE, Fakes, living, more, world
from tests.sealed import USER, folder, needs_sealing, sealed

EXAMPLE: Final = ROOT / "docs/example.html"
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
_, BUILD, FINAL = re.split(r"(?m)^(?=FROM )", DOCKERFILE)


def told(instruction: str) -> list[str]:
    """What the final stage says by an instruction, each time."""
    return re.findall(rf"(?m)^{instruction} +(.*?) *$", FINAL)


def executed(instruction: str) -> list[str]:
    """The command that an instruction gives as a list, so that no shell stands before it."""
    (said,) = told(instruction)
    command: list[str] = json.loads(said[said.index("[") :])
    return command


@pytest.fixture
def data() -> Iterator[Path]:
    needs_sealing()
    with folder() as made:
        yield made


def test_both_stages_stand_on_one_version_of_python() -> None:
    assert BUILD.splitlines()[0] == "FROM ${BASE} AS build"
    assert FINAL.splitlines()[0] == "FROM ${BASE}"
    assert re.search(r"(?m)^ARG BASE=python:3\.\d+\.\d+-slim-\w+$", DOCKERFILE)


def test_it_runs_as_a_user_without_rights_whose_number_is_fixed() -> None:
    assert told("USER") == [f"{USER}:{USER}"]


def test_a_signal_reaches_hearsay_itself() -> None:
    assert (executed("ENTRYPOINT"), executed("CMD")) == (["hearsay"], ["run"])


def test_what_builds_stays_behind() -> None:
    assert "--without-pip" in BUILD
    assert "pip uninstall" in FINAL
    assert "apt-get" not in DOCKERFILE


def test_nothing_but_the_volume_can_be_written(data: Path) -> None:
    places = ["/", "/tmp", "/var/tmp", "/dev/shm", "/run", str(ROOT)]  # where others may write
    tries = "id -u; for place; do touch $place/x; done"
    command = sealed(data, "sh", "-c", tries, "sh", *places, str(data))
    seen = subprocess.run(command, capture_output=True, text=True, check=True)
    assert seen.stdout == f"{USER}\n"
    assert seen.stderr.count("Read-only file system") == len(places)
    assert [path.name for path in data.iterdir()] == ["x"]


@pytest.mark.takes(40)
async def test_a_bot_lives_and_ends_where_nothing_but_its_volume_can_be_written(data: Path) -> None:
    """It reads pages, opens settings, is well by its own health check, starts anew, and can be backed up."""
    port = free_port()
    settings = {"log_file": str(data / "hearsay.log"), "operations_port": str(port)}
    async with world() as (pages, discord, telegram):
        fakes: Fakes = {"discord": discord, "telegram": telegram}
        pages.open.set()
        for number in (1, 2):
            within = partial(sealed, data)
            async with living(data / "h.sqlite3", fakes, settings=settings, within=within) as process:
                await discord.says(f"<@{BOT}> {pages.link(f'd{number}')}", by=3000 + number)
                await telegram.says_in_private(pages.link(f"t{number}"))
                for fake in fakes.values():
                    await fake.watch.until(partial(more, fake, number), PATIENCE)
                await discord.answer_to(await discord.uses("settings", by=MODERATOR))
                assert await _is_healthy(port)
                process.terminate()
                assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
            assert not await _is_healthy(port)
    texts = [sent.text for fake in fakes.values() for sent in fake.sent]
    assert all("UNCONFIRMED: the article says so itself" in text for text in texts)
    _commands_work(data)


async def _is_healthy(port: int) -> bool:
    """What the health check of the container says, with this interpreter."""
    python, *rest = executed("HEALTHCHECK")
    assert python == "python"
    asking = await asyncio.create_subprocess_exec(
        sys.executable,
        *rest,
        env={**os.environ, "HEARSAY_OPERATIONS_PORT": str(port)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await asking.wait() == 0


def _commands_work(data: Path) -> None:
    hearsay = str(Path(sys.executable).with_name("hearsay"))
    given = {"HEARSAY_DATABASE": str(data / "h.sqlite3"), "HEARSAY_LOG_FILE": str(data / "hearsay.log")}
    for command in (("check", str(EXAMPLE)), ("history",), ("backup", "copy.sqlite3")):
        within = sealed(data, hearsay, *command)
        subprocess.run(within, env={**os.environ, **given}, check=True, stdout=subprocess.DEVNULL)
    assert {path.stat().st_uid for path in data.iterdir()} == {USER}
    assert (data / "copy.sqlite3").stat().st_size > 0
