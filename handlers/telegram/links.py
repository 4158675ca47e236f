"""The addresses in a message, as Telegram's servers marked them: in text, in a caption, behind words."""

from __future__ import annotations

import re
from typing import Final

from telegram import Message, MessageEntity

_ADDRESSES: Final[list[str | None]] = [MessageEntity.URL, MessageEntity.TEXT_LINK]
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NOT_READ: Final = {
    MessageEntity.CODE,
    MessageEntity.PRE,
    MessageEntity.BLOCKQUOTE,
    MessageEntity.EXPANDABLE_BLOCKQUOTE,
}


def find_addresses(message: Message) -> str:
    """One a line, spoilered ones between bars; not those in code and in quotes. "" for none."""
    marked = (*message.entities, *message.caption_entities)
    found = message.parse_entities(_ADDRESSES) | message.parse_caption_entities(_ADDRESSES)
    in_order = sorted(found.items(), key=lambda item: item[0].offset)
    lines = []
    for entity, words in in_order:
        end = entity.offset + entity.length
        around = {one.type for one in marked if one.offset < end and entity.offset < one.offset + one.length}
        if around & _NOT_READ:
            continue
        url = entity.url or words
        # People type "example.org/news" and Telegram marks it; a browser would try the safe scheme, too.
        url = url if _SCHEME.match(url) else "https://" + url
        lines.append(f"||{url}||" if MessageEntity.SPOILER in around else url)
    return "\n".join(lines)
