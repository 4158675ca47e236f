"""The life of the bot on Telegram: chats that take it in, turn it out and move; tokens; a webhook; an end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from bot.commands import Commands
from bot.notices import Notices
from bot.places import Room
from bot.rooms import Mode
from bot.stores import Stores
from handlers.telegram.client import run
from handlers.telegram.webhook import SECRET, Webhook
from tests.fakes.loopback import free_port
from tests.fakes.memory import memory
from tests.fakes.serving import dispatcher, serving
from tests.fakes.talking import FLAGGED, ORDINARY, having, read, talk
from tests.fakes.telegram import (
    ADMINISTRATOR,
    BASIC,
    CHANNEL,
    FORUM,
    GROUP,
    LOCKED,
    MOVED,
    PRIVATE,
    STRANGER,
    SUPER,
    TOPIC,
    FakeTelegram,
)


@asynccontextmanager
async def at_work(
    fake: FakeTelegram, kept: Stores, check: Any = read, *, online: bool = True, **more: Any
) -> AsyncIterator[asyncio.Task[None]]:
    conversation, notices = talk(kept, check), Notices(kept)
    running = run(
        conversation,
        dispatcher(conversation),
        fake.token,
        commands=Commands(kept, notices),
        notices=notices,
        **{**fake.seams, **more},
    )
    async with serving(running) as task:
        if online:
            await fake.online()
        yield task


async def mode_of(kept: Stores, chat: int) -> Mode:
    room = Room("telegram", str(chat), private=False, server=str(chat))
    return (await kept.settings(room)).mode


async def departed(kept: Stores) -> tuple[str, ...]:
    return await kept.find_left_rooms("telegram") or ()


# ── taken in, turned out ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hears_all", [True, False])
async def test_a_group_that_takes_it_in_is_greeted_and_told_what_it_does_not_hear(
    fake: FakeTelegram, *, hears_all: bool
) -> None:
    fake.reads_all = hears_all
    async with at_work(fake, memory()):
        await fake.stands(GROUP, "member")
        welcome = await fake.answer()
    assert (welcome.chat, welcome.body["disable_notification"]) == (GROUP, True)
    assert "I read links, not conversations." in welcome.text
    assert ("privacy mode" in welcome.text) is not hears_all


@pytest.mark.parametrize("chat", [CHANNEL, PRIVATE])
async def test_channels_and_people_are_not_greeted_unasked(fake: FakeTelegram, chat: int) -> None:
    async with at_work(fake, memory()):
        await fake.stands(chat, "member" if chat == PRIVATE else "administrator", "kicked")
        await fake.says_in_private(ORDINARY)
        await fake.answer()
    assert len(fake.sent) == 1


async def test_a_group_that_turns_it_out_is_let_go_of_until_it_takes_it_back(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        await fake.stands(GROUP, "kicked", "member")
        await fake.all_seen()
        gone = await departed(kept)
        await fake.stands(GROUP, "member", "kicked")
        await fake.answer()
    assert (gone, await departed(kept)) == ((str(GROUP),), ())


async def test_a_group_that_is_heard_from_again_stays(fake: FakeTelegram) -> None:
    """It took the bot back while the bot was down, and Telegram has forgotten to say so."""
    kept = memory()
    await kept.mark_left([Room("telegram", str(GROUP), private=False, server=str(GROUP))])
    async with at_work(fake, kept):
        await fake.says(f"/check {ORDINARY}")
        await fake.answer()
    assert await departed(kept) == ()


async def test_who_blocks_it_is_let_go_of_until_they_start_it_again(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        await fake.stands(PRIVATE, "kicked", "member")
        await fake.all_seen()
        gone = await departed(kept)
        await fake.says_in_private("/start")
        await fake.answer()
    assert (gone, await departed(kept)) == ((str(PRIVATE),), ())


async def test_who_blocks_it_during_a_check_gets_nothing_and_the_check_ends(fake: FakeTelegram) -> None:
    gate = asyncio.Event()

    async def slow(link: Any, **more: object) -> Any:
        await gate.wait()
        return await read(link, **more)

    async with at_work(fake, kept := memory(), slow):
        await fake.says(FLAGGED, chat=STRANGER, by=STRANGER)
        await fake.watch.until(lambda: fake.actions)
        fake.block(STRANGER)
        gate.set()
        await fake.says_in_private(ORDINARY)
        await fake.answer()
        await fake.watch.until(lambda: fake.refused)
        await asyncio.sleep(0.05)
    assert [sent.chat for sent in fake.sent] == [PRIVATE]
    assert await departed(kept) == (str(STRANGER),)


async def test_a_group_that_turned_it_out_unseen_is_noticed_when_it_is_answered(fake: FakeTelegram) -> None:
    async with at_work(fake, kept := memory()):
        await fake.says(f"/check {FLAGGED}", chat=LOCKED)
        await fake.watch.until(lambda: fake.refused)
        await fake.says_in_private(ORDINARY)
        await fake.answer()
    assert [sent.chat for sent in fake.sent] == [PRIVATE]
    assert await departed(kept) == (str(LOCKED),)


# ── moved ───────────────────────────────────────────────────────────────────────────────────────────


async def test_the_settings_of_a_group_follow_it_when_it_becomes_a_supergroup(fake: FakeTelegram) -> None:
    kept = await having("telegram", BASIC, mode=Mode.AUTOMATIC)
    async with at_work(fake, kept):
        await fake.upgrades()
        await fake.says(f"look {FLAGGED}", chat=SUPER)
        answer = await fake.answer()
    assert answer.chat == SUPER
    assert await mode_of(kept, BASIC) is Mode.ON_REQUEST


async def test_a_move_that_is_only_seen_when_it_answers_takes_settings_and_answer_along(
    fake: FakeTelegram,
) -> None:
    kept = await having("telegram", MOVED, mode=Mode.AUTOMATIC)
    async with at_work(fake, kept):
        await fake.says(f"look {FLAGGED}", chat=MOVED)
        answer = await fake.answer()
        await asyncio.sleep(0.05)
    assert (answer.chat, len(fake.sent)) == (GROUP, 1)
    assert await mode_of(kept, GROUP) is Mode.AUTOMATIC


@pytest.mark.parametrize("way", ["command", "automatic"])
async def test_topics_that_are_switched_off_in_between_are_answered_in_the_group(
    fake: FakeTelegram, way: str
) -> None:
    async with at_work(fake, await having("telegram", FORUM, mode=Mode.AUTOMATIC)):
        fake.close_topics()
        await fake.says(f"{'/check' if way == 'command' else 'look'} {FLAGGED}", chat=FORUM, topic=TOPIC)
        answer = await fake.answer()
        await asyncio.sleep(0.05)
    assert (answer.chat, "message_thread_id" in answer.body, len(fake.sent)) == (FORUM, False, 1)


# ── tokens ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_second_process_with_the_token_is_said_and_this_one_stops(fake: FakeTelegram) -> None:
    with capture_logs() as logs:
        async with at_work(fake, memory()) as task:
            fake.steal(4)
            await fake.says_in_private(ORDINARY)
            await asyncio.wait_for(task, 20)
    (said,) = [entry["event"] for entry in logs if entry["log_level"] == "error"]
    assert said.startswith("another process fetches the updates of this telegram token, so this one stops;")


async def test_one_conflict_as_at_a_restart_is_waited_out(fake: FakeTelegram) -> None:
    async with at_work(fake, memory()):
        fake.steal(1)
        await fake.says_in_private(ORDINARY)
        await fake.answer()


async def test_a_token_that_is_revoked_meanwhile_ends_this_platform(fake: FakeTelegram) -> None:
    with capture_logs() as logs:
        async with at_work(fake, memory(), heartbeat=0.05) as task:
            fake.revoke()
            await asyncio.wait_for(task, 20)
    assert "telegram refuses to let me in: it does not know this token" in [entry["event"] for entry in logs]
    assert fake.token not in str(logs)


# ── brought instead of fetched ──────────────────────────────────────────────────────────────────────


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
    async with at_work(fake, memory(), online=False, webhook=hook):
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

    async with at_work(fake, memory(), slow, online=False, webhook=hook) as task:
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
    async with at_work(fake, await having("telegram", GROUP, mode=Mode.AUTOMATIC)):
        await fake.says("/doctor", by=ADMINISTRATOR)
        found = await fake.answer()
    assert "privacy mode" in found.text


async def test_a_port_that_is_taken_is_said_and_ends_this_platform(fake: FakeTelegram) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        hook = Webhook("https://bot.example/hook/here", port=taken.getsockname()[1])
        with capture_logs() as logs:
            async with at_work(fake, memory(), online=False, webhook=hook) as task:
                await asyncio.wait_for(task, 20)
    (said,) = [entry["reason"] for entry in logs if entry["log_level"] == "error"]
    assert said.startswith(f"nothing can listen at 127.0.0.1, port {hook.port}: ")
