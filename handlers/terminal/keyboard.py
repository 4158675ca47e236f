"""Lines from a person: with editing and history on a terminal, plain ones from a pipe."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Final, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from bot.fetching.links import find_links
from bot.replying.phrasebook import get_phrases
from handlers.stdin_lines import duplicate_input, read_lines
from handlers.terminal.chat import LineInput

LONGEST: Final = 2**20  # bytes of one message
MOST_FAULTS: Final = 3  # of one prompt; a terminal that fails so often is gone

_log = logging.getLogger(__name__)


class LinkHistory(FileHistory):
    """The lines that the arrow keys bring back in a later session: links and commands, never a whole
    message."""

    def store_string(self, string: str) -> None:
        kept = string if string.startswith("/") else " ".join(link.url for link in find_links(string))
        if kept:
            super().store_string(kept)


def open_line_input(history: Path, stdin: TextIO | None = None) -> LineInput:
    """Return the keyboard, or standard input where that is no terminal."""
    source = stdin or sys.stdin
    if source.isatty() and sys.stdout.isatty():
        return KeyboardInput(_history(history))
    return PipeInput(source)


class PipeInput:
    """Messages from a pipe: a line of any length is one."""

    def __init__(self, source: TextIO) -> None:
        self._lines = read_lines(duplicate_input(source), LONGEST)

    async def read_line(self, prompt: str) -> str | None:  # noqa: ARG002  # nobody is there to see it
        line = await anext(self._lines, None)
        return None if line is None else line.decode("utf-8", "replace").rstrip("\r\n")


class KeyboardInput:
    """Messages from a person, who edits them and has a history."""

    def __init__(self, history: History) -> None:
        phrases = get_phrases()
        self._session: PromptSession[str] = PromptSession(
            history=history,
            completer=WordCompleter([f"/{name}" for name in phrases.of("terminal.commands")], sentence=True),
            complete_while_typing=False,
            key_bindings=_without_mouse(),
            bottom_toolbar=HTML("<style fg='ansibrightblack'>{}</style>").format(
                phrases.say("terminal.toolbar")
            ),
        )

    async def read_line(self, prompt: str) -> str | None:
        faults = 0
        while faults < MOST_FAULTS:
            try:  # the session's own exception handler would end the chat with a trace on the screen
                return await self._session.prompt_async(prompt, set_exception_handler=False)
            except KeyboardInterrupt:
                print(get_phrases().say("terminal.leave"))  # noqa: T201  # the answer to a key, between two prompts
            except EOFError:
                return None
            except Exception:  # noqa: BLE001  # whatever a key or a terminal does, the chat goes on
                faults += 1
                _log.exception("a prompt failed")
        return None


def _without_mouse() -> KeyBindings:
    """Return key bindings without the mouse. Nothing asks the terminal for it, so what looks like it is
    pasted: a colour, ESC [ 31 m.

    prompt_toolkit's own handler fails on that.
    """
    bindings = KeyBindings()

    @bindings.add(Keys.Vt100MouseEvent)
    def _(_: KeyPressEvent) -> None: ...

    return bindings


def _history(path: Path) -> History:
    """A file that only its owner reads; without one when it cannot be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return LinkHistory(path)
