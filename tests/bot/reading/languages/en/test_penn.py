from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.reading import chunking, mentions, names, quotes, relatives, roles
from bot.reading.decisions import openings
from bot.reading.languages.en.penn import TAGS
from bot.reading.languages.en.tagging import load_tagger
from bot.reading.tags import Feature, Tag, Upos


def test_every_tag_of_the_tagger_has_its_universal_part_of_speech() -> None:
    assert set(load_tagger()._model.tags) <= set(TAGS)  # the tags that it can give


def test_no_two_tags_say_the_same_but_of_signs_and_scraps() -> None:
    said: dict[tuple[Upos, frozenset[Feature]], list[str]] = {}
    for tag in TAGS.values():
        said.setdefault((tag.upos, tag.features), []).append(tag.fine)
    assert [fines for fines in said.values() if len(fines) > 1] == [
        ["WP", "WDT"],
        ["VBP", "VBZ"],
        [":", "``", "''", "-LRB-", "-RRB-"],
        ["FW", "GW", "LS"],
    ]


def answers(tag: Tag) -> set[str]:
    """The questions to which the tag says yes."""
    return {name for name in dir(tag) if name.startswith(("is_", "can_")) and getattr(tag, name)}


def test_each_question_is_answered_by_the_tags_that_it_names() -> None:
    yes: dict[str, set[str]] = {}
    for fine, tag in TAGS.items():
        for question in answers(tag):
            yes.setdefault(question, set()).add(fine)
    assert {question: " ".join(sorted(fines)) for question, fines in sorted(yes.items())} == {
        "can_open_noun_phrase": "$ CD DT EX JJ JJR JJS NN NNP NNPS NNS PDT PRP PRP$ RBR RBS",
        "can_stand_before_noun": "$ CD DT JJ JJR JJS PDT PRP$ RBR RBS VBG VBN",
        "is_adjective": "JJ JJR JJS",
        "is_adverb": "RB RBR RBS",
        "is_comma": ",",
        "is_common_noun": "NN NNS",
        "is_comparative_adverb": "RBR",
        "is_comparing_adverb": "RBR RBS",
        "is_conjunction": "CC",
        "is_content_word": "CD JJ JJR JJS NN NNP NNPS NNS VB VBD VBG VBN VBP VBZ",
        "is_determiner": "DT",
        "is_existential": "EX",
        "is_finite": "MD VBD VBP VBZ",
        "is_infinitive": "VB",
        "is_infinitive_marker": "TO",
        "is_modal": "MD",
        "is_name": "NNP NNPS",
        "is_noun": "NN NNP NNPS NNS",
        "is_numeral": "CD",
        "is_participle": "VBG VBN",
        "is_particle": "RP",
        "is_past": "VBD",
        "is_past_participle": "VBN",
        "is_personal_pronoun": "PRP",
        "is_plain_adjective": "JJ",
        "is_plain_adverb": "RB",
        "is_plural": "NNPS NNS",
        "is_plural_noun": "NNS",
        "is_possessive_marker": "POS",
        "is_possessive_pronoun": "PRP$",
        "is_preposition": "IN",
        "is_present": "VBP VBZ",
        "is_present_participle": "VBG",
        "is_pronoun": "PRP PRP$",
        "is_relative": "WDT WP WP$",
        "is_relative_pronoun": "WDT WP",
        "is_relative_adverb": "WRB",
        "is_singular_noun": "NN",
        "is_singular_name": "NNP",
        "is_specifier": "CD DT PRP$",
        "is_stop": ".",
        "is_superlative": "JJS",
        "is_verb": "MD VB VBD VBG VBN VBP VBZ",
    }


@pytest.mark.parametrize(
    ("rule", "fines"),
    [
        (chunking._can_open_object, "DT PRP PRP$"),
        (roles._is_within_role, "CD DT JJ NN NNP NNPS NNS POS PRP$ VBN"),
        (relatives.is_within_phrase, "CD DT JJ JJR JJS NN NNP NNPS NNS POS PRP$"),
        (openings._is_in_object, "DT JJ NN NNS PRP PRP$ RB"),
        (mentions._leads_to_role, ", DT JJ NN NNP NNPS NNS POS PRP$"),
        (mentions._tells_more, "IN JJ RB VBD VBG VBN WDT WP WP$"),
        (names._leads_to_name, "DT IN NNP TO"),
        (quotes._can_speak, "DT NNP PRP"),
    ],
)
def test_each_rule_over_tags_takes_the_tags_that_it_names(rule: Callable[[Tag], bool], fines: str) -> None:
    assert " ".join(sorted(fine for fine, tag in TAGS.items() if rule(tag))) == fines
