from __future__ import annotations

from tests.bot.reading.texts import read


def chain(*paragraphs: str, outlet: str | None = None) -> tuple[str, list[str]]:
    first = read(*paragraphs, outlet=outlet).chains[0]
    assert first.of_claim
    return first.end.value, [s.name for s in first.steps]


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
    assert first.end == "unnamed"


def test_a_claim_with_a_named_speaker_ends_named() -> None:
    assert chain("The bridge fell, Mara Venn said.", outlet="Dale Courier") == (
        "named",
        ["Dale Courier", "Mara Venn"],
    )


def test_a_claim_of_a_study_ends_in_a_document() -> None:
    assert chain("A study found that the bridge was weak.")[0] == "document"


def test_a_claim_that_nobody_else_makes_ends_with_the_outlet() -> None:
    assert chain("The bridge fell in the night.", outlet="Dale Courier") == ("outlet", ["Dale Courier"])


def test_other_relays_follow_the_chain_of_the_claim() -> None:
    found = read(
        "The bridge fell in the night.",
        "The ferry sank too, the Dale Courier reported, citing police.",
        outlet="Lake News",
    )
    assert [(c.of_claim, [s.name for s in c.steps]) for c in found.chains] == [
        (True, ["Lake News"]),
        (False, ["Lake News", "Dale Courier", "police"]),
    ]
