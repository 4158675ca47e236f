"""The measured floors: what they are, what moved, and how they are kept in floors.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

WORDS = "words"  # the part of the results that ../shared/tools/plainwords.py measures
FEWER_IS_BETTER = frozenset(
    {
        "attribution: false flags",
        "attribution: would speak",
        "hedges: look-alikes",
        "judged flags: undeserved",
    }
)
HEAD = """# What Hearsay reaches on ../shared/eval (dev), in the units of its run.py, kept by
# `python -m tests.quality.ratchet`: a line below its floor fails, --raise pins what became better, and
# --lower LINE --because "…" is the only way down.
"""


@dataclass(frozen=True)
class Lowered:
    """A floor that was let down, and why."""

    line: str
    was: float
    now: float
    because: str


@dataclass(frozen=True)
class Floors:
    """The least (for FEWER_IS_BETTER and the words of the code: the most) that each line may measure."""

    lines: Mapping[str, float] = field(default_factory=dict)
    lowered: tuple[Lowered, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A line's floor and what it measures now; None where there is none."""

    line: str
    floor: float | None
    now: float | None

    @property
    def gain(self) -> float | None:
        """How much better than the floor, whichever direction is better."""
        if self.floor is None or self.now is None:
            return None
        fewer = self.line in FEWER_IS_BETTER or self.line.startswith(f"{WORDS}: ")
        return round(self.floor - self.now if fewer else self.now - self.floor, 4)

    @property
    def fails(self) -> bool:
        """Below the floor, or no longer measured."""
        return self.floor is not None and (self.gain is None or self.gain < 0)


class RefusesToLowerError(ValueError):
    """A floor goes down only with a line that fell and a reason."""


def measured(results: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """run.py's JSON as one number a line: F1, a share, or the count in "3 of 84"."""
    return {
        f"{part}: {name}": value
        for part, lines in results.items()
        for line, found in lines.items()
        for name, value in (((line, found),) if part == WORDS else _numbers(line, found))
    }


def _numbers(line: str, found: object) -> Iterator[tuple[str, float]]:
    if isinstance(found, dict) and "f1" in found:
        yield line, found["f1"]
        if line == "flag":  # a false flag in public is the costliest error
            yield "flag precision", found["p"]
    elif isinstance(found, str) and " of " in found:
        yield line, int(found.split(" of ")[0])
    elif line in {"f1", "macro f1"} and isinstance(found, int | float):
        yield line, found


def compared(floors: Floors, now: Mapping[str, float]) -> list[Moved]:
    """Every line that has a floor or a measure, floors' lines first."""
    return [
        Moved(line, floors.lines.get(line), now.get(line)) for line in dict.fromkeys([*floors.lines, *now])
    ]


def raised(floors: Floors, now: Mapping[str, float]) -> Floors:
    """With every better measure as the new floor and new lines pinned; nothing goes down."""
    better = {
        m.line: m.now for m in compared(floors, now) if m.now is not None and (m.gain is None or m.gain > 0)
    }
    return replace(floors, lines={**floors.lines, **better})


def lowered(floors: Floors, now: Mapping[str, float], line: str, because: str) -> Floors:
    """With one floor let down to what is measured. Raises RefusesToLowerError without a fall or a reason."""
    moved = Moved(line, floors.lines.get(line), now.get(line))
    if moved.floor is None or moved.now is None or not moved.fails:
        raise RefusesToLowerError(f"“{line}” did not fall, so there is nothing to lower.")
    if not because.strip():
        raise RefusesToLowerError(f"“{line}” is not lowered without a reason: --because “…”.")
    entry = Lowered(line, moved.floor, moved.now, because.strip())
    return replace(floors, lines={**floors.lines, line: moved.now}, lowered=(*floors.lowered, entry))


# ── the file ────────────────────────────────────────────────────────────────────────────────────────


def parsed(toml: str) -> Floors:
    raw = tomllib.loads(toml)
    return Floors(raw.get("floors", {}), tuple(Lowered(**entry) for entry in raw.get("lowered", [])))


def written(floors: Floors) -> str:
    lines = [HEAD, "[floors]", *(f"{_quoted(line)} = {value}" for line, value in floors.lines.items())]
    for entry in floors.lowered:
        lines += [
            "",
            "[[lowered]]",
            f"line = {_quoted(entry.line)}",
            f"was = {entry.was}",
            f"now = {entry.now}",
        ]
        lines.append(f"because = {_quoted(entry.because)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
