"""Prompts: questions of the bot's that somebody answers with a message of his own, in private.

    t.me/<bot>?start=wrong_<answer>   which line of an answer is wrong
    t.me/<bot>?start=paste_<answer>   the text of a page that could not be read

The bot's question links to the address that asks it again. A reply to the question is understood by that
address, also after a restart; the next message counts, too, as long as this process remembers, unless it is a
link alone or a command: somebody went on to something else.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, NamedTuple

from cachetools import FIFOCache
from telegram import Bot, ForceReply, Message

from bot.answer_cache import Answer
from bot.conversation import Conversation
from bot.places import Person
from bot.replies import Action, Reply, Stated, Text
from bot.replying.failures import remark
from bot.replying.phrasebook import get_phrases
from handlers.telegram.incoming import PLATFORM, is_private, person_of, room_of
from handlers.telegram.links import find_addresses
from handlers.telegram.sending import post

PROMPT_SECONDS: Final = 900.0  # seconds, as a window on Discord
PARTS_WITHIN: Final = 1.5  # seconds; Telegram's clients cut a long text into several messages
LONGEST_NOTE: Final = 500
SHORT: Final = 300  # characters; no article is so short
MOST_PARTS: Final = 25
REMEMBERED: Final = 1000
_START: Final = re.compile(r"(wrong|paste)_([a-z0-9]{1,32})")


class PromptTopic(NamedTuple):
    """The subject of a question, and the answer that it is about."""

    action: Action
    answer: str


def start_link(username: str, asks: str = "") -> str:
    """Return an address that opens the bot's private chat and asks there: "wrong_" and the answer."""
    return f"https://t.me/{username}?start={asks}"


def parse_start(start: str) -> PromptTopic | None:
    found = _START.fullmatch(start)
    return None if found is None else PromptTopic(Action(found[1]), found[2])


@dataclass(slots=True)
class _PendingPrompt:
    wants: PromptTopic
    until: float
    parts: list[str] = field(default_factory=list)
    last: float = 0.0


class Prompts:
    """The questions that wait for an answer."""

    def __init__(self, bot: Bot, conversation: Conversation, *, parts_within: float = PARTS_WITHIN) -> None:
        self._bot = bot
        self._conversation = conversation
        self._parts_within = parts_within
        self._pending: FIFOCache[Person, _PendingPrompt] = FIFOCache(REMEMBERED)

    async def ask(self, chat: int, action: str, answer: str) -> None:
        """Ask in the private chat of somebody."""
        there = Stated(
            get_phrases().say("telegram.this_answer"), start_link(self._bot.username, f"{action}_{answer}")
        )
        question = Reply((Text(get_phrases().line(f"telegram.ask.{action}", answer=there)),))
        await post(self._bot, chat, None, question, ForceReply())
        self._wait(Person(PLATFORM, str(chat)), PromptTopic(Action(action), answer))

    def expects(self, message: Message) -> PromptTopic | None:
        """Return the question that a private message answers. More of it may come at once, without being a
        reply."""
        topic, awaited = self._find_replied(message), self._find_pending(message)
        if topic is not None and topic != awaited:
            self._wait(person_of(message), topic)
        return topic or awaited

    async def take(self, message: Message, topic: PromptTopic) -> Answer | Reply | None:
        """Return what there is to say about a message that answers; None where more of it is coming."""
        who, text = person_of(message), message.text or message.caption or ""
        if topic.action is Action.WRONG:
            self._pending.pop(who, None)
            said = await self._conversation.object(topic.answer, who, text[:LONGEST_NOTE])
            return said or remark("places.forgotten")
        whole = await self._gather(who, topic, text)
        if whole is None:
            return None
        return await self._conversation.answer_pasted(topic.answer, room_of(message), who, whole)

    def give_up(self, message: Message) -> None:
        """Forget the question to somebody who went on to something else in private; what he has sent before
        is read."""
        waiting = self._pending.get(person_of(message))
        if is_private(message) and waiting is not None and not waiting.parts:
            del self._pending[person_of(message)]

    def _wait(self, who: Person, topic: PromptTopic) -> None:
        self._pending[who] = _PendingPrompt(topic, monotonic() + PROMPT_SECONDS)

    def _find_replied(self, message: Message) -> PromptTopic | None:
        """A question has no buttons; what has some is an answer, which links to whatever its page does."""
        before = message.reply_to_message
        if before is None or before.from_user is None or before.from_user.id != self._bot.id:
            return None
        if before.reply_markup is not None:
            return None
        start = start_link(self._bot.username)
        addresses = (entity.url or "" for entity in before.entities)
        found = (parse_start(url.removeprefix(start)) for url in addresses if url.startswith(start))
        return next((one for one in found if one is not None), None)

    def _find_pending(self, message: Message) -> PromptTopic | None:
        waiting = self._pending.get(person_of(message))
        if waiting is None or monotonic() >= waiting.until:
            return None
        text = message.text or message.caption or ""
        pasted = waiting.wants.action is Action.PASTE and len(text) > SHORT
        # A link that stands in no text that was asked for, or a picture: somebody went on to something else.
        gone_on = not text or (bool(find_addresses(message)) and not pasted)
        return None if gone_on and not waiting.parts else waiting.wants

    async def _gather(self, who: Person, topic: PromptTopic, text: str) -> str | None:
        """The whole text with its last part; None with each part before."""
        waiting = self._pending.setdefault(who, _PendingPrompt(topic, monotonic() + PROMPT_SECONDS))
        waiting.parts = [*waiting.parts, text][:MOST_PARTS]
        waiting.last = mine = monotonic()
        await asyncio.sleep(self._parts_within)
        if waiting.last != mine or self._pending.get(who) is not waiting:
            return None
        del self._pending[who]
        return "\n".join(waiting.parts)
