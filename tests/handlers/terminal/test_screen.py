from __future__ import annotations

import io
import os
from contextlib import suppress

import pytest

from handlers.terminal.screen import UNWRAPPED, WIDEST, screen


def test_what_is_no_terminal_gets_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert screen(io.StringIO()).width == UNWRAPPED
    monkeypatch.setenv("COLUMNS", "60")
    assert screen(io.StringIO()).width == 60


def test_a_wide_terminal_is_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "240")
    assert screen(io.StringIO()).width == WIDEST


def test_what_is_printed_is_never_read_as_markup() -> None:
    out = io.StringIO()
    screen(out).print("[bold]x[/] :smile: 42")
    assert out.getvalue() == "[bold]x[/] :smile: 42\n"


def test_a_reader_that_goes_away_is_said_as_a_broken_pipe() -> None:
    there, here = os.pipe()
    os.close(there)
    with os.fdopen(here, "w") as out, pytest.raises(BrokenPipeError):
        screen(out).print("x" * 100_000)
    with suppress(BrokenPipeError):
        out.close()
