"""The transport to Telegram: a retry with backoff where it surely got nothing, and updates read one by one,
so that a strange one stands in nobody's way."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx
import structlog
from cachetools import FIFOCache
from telegram import Message, Update, User
from telegram.error import EndPointNotFound, InvalidToken, NetworkError
from telegram.ext import BaseRateLimiter, ExtBot
from telegram.request import HTTPXRequest

from handlers.backoff import Backoff
from handlers.heartbeat import ignore_beat
from handlers.telegram.markup import strip_markup

TRIES: Final = 4
FIRST_BACKOFF: Final = 0.5  # seconds before the second try; then twice that, and so on
_CONNECTIONS: Final = 256  # as the library's own builder sets
_LOST: Final = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}  # said by what stands before Telegram
_POLLING: Final = "getupdates"
_OWN_MESSAGES: Final = 2000  # messages
_SENDING_SECONDS: Final = (
    60.0  # the library's own five are few: a message given up on may stand, and is sent anew
)
_READ_SECONDS: Final = 5.0  # beside those for which a poll may stay open

log = structlog.get_logger(__name__)


class RetryingRequest(HTTPXRequest):
    """Retry, with backoff, what never arrived. What may have arrived is not retried: a message would stand
    twice. Polls are begun again by their caller."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        if str(kwargs.get("url") or args[0]).endswith(_POLLING):
            return await super().do_request(*args, **kwargs)
        backoff = Backoff(FIRST_BACKOFF)
        for _ in range(TRIES - 1):
            try:
                code, content = await super().do_request(*args, **kwargs)
                if code not in _LOST:
                    return code, content
            except NetworkError as failed:
                if not isinstance(
                    failed.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
                ):
                    raise
            await backoff.sleep()
        return await super().do_request(*args, **kwargs)


class TolerantBot(ExtBot[Any]):
    """A bot that reads updates one by one, so that a kind of message that the library does not know yet costs
    no other one; and that knows how far they were taken in, so that an end in the middle of a batch repeats
    nothing."""

    def __init__(
        self,
        token: str,
        base_url: str,
        base_file_url: str,
        rate_limiter: BaseRateLimiter[Any],
        beat: Callable[[], None] = ignore_beat,
    ) -> None:
        self._beat = beat
        self._own_messages: FIFOCache[bytes, None] = FIFOCache(_OWN_MESSAGES)
        self._refused = asyncio.Event()
        self._past = 0  # the number of the last update that need not be brought again
        super().__init__(
            token,
            base_url,
            base_file_url,
            request=RetryingRequest(connection_pool_size=_CONNECTIONS),
            rate_limiter=rate_limiter,
        )

    async def send_message(self, chat_id: int | str, text: str, *args: Any, **kwargs: Any) -> Message:
        """Send, and remember what was said, so that it is known when a channel's group shows it again."""
        self._note(text)
        return await super().send_message(
            chat_id, text, *args, **{"read_timeout": _SENDING_SECONDS, **kwargs}
        )

    async def edit_message_text(self, text: str, *args: Any, **kwargs: Any) -> Message | bool:
        self._note(text)
        return await super().edit_message_text(text, *args, **kwargs)

    def _note(self, markup: str) -> None:
        self._own_messages[_digest(strip_markup(markup))] = None

    def has_said(self, words: str) -> bool:
        """Return True for the words of a recent message of its own."""
        return _digest(words) in self._own_messages

    def note_taken(self, update: int) -> None:
        """Note that Telegram need not bring this update again, nor any before it. After a quiet week it
        counts anew, maybe from a lower number (https://core.telegram.org/bots/api#update)."""
        self._past = update

    async def get_updates(  # type: ignore[override]  # the library gives no more than these
        self,
        offset: int | None = None,
        limit: int | None = None,
        timeout: int | timedelta | None = None,  # noqa: ASYNC109  # Telegram's own
        allowed_updates: Sequence[str] | None = None,
    ) -> tuple[Update, ...]:
        seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout or 0
        asked: dict[str, Any] = {"limit": limit, "timeout": int(seconds), "allowed_updates": allowed_updates}
        while True:
            asked["offset"] = self._past + 1 if self._past else offset
            brought = await self._fetch_updates(asked, seconds + _READ_SECONDS)
            updates = tuple(update for one in brought if (update := self.parse_update(one)) is not None)
            if updates or not brought:
                return updates
            self.note_taken(int(brought[-1]["update_id"]))

    async def _fetch_updates(self, asked: dict[str, Any], patience: float) -> list[dict[str, Any]]:
        given = {name: value for name, value in asked.items() if value is not None}
        try:
            # Telegram does not mind capitals; the library would warn that it has such a method itself.
            brought: list[dict[str, Any]] = await self.do_api_request(_POLLING, given, read_timeout=patience)
        except EndPointNotFound as refused:
            # The method is there, so it is the token, or something on the way.
            try:
                await self.get_me()
            except InvalidToken:
                self._refused.set()
                raise
            raise NetworkError("telegram gave an odd answer") from refused
        self._beat()
        return brought

    async def get_me(self, *args: Any, **kwargs: Any) -> User:
        me = await super().get_me(*args, **kwargs)
        self._beat()
        return me

    async def wait_refused(self) -> None:
        """Wait until a poll finds that the token does not hold any more; the library's polling ends with
        that, and says nothing."""
        await self._refused.wait()

    def parse_update(self, brought: dict[str, Any]) -> Update | None:
        """Return an update; None, with a line in the log, for one that cannot be read."""
        try:
            return Update.de_json(brought, self)
        except Exception as problem:  # noqa: BLE001  # whatever the library makes of it
            log.warning(
                "an update of telegram cannot be read and is left out",
                update=brought.get("update_id"),
                reason=type(problem).__name__,
            )
            return None


def _digest(words: str) -> bytes:
    """Return the digest of a text without blanks: Telegram trims some of them."""
    return hashlib.sha256("".join(words.split()).encode("utf-8", "surrogatepass")).digest()
