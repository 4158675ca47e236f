"""Compare the reports of this tree with those of another: does a change leave the reading as it was?

usage: python -m tests.quality.compare_reports OTHER_TREE

Both trees read the articles of ../shared/eval that are named in SETS, with the libraries of this one. Reports
are compared as JSON values, explanations included, the order of keys aside.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

EVAL = Path(__file__).resolve().parents[3] / "shared/eval"
ROOT = Path(__file__).resolve().parents[2]
HEARSAY = Path(sys.executable).with_name("hearsay")
Row = dict[str, Any]


def main(other: Path, tell: Callable[[str], object] = sys.stdout.write) -> int:
    """Return the exit code: 0 when no report differs."""
    differing = 0
    for name, rows in SETS.items():
        inputs = list(rows(EVAL))
        now, before = read(ROOT, inputs), read(other, inputs)
        changed = [i for i, report in before.items() if report != now[i]]
        differing += len(changed)
        tell(f"{name}: {len(changed)} of {len(before)} reports differ {' '.join(changed[:5])}\n")
    return int(differing > 0)


def read(tree: Path, inputs: list[Row]) -> dict[str, Any]:
    """Return the report of each input by its id, made by the code of one tree."""
    lines = "".join(json.dumps(row) + "\n" for row in inputs)
    done = subprocess.run(
        [HEARSAY, "batch"],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        check=True,
    )
    return {report["id"]: report for report in map(json.loads, done.stdout.decode().splitlines())}


def _lines(path: Path) -> Iterator[Row]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    yield from map(json.loads, filter(None, text.split("\n")))


def _pages(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*.html*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        page = content.decode("utf-8", "replace")
        yield {"id": path.name, "html": page, "url": f"https://{path.stem.removesuffix('.html')}.example/x"}


def _certainty(folder: Path) -> Iterator[Row]:
    for name in ("core_claim_dev.jsonl", "hedges_news_dev.jsonl", "fnc_article_dev.jsonl.gz"):
        for row in _lines(folder / "certainty" / name):
            yield {"id": f"{name}:{row['id']}", "text": row.get("body") or row["text"]}


SETS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "attribution dev": lambda folder: (
        {"id": row["id"], "text": row["text"]} for row in _lines(folder / "attribution/polnear_dev.jsonl.gz")
    ),
    "certainty dev": _certainty,
    "extraction": lambda folder: _pages(folder / "extraction/html"),
    "pages": lambda folder: _pages(folder / "pages"),
}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
