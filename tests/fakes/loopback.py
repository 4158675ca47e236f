"""A server on 127.0.0.1 that can go away and come back at the same port."""

from __future__ import annotations

import socket

from aiohttp import web


def free_port() -> int:
    """One at which nobody listens for now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Loopback:
    """Serves one aiohttp application; `down` cuts every connection, `up` listens again."""

    def __init__(self, application: web.Application) -> None:
        self._runner = web.AppRunner(application, shutdown_timeout=0.05, handle_signals=False)
        self._site: web.TCPSite | None = None
        self.port = 0

    async def start(self) -> None:
        await self._runner.setup()
        await self.up()

    async def up(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await self._site.start()
        self.port = self._runner.addresses[0][1]

    async def down(self) -> None:
        """Nobody listens any more, and open connections are closed."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        server = self._runner.server
        if server is not None:
            for connection in server.connections:
                connection.force_close()
                if connection.transport is not None:
                    connection.transport.close()

    async def stop(self) -> None:
        await self._runner.cleanup()
