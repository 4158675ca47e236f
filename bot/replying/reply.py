"""Report → Reply: typed blocks with the words of `phrases`, no markup."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import assert_never

from bot.errors import CannotCheck
from bot.model import Report
from bot.ports import StoredReport
from bot.replies import Action, Button, DetailPanel, Reply, ReplyBlock, Said, SmallPrint, Style, Text
from bot.replying.card import (
    EVERY,
    brief_nothing,
    compose_brief,
    compose_card,
    compose_full,
    compose_headline,
    compose_nothing_found,
    compose_opening,
)
from bot.replying.details import make_hedges_panel, make_page_panel, make_sources_panel
from bot.replying.failures import explain_failure, failure
from bot.replying.lines import (
    ReplyTimes,
    checked_line,
    find_other_hedges,
    has_no_findings,
    is_stale,
    language_line,
)
from bot.replying.phrasebook import Phrases, get_phrases
from bot.replying.quoting import make_host_link
from bot.rooms import CardSection


def compose_reply(
    report: Report,
    *,
    now: datetime,
    style: Style = "card",
    fetched: datetime | None = None,
    sections: Collection[CardSection] = EVERY,
    languages: Collection[str],
    phrases: Phrases | None = None,
) -> Reply:
    """Compose the answer about one article. `languages`: those that can be read; `fetched`: when its page was
    read, where that was earlier than now; `sections`: what a card shows beside what always stands."""
    said = phrases or get_phrases()
    times = ReplyTimes(now, fetched)
    if not _is_readable(report, languages):
        return _compose_unreadable(report, times, said, style)
    if style == "full":
        # everything at once: the details are blocks of the answer itself
        details = (panel.blocks for panel in _panels(report, said))
        blocks = tuple(chain(compose_full(report, times, said), *details))
        return Reply(blocks, (), tuple(_buttons(report, (), said)))
    panels = tuple(_panels(report, said))
    again = (Button(Action.AGAIN, said.say("buttons.again")),) if is_stale(times) else ()
    blocks = _compose_blocks(report, times, said, style, sections)
    return Reply(blocks, panels, (*_buttons(report, panels, said), *again))


def compose_reply_to_several(
    found: Sequence[tuple[str, StoredReport | CannotCheck]],
    *,
    now: datetime,
    more: int = 0,
    languages: Collection[str],
    phrases: Phrases | None = None,
) -> Reply:
    """Compose one answer about several links (each with its outcome): a line or two each, the details
    together."""
    said = phrases or get_phrases()
    blocks = [b for url, outcome in found for b in _short(url, outcome, now, languages, said)]
    reports = [o.report for _, o in found if isinstance(o, StoredReport)]
    merged: dict[Action, tuple[ReplyBlock, ...]] = {}  # each article's part under its headline
    for report in reports:
        readable = _is_readable(report, languages)
        for panel in _panels(report, said) if readable else [make_page_panel(report, said)]:
            part = (*compose_headline(report), *panel.blocks)
            merged[panel.action] = (*merged.get(panel.action, ()), *part)
    panels = tuple(DetailPanel(action, joined) for action, joined in merged.items())
    buttons = [_panel_button(p, reports, said) for p in panels]
    buttons += _make_standing_buttons(said)
    buttons += [
        Button(Action.OPEN, said.say("buttons.open_numbered", n=n), r.article.url)
        for n, r in enumerate(reports, start=1)
        if make_host_link(r.article.url)
    ]
    more_line = [SmallPrint((Said(said.count("counts.more_links", more)),))] if more else []
    return Reply(
        (*blocks, *more_line),
        panels,
        tuple(buttons),
    )


def add_more_line(answer: Reply, more: int, phrases: Phrases | None = None) -> Reply:
    """Add a line on links that were left unchecked."""
    said = phrases or get_phrases()
    line = SmallPrint((Said(said.count("counts.more_links", more)),))
    return Reply((*answer.blocks, line), answer.panels, answer.buttons, answer.spoiler) if more else answer


# ── one article ─────────────────────────────────────────────────────────────────────────────────────


def _is_readable(report: Report, languages: Collection[str]) -> bool:
    language = report.article.language
    return language is None or language.split("-")[0].lower() in languages


def _compose_blocks(
    report: Report, times: ReplyTimes, said: Phrases, style: Style, sections: Collection[CardSection]
) -> tuple[ReplyBlock, ...]:
    nothing_here = has_no_findings(report)
    match style:
        case "card":
            return (
                compose_nothing_found(report, times, said)
                if nothing_here
                else compose_card(report, times, said, sections)
            )
        case "brief":
            return brief_nothing(report, times, said) if nothing_here else compose_brief(report, times, said)
        case "full":
            return compose_full(report, times, said)
        case _:
            assert_never(style)


def _compose_unreadable(report: Report, times: ReplyTimes, said: Phrases, style: Style) -> Reply:
    """Compose the reply about a page in a language that cannot be read."""
    blocks = (
        *compose_opening(report, times, said),
        Text(language_line(report, said)),
        SmallPrint(checked_line(report, said)),
    )
    panel = make_page_panel(report, said)
    if style == "full":
        return Reply(
            (*blocks, *panel.blocks), (), (*_make_standing_buttons(said), *_find_open_button(report, said))
        )
    links = Button(Action.SOURCES, said.say("buttons.links", n=len(report.article.links)))
    return Reply(blocks, (panel,), (links, *_make_standing_buttons(said), *_find_open_button(report, said)))


def _panels(report: Report, said: Phrases) -> Iterator[DetailPanel]:
    yield make_sources_panel(report, said)
    hedges = make_hedges_panel(report, said)
    if hedges.blocks:
        yield hedges


def _buttons(report: Report, panels: Sequence[DetailPanel], said: Phrases) -> Iterator[Button]:
    yield from (_panel_button(panel, [report], said) for panel in panels)
    yield from _make_standing_buttons(said)
    yield from _find_open_button(report, said)


def _panel_button(panel: DetailPanel, reports: Sequence[Report], said: Phrases) -> Button:
    if panel.action is Action.HEDGES:
        hedges = sum(len(find_other_hedges(r)) for r in reports)
        return Button(panel.action, said.say("buttons.hedges" if hedges else "buttons.flag", n=hedges))
    return Button(panel.action, said.say("buttons.sources", n=sum(len(r.sources) for r in reports)))


def _make_standing_buttons(said: Phrases) -> tuple[Button, Button]:
    return (
        Button(Action.WRONG, said.say("buttons.wrong")),
        Button(Action.REMOVE, said.say("buttons.remove")),
    )


def _find_open_button(report: Report, said: Phrases) -> Iterator[Button]:
    if make_host_link(report.article.url):
        yield Button(Action.OPEN, said.say("buttons.open"), report.article.url)


# ── several links ───────────────────────────────────────────────────────────────────────────────────


def _short(
    url: str, outcome: StoredReport | CannotCheck, now: datetime, languages: Collection[str], said: Phrases
) -> Iterator[ReplyBlock]:
    if isinstance(outcome, CannotCheck):
        there = make_host_link(url)
        yield Text(
            (
                *((there, Said(said.say("conversation.several_gap"))) if there else ()),
                Said(explain_failure(outcome, said)),
            )
        )
        return
    yield from compose_headline(outcome.report)
    if _is_readable(outcome.report, languages):
        yield from _compose_blocks(outcome.report, ReplyTimes(now, outcome.fetched), said, "brief", EVERY)
    else:
        yield Text(language_line(outcome.report, said))


def make_private(found: Reply, *, showable: bool = True) -> Reply:
    """Return the answer as one person alone sees it, who may show it to everybody, if it is about a page;
    there is nothing to remove then."""
    said = get_phrases()
    about_article = any(button.action is Action.WRONG for button in found.buttons)
    shows = showable and about_article
    show = (Button(Action.SHOW, said.say("buttons.show")),) if shows else ()
    kept = tuple(button for button in found.buttons if button.action is not Action.REMOVE)
    return replace(found, buttons=(*show, *kept))


__all__ = ["add_more_line", "compose_reply", "compose_reply_to_several", "failure", "make_private"]
