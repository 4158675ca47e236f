from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import End
from bot.reading.report import report
from bot.report_validation import find_first_fault
from tests.bot.reading.texts import article, chain, read, rules


def others(*paragraphs: str, outlet: str | None = None) -> list[list[str]]:
    found = read(*paragraphs, outlet=outlet)
    assert find_first_fault(found) is None
    return [[s.name for s in c.steps] for c in found.chains if not c.of_claim]


def test_the_page_relays_a_report_that_relays_an_unnamed_source() -> None:
    found = read(
        "Is somebody hiding the truth about the bridge? DLW asked that in May.",
        "The following report is unconfirmed, but it matters.",
        "Harbour Front reports…",
        "The bridge has fallen, the Dale Courier outlet reported on Monday citing special sources.",
        outlet="Daily Lake Watch",
    )
    first = found.chains[0]
    assert [s.name for s in first.steps] == ["DLW", "Harbour Front", "Dale Courier", "special sources"]
    assert [s.evidence.text for s in first.steps if s.evidence] == [
        "DLW",
        "Harbour Front reports",
        "the Dale Courier outlet reported",
        "citing special sources",
    ]
    assert [s.why for s in first.steps] == [
        "page: its name in the text",
        "introduction: report",
        "speaker after: report",
        "citing",
    ]
    assert first.end == "withheld"


def test_a_claim_with_a_named_speaker_ends_named() -> None:
    assert chain("The bridge fell, Mara Venn said.", outlet="Dale Courier") == (
        "named",
        ["Dale Courier", "Mara Venn"],
    )


def test_a_claim_of_a_study_ends_in_a_document() -> None:
    assert chain("A new study says that the bridge was weak.")[0] == "document"


def test_a_claim_that_nobody_else_makes_ends_with_the_outlet() -> None:
    assert chain("The bridge fell in the night.", outlet="Dale Courier") == ("outlet", ["Dale Courier"])


def test_an_agency_by_its_initials_and_by_its_name_is_one_step() -> None:
    told = "DALE (AP) — The poet Ada Lind told The Associated Press in an email that she struggled."
    assert chain(told)[1] == ["AP", "Ada Lind"]


def test_an_outlet_that_was_told_stands_before_whoever_told_it() -> None:
    found = read("Mara Venn told the Lake Courier that the bridge fell.", outlet="Dale Post")
    assert [(s.name, s.evidence and s.evidence.text, s.why) for s in found.chains[0].steps] == [
        ("Dale Post", None, "page: stated outlet"),
        ("Lake Courier", "Mara Venn told the Lake Courier", "told with speaker before: tell"),
        ("Mara Venn", "Mara Venn told", "speaker before: tell"),
    ]
    assert find_first_fault(found) is None


def test_the_page_itself_is_no_outlet_that_was_told() -> None:
    assert chain("Mara Venn told the Lake Courier that the bridge fell.", outlet="Lake Courier")[1] == [
        "Lake Courier",
        "Mara Venn",
    ]


@pytest.mark.parametrize(
    ("sentence", "steps"),
    [
        (
            "Engineers suspect that the bridge was weak for a year, CNN reported Thursday.",
            ["CNN", "Engineers"],
        ),
        ("“It is weak,” Mara Venn said, according to the Lake Courier.", ["Lake Courier", "Mara Venn"]),
        ("The Lake Courier reported that engineers said the bridge was weak.", ["Lake Courier", "engineers"]),
    ],
)
def test_who_says_the_whole_sentence_relays_who_speaks_in_it(sentence: str, steps: list[str]) -> None:
    assert chain(sentence)[1] == steps


@pytest.mark.parametrize(
    "sentence",
    [
        "A photograph shows a crab in the harbour, and while some assert that it is fake, divers went there.",
        "Long after the bridge fell into the cold lake and everybody ran, a boy woke up and asked: “Where?”",
    ],
)
def test_who_says_a_part_of_the_claim_is_not_its_source(sentence: str) -> None:
    assert chain(sentence, outlet="Dale Courier")[1] == ["Dale Courier"]


def test_a_speaker_after_a_long_opening_says_the_claim() -> None:
    text = (
        "As more and more bridges along the lake are closed, engineers are warning that all of them are weak."
    )
    assert chain(text)[1] == ["engineers"]


def test_who_is_part_of_a_description_does_not_say_the_claim() -> None:
    text = (
        "A group of engineers, alarmed that the Dale administration is denying repairs to the bridge, said "
        "that it was weak."
    )
    assert "Dale administration" not in chain(text)[1]


def test_a_claim_that_the_next_sentence_attributes_is_its_speakers() -> None:
    assert chain(
        "Seven ferries sank in the harbour of Dale after a storm.",
        "Mara Venn, the harbour master, said that seven ferries had sank in the storm at the harbour.",
        outlet="Dale Courier",
    )[1] == ["Dale Courier", "Mara Venn"]


def test_a_next_sentence_about_something_else_attributes_nothing() -> None:
    assert chain(
        "Seven ferries sank in the harbour of Dale after a storm.",
        "Mara Venn said that the council would meet on the matter.",
        "The ferries sank within an hour, and the harbour of Dale was closed.",
        "Nobody was hurt when the ferries sank.",
        outlet="Dale Courier",
    )[1] == ["Dale Courier"]


def test_where_an_article_was_published_first_stands_after_the_page() -> None:
    text = ("The bridge fell in the night.", "This article originally appeared in the Lake Courier.")
    assert chain(*text, outlet="Dale Post") == ("outlet", ["Dale Post", "Lake Courier"])
    assert rules(*text, outlet="Dale Post")[1] == "relay: originally published|appeared by|in|on|at"


def test_an_edition_of_the_page_is_the_page() -> None:
    assert chain(
        "The bridge fell in the night.",
        "This article originally appeared on Lakeside US.",
        outlet="Lakeside",
    )[1] == ["Lakeside"]


def test_other_relays_follow_the_chain_of_the_claim() -> None:
    found = read(
        "# The bridge at Dale falls",
        "The bridge at Dale fell into the harbour on Friday, Bo Lind said.",
        "The ferry sank too, the Dale Courier reported, citing police.",
        outlet="Lake News",
    )
    assert [(c.of_claim, [s.name for s in c.steps]) for c in found.chains] == [
        (True, ["Lake News", "Bo Lind"]),
        (False, ["Lake News", "Dale Courier", "police"]),
    ]


def test_a_fronted_citing_is_relayed_by_the_speaker_of_its_sentence() -> None:
    assert others(
        "# The bridge at Dale falls",
        "The bridge at Dale fell into the harbour on Friday.",
        "Citing the Lake Fire Database, NASA noted that fires are below average.",
        "The bridge at Dale had been weak for years.",
        "Nobody was hurt at the bridge when it fell.",
        outlet="Lake News",
    ) == [["Lake News", "NASA", "Lake Fire Database"]]


def test_a_relay_that_says_nothing_itself_has_the_rule_of_its_citing() -> None:
    text = "The Lake Courier ran a story on Monday, citing police."
    assert chain(text)[1] == ["Lake Courier", "police"]
    assert rules(text) == ["silent relay with citing", "citing"]


def test_a_page_without_a_stated_outlet_goes_by_its_host() -> None:
    hosted = replace(article("The bridge fell."), url="https://www.dalepost.example/1")
    (step,) = report(hosted).chains[0].steps
    assert (step.name, step.why) == ("dalepost.example", "page: host")


def test_the_same_relay_is_listed_once() -> None:
    assert others(
        "# The bridge at Dale falls",
        "The bridge at Dale fell into the harbour on Friday, Bo Lind said.",
        "Mara Venn told the Dale Courier that it was weak.",
        "Venn told the Dale Courier that she had warned them.",
        "The bridge at Dale had been closed in the spring.",
        "Nobody was hurt at the bridge when it fell.",
        outlet="Lake News",
    ) == [["Lake News", "Dale Courier", "Mara Venn"]]


def test_whoever_is_described_in_the_claim_and_named_elsewhere_is_named() -> None:
    found = read(
        "The Lakeland ambassador claimed Wednesday that the bridge at Dale fell into the harbour.",
        "It rained for two days.",
        "Ambassador Mara Venn said that it was old.",
    )
    assert [step.name for step in found.chains[0].steps if step.source_id is not None] == ["Mara Venn"]
    assert found.chains[0].end is End.NAMED


def test_a_claim_put_down_to_sources_surely_rests_on_somebody_withheld() -> None:
    found = read("The bridge at Dale will close in May, according to people familiar with the plan.")
    assert (found.chains[0].end, found.chains[0].sure) == (End.WITHHELD, True)


def test_sources_of_something_else_are_not_the_end_of_the_claim() -> None:
    found = read(
        "The council of Dale will close the old bridge in May, Mayor Mara Venn announced on Monday.",
        "It was built in 1911 and carries 4,000 cars a day.",
        "Two people who crossed it said that the wind was cold.",
    )
    assert found.chains[0].end is End.NAMED


def test_an_outlet_that_was_told_later_passes_the_claim_on() -> None:
    assert chain(
        "An insider has claimed that the bridge of Dale will be sold in May.",
        "The insider told the Lake Courier that the price is low.",
        outlet="Dale Post",
    ) == ("withheld", ["Dale Post", "Lake Courier", "An insider"])


def test_who_says_most_of_the_claim_stands_whatever_is_told_next() -> None:
    assert chain(
        "The bridge at Dale fell into the harbour on Friday, Bo Lind said.",
        "The bridge at Dale fell at noon, Mara Venn told the Lake Courier.",
    ) == ("named", ["Bo Lind"])


def test_a_claim_that_its_sentence_leaves_open_is_his_who_tells_it_next() -> None:
    assert chain(
        "# Bridge at Dale falls into the harbour",
        "The bridge at Dale fell into the harbour on Friday night.",
        "The bridge fell into the harbour when a ship hit a pier, Mara Venn of the harbour police said.",
        "Venn said that the ship had lost its way in the harbour.",
        "The road at Dale is closed, and a ferry will take people over.",
    )[1] == ["Mara Venn"]
