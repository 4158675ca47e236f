from __future__ import annotations

import pytest

from tests.bot.reading.texts import read

NEWS = "The bridge at Dale fell into the harbour on Friday."
REST = (
    "Nobody was hurt when the bridge fell, the mayor of Dale, Mara Venn, said.",
    "The harbour was closed, and the road to the bridge is full of cars.",
    "Engineers had looked at the bridge in the spring.",
    "They will look at what is left of it on Monday.",
)


def core(*paragraphs: str) -> str:
    found = read(*paragraphs).claim
    assert found is not None
    return found.sentence.text


@pytest.mark.parametrize(
    "lead",
    [
        "It is for this reason that people came.",
        "This might be the best bridge of all time.",
        "You will not believe what fell this week.",
        "No, it is not the first one to fall.",
        "Meet the man who knew it all along.",
        "Forget the ferry and all the old boats.",
        "Photo: Owen Pike of the Courier in Dale.",
        "Editor's note: this story has been changed since.",
        "Update: the road to Dale is open again.",
        "Here is what the whole town talks about:",
        "He left the town for the last time with tears.",
        "DALE, Lakeland (Courier 4 News) -",
        "Home 14 11 6 15 — 44 in all and for ever",
        "The mayor of Dale leaves the hall in the rain. John Moore / Getty Images",
        "Editor's note: this picture is old. It was sent to us by Owen Pike.",
    ],
)
def test_a_soft_opening_or_a_label_is_not_the_news(lead: str) -> None:
    assert core(lead, NEWS, *REST) == NEWS


@pytest.mark.parametrize(
    "lead",
    [
        "US officials left the bridge at Dale on Friday.",
        "DALE (AP) — The old bridge at Dale sank in the harbour on Friday, the mayor said.",
        "Police said that they had closed the only road to Dale after the bridge fell on Monday evening.",
    ],
)
def test_a_firm_opening_is_the_news(lead: str) -> None:
    assert core(lead, NEWS, *REST) == lead


@pytest.mark.parametrize(
    "second",
    [
        "According to the Dale Courier, the bridge at Dale fell into the harbour on Friday.",
        "The Dale Courier reports that the bridge at Dale fell into the harbour on Friday.",
        "But now rumours say that the bridge in Dale fell.",
    ],
)
def test_after_a_scene_the_sentence_that_opens_with_its_source_is_the_news(second: str) -> None:
    scene = "The fair in Dale draws tens of thousands of people each year."
    shown = second.removeprefix("But ")
    assert core("# Bridge at Dale falls into harbour", scene, second, *REST) == shown


@pytest.mark.parametrize(
    ("lead", "second"),
    [
        (
            "There are growing fears in Dale about the old ferry.",
            "The Dale Courier reports that the bridge fell.",
        ),
    ],
)
def test_fears_and_what_has_long_been_so_give_way_to_the_news(lead: str, second: str) -> None:
    assert core(lead, second, *REST) == second


@pytest.mark.parametrize(
    "lead",
    [
        "The identity of the man who died in Dale was revealed to be that of Owen Pike.",
        "The bridge in Dale fell on Friday night.",
        "The bridge in Dale has fallen in the night.",
        "The old bridge in Dale is reportedly too weak for cars and will close.",
    ],
)
def test_after_news_it_only_adds_to_it(lead: str) -> None:
    assert core(lead, "According to the Courier, it was built of stone in 1902.", *REST) == lead


def test_a_first_line_that_is_no_sentence_is_a_headline() -> None:
    assert core("# Mayor Owen Pike, with a map that is not his own at all.", NEWS) == NEWS
    assert core("# The mayor of the town has lost a map of his.", "It was old.") == (
        "The mayor of the town has lost a map of his."
    )


def test_a_dated_lead_is_no_scene() -> None:
    lead = "A clerk of Dale is in the cells since Friday for a theft."
    assert core(lead, "Now the clerk is heard by the court in Lakeland.") == lead


@pytest.mark.parametrize(
    ("title", "news"),
    [
        pytest.param("The bridge at Dale falls into the harbour.", NEWS, id="told again"),
        pytest.param("The ferry is late again;\nMara Venn opens a school.", NEWS, id="of two lines"),
        pytest.param("The ferry is late again, and nobody knows why.", None, id="the text is about another"),
        pytest.param("Claim: The bridge at Dale fell into the harbour.", None, id="a claim that is checked"),
    ],
)
def test_a_headline_is_the_news_only_where_the_text_does_not_tell_it(title: str, news: str | None) -> None:
    assert core(f"# {title}", NEWS) == (news or title)


def test_an_introduction_in_the_middle_only_quotes_where_the_news_is_told_before_it() -> None:
    news = "Today it is said that the mayor of Dale is considering closing the bridge for a year."
    assert (
        core(
            "# As anger grows, mayor of Dale is considering closing the bridge",
            "If the bridge were sound, would she close it?",
            news,
            "The Dale Courier reported:",
            "“The noise of the old bridge has angered the people who live near it.",
            "According to a clerk of the town hall, the mayor has asked for plans.”",
        )
        == news
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "“The mayor's style has angered the crowds of Dale.",
            "The mayor's style has angered the crowds of Dale.",
        ),
        ("The mayor's style has angered the crowds.”", "The mayor's style has angered the crowds."),
        ('"The bridge of Dale has angered the crowds.', "The bridge of Dale has angered the crowds."),
        ("“The bridge fell,” the mayor of Dale said.", "“The bridge fell,” the mayor of Dale said."),
    ],
)
def test_a_claim_is_shown_without_a_quotation_mark_that_has_no_other(written: str, shown: str) -> None:
    assert core("# A quarrel in Dale", written) == shown


@pytest.mark.parametrize(
    "conclusion",
    [
        "So it is no wonder that his plan for the bridge frightens the engineers of Dale.",
        "Hence the fear of the engineers of Dale for the bridge.",
    ],
)
def test_what_is_concluded_from_the_sentence_before_is_not_the_news(conclusion: str) -> None:
    news = "The engineers of Dale rejected the plan for the bridge on Monday."
    scene = "The next mayor of Dale calls the old bridge a toy."
    assert core("# Engineers reject a plan for the bridge", f"{scene} {conclusion}", news) == news


def test_a_quotation_that_is_left_open_is_not_the_news() -> None:
    assert not core("“The bridge at Dale fell into the harbour on Friday.", NEWS, *REST).startswith("“")
