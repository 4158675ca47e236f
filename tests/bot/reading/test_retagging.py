from __future__ import annotations

import pytest

from bot.reading.retagging import hands_over, name_openers, retag
from tests.bot.reading.texts import english


def mended(sentence: str) -> str:
    """The tags of "word/TAG word/TAG" after mending, in the same form."""
    pairs = [w.rsplit("/", 1) for w in sentence.split()]
    tags = [tag for _, tag in pairs]
    retag([w.lower() for w, _ in pairs], tags, 0, len(pairs), english())
    return " ".join(f"{word}/{tag}" for (word, _), tag in zip(pairs, tags, strict=True))


@pytest.mark.parametrize(
    ("tagged", "right"),
    [
        ("Venn/NNP chimed/JJ ./.", "Venn/NNP chimed/VBD ./."),
        ("Economists/NNS say/VB it/PRP fell/VBD ./.", "Economists/NNS say/VBP it/PRP fell/VBD ./."),
        (
            "A/DT judge/NN sided/VBN with/IN them/PRP ,/, saying/VBG so/RB ./.",
            "A/DT judge/NN sided/VBD with/IN them/PRP ,/, saying/VBG so/RB ./.",
        ),
        (
            "It/PRP fell/VBD ,/, the/DT Courier/NNP reports/NNS ./.",
            "It/PRP fell/VBD ,/, the/DT Courier/NNP reports/VBZ ./.",
        ),
        ("South/RB Front/JJ reports/NNS …/:", "South/NNP Front/NNP reports/VBZ …/:"),
        ("The/DT Court/NNP ruling/VBG stands/VBZ ./.", "The/DT Court/NNP ruling/NN stands/VBZ ./."),
        ("It/PRP fell/VBD ,/, records/VBZ show/VBP ./.", "It/PRP fell/VBD ,/, records/NNS show/VBP ./."),
        ("Venn/NNP ally/VBP Owen/NNP left/VBD ./.", "Venn/NNP ally/NN Owen/NNP left/VBD ./."),
        ("The/DT editorial/JJ read/NN ./.", "The/DT editorial/NN read/VBD ./."),
        ("Another/DT said/VBN he/PRP left/VBD ./.", "Another/DT said/VBD he/PRP left/VBD ./."),
        ("The/DT think/VBP tank/NN left/VBD ./.", "The/DT think/NN tank/NN left/VBD ./."),
        ("Why/WRB ?/. ”/'' asked/VBN Venn/NNP ./.", "Why/WRB ?/. ”/'' asked/VBD Venn/NNP ./."),
        (
            "Scholars/NNS caution/NN that/IN it/PRP fell/VBD ./.",
            "Scholars/NNS caution/VBP that/IN it/PRP fell/VBD ./.",
        ),
        ("Venn/NNP chimed/NN in/IN ./.", "Venn/NNP chimed/VBD in/IN ./."),
        (
            "The/DT campaign/NN projects/NNS that/IN it/PRP fell/VBD ./.",
            "The/DT campaign/NN projects/VBZ that/IN it/PRP fell/VBD ./.",
        ),
        ("The/DT letter/NN read/VB ./.", "The/DT letter/NN read/VBD ./."),
        ("Pike/NNP ally/VB Lena/NNP left/VBD ./.", "Pike/NNP ally/NN Lena/NNP left/VBD ./."),
        ("The/DT two/CD admit/VB it/PRP ./.", "The/DT two/CD admit/VBP it/PRP ./."),
        (
            "White/NNP House/NNP press/VBP secretary/NN Owen/NNP Pike/NNP left/VBD ./.",
            "White/NNP House/NNP press/NN secretary/NN Owen/NNP Pike/NNP left/VBD ./.",
        ),
        ("Dale/NNP records/VBZ revealed/VBD it/PRP ./.", "Dale/NNP records/NNS revealed/VBD it/PRP ./."),
        ("Many/JJ fear/NN it/PRP will/MD close/VB ./.", "Many/JJ fear/VBP it/PRP will/MD close/VB ./."),
        (
            "The/DT Office/NNP projects/NNS that/WDT it/PRP fell/VBD ./.",
            "The/DT Office/NNP projects/VBZ that/IN it/PRP fell/VBD ./.",
        ),
        (
            "Scholars/NNS ,/, however/RB ,/, argue/VB that/IN it/PRP fell/VBD ./.",
            "Scholars/NNS ,/, however/RB ,/, argue/VBP that/IN it/PRP fell/VBD ./.",
        ),
        ("A/DT new/JJ think/VBP tank/NN left/VBD ./.", "A/DT new/JJ think/NN tank/NN left/VBD ./."),
        (
            "Some/DT 475/CD pledged/VBD delegates/NNS left/VBD ./.",
            "Some/DT 475/CD pledged/JJ delegates/NNS left/VBD ./.",
        ),
        ("A/DT radio/NN show/VBP on/IN Dale/NNP ./.", "A/DT radio/NN show/NN on/IN Dale/NNP ./."),
        (
            "Pike/NNP spoke/VBD to/TO the/DT radio/NN show/VBP host/NN ./.",
            "Pike/NNP spoke/VBD to/TO the/DT radio/NN show/NN host/NN ./.",
        ),
        (
            "Advising/VBG Dale/NNP College/NNP graduates/VBZ in/IN May/NNP ./.",
            "Advising/VBG Dale/NNP College/NNP graduates/NNS in/IN May/NNP ./.",
        ),
    ],
)
def test_a_tag_that_its_clause_proves_wrong_is_put_right(tagged: str, right: str) -> None:
    assert mended(tagged) == right


@pytest.mark.parametrize(
    "tagged",
    [
        "A/DT man/NN accused/VBN of/IN theft/NN said/VBD no/DT ./.",
        "It/PRP was/VBD confirmed/VBN ./.",
        "They/PRP want/VBP voters/NNS to/TO say/VB so/RB ./.",
        "He/PRP read/VBD the/DT Courier/NNP reports/NNS aloud/RB ./.",
        "Friends/NNS of/IN the/DT mayor/NN cite/VBP concerns/NNS ./.",
        "Iowa/NNP ,/, which/WDT Venn/NNP says/VBZ fell/VBD ,/, left/VBD ./.",
        "The/DT plans/NNS that/WDT the/DT mayor/NN liked/VBD fell/VBD ./.",
        "Aides/NNS to/TO Mr./NNP Venn/NNP say/VBP ,/, it/PRP fell/VBD ./.",
        "Democrats/NNP see/VBP Venn/NNP as/IN weak/JJ ./.",
        "Pike/NNP and/CC Ort/NNP say/VBP it/PRP fell/VBD ./.",
        "Helping/VBG Dale/NNP College/NNP grows/VBZ harder/JJR ./.",
    ],
)
def test_a_tag_that_can_be_right_is_left_alone(tagged: str) -> None:
    assert mended(tagged) == tagged


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("south front reports …", True),
        ("venn agrees :", False),
        ("it rained in dale on all the days …", False),
    ],
)
def test_a_short_line_that_reports_hands_over(line: str, expected: bool) -> None:  # noqa: FBT001  # a table
    words = line.split()
    assert hands_over(words, 0, len(words), english()) is expected


def opened(*sentences: str) -> list[str]:
    """The tag of each first word when the sentences, as "word/TAG word/TAG", are one text."""
    rows = [[w.rsplit("/", 1) for w in s.split()] for s in sentences]
    words, tags = [w for row in rows for w, _ in row], [t for row in rows for _, t in row]
    ends = [sum(map(len, rows[: i + 1])) for i in range(len(rows))]
    spans = list(zip([0, *ends], ends, strict=False))
    name_openers(words, tags, spans)
    return [tags[first] for first, _ in spans]


def test_a_first_word_that_is_a_name_elsewhere_is_one() -> None:
    assert opened("Pike/VB denied/VBD it/PRP ./.", "They/PRP asked/VBD Pike/NNP ./.") == ["NNP", "PRP"]


@pytest.mark.parametrize(
    "elsewhere",
    ["They/PRP saw/VBD a/DT pike/NN near/IN Pike/NNP ./.", "They/PRP asked/VBD Lena/NNP ./."],
)
def test_a_first_word_that_may_be_none_is_left_alone(elsewhere: str) -> None:
    assert opened("Pike/VB denied/VBD it/PRP ./.", elsewhere)[0] == "VB"
