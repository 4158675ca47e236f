"""Heartbeats: the moment at which each platform was heard from last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic


class Heartbeats:
    """The last heartbeat of each platform. A platform that is in order sends one again and again."""

    def __init__(self, platforms: Iterable[str], clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float | None] = dict.fromkeys(platforms)

    def beat(self, platform: str) -> None:
        self._last[platform] = self._clock()

    def silence(self) -> dict[str, float]:
        """Return the seconds since then; infinite for a platform that was never heard from."""
        now = self._clock()
        return {name: float("inf") if at is None else now - at for name, at in self._last.items()}


def ignore_beat() -> None:
    """Do nothing with a heartbeat, where nobody listens."""
