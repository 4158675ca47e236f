"""Pages to read on the clock: the saved ones, and our own of any length. Imports nothing that weighs."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import prose

PAGES = Path(__file__).resolve().parents[3] / "shared/eval/pages"
OWN_PAGE = "<html lang='en'><body><article><h1>Bridge over the Lor to close</h1>{}</article></body></html>"


def own_page(words: int, seed: int) -> str:
    paragraphs = prose.article(words, seed).split("\n\n")[1:]
    return OWN_PAGE.format("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
