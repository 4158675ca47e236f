"""The panels behind a card."""

# ruff: noqa: E501  # the exact words of a reply stand on one line

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from inline_snapshot import snapshot

from bot.model import Original
from bot.replies import Action
from bot.replying.reply import compose_reply as reply_about
from tests.bot.lined import panel
from tests.bot.written import bridge

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
reply = partial(reply_about, languages={"en"})


def test_the_sources_panel_names_each_with_its_verb_and_its_evidence() -> None:
    assert panel(reply(bridge(), now=NOW), Action.SOURCES) == snapshot(
        [
            "**Named**",
            "* Quay Street blog (outlet): “reported”",
            "  > The city and the ferry company have agreed to close the old bridge in May, the Quay Street blog reported",
            "* Harbour Workers’ Union (HWU) (organisation): “said that”",
            "  > the Harbour Workers’ Union (HWU) said that the talks are still going on",
            "* Maria Lindqvist (person, “the town’s chief engineer”): “said the”",
            "  > Maria Lindqvist, the town’s chief engineer, said the bridge “will stand for another ten years”",
            "**Not named**",
            "* “people close to the talks”, through Quay Street blog, cited 2 times: “citing”, “said”",
            "  > The city and the ferry company have agreed to close the old bridge in May, the Quay Street blog reported on Monday citing people close to the talks",
            "  > The closure could be delayed, one of the people said",
            "-# Links: none on this page.",
        ]
    )


def test_the_hedges_panel_shows_each_in_its_sentence_and_the_flag_apart() -> None:
    assert panel(reply(bridge(), now=NOW), Action.HEDGES) == snapshot(
        [
            "**Why it is marked unconfirmed**",
            "* “unconfirmed”",
            "  > The following account is unconfirmed, but it raises a question that the town has asked for years.",
            "**In the report**",
            "* “could be” (possibility)",
            "  > The closure could be delayed, one of the people said.",
        ]
    )


def test_originals_of_a_source_stand_in_its_line() -> None:
    report = bridge()
    first = replace(report.sources[0], originals=(Original("https://quay.example/post", None, "", 0),))
    found = panel(reply(replace(report, sources=(first, *report.sources[1:])), now=NOW), Action.SOURCES)
    assert found[1] == snapshot("* Quay Street blog (outlet): “reported” → quay.example")


def test_a_panel_has_an_end_and_says_what_it_leaves_out() -> None:
    many = bridge()
    sources = tuple(replace(many.sources[0], id=i) for i in range(100))
    crowded = replace(many, sources=sources, attributions=(), chains=(), hedges=(), originals=())
    shown = panel(reply(crowded, now=NOW), Action.SOURCES)
    assert shown[-2:] == ["-# and 40 more", "-# Links: none on this page."]
