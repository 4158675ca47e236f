"""Settings panels on Telegram, opened, pressed and answered as people do."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from bot.commands import Commands
from bot.notices import Notices
from bot.stores import Stores
from handlers.telegram.client import run
from tests.fakes.conversation import OneReply
from tests.fakes.replies import ferry
from tests.fakes.serving import at_home
from tests.fakes.telegram import ADMINISTRATOR, FakeTelegram, Sent


def at_work(fake: FakeTelegram, kept: Stores) -> AbstractAsyncContextManager[object]:
    notices = Notices(kept)
    return at_home(run, OneReply(ferry()), fake, commands=Commands(kept, notices), notices=notices)


async def opened(fake: FakeTelegram, *labels: str, by: int = ADMINISTRATOR, **more: Any) -> Sent:
    """A panel, on which buttons were pressed one after the other."""
    before = len(fake.sent)
    await fake.says("/settings", by=by, **more)
    panel = await fake.answer(before + 1)
    for one in labels:
        await pressed(fake, panel, one, by=by)
    return panel


async def pressed(fake: FakeTelegram, panel: Sent, button: str, by: int = ADMINISTRATOR) -> list[str]:
    """The lines of the panel after a button of it was pressed."""
    edits = panel.edits
    await fake.answer_to(await fake.presses(panel, panel.buttons[button], by=by))
    await fake.watch.until(lambda: panel.edits > edits)
    return panel.text.splitlines()


async def typed(fake: FakeTelegram, panel: Sent, text: str, by: int = ADMINISTRATOR, **more: Any) -> Sent:
    """What follows a reply to a panel."""
    before = len(fake.sent)
    await fake.says(text, by=by, replies_to=panel.id, chat=panel.chat, **more)
    return await fake.answer(before + 1)
