from __future__ import annotations

from tests.quality.words import parse_words

PRINTED = """docstrings opening with what/who/whether/…   26 % of 1822   [0 to 2 %]
type names that mean two things              32 of 339   [0 to 6]   Answer, Chunk
README, words a sentence                     19.2   [10 to 14]
commit subjects over 72 characters           0 of 100   [2 to 38 of 300]
"""


def test_each_line_of_the_measure_is_its_first_number() -> None:
    assert parse_words(PRINTED) == {
        "docstrings opening with what/who/whether/…": 26.0,
        "type names that mean two things": 32.0,
        "README, words a sentence": 19.2,
        "commit subjects over 72 characters": 0.0,
    }
