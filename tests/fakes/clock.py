"""A clock that a test sets."""

from __future__ import annotations

from datetime import UTC, datetime


class Hands:
    """The time that a test says it is."""

    def __init__(self, now: datetime = datetime(2026, 11, 26, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
