from __future__ import annotations

import pytest

from bot.reading.retagging import hands_over, retag
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
