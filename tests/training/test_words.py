from __future__ import annotations

import pytest

from bot.reading.languages.en.tagging import load_tagger
from tests.training.words import kind, past, possible_tags, reporting_forms


@pytest.mark.parametrize(
    ("form", "tags"),
    [
        ("admitted", {"VBD", "VBN"}),
        ("stopping", {"VBG"}),
        ("denies", {"VBZ"}),
        ("lying", {"VBG"}),
        ("reports", {"NNS", "VBZ"}),
        ("women", {"NNS"}),
        ("angrily", {"RB"}),
        ("biggest", {"JJS"}),
        ("syrians", {"NNPS"}),
        ("begun", {"VBN"}),
    ],
)
def test_a_listed_word_brings_its_inflected_forms(form: str, tags: set[str]) -> None:
    assert tags <= set(possible_tags()[form])


def test_nothing_is_inflected_that_has_no_such_form() -> None:
    listed = possible_tags()
    assert not {"informations", "sayed", "evidences", "womans", "polices"} & {
        form for form in listed if "VBZ" not in listed[form]
    }


@pytest.mark.parametrize(("stem", "form"), [("say", "sayed"), ("deny", "denied"), ("state", "stated")])
def test_the_past_of_a_regular_verb_is_spelt_by_rule(stem: str, form: str) -> None:
    assert past(stem) == form


def test_words_of_reporting_are_marked_in_all_their_forms() -> None:
    assert {"claim", "claims", "claimed", "claiming", "said", "denial", "denials"} <= reporting_forms()


def test_the_shipped_model_was_trained_with_the_word_list_as_it_stands() -> None:
    reporting = reporting_forms()
    kinds = {word: kind(tags, reports=word in reporting) for word, tags in possible_tags().items()}
    assert load_tagger()._model._kinds == kinds, "run: python -m tests.training tagger train"
