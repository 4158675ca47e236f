"""What is asked of Telegram by hand: whose a token is."""

from __future__ import annotations

from typing import Final

from pydantic import SecretStr
from telegram import Bot
from telegram.error import InvalidToken

from handlers.startup_errors import StartupError

REFUSED: Final = "Telegram does not know this token; copy it again from @BotFather."


async def fetch_bot(token: SecretStr, base_url: str = "https://api.telegram.org/bot") -> tuple[str, bool]:
    """The bot's name, and whether it hears every message of its groups. Raises Refusal for a token that is
    none, and TelegramError where Telegram cannot be reached."""
    try:
        async with Bot(token.get_secret_value(), base_url=base_url) as bot:
            return bot.username, bool(bot.bot.can_read_all_group_messages)
    except InvalidToken:
        raise StartupError(REFUSED) from None
