"""How plain the words of the code are, measured by ../shared/tools/plainwords.py."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# "docstrings opening with what/who/whether/…   26 % of 1822   [0 to 2 %]"
LINE = re.compile(r"^(?P<line>\S.*?) {2,}(?P<number>\d+(?:\.\d+)?)\b", re.MULTILINE)


def measure_words(tool: Path, root: Path = ROOT) -> dict[str, float]:
    """Return the figure of each line that the tool prints; fewer is better in all of them."""
    done = subprocess.run([sys.executable, tool, root], stdout=subprocess.PIPE, text=True, check=True)
    return parse_words(done.stdout)


def parse_words(printed: str) -> dict[str, float]:
    """Return the first number of each printed line, by what stands before it."""
    return {found["line"]: float(found["number"]) for found in LINE.finditer(printed)}
