"""Pictures of answers: `python -m tests.pictures (discord | telegram) PAGE.html PICTURE.png [HEIGHT]`.

The page is read, its answer is laid out by the real code, and what the platform would be sent is drawn as a
small page of our own in headless Chromium (Debian's package of that name), which looks enough like the
platform to judge an answer by.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.fetching.article import extract_article
from bot.model import Page
from bot.reading.report import report
from bot.replies import Reply
from bot.replying.reply import compose_reply
from tests.pictures import discord, telegram

ADDRESS: Final = "https://ledger.example/2026/11/20/old-harbour-bridge"
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip


def main(platform: str, page: Path, picture: Path, height: int = 1400) -> None:
    found = extract_article(Page(ADDRESS, page.read_bytes()))
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    answer = compose_reply(report(found), now=now, fetched=now, languages={"en"})
    if platform == "telegram":
        photographed("\n".join(telegram.shown(answer, ADDRESS)), telegram.STYLE, picture, (584, height))
    else:
        body = asyncio.run(_on_discord(answer))
        photographed(body, discord.STYLE, picture, (668, height))


async def _on_discord(answer: Reply) -> str:
    """In a loop, since discord.py makes its views inside one."""
    return "\n".join(discord.shown(answer))


def photographed(body: str, style: str, picture: Path, size: tuple[int, int]) -> None:
    """`size`: width and height in pixels. Raises SystemExit where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is not here; Debian's package chromium has it.")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        head = f"<!doctype html><meta charset=utf-8><style>{style}</style>"
        page.write_text(f"{head}<main>{body}</main>", encoding="utf-8")
        window, profile = f"--window-size={size[0]},{size[1]}", f"--user-data-dir={folder}/profile"
        shot = f"--screenshot={picture.resolve()}"
        subprocess.run(
            [chromium, *FLAGS, window, profile, shot, page.as_uri()], check=True, capture_output=True
        )


if __name__ == "__main__":
    platform, page, picture, *height = sys.argv[1:]
    main(platform, Path(page), Path(picture), *map(int, height))
