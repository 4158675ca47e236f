"""The encoder: a file of weights becomes scores of sentences, or one sentence for operators."""

from pathlib import Path

import numpy as np
import pytest

from bot.reading.decisions.encoder import DECIMALS, read_encoder
from bot.reading.decisions.linear import VERSION, CannotLoadWeights
from bot.reading.decisions.tensor_file import check_tensors
from tests.bot.reading.decisions.made_encoder import LONGEST, write_encoder

PIECES, ENDS, ROLES = [0, 3, 4, 1, 5, 6, 1], [3, 6], [1, 0]


def test_each_sentence_and_each_piece_gets_a_score_for_each_question(tmp_path: Path) -> None:
    encoder = read_encoder(write_encoder(tmp_path))
    assert (encoder.questions, encoder.mention_questions) == (("news", "depends"), ("source",))
    sentences, pieces = encoder.score(PIECES, ENDS, ROLES)
    assert (sentences.shape, pieces.shape) == ((2, 2), (len(PIECES), 1))


def test_a_sentence_is_seen_in_its_surroundings(tmp_path: Path) -> None:
    encoder = read_encoder(write_encoder(tmp_path))
    alone, before_another = (
        encoder.score(PIECES, ENDS, ROLES)[0],
        encoder.score([*PIECES, 7, 1], [3, 6, 8], [1, 0, 0])[0],
    )
    assert not np.array_equal(alone[0], before_another[0])


def test_scores_are_rounded_beyond_what_two_processors_differ_in(tmp_path: Path) -> None:
    for scores in read_encoder(write_encoder(tmp_path)).score(PIECES, ENDS, ROLES):
        assert np.array_equal(scores, scores.round(DECIMALS))


def test_it_reads_as_many_pieces_as_it_has_places(tmp_path: Path) -> None:
    assert read_encoder(write_encoder(tmp_path)).longest == LONGEST


def test_missing_weights_are_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        CannotLoadWeights, match=r"^The weights made\.safetensors are missing: install hearsay-bot again\.$"
    ):
        read_encoder(tmp_path / "made.safetensors")


def test_weights_of_another_version_are_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        CannotLoadWeights, match=f"are of version {VERSION + 1}, and version {VERSION} is needed"
    ):
        read_encoder(write_encoder(tmp_path, version=str(VERSION + 1)))


@pytest.mark.parametrize("kept", [0, 10, 1000, -30])
def test_truncated_weights_are_said_in_a_sentence(tmp_path: Path, kept: int) -> None:
    file = write_encoder(tmp_path)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(CannotLoadWeights, match="are broken"):
        read_encoder(file)


def test_weights_that_lack_a_part_are_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotLoadWeights, match="are broken"):
        read_encoder(write_encoder(tmp_path, layers="9"))


def test_whole_weights_pass_the_check_at_the_start(tmp_path: Path) -> None:
    check_tensors(write_encoder(tmp_path))


@pytest.mark.parametrize("kept", [0, 10, 1000, -30])
def test_truncated_weights_fail_the_check_at_the_start(tmp_path: Path, kept: int) -> None:
    file = write_encoder(tmp_path)
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(CannotLoadWeights, match="are broken"):
        check_tensors(file)


def test_weights_of_another_version_fail_the_check_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(CannotLoadWeights, match=f"are of version {VERSION + 1}"):
        check_tensors(write_encoder(tmp_path, version=str(VERSION + 1)))


def test_a_wrong_bit_fails_the_check_at_the_start(tmp_path: Path) -> None:
    file = write_encoder(tmp_path)
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(CannotLoadWeights, match="are broken"):
        check_tensors(file)
