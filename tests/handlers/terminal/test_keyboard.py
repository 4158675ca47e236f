from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest
from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from handlers.terminal.keyboard import KeyboardInput, LinkHistory, _history, open_line_input


async def test_a_pipe_gives_one_message_a_line() -> None:
    there, here = os.pipe()
    with os.fdopen(there) as stream:
        os.write(here, "eins\nzwei ü\r\n\nlast".encode())
        os.close(here)
        ask = open_line_input(Path("unused"), stream).read_line
        assert [await ask("› ") for _ in range(5)] == ["eins", "zwei ü", "", "last", None]


async def test_keys_are_edited_and_ctrl_c_leaves_the_line_and_ctrl_d_the_chat() -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        ask = KeyboardInput(InMemoryHistory()).read_line
        keys.send_text("hallp\x7fo\r")
        assert await ask("› ") == "hallo"
        keys.send_text("nothing\x03again\r")
        assert await ask("› ") == "again"
        keys.send_text("\x04")
        assert await ask("› ") is None


@pytest.mark.parametrize("colour", ["\x1b[31m", "\x1b[0m", "\x1b[<1M", "\x1b[1;31m"])
async def test_colours_in_a_paste_are_left_out_and_end_nothing(colour: str) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        ask = KeyboardInput(InMemoryHistory()).read_line
        keys.send_text(f"a {colour}red word\r")
        assert await asyncio.wait_for(ask("› "), 60) == "a red word"


async def test_a_prompt_that_fails_is_asked_again_and_a_terminal_that_is_gone_ends_the_chat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers: list[Exception | str] = [ValueError("a key"), "hallo", *[OSError("gone")] * 3]

    async def prompt(*_: object, **__: object) -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(PromptSession, "prompt_async", prompt)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        ask = KeyboardInput(InMemoryHistory()).read_line
        assert [await ask("› "), await ask("› ")] == ["hallo", None]


def test_later_sessions_bring_back_links_and_commands_and_no_message(tmp_path: Path) -> None:
    history = LinkHistory(tmp_path / "history")
    for line in ("my secret: see https://harbour-post.example/a", "no link here", "/style brief", "s"):
        history.store_string(line)
    assert list(history.load_history_strings()) == ["/style brief", "https://harbour-post.example/a"]


def test_the_history_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "history"
    assert isinstance(_history(path), LinkHistory)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_history_that_cannot_be_written_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(_history(tmp_path / "file" / "history"), InMemoryHistory)
