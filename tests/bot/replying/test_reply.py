# ruff: noqa: E501  # the exact words of a reply stand on one line

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from inline_snapshot import snapshot

from bot.errors import BadStatus, CannotCheck
from bot.ports import StoredReport
from bot.replies import Action
from bot.replying.reply import add_more_line
from bot.replying.reply import compose_reply as reply_about
from bot.replying.reply import compose_reply_to_several as reply_about_several
from tests.bot.lined import buttons, lines, panel
from tests.bot.written import bridge, plain

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
reply = partial(reply_about, languages={"en"})
several = partial(reply_about_several, languages={"en"})


def test_the_one_line_style_is_the_flag_with_its_words_and_the_chain() -> None:
    assert lines(reply(bridge(), now=NOW, style="brief")) == snapshot(
        [
            "UNCONFIRMED: the article says so itself (“The following account is unconfirmed”). Harbour Post, quoting Quay Street blog, citing “people close to the talks”.",
            "-# Harbour Post · 2 November 2026 · read from this page only",
        ]
    )


def test_the_full_style_holds_the_details_and_offers_no_button_for_them() -> None:
    found = reply(bridge(), now=NOW, style="full")
    card = reply(bridge(), now=NOW)
    assert lines(found)[: len(lines(card))] == lines(card)
    assert lines(found)[len(lines(card)) :] == [*panel(card, Action.SOURCES), *panel(card, Action.HEDGES)]
    assert buttons(found) == snapshot("[Wrong?] [Remove] [Open article ↗]")


def test_an_unflagged_claim_in_one_line_is_quoted_before_its_chain() -> None:
    report = bridge()
    assert report.claim is not None
    unflagged = replace(report, claim=replace(report.claim, caveats=()))
    assert lines(reply(unflagged, now=NOW, style="brief")) == snapshot(
        [
            "“The city and the ferry company have agreed to close the old bridge in May”. Harbour Post, quoting Quay Street blog, citing “people close to the talks”.",
            "-# Harbour Post · 2 November 2026 · read from this page only",
        ]
    )


def test_pasted_text_is_said_to_be_pasted_in_every_length() -> None:
    for style in ("card", "brief", "full"):
        for report in (bridge(pasted=True), plain(pasted=True)):
            said = " ".join(lines(reply(report, now=NOW, style=style)))
            assert "read from text that you pasted" in said.lower()
    assert Action.OPEN not in [button.action for button in reply(bridge(pasted=True), now=NOW).buttons]


def test_several_links_get_a_line_each_and_one_set_of_details() -> None:
    kept: list[tuple[str, StoredReport | CannotCheck]] = [
        ("https://a.example/", StoredReport(bridge(), NOW)),
        ("https://b.example/x", BadStatus(403)),
    ]
    found = several([*kept, ("https://c.example/", StoredReport(plain(), NOW))], now=NOW, more=2)
    assert lines(found) == snapshot(
        [
            "### Old bridge to close in May",
            "UNCONFIRMED: the article says so itself (“The following account is unconfirmed”). Harbour Post, quoting Quay Street blog, citing “people close to the talks”.",
            "-# Harbour Post · 2 November 2026 · read from this page only",
            "b.example: I could not read this page (HTTP 403), so nothing was checked.",
            "### Bridge reopens",
            "No words of doubt and no unnamed sources in the 9 words I could read. 1 source named. Read from this page only.",
            "-# harbour-post.example",
            "-# and 2 more",
        ]
    )
    assert buttons(found) == snapshot(
        "[Sources (5)] [Words of doubt (1)] [Wrong?] [Remove] [Open article 1 ↗] [Open article 2 ↗]"
    )
    assert panel(found, Action.SOURCES)[0] == "### Old bridge to close in May"


def test_more_links_than_were_checked_are_counted() -> None:
    assert lines(add_more_line(reply(plain(), now=NOW), 1))[-1] == "-# and 1 more"
    assert add_more_line(reply(plain(), now=NOW), 0) == reply(plain(), now=NOW)
