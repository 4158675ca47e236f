"""Updates that are brought instead of fetched."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.rooms import Mode
from handlers.telegram.webhook import SECRET, Webhook
from tests.fakes.loopback import free_port
from tests.fakes.memory import memory
from tests.fakes.talking import FLAGGED, ORDINARY, having, read
from tests.fakes.telegram import (
    ADMINISTRATOR,
    GROUP,
    FakeTelegram,
)
from tests.handlers.telegram.running import serve_telegram


async def post(port: int, secret: str, body: bytes) -> int:
    async with httpx.AsyncClient() as telegram:
        url = f"http://127.0.0.1:{port}/hook/here"
        shown = [(SECRET.encode(), secret.encode("utf-8", "surrogateescape"))]
        return (await telegram.post(url, content=body, headers=shown)).status_code


async def bring(fake: FakeTelegram, port: int, secret: str | None, path: str = "/hook/here") -> int:
    """Telegram brings what was said last; the status that it sees."""
    shown = {} if secret is None else {SECRET: secret}
    patient = httpx.AsyncHTTPTransport(retries=5)  # the library says where it listens, then listens
    async with httpx.AsyncClient(transport=patient) as telegram:
        url = f"http://127.0.0.1:{port}{path}"
        return (await telegram.post(url, json=fake.take_update(), headers=shown)).status_code


@pytest.mark.parametrize("secret", [None, "chosen-by-hand"])
async def test_updates_are_brought_to_an_address_and_only_with_the_secret(
    fake: FakeTelegram, secret: str | None
) -> None:
    hook = Webhook("https://bot.example/hook/here", port=free_port(), secret=secret)
    shown = hook.secret_for(fake.token)
    async with serve_telegram(fake, memory(), online=False, webhook=hook):
        await fake.watch.until(lambda: fake.webhook)
        for wrong in (None, "wrong"):
            await fake.says_in_private(FLAGGED)
            assert await bring(fake, hook.port, wrong) == 403
        await fake.says_in_private(ORDINARY)
        assert await bring(fake, hook.port, shown, "/elsewhere") == 404
        assert await post(hook.port, shown, b"no json") == 400
        assert await post(hook.port, shown, b"[" * 100_000) == 400
        assert await post(hook.port, "\udce9", b"{}") == 403
        assert await post(hook.port, shown, b'{"update_id": 5, "message": {"text": "a private word"}}') == 200
        await fake.says_in_private(ORDINARY)
        assert await bring(fake, hook.port, shown) == 200
        await fake.answer()
    assert (fake.webhook["url"], fake.webhook["secret_token"]) == (hook.url, shown)
    assert fake.token not in shown
    assert (fake.polls, len(fake.sent)) == (0, 1)


async def test_with_a_webhook_too_what_is_owed_at_the_end_is_answered(fake: FakeTelegram) -> None:
    hook = Webhook("https://bot.example/hook/here", port=free_port())
    gate = asyncio.Event()

    async def slow(link: Any, **more: object) -> Any:
        await gate.wait()
        return await read(link, **more)

    async with serve_telegram(fake, memory(), slow, online=False, webhook=hook) as task:
        await fake.watch.until(lambda: fake.webhook)
        await fake.says_in_private(ORDINARY)
        assert await bring(fake, hook.port, hook.secret_for(fake.token)) == 200
        await fake.watch.until(lambda: fake.actions)
        task.cancel()
        await asyncio.sleep(0.05)
        gate.set()
        await fake.answer()
    assert len(fake.sent) == 1


async def test_an_administrator_sees_what_hinders_automatic_mode(fake: FakeTelegram) -> None:
    fake.reads_all = False
    async with serve_telegram(fake, await having("telegram", GROUP, mode=Mode.AUTOMATIC)):
        await fake.says("/doctor", by=ADMINISTRATOR)
        found = await fake.answer()
    assert "privacy mode" in found.text


async def test_a_port_that_is_taken_is_said_and_ends_this_platform(fake: FakeTelegram) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        hook = Webhook("https://bot.example/hook/here", port=taken.getsockname()[1])
        with capture_logs() as logs:
            async with serve_telegram(fake, memory(), online=False, webhook=hook) as task:
                await asyncio.wait_for(task, 60)
    (said,) = [entry["reason"] for entry in logs if entry["log_level"] == "error"]
    assert said.startswith(f"nothing can listen at 127.0.0.1, port {hook.port}: ")
