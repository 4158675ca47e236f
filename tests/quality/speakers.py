"""`hearsay batch` without the sources that only passed the words on: the command that run.py measures.

PolNeAR, which run.py scores against, does not annotate who was told or who published (`how: relays`), so such
sources would all count as wrong. Everything else stays as it is: standard input to standard output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEARSAY = Path(sys.executable).with_name("hearsay")


def drop_relays(line: bytes) -> bytes:
    """Return a report's line without its relays."""
    report = json.loads(line)
    report["sources"] = [source for source in report["sources"] if source["how"] != "relays"]
    return json.dumps(report).encode() + b"\n"


def main() -> int:
    """Return the exit code of `hearsay batch`."""
    with subprocess.Popen([HEARSAY, "batch"], stdout=subprocess.PIPE) as batch:
        assert batch.stdout is not None
        for line in batch.stdout:
            sys.stdout.buffer.write(drop_relays(line))
    return batch.returncode


if __name__ == "__main__":
    sys.exit(main())
