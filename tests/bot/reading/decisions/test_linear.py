"""A decision is a sum that anybody can follow; weights that cannot be read are said in one sentence."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.decisions.linear import (
    VERSION,
    CannotLoadWeights,
    LinearModel,
    Weight,
    read_models,
)
from bot.reading.decisions.weight_files import check_weights

MODEL = LinearModel(-1.0, 0.5, {"first sentence": Weight(2.0, 0.0, 1.0), "question": Weight(-3.0, 0.5, 0.5)})


def raw_model(**changed: Any) -> dict[str, Any]:
    return {"intercept": -1, "threshold": 0.5, "features": {"first sentence": [2, 0, 1]}, **changed}


def written(folder: Path, text: str) -> Path:
    (folder / "made.json").write_text(text, "utf-8")
    return folder / "made.json"


def test_a_score_is_the_intercept_and_what_each_feature_adds() -> None:
    assert MODEL.score({"first sentence": 1.0, "question": 1.0}) == -1 + 2 - 3
    assert MODEL.score({}) == -1 + 0 + 3


def test_a_probability_of_half_or_more_is_yes() -> None:
    assert MODEL.probability({"question": 0.5, "first sentence": 0.5}) == 0.5
    assert MODEL.accepts({"question": 0.5, "first sentence": 0.5})
    assert not MODEL.accepts({"question": 1.0})


@given(st.floats(-1e300, 1e300))
def test_no_value_breaks_a_probability(value: float) -> None:
    assert 0 <= MODEL.probability({"first sentence": value}) <= 1


def test_a_feature_that_the_weights_do_not_know_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no weight for place"):
        MODEL.score({"place": 1.0})


def test_a_decision_is_explained_by_the_features_that_spoke_loudest_for_it() -> None:
    candidate = {"first sentence": 1.0, "question": 1.0}
    assert MODEL.explain(candidate) == ("first sentence",)
    assert MODEL.explain(candidate, yes=False) == ("question",)


def test_models_are_read_as_they_are_written(tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps({"version": VERSION, "models": {"made": raw_model()}}))
    assert read_models(file) == {"made": LinearModel(-1.0, 0.5, {"first sentence": Weight(2.0, 0.0, 1.0)})}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (json.dumps({"version": VERSION + 1, "models": {}}), f"of version {VERSION + 1}"),
        (json.dumps({"version": VERSION, "models": {"made": raw_model()}})[:-20], "broken"),
        (json.dumps({"version": VERSION, "models": {"made": {}}}), "broken"),
        (json.dumps({"version": VERSION, "models": {"made": raw_model(features={"x": [1, 2]})}}), "broken"),
        (json.dumps({"version": VERSION, "models": {"made": raw_model(intercept=None)}}), "broken"),
        (json.dumps({"version": VERSION, "models": {"made": raw_model(intercept=math.nan)}}), "broken"),
        (
            json.dumps({"version": VERSION, "models": {"made": raw_model(features={"x": [1, 0, 0]})}}),
            "broken",
        ),
        ("[]", "broken"),
        ("\x00", "broken"),
    ],
)
def test_weights_that_cannot_be_used_are_said_in_one_sentence(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(
        CannotLoadWeights, match=rf"^The weights made\.json are {problem}.*: install hearsay-bot again\.$"
    ):
        read_models(written(tmp_path, text))


def test_weights_that_are_not_there_are_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        CannotLoadWeights, match=r"^The weights made\.json are missing: install hearsay-bot again\.$"
    ):
        read_models(tmp_path / "made.json")


def test_the_weights_that_are_shipped_can_be_read() -> None:
    check_weights()
