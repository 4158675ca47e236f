"""What an admin can set, and whether a report is worth speaking of under those settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model import End, Report


class Finding(StrEnum):
    """What automatic mode may speak about."""

    UNCONFIRMED = "unconfirmed"
    UNNAMED_CHAIN = "unnamed_chain"


@dataclass(frozen=True, slots=True)
class Settings:
    """A room's settings. `findings`: what counts as one."""

    findings: frozenset[Finding] = frozenset({Finding.UNCONFIRMED, Finding.UNNAMED_CHAIN})


DEFAULT: Final = Settings()


def worth_speaking(report: Report, settings: Settings = DEFAULT) -> bool:
    """Whether automatic mode would post about this report."""
    return any(_HOLDS[finding](report) for finding in settings.findings)


def _unconfirmed(report: Report) -> bool:
    return report.claim is not None and report.claim.unconfirmed


def _ends_unnamed(report: Report) -> bool:
    """Only the core claim's own chain counts: two articles in three quote somebody unnamed somewhere."""
    return any(chain.of_claim and chain.end is End.UNNAMED for chain in report.chains)


_HOLDS: Final[Mapping[Finding, Callable[[Report], bool]]] = {
    Finding.UNCONFIRMED: _unconfirmed,
    Finding.UNNAMED_CHAIN: _ends_unnamed,
}
