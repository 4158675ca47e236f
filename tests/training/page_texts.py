"""Restore the texts of the judged pages: `python -m tests.training.page_texts MIRRORS`.

MIRRORS is a folder with a git directory of each repository, `owner+name/repo`, as a stored copy comes. Each
text is made anew from the file that a judgement names, and kept where it is the one that was judged. What
cannot be had again is counted.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any, Final

from bot.errors import CannotRead
from bot.fetching.article import extract_article
from bot.model import Page
from tests.training.bank import PAGE_TEXTS, PAGES

JUDGED: Final = (PAGES, PAGES.with_name("held_out.jsonl"))
BLOCKS: Final = re.compile(r"</?(p|div|br|h\d|li|ul|ol|blockquote|figure|figcaption|section|aside)\b[^>]*>")
MARKS: Final = (  # of Markdown and of a site, which are not words
    (r"(?s)<(script|style).*?</\1>", ""),
    (r"!\[[^\]]*\]\([^)]*\)", ""),
    (r"\[([^\]]*)\]\([^)]*\)", r"\1"),
)
ENDS: Final = ("", ".!?", '.!?"”', ".!?\"”'’", ".!?\"”'’)", ".!?\"”’')")  # of a line that was kept; "": any
LEAST: Final = (0, 20, 25, 30, 40, 50, 60, 80, 100, 120)  # characters of a line that was kept


def read_file(mirrors: Path, source: dict[str, Any]) -> bytes | None:
    """Return a file as a repository's stored copy holds it; None where there is none."""
    folder = mirrors / source["repo"].replace("/", "+") / "repo"
    directory = folder / ".git" if (folder / ".git").is_dir() else folder
    for commit in (source["commit"], "HEAD"):
        command = ["git", "--git-dir", str(directory), "show", f"{commit}:{source['path']}"]
        shown = subprocess.run(command, capture_output=True, check=False)
        if shown.returncode == 0:
            return gzip.decompress(shown.stdout) if source["path"].endswith(".gz") else shown.stdout
    return None


def spell_row(content: bytes, number: int) -> str:
    """Return a row of a table as a text: its title, then the lines of its words."""
    table = csv.DictReader(io.StringIO(content.decode("utf-8", "replace")), skipinitialspace=True)
    row = next(row for i, row in enumerate(table) if i == number)
    lines = [" ".join(line.split()) for line in (row.get("content") or row.get("text") or "").split("\n")]
    return "\n\n".join((" ".join(row["title"].split()), *filter(None, lines)))


def spell_paragraphs(content: bytes) -> str:
    """Return a record of sentences by paragraphs as a text, each paragraph once."""
    record = json.loads(content)
    paragraphs = [" ".join(" ".join(sentences).split()) for sentences in record["body-paragraphs"]]
    title = " ".join((record.get("title") or "").split())
    return "\n\n".join(dict.fromkeys("\n\n".join((title, *paragraphs)).strip().split("\n\n")))


def spell_texts(content: bytes, source: dict[str, Any]) -> Iterator[str]:
    """Yield the texts that a file may have been read as when it was judged."""
    path = source["path"]
    if "row" in source:
        yield spell_row(content, source["row"])
        return
    if re.search(r"\.html?(\.gz)?$", path):
        with suppress(CannotRead):
            yield extract_article(Page("", content)).text
        return
    if '"body-paragraphs"' in content[:4096].decode("utf-8", "replace"):
        yield spell_paragraphs(content)
        return
    for title, body in split_post(content.decode("utf-8", "replace"), path):
        lines = [" ".join(line.split()) for line in body.split("\n")]
        for ends, least, both in product(ENDS, LEAST, (False, True)):
            kept = [line for line in lines if line and is_kept(line, ends, least, both=both)]
            for above in dict.fromkeys((title, re.split(r" – | - ", title)[0])):
                yield "\n\n".join((above, *kept))
            yield "\n\n".join(kept)


def is_kept(line: str, ends: str, least: int, *, both: bool) -> bool:
    ended, long = not ends or line[-1] in ends, len(line) >= least
    return (ended and long) if both else (ended or (bool(least) and long))


def split_post(text: str, path: str) -> Iterator[tuple[str, str]]:
    """Yield the headline and the body of a post, a record or a plain text, as they may be meant."""
    header = re.match(r"---\s*\n(.*?)\n---\s*\n(.*)", text, re.DOTALL)
    if path.endswith(".json"):
        record = json.loads(text)
        if "text" in record:
            yield record.get("title", ""), record["text"]
    elif header:
        titled = re.search(r"^(?:post_)?title:\s*(.*)$", header[1], re.MULTILINE)
        title = html.unescape(titled[1].strip().strip("'\"").replace("''", "'")) if titled else ""
        for blocks in ("\n", ""):
            yield " ".join(title.split()), strip_marks(header[2], blocks)
    elif text.startswith("Title:"):
        yield text.split("\n", 1)[0].removeprefix("Title: "), text.split("\n\n", 1)[1]
    else:
        lines = text.split("\n")
        for above, first in ((0, 1), (1, 3)):
            yield " ".join("".join(lines[above : above + 1]).split()), "\n".join(lines[first:])


def strip_marks(body: str, blocks: str) -> str:
    for pattern, instead in MARKS:
        body = re.sub(pattern, instead, body)
    body = html.unescape(re.sub(r"<[^>]+>", "", BLOCKS.sub(blocks, body)))
    return re.sub(r"^\s*\*\s+", "", re.sub(r"\[/?ad_\d\]", "", body), flags=re.MULTILINE)


def find_text(mirrors: Path, row: dict[str, Any]) -> str | None:
    """Return the text that was judged; None where it cannot be had again."""
    content = read_file(mirrors, row["source"])
    texts = () if content is None else spell_texts(content, row["source"])
    return next((text for text in texts if sha256(text.encode()).hexdigest() == row["sha256"]), None)


def main(argv: list[str]) -> None:
    if len(argv) != 1:
        sys.exit(__doc__)
    rows = [json.loads(line) for file in JUDGED for line in file.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row.get("source")]
    found = {row["id"]: find_text(Path(argv[0]), row) for row in rows}
    texts = {id_: text for id_, text in found.items() if text is not None}
    PAGE_TEXTS.parent.mkdir(exist_ok=True)
    lines = (json.dumps({"id": id_, "text": text}) + "\n" for id_, text in texts.items())
    PAGE_TEXTS.write_text("".join(lines), "utf-8")
    sys.stdout.write(f"{len(texts)} of {len(rows)} texts\n")


if __name__ == "__main__":
    main(sys.argv[1:])
