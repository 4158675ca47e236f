"""How Discord shows an answer: the components that it would be sent, as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final

from bot.replies import Reply
from handlers.discord.buttons import answer_buttons
from handlers.discord.render import render

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


def shown(answer: Reply) -> Iterator[str]:
    """The answer, then each panel that a button opens."""
    yield drawn(answer, with_buttons=True)
    for panel in answer.panels:
        yield '<p class="note">Only you can see this</p>'
        yield drawn(Reply(panel.blocks), with_buttons=False)


def drawn(answer: Reply, *, with_buttons: bool) -> str:
    view = render(answer, answer_buttons(answer, "a1", ["1"]) if with_buttons else ())
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
