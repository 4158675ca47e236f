"""The resident memory of one reader in MiB, warm and at most after its pages: printed as JSON."""

from __future__ import annotations

import gzip
import json
import resource
import sys
from contextlib import suppress

from bot.errors import CannotRead
from bot.model import Page
from bot.readers import read_page
from tests.benchmarks.pages import PAGES, own_page

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in a unit of ru_maxrss


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT / 2**20


def main() -> None:
    pages = [own_page(700, seed).encode() for seed in range(60)]
    if PAGES.is_dir():
        pages[30:] = [gzip.decompress(path.read_bytes()) for path in sorted(PAGES.glob("*.gz"))]
    read_page(Page("https://page.example/warm", pages[0]))
    warm = peak()
    for page in pages:
        with suppress(CannotRead):
            read_page(Page("https://page.example/", page))
    sys.stdout.write(json.dumps([warm, peak()]))


if __name__ == "__main__":
    main()
