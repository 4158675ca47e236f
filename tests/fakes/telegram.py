"""A strict Bot API on loopback: a private chat, a group, a forum; known methods and parameters only.

The real python-telegram-bot runs against it, with nothing replaced but its base address. Whatever the
documentation does not allow is refused as Telegram refuses it and noted in `faults`.
"""

from __future__ import annotations

import itertools
import json
import re
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from tests.fakes import telegram_limits as limits
from tests.fakes.loopback import Loopback
from tests.fakes.telegram_limits import units
from tests.fakes.waiting import Watch

Json = dict[str, Any]

PRIVATE, GROUP, FORUM, LOCKED, MUTED, MOVED = 501, -601, -602, -603, -604, -605
PERSON, STRANGER, BOT, ROBOT, ANONYMOUS_ADMIN = 501, 502, 900, 901, 1_087_968_824
ADMINISTRATOR = 503
TOPIC = 77
_NOW = 1_790_000_000

_PARAMETERS: Final = {
    "getMe": set[str](),
    "deleteWebhook": {"drop_pending_updates"},
    "getUpdates": {"offset", "limit", "timeout", "allowed_updates"},
    "sendMessage": {
        "chat_id", "text", "parse_mode", "message_thread_id", "disable_notification",
        "link_preview_options", "reply_parameters", "reply_markup",
    },
    "sendChatAction": {"chat_id", "action", "message_thread_id"},
    "editMessageText": {
        "chat_id", "message_id", "text", "parse_mode", "link_preview_options", "reply_markup",
    },
    "deleteMessage": {"chat_id", "message_id"},
    "getChatMember": {"chat_id", "user_id"},
    "answerCallbackQuery": {"callback_query_id", "text", "show_alert"},
}  # fmt: skip


_RIGHTS: Final = (
    "can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip


class Refused(Exception):  # noqa: N818  # named for what Telegram did
    def __init__(self, code: int, why: str, **parameters: int) -> None:
        super().__init__(why)
        self.code, self.why, self.parameters = code, why, parameters


@dataclass
class Sent:
    """A message that the bot sent; `body` holds the parameters that the client library posted."""

    id: int
    chat: int
    body: Json
    replies_to: Json | None
    text: str
    entities: list[Json]
    edits: int = 0

    @property
    def keyboard(self) -> list[list[Json]]:
        keyboard: list[list[Json]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return keyboard

    @property
    def buttons(self) -> dict[str, str]:
        """Label → callback data or address."""
        return {b["text"]: b.get("callback_data") or b["url"] for row in self.keyboard for b in row}


@dataclass
class Query:
    """A pressed button, and what the bot told the one who pressed it."""

    id: str
    answered: bool = False
    told: str | None = None
    alert: bool = False


def _person(ident: int) -> Json:
    names = {PERSON: "Ada", STRANGER: "Bob", BOT: "Hearsay", ANONYMOUS_ADMIN: "Group"}
    return {
        "id": ident,
        "is_bot": ident in {BOT, ROBOT, ANONYMOUS_ADMIN},
        "first_name": names.get(ident, "Someone"),
    }


def _chat(ident: int) -> Json:
    if ident == PRIVATE:
        return {"id": ident, "type": "private", "first_name": "Ada"}
    return {"id": ident, "type": "supergroup", "title": "The newsroom"} | (
        {"is_forum": True} if ident == FORUM else {}
    )


_FOUND: Final = re.compile(
    r"(?P<bot_command>(?<!\S)/\w+(?:@\w+)?)|(?P<url>(?:https?://|\bexample\.)[^\s|)]+)|(?P<mention>@\w{4,})"
)


def entities_in(text: str) -> list[Json]:
    """What Telegram's servers mark in a text that a person types; offsets in UTF-16 units."""
    return [
        {
            "type": found.lastgroup,
            "offset": units(text[: found.start()]),
            "length": units(found[0]),
        }
        for found in _FOUND.finditer(text)
    ]


@dataclass
class FakeTelegram:
    """`async with FakeTelegram() as fake:`, and the application polls `fake.base_url`."""

    token: str = "900:fake-telegram-token"  # made up, of use nowhere
    watch: Watch = field(default_factory=Watch)
    sent: list[Sent] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    actions: list[tuple[int, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    polls: int = 0

    def __post_init__(self) -> None:
        self._updates: list[Json] = []
        self._ids = itertools.count(10)
        self._seen: dict[int, Json] = {}
        self._queries: dict[str, Query] = {}
        self._topics = {FORUM: {TOPIC}}
        self._failing: str | None = None
        self._busy: tuple[str, int, float] | None = None
        application = web.Application()
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_route("*", "/{path:.*}", self._unknown)
        self._loopback = Loopback(application)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._loopback.port}/bot"

    @property
    def seams(self) -> dict[str, Any]:
        """What `run` is told so that it meets this fake."""
        return {"base_url": self.base_url, "pause": 0.01}

    async def __aenter__(self) -> Self:
        await self._loopback.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._loopback.stop()
        if error is None:
            assert self.faults == []

    async def down(self) -> None:
        await self._loopback.down()

    async def up(self) -> None:
        await self._loopback.up()

    async def online(self) -> None:
        await self.watch.until(lambda: self.polls > 0)

    @property
    def met(self) -> bool:
        """Whether anybody came at all."""
        return self.polls > 0

    # ── what people do ──────────────────────────────────────────────────────────────────────────────

    async def says(
        self,
        text: str,
        *,
        chat: int = GROUP,
        by: int = PERSON,
        entities: list[Json] | None = None,
        under: str = "text",
        replies_to: int | None = None,
        topic: int | None = None,
        edits: int | None = None,
        **more: Any,
    ) -> int:
        """A message appears, or takes the place of the one that it `edits`; its id. `under` is "caption" for
        the words of a picture."""
        ident = next(self._ids) if edits is None else edits
        marks = entities_in(text) if entities is None else entities
        message: Json = {
            "message_id": ident,
            "date": _NOW,
            "chat": _chat(chat),
            "from": _person(by),
            under: text,
        }
        if marks:
            message["entities" if under == "text" else "caption_entities"] = marks
        if replies_to is not None:
            message["reply_to_message"] = self._seen[replies_to]
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        await self._update("message" if edits is None else "edited_message", message | more)
        self._seen[ident] = message
        return ident

    async def says_in_private(self, text: str) -> int:
        return await self.says(text, chat=PRIVATE)

    async def presses(self, on: Sent, data: str, *, by: int = PERSON, too_old: bool = False) -> Query:
        """A client may send any data it likes; of old messages the bot is told their id and no more."""
        query = Query(str(next(self._ids)))
        self._queries[query.id] = query
        message = (
            {"chat": _chat(on.chat), "message_id": on.id, "date": 0} if too_old else self._as_message(on)
        )
        body = {"id": query.id, "from": _person(by), "chat_instance": "1", "data": data, "message": message}
        await self._update("callback_query", body)
        return query

    def close_topics(self) -> None:
        self._topics = {}

    def fail(self, method: str) -> None:
        """The next call of the method meets a gateway that has lost Telegram."""
        self._failing = method

    def busy(self, method: str, retry_after: int) -> None:
        """The next call of the method is told to come back later."""
        self._busy = (method, retry_after, 0.0)

    # ── what was seen ───────────────────────────────────────────────────────────────────────────────

    async def answer(self, number: int = 1) -> Sent:
        await self.watch.until(lambda: len(self.sent) >= number)
        return self.sent[number - 1]

    async def answer_to(self, query: Query) -> Query:
        await self.watch.until(lambda: query.answered)
        return query

    async def all_seen(self) -> None:
        """Everything that was said has been fetched and confirmed by the bot."""
        await self.watch.until(lambda: not self._updates)

    async def _update(self, kind: str, body: Json) -> None:
        self._updates.append({"update_id": next(self._ids), kind: body})
        await self.watch.tell()

    # ── the methods ─────────────────────────────────────────────────────────────────────────────────

    async def _unknown(self, request: web.Request) -> web.Response:
        self.faults.append(f"unknown path {request.path}")
        return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)

    async def _call(self, request: web.Request) -> web.Response:
        method, said = request.match_info["method"], await _parameters(request)
        try:
            self._at_the_door(request.match_info["token"], method, said)
            result = await getattr(self, "_" + re.sub(r"(?=[A-Z])", "_", method).lower())(said)
        except Refused as refused:
            body: Json = {"ok": False, "error_code": refused.code, "description": refused.why}
            body |= {"parameters": refused.parameters} if refused.parameters else {}
            return web.json_response(body, status=refused.code)
        finally:
            await self.watch.tell()
        return web.json_response({"ok": True, "result": result})

    def _at_the_door(self, token: str, method: str, said: Json) -> None:
        if token != self.token:
            raise Refused(401, "Unauthorized")
        if method not in _PARAMETERS:
            self.faults.append(f"unknown method {method}")
            raise Refused(404, "Not Found: method not found")
        if unknown := said.keys() - _PARAMETERS[method]:
            self.faults.append(f"{method} with {sorted(unknown)}")
        if method == self._failing:
            self._failing = None
            raise Refused(502, "Bad Gateway")
        self._told_to_wait(method)

    def _told_to_wait(self, method: str) -> None:
        if self._busy is None or self._busy[0] != method:
            return
        _, retry_after, until = self._busy
        if until == 0.0:
            self._busy = (method, retry_after, time.monotonic() + retry_after)
            raise Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
        if time.monotonic() < until:
            self.faults.append(f"{method} came back before its time")
        self._busy = None

    async def _get_me(self, _: Json) -> Json:
        return _person(BOT) | {"username": "hearsay_bot", "can_read_all_group_messages": False}

    async def _delete_webhook(self, _: Json) -> bool:
        return True

    async def _get_updates(self, said: Json) -> list[Json]:
        self._updates = [u for u in self._updates if u["update_id"] >= said.get("offset", 0)]
        self.polls = mine = self.polls + 1
        await self.watch.tell()
        try:
            await self.watch.until(lambda: self._updates or self.polls > mine, said.get("timeout", 0))
        except TimeoutError:
            return []
        if self.polls > mine:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        return list(self._updates)

    async def _send_chat_action(self, said: Json) -> bool:
        self._may_write(said)
        self.actions.append((said["chat_id"], said["action"]))
        return True

    def _well_formed(self, said: Json) -> None:
        keyboard = said.get("reply_markup", {}).get("inline_keyboard", [])
        if said.get("parse_mode") != "HTML":
            self.faults.append("a message that is not HTML")
        if wrong := limits.faults(said["text"], keyboard):
            self.faults.extend(wrong)
            raise Refused(400, "Bad Request: " + "; ".join(wrong))

    async def _edit_message_text(self, said: Json) -> Json:
        self._well_formed(said)
        sent = next((s for s in self.sent if s.id == said["message_id"] and s.id not in self.deleted), None)
        if sent is None:
            raise Refused(400, "Bad Request: message to edit not found")
        text, entities = limits.parse(said["text"])
        keyboards = [body.get("reply_markup") for body in (sent.body, said)]
        if (text, entities) == (sent.text, sent.entities) and keyboards[0] == keyboards[1]:
            raise Refused(400, "Bad Request: message is not modified: specified new message content and ...")
        sent.text, sent.entities, sent.edits = text, entities, sent.edits + 1
        sent.body = {**sent.body, "reply_markup": said.get("reply_markup", {})}
        return self._as_message(sent)

    async def _get_chat_member(self, said: Json) -> Json:
        ident = said["user_id"]
        if ident != ADMINISTRATOR:
            return {"user": _person(ident), "status": "member"}
        rights = dict.fromkeys(_RIGHTS, False)
        return {"user": _person(ident), "status": "administrator", **rights, "is_anonymous": False}

    async def _send_message(self, said: Json) -> Json:
        self._may_write(said)
        self._well_formed(said)
        sent = Sent(
            next(self._ids), said["chat_id"], said, self._replied_to(said), *limits.parse(said["text"])
        )
        self.sent.append(sent)
        return self._as_message(sent)

    async def _delete_message(self, said: Json) -> bool:
        standing = {(sent.chat, sent.id) for sent in self.sent if sent.id not in self.deleted}
        if (said["chat_id"], said["message_id"]) not in standing:
            raise Refused(400, "Bad Request: message to delete not found")
        self.deleted.append(said["message_id"])
        return True

    async def _answer_callback_query(self, said: Json) -> bool:
        query = self._queries.get(said["callback_query_id"])
        if query is None or query.answered:
            raise Refused(400, "Bad Request: query is too old or query ID is invalid")
        if units(said.get("text", "")) > 200:
            self.faults.append("more than 200 characters in answer to a button")
        query.answered, query.told, query.alert = True, said.get("text"), said.get("show_alert", False)
        return True

    def _may_write(self, said: Json) -> None:
        if said["chat_id"] == LOCKED:
            raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")
        if said["chat_id"] == MUTED:
            raise Refused(400, "Bad Request: not enough rights to send text messages to the chat")
        if said["chat_id"] == MOVED:
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, why, migrate_to_chat_id=GROUP)
        thread = said.get("message_thread_id")
        if thread is not None and thread not in self._topics.get(said["chat_id"], set()):
            raise Refused(400, "Bad Request: message thread not found")

    def _replied_to(self, said: Json) -> Json | None:
        reply = said.get("reply_parameters")
        if reply is None:
            return None
        if reply["message_id"] not in self._seen and not reply.get("allow_sending_without_reply"):
            raise Refused(400, "Bad Request: message to be replied not found")
        return self._seen.get(reply["message_id"])

    def forget(self, ident: int) -> None:
        """A person deletes a message; bots are not told."""
        del self._seen[ident]

    def _as_message(self, sent: Sent) -> Json:
        message: Json = {
            "message_id": sent.id,
            "date": _NOW,
            "chat": _chat(sent.chat),
            "from": _person(BOT),
            "text": sent.text,
            "entities": sent.entities,
        }
        if sent.keyboard:
            message["reply_markup"] = {"inline_keyboard": sent.keyboard}
        if sent.replies_to is not None:
            message["reply_to_message"] = sent.replies_to
        return message


async def _parameters(request: web.Request) -> Json:
    """Form fields, each decoded as JSON where it is JSON; `text` stays as it is."""
    return {name: _decoded(name, str(value)) for name, value in (await request.post()).items()}


def _decoded(name: str, value: str) -> Any:
    if name in {"text", "callback_query_id"}:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
