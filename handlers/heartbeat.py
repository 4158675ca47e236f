"""When each platform was heard from last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic


class Heartbeats:
    """A platform that is in order says so again and again."""

    def __init__(self, platforms: Iterable[str], clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float | None] = dict.fromkeys(platforms)

    def beat(self, platform: str) -> None:
        self._last[platform] = self._clock()

    def silence(self) -> dict[str, float]:
        """Seconds since then; infinite for one that was never heard from."""
        now = self._clock()
        return {name: float("inf") if at is None else now - at for name, at in self._last.items()}


def ignore_beat() -> None:
    """Where nobody listens."""
