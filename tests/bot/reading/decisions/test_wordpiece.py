"""Words are split as BERT splits them."""

import pytest

from bot.reading.decisions.wordpiece import LONGEST, WordPieces

PIECES = WordPieces(
    ["[CLS]", "[SEP]", "[UNK]", "harbour", "har", "##bour", "##s", "naive", "un", "##iden", ".", "-"]
)
NAMES = {3: "harbour", 4: "har", 5: "##bour", 6: "##s", 7: "naive", 8: "un", 10: ".", 11: "-", 2: "[UNK]"}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Harbours.", ["harbour", "##s", "."]),
        ("har-harbour", ["har", "-", "harbour"]),
        ("Naïve", ["naive"]),
        ("unknown har", ["[UNK]", "har"]),
        ("har" * LONGEST, ["[UNK]"]),
        (" \n", []),
    ],
)
def test_a_word_becomes_the_longest_pieces_from_the_left(text: str, pieces: list[str]) -> None:
    assert [NAMES[number] for number, _ in PIECES.encode(text)] == pieces


def test_a_long_lived_reader_remembers_no_more_words_than_there_are_pieces() -> None:
    for number in range(1000):
        assert list(PIECES.encode(f"har{number}")) == [(2, 0)]
    assert list(PIECES.encode("harbours")) == [(3, 0), (6, 0)]


def test_every_piece_is_told_where_its_word_begins() -> None:
    assert [start for _, start in PIECES.encode("har-harbours.")] == [0, 3, 4, 4, 12]
