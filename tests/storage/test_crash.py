"""Law of the dispatcher: what was accepted is answered once, wherever its process is killed."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.storage.crashing import STEPS

ROUNDS = 20


@pytest.mark.takes(40)
async def test_a_process_that_is_killed_at_any_step_loses_and_doubles_nothing(
    database: Path | str, tmp_path: Path
) -> None:
    folder = tmp_path / "chat"
    folder.mkdir()
    told = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.storage.crashing",
        str(database),
        str(folder),
        str(ROUNDS),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await told.communicate()
    assert told.returncode == 0, err.decode()[-2000:]
    found = json.loads(out)
    assert found["accepted"] == (len(STEPS) - 1) * ROUNDS * 2  # platforms; at the first step nothing is yet
    assert found["edited"] == (len(STEPS) - STEPS.index("revised")) * ROUNDS * 2
    assert (found["lost"], found["stale"], found["unasked"]) == ([], [], [])
    # Between a platform's taking of an answer and our noting of it, and nowhere else, one without keys may
    # stand twice.
    assert all(origin.startswith("unkeyed sent ") for origin in found["doubled"])
