from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.replying.sanitize import MARKS, sanitize

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_direction_and_zero_width_signs_go() -> None:
    assert (
        sanitize("Bank \u202egnihsihp\u202c of \u2066X\u2069 pay\u200bpal\ufeff")
        == "Bank gnihsihp of X paypal"
    )


def test_an_escape_sequence_loses_what_makes_it_one() -> None:
    assert sanitize("\x1b[31mred\x1b[0m \x9b2J \x07") == "[31mred[0m 2J"


def test_white_space_of_any_kind_is_one_space() -> None:
    assert sanitize(" a\u00a0\n\u2028\tb\u3000c ") == "a b c"


def test_a_tower_of_marks_is_cut() -> None:
    assert sanitize("e" + "\u0301" * 50 + "x") == "e" + "\u0301" * MARKS + "x"


def test_a_lone_surrogate_can_be_printed() -> None:
    assert sanitize("a\ud800b") == "a\N{REPLACEMENT CHARACTER}b"


def test_ordinary_words_of_any_script_stay() -> None:
    said = "“Ça va?” — Владимир, 中文, العربية, हिन्दी, 👍"
    assert sanitize(said) == said


@given(st.text(st.characters()))
def test_nothing_hidden_is_left_of_any_text(text: str) -> None:
    shown = sanitize(text)
    assert not any(unicodedata.category(letter) in HIDDEN for letter in shown)
    assert sanitize(shown) == shown
    shown.encode()
