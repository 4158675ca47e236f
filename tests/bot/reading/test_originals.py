from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Anchor, Article, Original, Report
from bot.reading.report import report
from tests.bot.reading.texts import article


def linked(text: str, words: str, url: str, **stated: str) -> Article:
    """A text on dale.example, its last such words linked to `url`."""
    plain = article(*text.split("\n"))
    at = plain.text.rindex(words)
    anchored = replace(
        plain, links=(Anchor(url, plain.cut(at, at + len(words))),), url="https://dale.example/news/1"
    )
    return replace(anchored, canonical_url=stated.get("canonical_url"))


def tied(found: Report) -> list[str | None]:
    """The names of the sources to which the originals belong."""
    return [None if o.source_id is None else found.sources[o.source_id].name.text for o in found.originals]


def rules(text: str, words: str, url: str, **stated: str) -> list[str]:
    """The rules that made the originals of a text, its last such words linked to `url`."""
    return [o.why for o in report(linked(text, words, url, **stated)).originals]


FELL = "The bridge fell."
SAID = "Mara Venn said in a statement that it fell."
COURIER = "The Lake Courier reported that it fell."
FELLOW = "Mara Venn, a fellow at the Lake Water Institute, said it fell."
SIGNED = f"{SAID}\n— Mara Venn (@bridges_360) May 7"
LONG = "Maryanne Longnameson said it fell."
FIRST = f"{FELL} This article originally appeared in the Lake Courier."


@pytest.mark.parametrize(
    ("text", "words", "url", "rule"),
    [
        (SAID, "Mara Venn", "https://a.example/x/1", "link on the source with speaker before: say"),
        (SAID, "said", "https://a.example/x/1", "link on the cue with speaker before: say"),
        (SAID, "statement", "https://a.example/x/1", "link on the utterance with speaker before: say"),
        (f"{SAID} So Venn knew.", "Venn", "https://a.example/x/1", "link on a name"),
        (SIGNED, "May 7", "https://x.com/bridges_360/status/1", "account: signed"),
        (SAID, "it", "https://x.com/maravenn/status/1", "account: bears the name"),
        (SAID, "it", "https://x.com/mvenn/status/1", "account: bears initial and surname"),
        (LONG, "it", "https://x.com/MaryanneLongnam/status/1", "account: bears the name, cut"),
        (SAID, "it", "https://x.com/somebody/status/1", "post of an account"),
        (COURIER, "it", "https://lakecourier.example/x/1", "host: bears the name"),
        (COURIER, "it", "https://courier.example/x/1", "host: bears words or initials of the name"),
        (COURIER, "it", "https://lc.org/x/1", "host: bears two initials"),
        (COURIER, "it", "https://courier.a.example/x/1", "subdomain: bears words of the name"),
        (FELLOW, "it", "https://lakewater.example/x/1", "host: bears an affiliation"),
        (FELL, "bridge", "https://www.lake.gov/x/1", "host of a body: gov"),
        (FELL, "bridge", "https://a.example/x/1.pdf", "document: .pdf"),
        (
            "“It fell,” he told CBS News.",
            "CBS News",
            "https://a.example/x/1",
            "link on the outlet told: tell",
        ),
        (
            "“It fell,” Mara Venn told CBS.",
            "CBS",
            "https://a.example/x/1",
            "link on the outlet with speaker after: tell",
        ),
        (FIRST, "Lake Courier", "https://a.example/1", "relay: originally published|appeared by|in|on|at"),
        ("LAKER via WLN — It fell.", "LAKER via WLN", "https://laker.example/x/1", "linked dateline"),
    ],
)
def test_an_original_names_the_rule_that_ties_it_to_its_source_or_to_none(
    text: str, words: str, url: str, rule: str
) -> None:
    assert rules(text, words, url) == [rule]


def test_a_reprint_names_how_its_site_is_tied() -> None:
    first = "https://lakecourier.example/story"
    assert rules(COURIER, "it", "https://dale.example/x", canonical_url=first) == [
        "reprint with host: bears the name"
    ]


def test_a_link_on_the_speaker_is_tied_to_it() -> None:
    found = report(linked("Mara Venn said it fell.", "Mara Venn", "https://town.example/statement"))
    assert [(o.url, o.source_id) for o in found.originals] == [("https://town.example/statement", 0)]
    assert found.sources[0].originals == found.originals


def test_a_link_on_the_statement_in_which_somebody_spoke_is_tied_to_the_speaker() -> None:
    text = "Mara Venn said in a statement that the bridge fell."
    assert tied(report(linked(text, "a statement", "https://town.example/x/1"))) == ["Mara Venn"]


def test_a_link_on_a_report_of_which_somebody_speaks_is_not_the_speakers() -> None:
    text = "Mara Venn said that the report was wrong."
    assert tied(report(linked(text, "report", "https://other.example/x/1"))) == []


def test_a_link_to_a_host_named_after_a_source_is_tied_to_it() -> None:
    found = report(
        linked("The Courier reported that it fell. Read it here now.", "here", "https://courier.example/a/1")
    )
    assert [o.source_id for o in found.originals] == [0]


@pytest.mark.parametrize(
    ("source", "host"),
    [
        ("Dale Farm Bureau Federation", "www.fb.org"),
        ("Dale Budget Office", "www.dbo.gov"),
        ("Lake Institute for Water Research", "liwr.example"),
        ("Lake County Times", "lctimes.example"),
        ("Lake Embassy in Dale", "in.lakeembassy.gov"),
        ("Lake Institute", "lake.example"),
    ],
)
def test_a_host_can_bear_initials_or_a_part_of_a_name(source: str, host: str) -> None:
    found = report(linked(f"The {source} said the bridge fell. Cars sank.", "Cars", f"https://{host}/a/1"))
    assert tied(found) == [source]


def test_a_person_has_no_host_of_one_name() -> None:
    text = "Mara Banks said the bridge fell. Cars sank."
    assert tied(report(linked(text, "Cars", "https://banks.example/a/1"))) == []


def test_a_link_to_a_speakers_own_institute_is_the_speakers() -> None:
    text = "Mara Venn, a fellow at the Lake Institute for Water Research, said the bridge fell after a flood."
    assert tied(report(linked(text, "flood", "https://liwr.example/a/1"))) == ["Mara Venn"]


@pytest.mark.parametrize("handle", ["maravenn", "maravennfordale", "mvenn", "RealMaraVenn"])
def test_a_post_belongs_to_the_source_whose_name_its_account_bears(handle: str) -> None:
    found = report(
        linked(
            "Owen Pike said the bridge fell.\nMara Venn said it stood. Photos show it.",
            "Photos",
            f"https://twitter.com/{handle}/status/12",
        )
    )
    assert tied(found) == ["Mara Venn"]


def test_an_embedded_post_belongs_to_whoever_signs_it() -> None:
    found = report(
        linked(
            "Mara Venn said the bridge fell.\n— Mara Venn (@bridges_360) May 7",
            "May 7",
            "https://twitter.com/bridges_360/status/12?ref_src=x",
        )
    )
    assert tied(found) == ["Mara Venn"]


def test_a_name_cut_where_handles_are_cut_is_still_known() -> None:
    text = "Maryanne Vennerström said the bridge fell. Maryanne Longname said it stood. Look."
    url = "https://twitter.com/MaryanneLongnam/status/1"
    assert tied(report(linked(text, "Look", url))) == ["Maryanne Longname"]


def test_a_post_of_a_stranger_belongs_to_nobody() -> None:
    text = "Mara Venn said the bridge fell. Smoke rose."
    assert tied(report(linked(text, "Smoke", "https://twitter.com/somebody/status/1"))) == [None]


def test_an_authoritys_page_in_somebodys_words_belongs_to_nobody_else() -> None:
    text = "Mara Venn noted findings of a weak bridge."
    assert tied(report(linked(text, "weak bridge", "https://oig.lake.gov/a/1.pdf"))) == [None]


@pytest.mark.parametrize(
    "url",
    [
        "https://dale.example/older-story",
        "https://www.dale.example/older-story",
        "https://dalenews.example/older-story",
        "https://other.example/tag/bridges",
        "https://other.example/",
        "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://twitter.com/intent/tweet?text=x",
        "https://twitter.com/maravenn",
        "https://www.facebook.com/MaraVenn/",
        "https://other.example/donate/now",
        "https://other.example/en/staff-profiles/mara-venn",
        "https://other.example/newsletters",
        "https://www.amazon.com/dp/1",
        "https://en.wikipedia.org/wiki/Mara_Venn",
        "mailto:mara@dale.example",
    ],
)
def test_links_that_lead_to_no_original_are_left_out(url: str) -> None:
    assert report(linked("Mara Venn said it fell.", "said", url)).originals == ()


def test_the_front_of_an_authoritys_section_is_no_original() -> None:
    text = "The bridge fell. Follow the advice."
    assert report(linked(text, "advice", "https://www.dale.gov/floods")).originals == ()


def test_an_agencys_older_story_is_its_own_wherever_it_is_printed() -> None:
    text = "LAKE CITY (AP) — Mara Venn said the bridge fell."
    assert report(linked(text, "Mara Venn", "https://apnews.com/a1b2")).originals == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The bridge fell. This article originally appeared in the Lake Courier.", "Lake Courier"),
        ("LAKER via WLN — The bridge fell in the night.", "LAKER via WLN"),
    ],
)
def test_where_an_article_comes_from_is_an_original(text: str, words: str) -> None:
    assert tied(report(linked(text, words, "https://laker.example/a/1"))) == [None]


def test_the_story_of_an_outlet_that_was_told_is_an_original() -> None:
    text = "“It fell,” Mara Venn told CBS News."
    assert tied(report(linked(text, "CBS News", "https://www.cbsnews.com/a/1"))) == ["Mara Venn"]


def test_a_canonical_address_on_another_site_is_an_original() -> None:
    found = report(
        linked("It fell.", "fell", "https://dale.example/x", canonical_url="https://wire.example/story")
    )
    reprint = Original("https://wire.example/story", None, "reprint: canonical address")
    assert found.originals == (reprint,)


def test_a_canonical_address_on_a_sources_site_is_tied_to_it() -> None:
    first = "https://lakecourier.example/story"
    text = "The Lake Courier reported that it fell."
    assert tied(report(linked(text, "it", "https://dale.example/x", canonical_url=first))) == ["Lake Courier"]


def test_a_link_whose_words_are_a_source_is_tied_to_it() -> None:
    text = "The Dale Courier reported that it fell. Read the Courier here."
    at = text.rindex("Courier")
    plain = article(text)
    linked_twice = replace(
        plain, links=(Anchor("https://dc.example/1", plain.cut(at, at + 7)),), url="https://x.example/1"
    )
    assert [o.source_id for o in report(linked_twice).originals] == [0]


def test_what_a_page_calls_a_link_and_is_none_breaks_nothing() -> None:
    assert report(linked("Mara Venn said it fell.", "Mara Venn", "http://[::1")).originals == ()
