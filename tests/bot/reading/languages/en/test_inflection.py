from __future__ import annotations

import pytest

from bot.reading.languages.en.inflection import inflect, singularise


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("add", "add adds added added adding"),
        ("say", "say says said said saying"),
        ("reply", "reply replies replied replied replying"),
        ("announce", "announce announces announced announced announcing"),
        ("agree", "agree agrees agreed agreed agreeing"),
        ("confess", "confess confesses confessed confessed confessing"),
        ("go", "go goes went gone going"),
        ("admit", "admit admits admitted admitted admitting"),
        ("write", "write writes wrote written writing"),
        ("label", "label labels labeled labelled labeling labelling"),
    ],
)
def test_a_verb_has_its_forms(lemma: str, forms: str) -> None:
    assert list(inflect(lemma)) == forms.split()


@pytest.mark.parametrize(
    ("noun", "one"), [("allies", "ally"), ("directors", "director"), ("director", "director")]
)
def test_a_regular_plural_has_a_singular(noun: str, one: str) -> None:
    assert singularise(noun) == one
