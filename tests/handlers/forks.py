"""A process that has loaded all that a bot is made of, and forks one whenever a test asks for it: to load it
anew takes each a second and a half of a core.

The tests' side sends a line of JSON with two descriptors: where the child says what goes wrong, and where the
server says the child's number and, once it has ended, how. The server ends when its tests do.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, NoReturn, Self

ROOT: Final = Path(__file__).resolve().parents[2]
_LONGEST: Final = 1 << 20  # bytes of a request


# ── the tests' side ─────────────────────────────────────────────────────────────────────────────────


class Forked:
    """A child of the server, to be used like a process of asyncio's."""

    def __init__(self, pid: int, said: asyncio.StreamReader, pipe: asyncio.ReadTransport) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._pipe = pipe
        self._ending = asyncio.create_task(self._end(said))

    @classmethod
    async def begin(cls, told: str, errors: IO[bytes]) -> Self:
        """What living.py does with `told`, in the environment and the folder of this process."""
        here, there = os.pipe()
        request = {"told": told, "environment": dict(os.environ), "folder": str(Path.cwd())}
        try:
            socket.send_fds(_server(), [json.dumps(request).encode()], [errors.fileno(), there])
        finally:
            os.close(there)
        said = asyncio.StreamReader()
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(said), os.fdopen(here, "rb", buffering=0)
        )
        return cls(int(await said.readline()), said, pipe)

    async def _end(self, said: asyncio.StreamReader) -> int:
        self.returncode = int(await said.readline())
        self._pipe.close()
        return self.returncode

    async def wait(self) -> int:
        return await asyncio.shield(self._ending)

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@cache
def _server() -> socket.socket:
    ours, its = socket.socketpair()
    with its:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.handlers.living", f"{its.fileno()}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            pass_fds=[its.fileno()],
        )
    atexit.register(_leave, ours, server)
    return ours


def _leave(ours: socket.socket, server: subprocess.Popen[bytes]) -> None:
    ours.close()
    server.wait()


# ── the server's side ───────────────────────────────────────────────────────────────────────────────


def serve(number: int) -> str:
    """Returns in each child, with what it was told; never in the server."""
    server = _Server(socket.socket(fileno=number))
    while True:
        if told := server.fork_next():
            return told


class _Server:
    def __init__(self, tests: socket.socket) -> None:
        self._tests = tests
        self._children: dict[int, IO[bytes]] = {}  # and where their tests read
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)  # it only wakes
        self._events = selectors.DefaultSelector()
        for one in (tests, self._woken):
            self._events.register(one, selectors.EVENT_READ)

    def fork_next(self) -> str | None:
        """None in the server, whatever has happened; in a child what it was told."""
        for key, _ in self._events.select():
            if key.fileobj is self._woken:
                self._woken.recv(4096)
                self._bury()
            else:
                request, descriptors, *_ = socket.recv_fds(self._tests, _LONGEST, 2)
                if not request:
                    self._end()
                errors, ends = descriptors
                if (child := os.fork()) == 0:
                    os.close(ends)
                    return self._become(json.loads(request), errors)
                os.close(errors)
                self._children[child] = os.fdopen(ends, "wb", buffering=0)
                self._children[child].write(b"%d\n" % child)
        return None

    def _end(self) -> NoReturn:
        for child in self._children:
            os.kill(child, signal.SIGKILL)
        sys.exit()

    def _bury(self) -> None:
        for child in [*self._children]:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                with self._children.pop(child) as tests:
                    tests.write(b"%d\n" % os.waitstatus_to_exitcode(status))

    def _become(self, request: dict[str, Any], errors: int) -> str:
        """All as where a process was started for this."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._events.close()
        for one in (self._tests, self._woken, self._waker):
            one.close()
        for tests in self._children.values():
            tests.close()
        os.dup2(errors, 2)
        os.close(errors)
        # The one from before takes it for what it was then.
        sys.stderr = open(2, "w", 1, errors="backslashreplace", closefd=False)  # noqa: SIM115  # to the end
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ |= request["environment"]
        return str(request["told"])
