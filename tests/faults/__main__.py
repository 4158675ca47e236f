"""What real processes make of bad days: `python -m tests.faults [ROUNDS] [NAME]…`, or `make faults`.

Prints a table in Markdown, and ends with 1 where a check was lost, or doubled without need, or a round
failed. What each process logged stays in a folder, whose name is printed, where that is so.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.faults.counts import Counts, table
from tests.faults.faults import FAULTS, run

ROUNDS: Final = 3


def main(given: list[str]) -> int:
    rounds = int(given.pop(0)) if given and given[0].isdecimal() else ROUNDS
    if unknown := set(given) - FAULTS.keys():
        sys.stderr.write(f"No such fault: {', '.join(sorted(unknown))}. There are: {', '.join(FAULTS)}.\n")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="hearsay-faults-"))
    # The fakes' server tells of every connection that a killed bot leaves behind.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    found = asyncio.run(run(given or FAULTS, rounds, folder))
    sys.stdout.write(table(found))
    outcomes = [one for several in found.values() for one in several]
    if all(one.kept if isinstance(one, Counts) else isinstance(one, str) for one in outcomes):
        shutil.rmtree(folder)
        return 0
    sys.stderr.write(f"The logs are in {folder}.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
