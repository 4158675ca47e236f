"""Replies about checked links, composed so that a bug never leaves somebody without an answer."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.errors import CannotCheck
from bot.hosts import get_host
from bot.messages import CheckRequest
from bot.ports import Clock, StoredReport
from bot.replies import Reply, Style
from bot.replying.failures import failure
from bot.replying.reply import add_more_line, compose_reply, compose_reply_to_several, make_private
from bot.rooms import CardSection

_log = logging.getLogger(__name__)


class ReplyComposer:
    """Composes replies. `languages`: those whose articles can be read."""

    def __init__(self, clock: Clock, languages: Collection[str]) -> None:
        self._clock = clock
        self._languages = languages

    def compose(
        self,
        request: CheckRequest,
        style: Style,
        outcomes: Sequence[StoredReport | CannotCheck],
        sections: Collection[CardSection],
    ) -> Reply:
        """Return the reply to a request from the outcome of each of its links."""
        try:
            now, languages = self._clock(), self._languages
            if len(outcomes) > 1:
                several = [(link.url, one) for link, one in zip(request.links, outcomes, strict=True)]
                found = compose_reply_to_several(several, now=now, languages=languages, more=request.more)
            elif isinstance(one := outcomes[0], CannotCheck):
                found = add_more_line(failure(one), request.more)
            else:
                answer = compose_reply(
                    one.report,
                    now=now,
                    languages=languages,
                    style=style,
                    fetched=one.fetched,
                    sections=sections,
                )
                found = add_more_line(answer, request.more)
        except Exception:  # noqa: BLE001  # a bug must not leave somebody without an answer
            _log.exception("no reply could be composed about %s", list_hosts(request))
            found = failure(CannotCheck())
        found = replace(found, spoiler=any(link.spoiler for link in request.links))
        return make_private(found) if request.aside else found

    def compose_pasted(self, kept: StoredReport, style: Style) -> Reply:
        """Return the reply about a text that somebody pasted."""
        return compose_reply(kept.report, now=kept.fetched, languages=self._languages, style=style)


def list_hosts(request: CheckRequest) -> str:
    """Return the hosts of a request's links, for the log."""
    return ", ".join(get_host(link) for link in request.links)
