"""Quality may only go up: run the measures of ../shared/eval and hold each against its floor.

usage: python -m tests.quality.ratchet [--raise | --lower LINE --because REASON]

Fails when a line is below its floor or when any span is not the page's own words or any article ends in
an error (run.py's "!!" lines). Without ../shared/eval there is nothing to measure and nothing fails.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.quality.floors import (
    WORDS,
    Floors,
    Moved,
    RefusesToLowerError,
    compared,
    lowered,
    measured,
    parsed,
    raised,
    written,
)
from tests.quality.judged import judged
from tests.quality.words import measure_words

EVAL = Path(__file__).resolve().parents[3] / "shared/eval"
FILE = Path(__file__).with_name("floors.toml")


class Run(NamedTuple):
    """What run.py measured, and its lines about spans and errors."""

    results: dict[str, dict[str, Any]]
    alarms: list[str]


def main(
    argv: Sequence[str],
    *,
    folder: Path = EVAL,
    file: Path = FILE,
    run: Callable[[Path], Run] | None = None,
    tell: Callable[[str], object] = sys.stdout.write,
) -> int:
    """The exit code: 0 when nothing is below its floor."""
    asked = _asked(argv)
    if not (folder / "run.py").is_file():
        tell(f"The annotated articles are not here ({folder}), so quality was not measured.\n")
        return 0
    found = (run or _run)(folder)
    floors = parsed(file.read_text("utf-8")) if file.is_file() else Floors()
    now = measured(found.results)
    if asked.lower and not found.alarms:
        try:
            floors = lowered(floors, now, asked.lower, asked.because or "")
        except RefusesToLowerError as refusal:
            tell(f"{refusal}\n")
            return 1
    moves = compared(floors, now)
    tell(table(moves))
    for alarm in found.alarms:
        tell(f"{alarm}\n")
    if (asked.up or asked.lower) and not found.alarms:
        file.write_text(written(raised(floors, now) if asked.up else floors), "utf-8")
    failing = [move.line for move in moves if move.fails]
    tell(verdict(failing, found.alarms))
    return int(bool(failing or found.alarms))


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.quality.ratchet", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--raise", dest="up", action="store_true", help="pin what became better")
    parser.add_argument("--lower", metavar="LINE", help="let one floor down to what is measured now")
    parser.add_argument("--because", metavar="REASON", help="why, kept in floors.toml")
    return parser.parse_args(argv)


def table(moves: Sequence[Moved]) -> str:
    """The lines that moved or have no floor; what stands still is counted."""
    moved = [m for m in moves if m.gain != 0]
    rows = [f"{'line':44} {'floor':>8} {'now':>8} {'better':>8}"] if moved else []
    rows += [
        f"{m.line:44} {_number(m.floor)} {_number(m.now)} {_number(m.gain, sign='+')}{'  BELOW' * m.fails}"
        for m in moved
    ]
    still = len(moves) - len(moved)
    return "\n".join([*rows, f"{still} of {len(moves)} lines stand at their floor."]) + "\n"


def _number(value: float | None, sign: str = "") -> str:
    return f"{'—':>8}" if value is None else f"{value:{sign}8g}"


def verdict(failing: Sequence[str], alarms: Sequence[str]) -> str:
    if failing:
        return f"{len(failing)} below their floor: {'; '.join(failing)}\n"
    return (
        "A run with such spans or errors fails, and moves no floor.\n"
        if alarms
        else "No line is below its floor.\n"
    )


def _run(folder: Path) -> Run:
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "results.json"
        reader = [sys.executable, "-m", "tests.quality.speakers"]
        command = [sys.executable, str(folder / "run.py"), "--json", str(out), "--", *reader]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.exit(f"{done.stdout}\nThe measures ended with {done.returncode}.")
        results = json.loads(out.read_text("utf-8")) | judged(folder)
    tool = folder.parent / "tools/plainwords.py"
    if tool.is_file():
        results[WORDS] = measure_words(tool)
    return Run(results, [line.strip() for line in done.stdout.splitlines() if "!!" in line])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
