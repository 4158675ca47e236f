"""Train or measure one learnt part: `python -m tests.training PART train|measure`.

A part is a module beside this one with the functions `train`, which writes what is shipped, and `measure`,
which prints figures on stories (or documents) that were held out. Without ../shared/eval there is nothing to
learn from.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

EVAL = Path(__file__).resolve().parents[3] / "shared/eval"
FOLDER = Path(__file__).parent


def list_parts() -> list[str]:
    """Return the names of the parts that can be trained."""
    return sorted(file.stem for file in FOLDER.glob("*.py") if "\ndef measure(" in file.read_text("utf-8"))


def main(argv: Sequence[str]) -> None:
    parts = list_parts()
    if len(argv) != 2 or argv[0] not in parts or argv[1] not in ("train", "measure"):
        sys.exit(f"{__doc__}\nParts: {', '.join(parts)}")
    if not EVAL.is_dir():
        sys.exit(f"Nothing to learn from: {EVAL} is not there.")
    getattr(import_module(f"tests.training.{argv[0]}"), argv[1])()


if __name__ == "__main__":
    main(sys.argv[1:])
