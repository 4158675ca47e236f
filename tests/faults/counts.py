"""What a round of a fault found, and the table of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Final, Self

_HEAD: Final = ("fault", "rounds", "accepted", "answered once", "lost", "twice", "in Telegram's gap")


@dataclass(frozen=True, slots=True)
class Counts:
    """Of checks. `gap`: what a process was killed over between Telegram's taking of an answer and our noting
    of it, and stands twice; Telegram knows no key for a message, so that nothing can be done about it.
    `wrong`: which were lost or doubled, and how they were asked."""

    accepted: int = 0
    once: int = 0
    lost: int = 0
    twice: int = 0
    gap: int = 0
    wrong: tuple[str, ...] = ()

    def __add__(self, other: Self) -> Counts:
        return Counts(*(one + another for one, another in zip(astuple(self), astuple(other), strict=True)))

    @property
    def figures(self) -> tuple[int, ...]:
        return self.accepted, self.once, self.lost, self.twice, self.gap

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        return self.accepted == self.once + self.gap and not self.lost and not self.twice


Outcome = Counts | BaseException | str  # what a round raised; why it could not be run


def table(outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    """In Markdown, a line a fault; beneath it what is to be said of single rounds."""
    lines = [_HEAD, ("---", *["---:"] * (len(_HEAD) - 1))]
    beneath: list[str] = []
    for name, found in outcomes.items():
        rounds = [one for one in found if isinstance(one, Counts)]
        in_all = sum(rounds, Counts())
        lines.append((name, str(len(rounds)), *map(str, in_all.figures)))
        beneath += [f"{name}: {said}" for one in found if (said := _said(one))]
    return "\n".join([*map(_row, lines), *(("", *beneath) if beneath else ())]) + "\n"


def _said(outcome: Outcome) -> str:
    match outcome:
        case Counts():
            return ", ".join(outcome.wrong)
        case BaseException():
            return f"failed: {outcome!r}"
        case _:
            return f"not run: {outcome}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
