"""The chat: a line in, an answer on the screen. It knows nothing of keyboards; `LineInput` gives it lines."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol, TypeVar, get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text as Words

from bot.answer_cache import Answer
from bot.commands import Commands
from bot.conversation import Conversation
from bot.messages import CheckRequest, Message
from bot.places import Room
from bot.replies import Action, Reply, Style
from bot.replying.failures import remark
from bot.replying.phrasebook import get_phrases
from handlers.terminal.commands import YOU, TerminalCommands
from handlers.terminal.render import KEYS, first_line, render

SHOWN_AGAIN: Final = 3  # answers that are drawn anew when one is removed
END_OF_TEXT: Final = "."

_T = TypeVar("_T")
_OLD: Final = {"h": Action.HEDGES}  # what people have learnt to type still works
_ACTIONS: Final = {
    **{key: action for action, key in KEYS.items()},
    **{action.value: action for action in KEYS},
    "doubt": Action.HEDGES,
    **_OLD,
}


class LineInput(Protocol):
    """The next line that a person types; None when there are no more."""

    async def read_line(self, prompt: str, /) -> str | None: ...


class TerminalConversation(Conversation, Protocol):
    """The conversation, with what the terminal asks beyond what every platform asks."""

    async def answer_text(self, asked: CheckRequest, text: str, style: Style = "card") -> Answer: ...

    def recent_answers(self, room: Room) -> tuple[Answer, ...]: ...


class Chat:
    """One person's conversation. `current` is the answer that the keys are about."""

    def __init__(
        self,
        conversation: TerminalConversation,
        commands: Commands,
        console: Console,
        line_input: LineInput,
        retention_days: int,
    ) -> None:
        self._conversation = conversation
        self._remembered = TerminalCommands(commands, self._show)
        self._console = console
        self._input = line_input
        self._days = retention_days
        self._style: Style | None = None  # the room's own
        self._current: Answer | None = None
        self._meanwhile: list[tuple[str, Reply]] = []  # what log channels were told
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "paste": self._paste,
            "style": self._choose_style,
            "answers": self._answers,
            "check": self._check,
            "privacy": self._privacy,
            "help": self._help,
            **self._remembered.named,
        }

    async def run(self) -> None:
        """Chat until the lines end or somebody quits."""
        self._say("terminal.welcome")
        while (line := await self._input.read_line("› ")) is not None:
            typed = line.strip()
            if typed in ("/quit", "/exit"):
                return
            if typed:
                await self._handle(typed)
            for channel, reply in self._meanwhile:
                self._say("terminal.in_log_channel", channel=channel)
                self._show(reply)
            self._meanwhile.clear()

    async def post_to_log_channel(self, room: Room, channel: str, reply: Reply) -> None:  # noqa: ARG002  # all on one screen
        """Keep what a log channel is told; it is seen after the answer to the command that made it."""
        self._meanwhile.append((channel, reply))

    async def _handle(self, typed: str) -> None:
        """A key, a command, or a message."""
        name, _, rest = typed.removeprefix("/").partition(" ")
        action = _ACTIONS.get(name)
        if action and (typed.startswith("/") or (typed in _ACTIONS and self._current)):
            await self._press(action)
        elif typed.startswith("/"):
            command = self._commands.get(name)
            if command is None:
                self._say("terminal.unknown", command=f"/{name}")
            else:
                await command(rest.strip())
        else:
            await self._message(typed)

    # ── messages and buttons ──

    async def _check(self, text: str) -> None:
        """A command asks, wherever it is given; in a shared room the answer is for the asker alone."""
        await self._message(text, asked=True)

    async def _message(self, text: str, *, asked: bool = False) -> None:
        """A message asks where nobody else reads; in a shared room it is only a message."""
        room = self._remembered.room
        aside = asked and not room.private
        message = Message(room, YOU.id, text, asked=asked or room.private, aside=aside)
        match await self._conversation.hear(message):
            case None:
                return
            case CheckRequest() as wanted:
                await self._answer(self._conversation.answer(wanted, self._style))
            case Reply() as reply:
                self._show(reply)

    async def _answer(self, working: Coroutine[Any, Any, Answer | None]) -> None:
        answer = await self._waiting(working)
        if answer is not None:
            self._current = answer
            self._show(answer.reply, keys=True)

    async def _press(self, action: Action) -> None:
        if self._current is None:
            if action is Action.PASTE:
                await self._paste("")
            else:
                self._say("terminal.no_answer")
        elif action is Action.OPEN:
            self._open(self._current.reply)
        elif action is Action.REMOVE:
            await self._remove(self._current)
        elif action is Action.PASTE:
            await self._paste("")
        elif action is Action.SHOW:
            await self._show_to_everyone(self._current)
        else:
            await self._details(self._current, action)

    async def _details(self, current: Answer, action: Action) -> None:
        reply = await self._waiting(self._conversation.press(current.id, action))
        if reply is None:
            self._say("terminal.nothing_there")
            return
        self._show(reply, keys=action is Action.AGAIN)
        if action is Action.AGAIN:
            self._current = Answer(current.id, reply)

    def _open(self, reply: Reply) -> None:
        urls = [button.url for button in reply.buttons if button.action is Action.OPEN and button.url]
        for url in urls:
            self._say("terminal.open", url=url)
        if not urls:
            self._say("terminal.nothing_there")

    async def _show_to_everyone(self, current: Answer) -> None:
        match await self._waiting(self._conversation.show(current.id, self._remembered.room)):
            case None:
                self._say("terminal.nothing_there")
            case Answer() as shown:
                self._current = shown
                self._say("terminal.shown", name=self._remembered.room.id)
                self._show(shown.reply, keys=True)
            case Reply() as refused:
                self._show(refused)

    async def _remove(self, current: Answer) -> None:
        room = self._remembered.room
        await self._conversation.retract(current.id)
        left = self._conversation.recent_answers(room)
        self._current = left[0] if left else None
        if self._console.is_terminal:
            self._console.clear()
            for answer in reversed(left[:SHOWN_AGAIN]):
                self._show(answer.reply, keys=answer is self._current)
        self._say("terminal.removed")

    # ── commands ──

    async def _paste(self, _: str) -> None:
        self._say("terminal.paste_hint")
        lines: list[str] = []
        while (line := await self._input.read_line("… ")) is not None and line.strip() != END_OF_TEXT:
            lines.append(line)
        text = "\n".join(lines).removesuffix("\n" + END_OF_TEXT)
        await self._answer(
            self._conversation.answer_text(
                CheckRequest(self._remembered.room, YOU.id, ()), text, self._style or "card"
            )
        )

    async def _choose_style(self, wanted: str) -> None:
        styles: tuple[Style, ...] = get_args(Style)
        found = next((style for style in styles if style == wanted), None)
        if found:
            self._style = found
        self._say("terminal.style_now" if found else "terminal.style_bad", style=self._style or "card")

    async def _answers(self, wanted: str) -> None:
        given = self._conversation.recent_answers(self._remembered.room)
        numbered = list(enumerate(given, start=1))
        if wanted.isdecimal() and 1 <= int(wanted) <= len(given):
            self._current = given[int(wanted) - 1]
            self._show(self._current.reply, keys=True)
            return
        found = [
            (n, first_line(a.reply)) for n, a in numbered if wanted.lower() in first_line(a.reply).lower()
        ]
        for number, line in found:
            self._console.print(Words(f"{number:>3}  {line}"))
        if found:
            self._say("terminal.answers_hint")
        else:
            self._say("terminal.answers_none" if given else "terminal.answers_empty", word=wanted)

    async def _privacy(self, _: str) -> None:
        self._say("conversation.privacy", days=self._days)
        self._say("conversation.privacy_terminal")
        await self._remembered.describe_person()

    async def _help(self, _: str) -> None:
        self._say("terminal.help")
        table = Table.grid(padding=(0, 2))
        for name, about in get_phrases().of("terminal.commands").items():
            table.add_row(Words(f"  /{name}", "bold"), Words(about))
        self._console.print(table)
        self._say("terminal.keys")

    # ── the screen ──

    def _show(self, reply: Reply, *, keys: bool = False) -> None:
        self._console.print(render(reply, keys=keys and self._console.is_terminal))
        self._console.print()

    def _say(self, key: str, **facts: object) -> None:
        self._console.print(render(remark(key, **facts)))

    async def _waiting(self, working: Coroutine[Any, Any, _T]) -> _T | None:
        """The result; None when the person stopped it with Ctrl-C."""
        task = asyncio.ensure_future(working)
        with (
            _cancel_on_ctrl_c(task),
            self._console.status(get_phrases().say("terminal.working"), spinner="dots"),
        ):
            try:
                return await task
            except asyncio.CancelledError:
                if not task.cancelled():
                    raise
        self._say("terminal.stopped")
        return None


@contextmanager
def _cancel_on_ctrl_c(task: asyncio.Future[Any]) -> Iterator[None]:
    """Let Ctrl-C end the task and not the chat, where the system lets a loop hear of it."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    try:
        loop.add_signal_handler(signal.SIGINT, task.cancel)
    except (NotImplementedError, RuntimeError, ValueError):
        yield  # Windows, or not the main thread
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
