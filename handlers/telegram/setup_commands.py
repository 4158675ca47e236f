"""Setup commands for Telegram, run by hand: whose bot a token is."""

from __future__ import annotations

from typing import Final

from pydantic import SecretStr
from telegram import Bot
from telegram.error import InvalidToken

from handlers.startup_errors import StartupError

REFUSED: Final = "Telegram does not know this token; copy it again from @BotFather."


async def fetch_bot(token: SecretStr, base_url: str = "https://api.telegram.org/bot") -> tuple[str, bool]:
    """Return the bot's name, and True if it hears every message of its groups. Raises StartupError for a
    token that is none, and TelegramError where Telegram cannot be reached."""
    try:
        async with Bot(token.get_secret_value(), base_url=base_url) as bot:
            return bot.username, bool(bot.bot.can_read_all_group_messages)
    except InvalidToken:
        raise StartupError(REFUSED) from None
