from __future__ import annotations

import pytest

from bot.reading.languages.en.tag_repair import name_openers, retag
from bot.reading.languages.lexicon import is_introduction_only
from tests.bot.reading.texts import english


def mended(sentence: str) -> str:
    """The tags of "word/TAG word/TAG" after mending, in the same form."""
    pairs = [w.rsplit("/", 1) for w in sentence.split()]
    tags = [tag for _, tag in pairs]
    retag([w.lower() for w, _ in pairs], tags, english().lexicon)
    return " ".join(f"{word}/{tag}" for (word, _), tag in zip(pairs, tags, strict=True))


@pytest.mark.parametrize(
    ("tagged", "right"),
    [
        ("Venn/NNP chimed/JJ ./.", "Venn/NNP chimed/VBD ./."),
        (
            "The/DT Post/JJ claims/NNS that/IN it/PRP fell/VBD ./.",
            "The/DT Post/JJ claims/VBZ that/IN it/PRP fell/VBD ./.",
        ),
        (
            "Dale/NNP 13/CD reports/NNS that/WDT crews/NNS left/VBD ./.",
            "Dale/NNP 13/CD reports/VBZ that/IN crews/NNS left/VBD ./.",
        ),
        (
            "“/`` It/PRP fell/VBD ,/, ”/'' Venn/NNP recalls/NNS ./.",
            "“/`` It/PRP fell/VBD ,/, ”/'' Venn/NNP recalls/VBZ ./.",
        ),
        ("Economists/NNS say/VB it/PRP fell/VBD ./.", "Economists/NNS say/VBP it/PRP fell/VBD ./."),
        (
            "A/DT judge/NN sided/VBN with/IN them/PRP ,/, saying/VBG so/RB ./.",
            "A/DT judge/NN sided/VBD with/IN them/PRP ,/, saying/VBG so/RB ./.",
        ),
        (
            "It/PRP fell/VBD ,/, the/DT Courier/NNP reports/NNS ./.",
            "It/PRP fell/VBD ,/, the/DT Courier/NNP reports/VBZ ./.",
        ),
        (
            "Officials/NNS said/JJ inflation/NN fell/VBD ./.",
            "Officials/NNS said/VBD inflation/NN fell/VBD ./.",
        ),
        ("He/PRP is/VBZ said/VBN to/TO be/VB ill/JJ ./.", "He/PRP is/VBZ said/VBN to/TO be/VB ill/JJ ./."),
        (
            "It/PRP fell/VBD ,/, engineers/NNS at/IN Dale/NNP say/NN ./.",
            "It/PRP fell/VBD ,/, engineers/NNS at/IN Dale/NNP say/VBP ./.",
        ),
        (
            "The/DT Courier/NNP claims/NNS Venn/NNP left/VBD ./.",
            "The/DT Courier/NNP claims/VBZ Venn/NNP left/VBD ./.",
        ),
        ("She/PRP claims/NNS to/TO have/VB left/VBN ./.", "She/PRP claims/VBZ to/TO have/VB left/VBN ./."),
        ("An/DT official/JJ confirmed/VBN it/PRP ./.", "An/DT official/JJ confirmed/VBD it/PRP ./."),
        ("a/DT de/FW Venn/NNP spokesman/NN left/VBD ./.", "a/DT de/NNP Venn/NNP spokesman/NN left/VBD ./."),
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
        ("A/DT radio/NN show/VBP", "A/DT radio/NN show/NN"),
        (
            "He/PRP spoke/VBD on/IN a/DT radio/NN show/VBP ,/, then/RB left/VBD ./.",
            "He/PRP spoke/VBD on/IN a/DT radio/NN show/NN ,/, then/RB left/VBD ./.",
        ),
        (
            "He/PRP spoke/VBD on/IN a/DT radio/NN show/VBP ./.",
            "He/PRP spoke/VBD on/IN a/DT radio/NN show/NN ./.",
        ),
        (
            "Pike/NNP left/VBD a/DT radio/NN show/VBP hosts/NNS like/IN ./.",
            "Pike/NNP left/VBD a/DT radio/NN show/NN hosts/NNS like/IN ./.",
        ),
        (
            "Pike/NNP left/VBD a/DT radio/NN show/VBP ,/, then/RB slept/VBD ./.",
            "Pike/NNP left/VBD a/DT radio/NN show/NN ,/, then/RB slept/VBD ./.",
        ),
        (
            "A/DT Dale/NNP report/VBP on/IN ferries/NNS fell/VBD ./.",
            "A/DT Dale/NNP report/NN on/IN ferries/NNS fell/VBD ./.",
        ),
        (
            "The/DT radio/NN show/VBP Dale/NNP Morning/NNP fell/VBD ./.",
            "The/DT radio/NN show/NN Dale/NNP Morning/NNP fell/VBD ./.",
        ),
        (
            "Advising/VBG Dale/NNP College/NNP graduates/VBZ ,/, Pike/NNP left/VBD ./.",
            "Advising/VBG Dale/NNP College/NNP graduates/NNS ,/, Pike/NNP left/VBD ./.",
        ),
        (
            "Advising/VBG Dale/NNP College/NNP graduates/VBZ to/TO stay/VB ./.",
            "Advising/VBG Dale/NNP College/NNP graduates/NNS to/TO stay/VB ./.",
        ),
        (
            "Dale/NNP records/VBZ revealed/VBN his/PRP$ plan/NN ./.",
            "Dale/NNP records/NNS revealed/VBN his/PRP$ plan/NN ./.",
        ),
        ("Democrats/NNPS say/VB it/PRP fell/VBD ./.", "Democrats/NNPS say/VBP it/PRP fell/VBD ./."),
        (
            "The/DT staff/NN argue/VB that/IN it/PRP fell/VBD ./.",
            "The/DT staff/NN argue/VBP that/IN it/PRP fell/VBD ./.",
        ),
        (
            "The/DT Office/NNP projects/NNS that/WDT Venn/NNP fell/VBD ./.",
            "The/DT Office/NNP projects/VBZ that/IN Venn/NNP fell/VBD ./.",
        ),
        (
            "The/DT Office/NNP projects/NNS that/WDT ferries/NNS fell/VBD ./.",
            "The/DT Office/NNP projects/VBZ that/IN ferries/NNS fell/VBD ./.",
        ),
        (
            "The/DT Office/NNP projects/NNS that/WDT its/PRP$ bridge/NN fell/VBD ./.",
            "The/DT Office/NNP projects/VBZ that/IN its/PRP$ bridge/NN fell/VBD ./.",
        ),
        (
            "The/DT Office/NNP projects/NNS that/WDT the/DT bridge/NN fell/VBD ./.",
            "The/DT Office/NNP projects/VBZ that/IN the/DT bridge/NN fell/VBD ./.",
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
        "Some/DT 475/CD pledged/VBD to/TO stay/VB ./.",
        "The/DT two/CD lost/VBD boats/NNS ./.",
        "The/DT Office/NNP boats/NNS that/WDT it/PRP sold/VBD fell/VBD ./.",
        "The/DT Office/NNP projects/NNS that/WDT",
        "The/DT Office/NNP projects/NNS that/WDT fell/VBD left/VBD ./.",
        "The/DT Office/NNP projects/NNS which/WDT it/PRP runs/VBZ fell/VBD ./.",
        "The/DT new/JJ projects/NNS that/WDT it/PRP runs/VBZ fell/VBD ./.",
        "Advising/VBG Dale/NNP College/NNP graduates/VBZ",
        "Aides/NNS to/TO Mr./NNP Venn/NNP go/VBP on/IN Monday/NNP ./.",
        "Pike/NNP and/CC Ort/NNP go/VBP on/IN Monday/NNP ./.",
        "It/PRP has/VBZ said/VBD so/RB ./.",
        "Leaving/VBG Dale/NNP ,/, Pike/NNP hopes/VBZ for/IN rain/NN ./.",
        "Many/JJ fear/NN",
        "Ort/NNP ,/, who/WP Venn/NNP says/VBZ fell/VBD ,/, left/VBD ./.",
        "Pike/NNP argue/VB that/IN it/PRP fell/VBD ./.",
        "Some/DT doubt/NN remains/VBZ ./.",
        "The/DT campaign/NN boats/NNS that/IN it/PRP sold/VBD fell/VBD ./.",
        "The/DT council/NN finding/NN that/IN it/PRP fell/VBD left/VBD ./.",
        "The/DT old/JJ building/VBG stands/VBZ in/IN Dale/NNP ./.",
        "The/DT rich/JJ want/VBP it/PRP ./.",
        "The/DT staff/NN argue/VB it/PRP fell/VBD ./.",
        "The/DT staff/NN say/VBP that/IN it/PRP fell/VBD ./.",
        "The/DT two/CD want/VBP rain/NN ./.",
        "These/DT want/VBP it/PRP ./.",
        "Vitamin/NN A/NN help/VBP us/PRP ./.",
        "Voters/NNS ,/, please/UH ,/, say/VB so/RB ./.",
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
    assert is_introduction_only(words, english().lexicon) is expected


def opened(*sentences: str) -> list[str]:
    """The tag of each first word when the sentences, as "word/TAG word/TAG", are one text."""
    rows = [[w.rsplit("/", 1) for w in s.split()] for s in sentences]
    tags = [[tag for _, tag in row] for row in rows]
    name_openers([[word for word, _ in row] for row in rows], tags)
    return [row[0] for row in tags]


def test_a_first_word_that_is_a_name_elsewhere_is_one() -> None:
    assert opened("Pike/VB denied/VBD it/PRP ./.", "They/PRP asked/VBD Pike/NNP ./.") == ["NNP", "PRP"]


@pytest.mark.parametrize(
    "elsewhere",
    ["They/PRP saw/VBD a/DT pike/NN near/IN Pike/NNP ./.", "They/PRP asked/VBD Lena/NNP ./."],
)
def test_a_first_word_that_may_be_none_is_left_alone(elsewhere: str) -> None:
    assert opened("Pike/VB denied/VBD it/PRP ./.", elsewhere)[0] == "VB"
