"""The agency, the dateline or the other site that an article comes from."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Anchor
from bot.reading.report import report
from tests.bot.reading.texts import article, chain, rules


def test_an_agency_in_the_dateline_stands_after_the_page() -> None:
    text = "LAKE CITY (Reuters) - The bridge fell, Mara Venn said."
    assert chain(text, outlet="Dale Courier")[1] == ["Dale Courier", "Reuters", "Mara Venn"]
    assert chain(text)[1] == ["Reuters", "Mara Venn"]
    assert rules(text, outlet="Dale Courier")[1] == "dateline: reuters"
    assert rules(text)[0] == "page with dateline: reuters"


def test_a_place_or_a_party_in_brackets_is_no_agency() -> None:
    text = "Sen. Mara Venn (D-Dale) – who saw it – said the bridge fell."
    assert "D-Dale" not in chain(text, outlet="Dale Courier")[1]


def test_a_linked_dateline_names_who_passed_the_article_on() -> None:
    plain = article("LAKER via WLN — The bridge fell in the night.", outlet="Dale Post")
    linked = replace(plain, links=(Anchor("https://laker.example/a/1", plain.cut(0, 13)),))
    steps = report(linked).chains[0].steps
    assert [s.name for s in steps] == ["Dale Post", "WLN", "LAKER"]
    assert {s.why for s in steps[1:]} == {"linked dateline"}


def test_a_reprint_names_the_site_that_it_comes_from() -> None:
    plain = replace(
        article("By the Lake Courier", "The bridge fell in the night.", outlet="Dale Post"),
        url="https://dalepost.example/1",
        canonical_url="https://lakecourier.example/1",
    )
    steps = report(plain).chains[0].steps
    assert [s.name for s in steps] == ["Dale Post", "Lake Courier"]
    assert steps[1].why == "reprint: its site's name in the text"
