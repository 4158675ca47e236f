"""What an admin can set, and whether a report is worth speaking of under those settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model import Chain, End, Kind, Report, Role


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
    ends = (chain for chain in report.chains if chain.of_claim and chain.end is End.UNNAMED)
    return any(not _headline_only(report, chain) for chain in ends)


def _headline_only(report: Report, chain: Chain) -> bool:
    """Whether nobody but the headline speaks of who stands at the end: “Judge rejects …” is its shorthand for
    somebody whom the article names."""
    last = chain.steps[-1].source_id if chain.steps else None
    if last is None or report.sources[last].kind is Kind.ANONYMOUS:
        return False
    titles = [b for b in report.article.blocks if b.role is Role.TITLE]
    return all(any(b.start <= m.start < b.end for b in titles) for m in report.sources[last].mentions)


_HOLDS: Final[Mapping[Finding, Callable[[Report], bool]]] = {
    Finding.UNCONFIRMED: _unconfirmed,
    Finding.UNNAMED_CHAIN: _ends_unnamed,
}
