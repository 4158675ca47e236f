"""Updates that Telegram brings to an address of ours, behind a proxy that speaks HTTPS.

What is brought is taken in before it is answered, so that Telegram brings again what a crash has lost; what
cannot be read is answered all the same, lest Telegram brings it for ever. Who does not show the secret is
turned away unread (https://core.telegram.org/bots/api#setwebhook).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
_LARGEST: Final = 1 << 20  # bytes of an update
_ENDS_WITHIN: Final = 5.0  # seconds for what is just being taken in

Take = Callable[[dict[str, Any]], Awaitable[None]]


class Webhook(NamedTuple):
    """The public address to which Telegram brings updates, and where its proxy hands them on. `secret`: what
    Telegram shows with each; else it is made of the token."""

    url: str
    listen: str = "127.0.0.1"
    port: int = 8081
    secret: str | None = None

    def secret_for(self, token: str) -> str:
        """Return what Telegram shows with each update, the same in every process with this token."""
        return self.secret or hmac.new(token.encode(), b"hearsay webhook", hashlib.sha256).hexdigest()


class CannotListen(Exception):  # noqa: N818  # named for what could not be done
    """The address is taken, or not one of this machine's."""


@asynccontextmanager
async def listen(webhook: Webhook, secret: str, take: Take) -> AsyncIterator[None]:
    """Listen while within; `take` is given each update. Raises CannotListen."""

    async def brought(request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, secret.encode()):
            raise web.HTTPForbidden
        try:
            update = await request.json()
        except (ValueError, RecursionError):
            raise web.HTTPBadRequest from None
        if isinstance(update, dict):
            await take(update)
        return web.Response()

    application = web.Application(client_max_size=_LARGEST)
    application.router.add_post("/" + urlsplit(webhook.url).path.strip("/"), brought)
    runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=_ENDS_WITHIN)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, webhook.listen, webhook.port).start()
        except OSError as problem:
            why = f"nothing can listen at {webhook.listen}, port {webhook.port}: {problem.strerror}"
            raise CannotListen(why) from problem
        yield
    finally:
        await runner.cleanup()
