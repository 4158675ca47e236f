# ruff: noqa: E501  # the exact words of an answer stand on one line

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from inline_snapshot import snapshot
from rich.console import Console

from bot.commands import Commands
from bot.errors import BadStatus
from bot.model import Link, Report
from bot.notices import Notices
from bot.ports import StoredReport
from bot.service import ConversationService
from handlers.terminal.chat import Chat
from handlers.terminal.screen import UNWRAPPED
from tests.bot.written import bridge, plain
from tests.fakes.memory import memory
from tests.fakes.ports import FakeTextReader

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Web:
    """Pages by the first letter of their host; `slow` is answered when a test says so."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.reached = asyncio.Event()

    async def check(self, link: Link, **_: object) -> StoredReport:  # pages do not change
        host = link.url.removeprefix("https://").partition(".")[0]
        if host == "slow":
            self.reached.set()
            await self.gate.wait()
        if host == "lost":
            raise BadStatus(404)
        return StoredReport(plain() if host == "plain" else bridge(), NOW)


async def read_text(text: str) -> Report:
    assert text == "The old bridge reopened\non Monday."
    return plain(pasted=True)


@dataclass
class Typed:
    """Lines that are there already."""

    lines: Iterator[str]

    async def read_line(self, _: str) -> str | None:
        return next(self.lines, None)


def chat(lines: list[str], *, web: Web | None = None, terminal: bool = False) -> tuple[Chat, io.StringIO]:
    out = io.StringIO()
    console = Console(
        file=out, width=UNWRAPPED, markup=False, highlight=False, force_terminal=terminal, color_system=None
    )
    kept = memory()
    conversation = ConversationService(
        checker=web or Web(), text_reader=FakeTextReader(read_text), stores=kept, clock=lambda: NOW
    )
    notices = Notices(kept)
    talking = Chat(conversation, Commands(kept, notices), console, Typed(iter(lines)), 30)
    notices.connect("terminal", talking)
    return talking, out


async def talk(*lines: str) -> list[str]:
    """What stands on the screen after the welcome."""
    talking, out = chat(list(lines))
    await talking.run()
    return out.getvalue().splitlines()[1:]


async def test_a_pasted_message_is_answered_with_its_card() -> None:
    found = await talk("is this true? https://bridge.example/a (my uncle says so)")
    assert found[0] == "Old bridge to close in May"
    assert "UNCONFIRMED: the article says so itself" in found


async def test_one_letter_opens_the_details_of_the_last_answer() -> None:
    assert "• Quay Street blog (outlet): “reported”" in await talk("https://bridge.example/a", "s")
    assert "• “could be” (possibility)" in await talk("https://bridge.example/a", "h")
    assert (await talk("https://bridge.example/a", "/sources")) == await talk("https://bridge.example/a", "s")


async def test_a_letter_without_an_answer_is_a_message() -> None:
    assert await talk("s") == snapshot(
        ["I found no link in this message. Send me a link to a news article.", ""]
    )
    assert await talk("/sources") == snapshot(["There is no answer yet. Paste a link first."])


async def test_what_is_not_there_is_said_not_to_be() -> None:
    assert (await talk("https://plain.example/a", "h"))[-1] == "There is nothing to show here."
    assert (await talk("https://lost.example/a", "o"))[-1] == "There is nothing to show here."


async def test_the_article_can_be_opened_by_its_address() -> None:
    assert (await talk("https://bridge.example/a", "o"))[-1] == snapshot(
        "The article: https://harbour-post.example/bridge"
    )


async def test_an_answer_can_be_removed() -> None:
    found = await talk("https://bridge.example/a", "x", "/answers", "s")
    assert found[-3:] == snapshot(
        [
            "You have checked nothing since this chat began.",
            "I found no link in this message. Send me a link to a news article.",
            "",
        ]
    )


async def test_a_removed_answer_leaves_the_screen_and_the_ones_before_stay() -> None:
    talking, out = chat(["https://plain.example/a", "https://bridge.example/b", "x"], terminal=True)
    await talking.run()
    after = out.getvalue().rpartition("\x1b[2J")[2]
    assert "Bridge reopens" in after
    assert "Old bridge to close in May" not in after


async def test_a_failure_offers_to_check_pasted_text() -> None:
    found = await talk("https://lost.example/a", "p", "The old bridge reopened", "on Monday.", ".")
    assert found[0] == "I could not read this page (HTTP 404), so nothing was checked."
    assert found[2] == "Paste the text of the article, then a line that holds only a dot."
    assert any(line.endswith("Read from text that you pasted.") for line in found)


async def test_a_text_can_be_pasted_at_any_time_and_in_one_piece() -> None:
    found = await talk("/paste", "The old bridge reopened\non Monday.\n.", ".")
    assert any(line.endswith("Read from text that you pasted.") for line in found)


async def test_the_style_of_answers_can_be_changed() -> None:
    assert (await talk("/style brief", "https://bridge.example/a"))[:2] == snapshot(
        [
            "Answers are now in brief style.",
            "UNCONFIRMED: the article says so itself (“The following account is unconfirmed”). Harbour Post, quoting Quay Street blog, citing “people close to the talks”.",
        ]
    )
    assert await talk("/style loud") == snapshot(
        ["The styles are card, brief and full; answers are in card style."]
    )


async def test_the_first_line_on_privacy_is_exact() -> None:
    assert (await talk("/privacy"))[0] == (
        "I read links, not conversations. I keep the link and the result for 30 days; never your messages."
    )


async def test_answers_are_listed_searched_and_shown_again() -> None:
    both = ["https://bridge.example/a", "https://plain.example/b"]
    listed = await talk(*both, "/answers")
    assert listed[-3:-1] == ["  1  Bridge reopens", "  2  Old bridge to close in May"]
    assert (await talk(*both, "/answers MAY"))[-2] == "  2  Old bridge to close in May"
    assert (await talk(*both, "/answers ferry"))[-1] == "No answer in this chat contains “ferry”."
    assert (await talk("/answers"))[-1] == "You have checked nothing since this chat began."
    assert "• “could be” (possibility)" in await talk(*both, "/answers 2", "h")


async def test_help_lists_every_command_and_an_unknown_one_is_named() -> None:
    said = "\n".join(await talk("/help"))
    for command in (
        "sources",
        "doubt",
        "paste",
        "style",
        "history",
        "settings",
        "privacy",
        "remove",
        "quit",
    ):
        assert f"/{command} " in said
    assert await talk("/gossip now") == ["There is no command /gossip. /help lists them."]


async def test_quitting_ends_the_chat_at_once() -> None:
    assert await talk("/quit", "https://bridge.example/a") == []
    assert await talk("", "  ", "/quit") == []


async def test_the_other_buttons_answer_too() -> None:
    found = await talk("https://bridge.example/a", "w", "/again", "s")
    assert "Thank you. I have noted this for review, and I never publish it." in found
    assert found.count("Old bridge to close in May") == 2
    assert "• Quay Street blog (outlet): “reported”" in found


async def test_ctrl_c_stops_the_check_and_not_the_chat() -> None:
    web = Web()
    before = signal.getsignal(signal.SIGINT)
    talking, out = chat(["https://slow.example/a", "https://bridge.example/b"], web=web)
    running = asyncio.create_task(talking.run())
    await web.reached.wait()
    os.kill(os.getpid(), signal.SIGINT)
    await running
    said = out.getvalue().splitlines()
    assert said[1] == "Stopped; nothing was checked."
    assert "Old bridge to close in May" in said
    assert signal.getsignal(signal.SIGINT) is before
