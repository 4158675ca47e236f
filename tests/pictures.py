"""Pictures of answers as Discord shows them: `python -m tests.pictures PAGE.html PICTURE.png`.

The page is read, its answer is laid out by the real code, and the components that Discord would be sent are
drawn as a small page of our own in headless Chromium (Debian's package of that name), which looks enough like
Discord to judge an answer by.
"""

from __future__ import annotations

import asyncio
import html
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.fetching.article import article
from bot.model import Page
from bot.reading.report import report
from bot.replies import Reply
from bot.replying.reply import reply
from handlers.discord.buttons import buttons
from handlers.discord.render import layout

ADDRESS: Final = "https://ledger.example/2026/11/20/old-harbour-bridge"
FONT: Final = '"gg sans", "Noto Sans", "DejaVu Sans", Arial, sans-serif'
STYLE: Final = f"""
body {{ margin: 0; background: #313338; color: #dbdee1; font: 15px/1.4 {FONT}; }}
main {{ padding: 20px 24px; width: 620px; }}
.box {{ background: #2b2d31; border: 1px solid #3f4147; border-radius: 8px; padding: 12px 16px; }}
h3 {{ margin: 4px 0; font-size: 18px; color: #f2f3f5; }}
p {{ margin: 8px 0 2px; }}
small, .note {{ color: #949ba4; font-size: 12px; }}
.note {{ margin: 14px 0 2px; }}
blockquote {{ margin: 2px 0; padding: 0 0 0 12px; border-left: 4px solid #4e5058; border-radius: 2px; }}
button {{ background: #4e5058; color: #fff; border: 0; border-radius: 8px; padding: 7px 14px; }}
button {{ margin: 4px 6px 4px 0; font: 500 14px {FONT}; }}
a {{ color: #00a8fc; text-decoration: none; }}
"""
OPENINGS: Final = {
    "### ": "<h3>{}</h3>",
    "> ": "<blockquote>{}</blockquote>",
    "-# ": "<small>{}</small><br>",
}
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip


def main(page: Path, picture: Path, height: int) -> None:
    found = article(Page(ADDRESS, page.read_bytes()))
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    answer = reply(report(found), now=now, fetched=now)
    parts = [drawn(answer, with_buttons=True)]
    for panel in answer.panels:
        parts.append('<p class="note">Only you can see this</p>')
        parts.append(drawn(Reply(panel.blocks), with_buttons=False))
    photographed("\n".join(parts), picture, height)


def drawn(answer: Reply, *, with_buttons: bool) -> str:
    view = layout(answer, buttons(answer, "a1", ["1"]) if with_buttons else ())
    components = view.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it without annotations
    return "".join(_component(component) for component in components)


def _component(component: dict[str, Any]) -> str:
    match component["type"]:
        case 17:
            return f'<div class="box">{_several(component["components"])}</div>'
        case 10:
            return "".join(_line(line) for line in component["content"].split("\n") if line)
        case 1:
            return f"<div>{_several(component['components'])}</div>"
        case 2:
            return f"<button>{html.escape(component['label'])}</button>"
        case other:
            raise ValueError(f"a component of type {other}")


def _several(components: list[dict[str, Any]]) -> str:
    return "".join(_component(component) for component in components)


def _line(line: str) -> str:
    for opening, shape in OPENINGS.items():
        if line.startswith(opening):
            return shape.format(_inline(line.removeprefix(opening)))
    return f"<p>{_inline(line)}</p>"


def _inline(text: str) -> str:
    """Discord's Markdown as far as answers use it; what is escaped stays what it is."""
    kept = re.sub(r"\\(.)", lambda found: f"\0{ord(found[1])};", text)
    shown = html.escape(kept, quote=False)
    shown = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", shown)
    shown = re.sub(r"\[([^\]]+)\]\((https?://[^)]+)\)", r'<a href="\2">\1</a>', shown)
    return re.sub("\0(\\d+);", lambda found: html.escape(chr(int(found[1]))), shown)


def photographed(body: str, picture: Path, height: int) -> None:
    """Raises SystemExit where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is not here; Debian's package chromium has it.")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        head = f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>"
        page.write_text(f"{head}<main>{body}</main>", encoding="utf-8")
        size, profile = f"--window-size=668,{height}", f"--user-data-dir={folder}/profile"
        shot = f"--screenshot={picture.resolve()}"
        subprocess.run(
            [chromium, *FLAGS, size, profile, shot, page.as_uri()], check=True, capture_output=True
        )


async def _in_a_loop() -> None:
    """discord.py makes its views inside one."""
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else 1400)


if __name__ == "__main__":
    asyncio.run(_in_a_loop())
