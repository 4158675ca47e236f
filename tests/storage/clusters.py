"""A PostgreSQL server of a test's own, which may be stopped, silenced and started again."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.absence import absent

_PATIENCE: Final = "60"  # seconds for a server to start
_OWNER: Final = "postgres"


def _programs() -> Path | None:
    """Where initdb and pg_ctl are, in their newest version."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    found = [*map(str, debian), shutil.which("initdb")]
    last = next((one for one in reversed(found) if one), None)
    return Path(last).parent if last else None


def _as_owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {} if os.geteuid() else {"user": _OWNER, "group": _OWNER, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as any_of_them:
        any_of_them.bind(("127.0.0.1", 0))
        return int(any_of_them.getsockname()[1])


class Cluster:
    """A server on 127.0.0.1 whose files are in `folder`."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._files = folder / "data"
        self._log = folder / "log"
        self._port = _free_port()

    @property
    def address(self) -> str:
        return f"postgresql://{_OWNER}@127.0.0.1:{self._port}/postgres"

    async def make(self) -> None:
        await self._run("initdb", "-A", "trust", "-U", _OWNER, "-E", "UTF8", "-N")

    async def start(self) -> None:
        listens = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        await self._run("pg_ctl", "-w", "-t", _PATIENCE, "-l", str(self._log), "-o", listens, "start")

    async def stop(self) -> None:
        """At once, as where its machine dies: nobody listens any more, and it recovers when it starts."""
        await self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def silence(self) -> None:
        """It takes connections, and nothing ever comes back."""
        for number in self._processes():
            os.kill(number, signal.SIGSTOP)

    def speak(self) -> None:
        for number in reversed(self._processes()):
            os.kill(number, signal.SIGCONT)

    def _processes(self) -> list[int]:
        """The one that takes connections first, so that no other appears meanwhile."""
        first = int((self._files / "postmaster.pid").read_text("utf-8").split()[0])
        return [first, *children(first)]

    async def _run(self, program: str, *options: str) -> None:
        process = await asyncio.create_subprocess_exec(
            str(self._programs / program),
            "-D",
            str(self._files),
            *options,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd="/",
            **_as_owner(),
        )
        if await process.wait():
            raise RuntimeError(f"{program} failed with {process.returncode}; its log is {self._log}")


def children(process: int) -> list[int]:
    """The processes that a process has started and that live."""
    threads = Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for thread in threads for number in thread.read_text("utf-8").split()]


@asynccontextmanager
async def cluster() -> AsyncIterator[Cluster]:
    """One that runs, and is gone afterwards."""
    programs = _programs() or absent("there is no initdb on this machine (Debian: apt install postgresql)")
    if not os.geteuid() and all(one.pw_name != _OWNER for one in pwd.getpwall()):
        absent(f"there is no user {_OWNER}, and as root PostgreSQL does not run")
    folder = Path(tempfile.mkdtemp(prefix="hearsay-cluster-"))  # the folders of pytest let no other user in
    try:
        if not os.geteuid():
            shutil.chown(folder, _OWNER, _OWNER)
        one = Cluster(programs, folder)
        await one.make()
        await one.start()
        try:
            yield one
        finally:
            one.speak()
            await one.stop()
    finally:
        shutil.rmtree(folder)
