"""The terminal chat as a place: the screen, the keyboard and the conversation put together."""

from __future__ import annotations

from pathlib import Path

from bot.commands import Commands
from bot.notices import Notices
from bot.replying.failures import remark
from handlers.terminal.chat import Chat, TerminalConversation
from handlers.terminal.keyboard import open_line_input
from handlers.terminal.render import render
from handlers.terminal.screen import screen


async def run(
    conversation: TerminalConversation,
    commands: Commands,
    notices: Notices,
    *,
    history: Path,
    retention_days: int,
    loopback: bool,
) -> None:
    """Run the chat until the person leaves."""
    console = screen()
    if loopback:
        console.print(render(remark("terminal.loopback")), style="bold red")
    chat = Chat(conversation, commands, console, open_line_input(history), retention_days)
    notices.connect("terminal", chat)
    await chat.run()
