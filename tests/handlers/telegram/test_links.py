"""The addresses in a message."""

from __future__ import annotations

from telegram import Chat, Message, MessageEntity

from bot.fetching.links import find_links
from handlers.telegram.links import find_addresses


def test_the_outer_of_two_addresses_is_read() -> None:
    text = "news.example/go?u=http://other.example/x"
    marks = [MessageEntity("url", 0, len(text))]
    message = Message(1, None, Chat(1, "private"), text=text, entities=marks)  # type: ignore[arg-type]
    assert [link.url for link in find_links(find_addresses(message))] == [f"https://{text}"]
