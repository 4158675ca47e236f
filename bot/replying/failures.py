"""Replies without a report: a sentence for each failure of a check, and single phrases."""

from __future__ import annotations

from bot.errors import CannotCheck, CannotFetch, CannotRead, NotAnArticle, TooShort
from bot.replies import Action, Button, Reply, Said, Text
from bot.replying.phrasebook import Phrases, get_phrases


def explain_failure(error: CannotCheck, phrases: Phrases | None = None) -> str:
    """Return the one sentence for an error."""
    said = phrases or get_phrases()
    key = f"failures.{error.kind}"
    if isinstance(error, TooShort):
        return said.count(key, error.args[0])
    if isinstance(error, NotAnArticle):
        return said.say(key, what=said.say(f"failures.what.{error.args[0]}"))
    return said.say(key, **error.facts)


def failure(error: CannotCheck, phrases: Phrases | None = None) -> Reply:
    """Reply with the sentence, and with the offer to check pasted text where no page could be had."""
    said = phrases or get_phrases()
    offer = (Button(Action.PASTE, said.say("buttons.paste")),)
    can_paste = isinstance(error, CannotFetch | CannotRead)
    remove = Button(Action.REMOVE, said.say("buttons.remove"))
    return Reply(
        (Text((Said(explain_failure(error, said)),)),), buttons=(*(offer if can_paste else ()), remove)
    )


def remark(key: str, /, **facts: object) -> Reply:
    """Reply with a phrase alone."""
    return Reply((Text((Said(get_phrases().say(key, **facts)),)),))
