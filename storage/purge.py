"""The purge of the tables that processes share: every minute, each deletes completed checks of links and the
turns of web sites that are over, because what somebody has asked for is nobody else's business."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from storage.engine import CannotStore

EVERY: Final = 60.0  # seconds

_log = logging.getLogger(__name__)


async def purge(expires: Sequence[Callable[[], Awaitable[int]]], every: float = EVERY) -> None:
    """Delete what has expired, for ever. What one round misses, because the database is away, the next one
    does."""
    while True:
        await asyncio.sleep(every)
        for expire in expires:
            try:
                await expire()
            except CannotStore as problem:
                _log.warning("what is over could not be deleted: %s", problem)
