"""The addresses in a message, as Telegram's servers marked them: in text, in a caption, behind words."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    return "\n".join(
        _address_of(entity, words, marked) for entity, words in in_order if _is_read(entity, marked)
    )


def _address_of(entity: MessageEntity, words: str, marked: tuple[MessageEntity, ...]) -> str:
    url = entity.url or words
    # People type "example.org/news" and Telegram marks it; a browser would try the safe scheme first, too.
    url = url if _SCHEME.match(url) else "https://" + url
    spoilered = any(outer.type == MessageEntity.SPOILER for outer in _overlapping(entity, marked))
    return f"||{url}||" if spoilered else url


def _is_read(entity: MessageEntity, marked: tuple[MessageEntity, ...]) -> bool:
    return not any(outer.type in _NOT_READ for outer in _overlapping(entity, marked))


def _overlapping(entity: MessageEntity, marked: tuple[MessageEntity, ...]) -> Iterator[MessageEntity]:
    for other in marked:
        if other.offset < entity.offset + entity.length and entity.offset < other.offset + other.length:
            yield other
