"""Room settings and their meaning: which messages are checked, and which reports are posted unasked.

`bot.room_settings.definitions` declares each setting; here are its values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model import End, Report
from bot.room_settings import link_filter
from bot.room_settings.domains import is_within, normalize_host


class Mode(StrEnum):
    """The occasions on which Hearsay acts in a room. AUTOMATIC: also unasked, on a finding."""

    OFF = "off"
    ON_REQUEST = "on_request"
    AUTOMATIC = "automatic"


# Names of findings as people read and type them, where they differ from those that are kept.
_READ_AS: Final = {"unnamed_origin": "unnamed_chain", "words_of_doubt": "hedges"}


class FindingKind(StrEnum):
    """The kinds of findings that automatic mode may post."""

    UNCONFIRMED = "unconfirmed"
    UNNAMED_CHAIN = "unnamed_chain"
    HEDGES = "hedges"
    HEADLINE_CONFLICT = "headline_conflict"
    EVERY_ARTICLE = "every_article"

    @classmethod
    def _missing_(cls, value: object) -> FindingKind | None:
        kept = _READ_AS.get(value) if isinstance(value, str) else None
        return cls(kept) if kept else None


class DeliveryStyle(StrEnum):
    """The form and place of an answer. THREAD where a platform has them, LOG_CHANNEL_ONLY nowhere else."""

    CARD = "card"
    BRIEF = "brief"
    THREAD = "thread"
    LOG_CHANNEL_ONLY = "log_channel_only"


class CardSection(StrEnum):
    """The sections that a card may leave out. The flag, the claim and what was not checked always stand."""

    HEADLINE_CONFLICT = "headline_conflict"
    WHO_SAYS_SO = "who_says_so"
    ALSO_SAYS = "also_says"
    CAVEAT_ON_A_DETAIL = "caveat_on_a_detail"
    ORIGINALS = "originals"


class Removers(StrEnum):
    """The people who may remove an answer. A setting narrows them to moderators, and never widens them."""

    POSTER_ASKER_AND_MODERATORS = "poster_asker_and_moderators"
    MODERATORS_ONLY = "moderators_only"


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """The settings of a room. Sets of words are spelled as in `bot.room_settings.definitions`.

    Places, people and roles are the platform's ids. `domains_allowed` empty: every domain is.
    """

    mode: Mode = Mode.ON_REQUEST
    findings: frozenset[FindingKind] = frozenset({FindingKind.UNCONFIRMED, FindingKind.UNNAMED_CHAIN})
    least_hedges: int = 2
    style: DeliveryStyle = DeliveryStyle.CARD
    sections: frozenset[CardSection] = frozenset(CardSection)
    domains_allowed: frozenset[str] = frozenset()
    domains_ignored: frozenset[str] = frozenset()
    unasked_too: frozenset[str] = frozenset()
    unasked_spared: frozenset[str] = frozenset()
    roles_ignored: frozenset[str] = frozenset()
    people_ignored: frozenset[str] = frozenset()
    keywords_ignored: frozenset[str] = frozenset()
    prefixes_ignored: frozenset[str] = frozenset({"!"})
    bots_ignored: bool = True
    person_cooldown_seconds: int = 5
    room_cooldown_seconds: int = 0
    repeat_hours: int = 24
    retention_days: int = 30
    log_channel: str | None = None
    removers: Removers = Removers.POSTER_ASKER_AND_MODERATORS


DEFAULT: Final = RoomSettings()


# ── does this message want a check? ─────────────────────────────────────────────────────────────────


def is_active(settings: RoomSettings, *, asked: bool) -> bool:
    """Return True if the room's mode lets Hearsay act at all."""
    return settings.mode is Mode.AUTOMATIC or (asked and settings.mode is Mode.ON_REQUEST)


def is_domain_allowed(settings: RoomSettings, url: str) -> bool:
    """Return True if links to this domain are read here; one that is ignored and allowed is ignored."""
    name = normalize_host(url)
    if is_within(name, settings.domains_ignored):
        return False
    return not settings.domains_allowed or is_within(name, settings.domains_allowed)


def needs_request(settings: RoomSettings, url: str) -> bool:
    """Return True if a link looks one-time or private, or leads to no article: it is read on request only."""
    return link_filter.matches(
        url, link_filter.load_default_entries() | settings.unasked_too, settings.unasked_spared
    )


def is_author_ignored(
    settings: RoomSettings, person: str, roles: Collection[str] = (), *, bot: bool = False
) -> bool:
    """Return True if links of this person go unread. `bot`: another bot or a webhook."""
    if bot and settings.bots_ignored:
        return True
    return person in settings.people_ignored or not settings.roles_ignored.isdisjoint(roles)


def is_text_ignored(settings: RoomSettings, text: str) -> bool:
    """Return True if a message begins with an ignored prefix or has an ignored keyword as a word."""
    if text.lstrip().startswith(tuple(settings.prefixes_ignored)):
        return True
    if not settings.keywords_ignored:
        return False
    folded = _fold(text)
    # looking around a keyword takes a hundred times as long as finding it
    keywords = (keyword for keyword in map(_fold, settings.keywords_ignored) if keyword in folded)
    return any(re.search(_WORD_START + re.escape(keyword) + _WORD_END, folded) for keyword in keywords)


def can_remove(settings: RoomSettings, *, involved: bool, moderator: bool) -> bool:
    """Return True if somebody may remove an answer. `involved`: the poster of its link, or the asker."""
    return moderator or (involved and settings.removers is Removers.POSTER_ASKER_AND_MODERATORS)


def find_conflicts(settings: RoomSettings) -> tuple[str, ...]:
    """Return the conflicts between settings, by the keys of `rooms.at_odds` in phrases."""
    allowed = settings.domains_allowed
    conflicts = {
        "no_log_channel": settings.style is DeliveryStyle.LOG_CHANNEL_ONLY and settings.log_channel is None,
        "no_domain_left": allowed and all(is_within(name, settings.domains_ignored) for name in allowed),
        "repeat_outlives_retention": settings.repeat_hours > settings.retention_days * 24,
    }
    return tuple(key for key, exists in conflicts.items() if exists)


# No blanks stand between words there, so a keyword is found inside a run of letters.
_UNSPACED: Final = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_WORD_START: Final = rf"(?:(?<!\w)|(?={_UNSPACED}))"
_WORD_END: Final = rf"(?:(?!\w)|(?<={_UNSPACED}))"


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())


# ── is this report worth speaking of? ───────────────────────────────────────────────────────────────


def has_reportable_finding(report: Report, settings: RoomSettings = DEFAULT) -> bool:
    """Return True if automatic mode would post this report."""
    return any(_HAS_FINDING[finding](report, settings) for finding in settings.findings)


def is_reportable_by_flag(settings: RoomSettings, *, flagged: bool) -> bool:
    """Return True if the flag alone makes an earlier answer reportable; other findings need its report."""
    wanted = settings.findings
    return FindingKind.EVERY_ARTICLE in wanted or (flagged and FindingKind.UNCONFIRMED in wanted)


def _has_withheld_end(report: Report, _: RoomSettings) -> bool:
    """Look at the core claim's chain alone: two articles in three quote somebody unnamed somewhere."""
    return any(chain.of_claim and chain.end is End.WITHHELD and chain.sure for chain in report.chains)


_HAS_FINDING: Final[Mapping[FindingKind, Callable[[Report, RoomSettings], bool]]] = {
    FindingKind.UNCONFIRMED: lambda report, _: report.claim is not None and report.claim.unconfirmed,
    FindingKind.UNNAMED_CHAIN: _has_withheld_end,
    # in the sentence of the core claim
    FindingKind.HEDGES: lambda report, settings: (
        report.claim is not None
        and sum(report.claim.sentence.holds(hedge.words) for hedge in report.hedges) >= settings.least_hedges
    ),
    FindingKind.HEADLINE_CONFLICT: lambda report, _: report.conflict is not None,
    FindingKind.EVERY_ARTICLE: lambda _report, _settings: True,
}
