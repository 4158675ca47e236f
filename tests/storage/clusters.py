"""A PostgreSQL server of the tests' own, which may be stopped, silenced and started again."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.absence import absent

_PATIENCE: Final = "60"  # seconds for a server to start
_OWNER: Final = "postgres"
_HASTE: Final = (
    "-c fsync=off -c full_page_writes=off"  # the machine's death would cost it all, its own does not
)


@cache
def absence() -> str:
    """Why no server can be started here, or an empty string."""
    if _programs() is None:
        return "there is no initdb on this machine (Debian: apt install postgresql)"
    if not os.geteuid() and all(one.pw_name != _OWNER for one in pwd.getpwall()):
        return f"there is no user {_OWNER}, and as root PostgreSQL does not run"
    return ""


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
        self._port = 0

    @property
    def address(self) -> str:
        return f"postgresql://{_OWNER}@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        self._run("initdb", "-A", "trust", "-U", _OWNER, "-E", "UTF8", "-N")
        self._port = _free_port()

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {_HASTE}"
        self._run("pg_ctl", "-w", "-t", _PATIENCE, "-l", str(self._log), "-o", options, "start")

    def stop(self) -> None:
        """At once, as where its machine dies: nobody listens any more, and it recovers when it starts."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def silence(self) -> None:
        """It takes connections, and nothing ever comes back."""
        for number in self._processes():
            os.kill(number, signal.SIGSTOP)

    def speak(self) -> None:
        for number in reversed(self._processes()):
            os.kill(number, signal.SIGCONT)

    def _processes(self) -> list[int]:
        """The one that takes connections first, so that no other appears meanwhile."""
        known = self._files / "postmaster.pid"
        if not known.exists():
            return []
        first = int(known.read_text("utf-8").split()[0])
        return [first, *children(first)]

    def _run(self, program: str, *options: str) -> None:
        ended = subprocess.run(
            [str(self._programs / program), "-D", str(self._files), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would be held open by the server
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
            **_as_owner(),
        )
        if ended.returncode:
            raise RuntimeError(f"{program} failed with {ended.returncode}; its log is {self._log}")


def children(process: int) -> list[int]:
    """The processes that a process has started and that live."""
    threads = Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for thread in threads for number in thread.read_text("utf-8").split()]


# Until whoever started it closes the pipe or is no more, however that came.
_GUARD: Final = 'read _; "$1" -D "$2/data" -w -m immediate stop; rm -rf "$2"'


@contextmanager
def running() -> Iterator[Cluster]:
    """A server that is gone afterwards."""
    programs = _programs()
    if programs is None or absence():
        absent(absence())
    folder = Path(tempfile.mkdtemp(prefix="hearsay-cluster-"))  # the folders of pytest let no other user in
    if not os.geteuid():
        shutil.chown(folder, _OWNER, _OWNER)
    with subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "guard", str(programs / "pg_ctl"), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,  # so that Ctrl-C does not end it first
        **_as_owner(),
    ):
        one = Cluster(programs, folder)
        one.make()
        one.start()
        try:
            yield one
        finally:
            one.speak()


@asynccontextmanager
async def cluster() -> AsyncIterator[Cluster]:
    """The same, for a test that may stop and silence it, while its event loop serves others."""
    stack = ExitStack()
    one = await asyncio.to_thread(stack.enter_context, running())
    try:
        yield one
    finally:
        await asyncio.to_thread(stack.close)
