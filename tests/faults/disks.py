"""The disk of the database is full for a while."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.absence import absent
from tests.faults.counts import Counts
from tests.faults.crowd import Crowd
from tests.handlers.lives import Fakes, living, world

_SIZE: Final = "3m"  # a log of SQLite's would have grown to 4 MB before it is begun anew
_MORSEL: Final = 4096  # bytes
_FULL_SECONDS: Final = 4.0
_SAID: Final = "database or disk is full"


@contextmanager
def _small(folder: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        absent(f"no small disk can be mounted: {mounted.stderr.decode().strip()}", owed=not os.geteuid())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(_MORSEL))
        except OSError:
            pass  # which is what it was to come to
    try:
        yield
    finally:
        ballast.unlink()


async def full(folder: Path) -> Counts:
    """Before, in the middle of reading, meanwhile and after; what the log says of it is checked."""
    with _small(folder / "disk") as disk:
        async with world(lambda name: name.startswith("held")) as (pages, discord, telegram):
            crowd, database, log = Crowd(pages, discord, telegram), disk / "h.sqlite3", folder / "log"
            fakes: Fakes = {"discord": discord, "telegram": telegram}
            async with living(database, fakes, log=log) as process:
                await crowd.asks("before", 4)
                await crowd.until_answered()
                await pages.wanted(*await crowd.asks("held", 4))
                with _filled(disk):
                    pages.open.set()
                    await crowd.asks("meanwhile", 8)
                    await asyncio.sleep(_FULL_SECONDS)
                assert _SAID in log.read_text("utf-8")
                await crowd.asks("after", 4)
                found = await crowd.counts(database)
                assert process.returncode is None
                return found
