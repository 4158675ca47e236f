from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.reading.languages.en.penn import TAGS
from bot.reading.patterns import Match, PatternCompiler, Patterns
from bot.reading.tags import Tag

SETS = {"be": frozenset({"is", "was"})}


@dataclass(frozen=True)
class Words:
    lowers: list[str]
    tags: list[Tag]


def tagged(text: str) -> Words:
    pairs = [w.rsplit("/", 1) for w in text.split()]
    return Words([p[0] for p in pairs], [TAGS[p[1]] for p in pairs])


def found(source: str, text: str) -> list[Match]:
    words = tagged(text)
    return list(Patterns([PatternCompiler(SETS).compile(source)]).find(words, 0, len(words.lowers)))


def test_alternatives_and_sets_stand_for_each_of_their_words() -> None:
    assert len(found("{be} said|told to", "it/PRP is/VBZ told/VBN to/TO")) == 1


def test_brackets_say_which_part_is_the_finding() -> None:
    (match,) = found("a [ possible ] <NN>", "a/DT possible/JJ plan/NN")
    assert (match.first, match.last) == (1, 2)


def test_an_optional_element_gives_way_when_the_rest_needs_its_word() -> None:
    assert len(found("may <RB>? well", "may/MD well/RB")) == 1


def test_a_negated_element_refuses_its_words() -> None:
    assert not found("alleged !victim", "alleged/JJ victim/NN")
    assert found("alleged !victim", "alleged/JJ plot/NN")


def test_the_longest_reading_wins() -> None:
    (match,) = found("may <RB>* be", "may/MD not/RB now/RB be/VB")
    assert match.last == 4


@pytest.mark.parametrize("source", ["<NN> said", "said? so", "!said so", ""])
def test_a_pattern_without_words_at_its_start_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="starts with words"):
        PatternCompiler(SETS).compile(source)


def test_an_unknown_set_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no set \{were\}"):
        PatternCompiler(SETS).compile("{were} said")
