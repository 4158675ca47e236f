"""How Telegram shows an answer: the HTML and the keyboard that it would be sent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from telegram import InlineKeyboardMarkup

from bot.replies import Reply
from handlers.telegram.buttons import answer_keyboard
from handlers.telegram.render import render

FONT: Final = '"Roboto", "Noto Sans", "DejaVu Sans", Arial, sans-serif'
STYLE: Final = f"""
body {{ margin: 0; background: #0e1621; color: #f5f5f5; font: 15px/1.38 {FONT}; }}
main {{ padding: 18px 20px; width: 560px; }}
.bubble {{ background: #182533; border-radius: 12px; padding: 8px 12px 10px; margin-top: 6px; width: 520px; }}
.mine {{ background: #2b5278; margin-left: auto; width: max-content; }}
.words {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
.name, .reply b {{ color: #6ab3f3; font-weight: 600; }}
.reply {{ border-left: 3px solid #6ab3f3; border-radius: 4px; background: #203347; padding: 3px 8px; }}
.reply {{ margin: 4px 0 8px; font-size: 13.5px; }}
.note {{ color: #7f91a4; font-size: 12px; margin: 14px 0 0; }}
a {{ color: #6ab3f3; text-decoration: none; }}
blockquote {{ margin: 2px 0; padding: 3px 10px; border-left: 3px solid #6ab3f3; border-radius: 4px; }}
blockquote {{ background: #203347; font-size: 14px; }}
.folded blockquote[expandable] {{ max-height: 60px; overflow: hidden; position: relative; }}
.folded blockquote[expandable]::after {{ content: "⌄"; position: absolute; right: 8px; bottom: 0; }}
.folded blockquote[expandable]::after {{ color: #6ab3f3; font-size: 18px; }}
.keys {{ display: flex; gap: 4px; width: 544px; margin-top: 4px; }}
.keys span {{ flex: 1; background: #1e2c3a; border-radius: 8px; padding: 8px; text-align: center; }}
.keys span {{ font-weight: 500; font-size: 14px; }}
"""


def shown(answer: Reply, link: str) -> Iterator[str]:
    """The answer under the link that was pasted, its details folded, then the same unfolded."""
    yield f'<div class="bubble mine words"><a>{html.escape(link)}</a></div>'
    yield _bubble(answer, link, folded=True)
    yield _keys(answer_keyboard(answer, "a1", ["1"]))
    yield '<p class="note">The details, when they are tapped</p>'
    for details in re.findall(r"<blockquote expandable>.*?</blockquote>", render(answer), re.DOTALL):
        yield f'<div class="bubble words">{details}</div>'


def _bubble(answer: Reply, link: str, *, folded: bool) -> str:
    name = '<div class="name">Hearsay</div>'
    reply = f'<div class="reply"><b>Ada</b><br>{html.escape(link)}</div>'
    # The break after a block quotation belongs to it.
    words = render(answer).replace("</blockquote>\n", "</blockquote>").replace("\n<blockquote", "<blockquote")
    inside = f'{name}{reply}<div class="words">{words}</div>'
    return f'<div class="bubble {"folded" if folded else ""}">{inside}</div>'


def _keys(markup: InlineKeyboardMarkup | None) -> str:
    rows = markup.inline_keyboard if markup else ()
    return "".join(
        f'<div class="keys">{"".join(f"<span>{html.escape(key.text)}</span>" for key in row)}</div>'
        for row in rows
    )
