from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quality.floors import Floors, Lowered, Moved, measured, parsed, written
from tests.quality.ratchet import Run, main

RESULTS: dict[str, dict[str, Any]] = {
    "attribution": {
        "sources": {"p": 80.0, "r": 60.0, "f1": 68.6, "gold": 9},
        "false flags": "1 of 84",
        "seconds": 2.3,
    },
    "claim": {"flag": {"p": 90.0, "r": 70.0, "f1": 78.8}, "core claim found": "14 of 21", "missed": ["a"]},
    "extraction": {"p": 0.9, "r": 0.8, "f1": 0.85, "pages": 83},
}
LINES = {
    "attribution: sources": 68.6,
    "attribution: false flags": 1,
    "claim: flag": 78.8,
    "claim: flag precision": 90.0,
    "claim: core claim found": 14,
    "extraction: f1": 0.85,
}


class Bench:
    """An evaluation folder, a floors file and what the ratchet said."""

    def __init__(self, folder: Path, floors: dict[str, float], alarms: tuple[str, ...] = ()) -> None:
        (folder / "run.py").touch()
        self.folder, self.file, self.said = folder, folder / "floors.toml", ""
        self.file.write_text(written(Floors(floors)), "utf-8")
        self.alarms = list(alarms)

    def ratchet(self, *argv: str) -> int:
        return main(
            argv, folder=self.folder, file=self.file, run=lambda _: Run(RESULTS, self.alarms), tell=self._hear
        )

    def floors(self) -> Floors:
        return parsed(self.file.read_text("utf-8"))

    def _hear(self, line: str) -> None:
        self.said += line


def test_a_line_is_an_f1_a_share_or_a_count_and_seconds_are_none() -> None:
    assert measured(RESULTS) == LINES


def test_measures_at_their_floors_pass(tmp_path: Path) -> None:
    assert Bench(tmp_path, LINES).ratchet() == 0


@pytest.mark.parametrize(
    ("line", "floor"),
    [("attribution: sources", 68.7), ("claim: core claim found", 15), ("extraction: f1", 0.8501)],
)
def test_the_smallest_fall_below_a_floor_fails_and_is_named(tmp_path: Path, line: str, floor: float) -> None:
    bench = Bench(tmp_path, {**LINES, line: floor})
    assert bench.ratchet() == 1
    assert f"1 below their floor: {line}" in bench.said


def test_more_false_flags_than_pinned_fail_and_fewer_pass(tmp_path: Path) -> None:
    assert Bench(tmp_path, {**LINES, "attribution: false flags": 0}).ratchet() == 1
    assert Bench(tmp_path, {**LINES, "attribution: false flags": 2}).ratchet() == 0


def test_worse_words_than_pinned_fail_and_plainer_ones_pass() -> None:
    words = {"words: README, words a sentence": 14.0}
    assert measured({"words": {"README, words a sentence": 13.5}}) == {
        "words: README, words a sentence": 13.5
    }
    assert [Moved(line, floor, 13.5).fails for line, floor in words.items()] == [False]
    assert [Moved(line, floor, 14.5).fails for line, floor in words.items()] == [True]


def test_a_pinned_line_that_is_no_longer_measured_fails(tmp_path: Path) -> None:
    assert Bench(tmp_path, {**LINES, "summary: f1": 50.0}).ratchet() == 1


def test_a_span_that_is_not_the_pages_own_fails_whatever_the_scores(tmp_path: Path) -> None:
    bench = Bench(tmp_path, LINES, alarms=("!! 1 spans are not the article's own words",))
    assert bench.ratchet() == 1
    assert "!! 1 spans" in bench.said


@pytest.mark.parametrize(
    "asked", [["--raise"], ["--lower", "claim: flag", "--because", "two labels were wrong"]]
)
def test_a_run_with_errors_moves_no_floor(tmp_path: Path, asked: list[str]) -> None:
    bench = Bench(
        tmp_path, {"claim: flag": 99.0, "extraction: f1": 0.5}, alarms=("!! 3 of 84 ended in an error",)
    )
    assert bench.ratchet(*asked) == 1
    assert bench.floors() == Floors({"claim: flag": 99.0, "extraction: f1": 0.5})


def test_without_being_told_no_floor_changes(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"attribution: sources": 60.0})
    before = bench.file.read_bytes()
    bench.ratchet()
    assert bench.file.read_bytes() == before


def test_raising_pins_what_is_better_and_what_is_new_and_lowers_nothing(tmp_path: Path) -> None:
    bench = Bench(
        tmp_path, {"attribution: sources": 60.0, "claim: flag": 99.0, "attribution: false flags": 3}
    )
    assert bench.ratchet("--raise") == 1
    assert bench.floors().lines == {**LINES, "claim: flag": 99.0}


def test_lowering_needs_a_reason(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {**LINES, "claim: flag": 99.0})
    assert bench.ratchet("--lower", "claim: flag") == 1
    assert "not lowered without a reason" in bench.said
    assert bench.floors().lines["claim: flag"] == 99.0


def test_lowering_a_line_that_did_not_fall_is_refused(tmp_path: Path) -> None:
    bench = Bench(tmp_path, LINES)
    assert bench.ratchet("--lower", "claim: flag", "--because", "just so") == 1
    assert "did not fall" in bench.said


def test_lowering_with_a_reason_keeps_it_in_the_file(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {**LINES, "claim: flag": 99.0})
    assert bench.ratchet("--lower", "claim: flag", "--because", "two labels were wrong") == 0
    assert bench.floors() == Floors(LINES, (Lowered("claim: flag", 99.0, 78.8, "two labels were wrong"),))


def test_lowering_one_line_forgives_no_other(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {**LINES, "claim: flag": 99.0, "extraction: f1": 0.99})
    assert bench.ratchet("--lower", "claim: flag", "--because", "two labels were wrong") == 1
    assert bench.floors().lines["extraction: f1"] == 0.99


def test_where_the_articles_are_absent_it_says_so_and_passes(tmp_path: Path) -> None:
    said: list[str] = []
    assert main([], folder=tmp_path, tell=said.append) == 0
    assert "quality was not measured" in said[0]


@given(st.dictionaries(st.text(), st.floats(0, 100)), st.text())
def test_floors_survive_their_file(lines: dict[str, float], because: str) -> None:
    floors = Floors(lines, (Lowered("a: b", 2.0, 1.0, because),))
    assert parsed(written(floors)) == floors
