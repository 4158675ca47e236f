"""How a platform feels about the next messages that it is sent."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mood:
    """It says so only after so many seconds; with a `status`, it refuses with that and does nothing."""

    seconds: float = 0.0
    status: int | None = None


def well() -> Iterator[Mood]:
    return itertools.repeat(Mood())
