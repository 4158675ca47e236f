"""A strict Bot API on loopback: private chats, groups, a forum, a channel; known methods and parameters only.

The real python-telegram-bot runs against it, with nothing replaced but its base address. Whatever the
documentation does not allow is refused as Telegram refuses it and noted in `faults`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from handlers.telegram.rate_limiter import MessageRateLimiter
from tests.fakes import telegram_limits as limits
from tests.fakes.loopback import Loopback
from tests.fakes.moods import Mood, well
from tests.fakes.telegram_limits import units
from tests.fakes.waiting import Watch

Json = dict[str, Any]

PRIVATE, GROUP, FORUM, LOCKED, MUTED, MOVED = 501, -601, -602, -603, -604, -605
CHANNEL, STAFF, BASIC, SUPER = -1000000000701, -606, -607, -1000000000607
PERSON, STRANGER, BOT, ROBOT, ANONYMOUS_ADMIN = 501, 502, 900, 901, 1_087_968_824
ADMINISTRATOR, OWNER = 503, 504
TOPIC, OTHER_TOPIC = 77, 78
_LARGEST_FILE = 20 << 20  # bytes that a bot may fetch
_NOW = 1_790_000_000
_FUTURE = 10  # how far an offset may lie ahead

_PARAMETERS: Final = {
    "getMe": set[str](),
    "deleteWebhook": {"drop_pending_updates"},
    "setWebhook": {"url", "max_connections", "allowed_updates", "secret_token", "drop_pending_updates"},
    "setMyCommands": {"commands", "scope"},
    "getChat": {"chat_id"},
    "getChatAdministrators": {"chat_id"},
    "getFile": {"file_id"},
    "sendDocument": {
        "chat_id", "document", "message_thread_id", "disable_notification", "reply_parameters",
    },
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
    "answerCallbackQuery": {"callback_query_id", "text", "show_alert", "url"},
}  # fmt: skip


_RIGHTS: Final = (
    "can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
_PERMITTED: Final = {"can_send_polls": True}
_GIFTS: Final = (
    "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels",
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
    file: bytes | None = None

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
    url: str | None = None


def _person(ident: int) -> Json:
    names = {
        PERSON: "Ada",
        STRANGER: "Bob",
        ADMINISTRATOR: "Cleo",
        OWNER: "Dora",
        BOT: "Hearsay",
        ANONYMOUS_ADMIN: "Group",
    }
    return {
        "id": ident,
        "is_bot": ident in {BOT, ROBOT, ANONYMOUS_ADMIN},
        "first_name": names.get(ident, "Someone"),
    }


def _chat(ident: int) -> Json:
    if ident == PRIVATE:
        return {"id": ident, "type": "private", "first_name": "Ada"}
    if ident > 0:
        return {"id": ident, "type": "private", "first_name": "Someone"}
    kind = {CHANNEL: "channel", BASIC: "group"}.get(ident, "supergroup")
    forum = {"is_forum": True, "username": "newsroom"} if ident == FORUM else {}
    return {"id": ident, "type": kind, "title": "The newsroom"} | forum


def _document(name: str, content: bytes) -> Json:
    return {"file_id": name, "file_unique_id": name, "file_size": len(content)}


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
    refused: list[int] = field(default_factory=list)  # chats to which the bot may not write, and wrote
    actions: list[tuple[int, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    polls: int = 0
    reads_all: bool = True  # privacy mode is off
    strict_rates: bool = False  # more than the documented messages in a second or a minute are faults
    moved_to: int = GROUP  # the supergroup that MOVED has become
    commands: dict[str, list[str]] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    moods: Iterator[Mood] = field(default_factory=well)

    def __post_init__(self) -> None:
        self._updates: list[Json] = []
        self._ids = itertools.count(10)
        self._seen: dict[int, Json] = {}
        self._queries: dict[str, Query] = {}
        self._topics = {FORUM: {TOPIC, OTHER_TOPIC}}
        self._members = {GROUP: {ADMINISTRATOR: "administrator", OWNER: "creator"}}
        self._members |= {FORUM: dict(self._members[GROUP]), STAFF: {ADMINISTRATOR: "administrator"}}
        self._members |= {CHANNEL: {ADMINISTRATOR: "administrator", BOT: "administrator"}}
        self._files: dict[str, bytes] = {}
        self._blocked: set[int] = set()
        self._old: set[int] = set()
        self._gone: set[int] = set()
        self._revoked = False
        self._stolen = 0
        self._times: dict[int | None, list[float]] = {}
        self._failing: Counter[str] = Counter()
        self._cut: str | None = None
        self._held: dict[str, asyncio.Event] = {}
        self._busy: tuple[str, int, float] | None = None
        application = web.Application()
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_get("/file/bot{token}/{name}", self._file)
        application.router.add_route("*", "/{path:.*}", self._unknown)
        self._loopback = Loopback(application)

    @property
    def port(self) -> int:
        return self._loopback.port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def seams(self) -> dict[str, Any]:
        """What `run` is told so that it meets this fake, without its waiting for limits."""
        file_url = f"http://127.0.0.1:{self.port}/file/bot"
        pace = MessageRateLimiter(in_all=0.0, in_a_chat=0.0, minute=0.0)
        return {"base_url": self.base_url, "base_file_url": file_url, "pause": 0.01, "pace": pace}

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
        message: Json = {"message_id": ident, "date": _NOW, "chat": _chat(chat), under: text}
        message |= {"sender_chat": _chat(chat)} if chat == CHANNEL else {"from": _person(by)}
        if marks:
            message["entities" if under == "text" else "caption_entities"] = marks
        if replies_to is not None:
            message["reply_to_message"] = self._seen[replies_to]
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        message |= more
        self._seen[ident] = message
        if self.reads_all or self._is_for_the_bot(message, marks):
            kind = "channel_post" if chat == CHANNEL else "message"
            await self._update(kind if edits is None else f"edited_{kind}", message)
        return ident

    def _is_for_the_bot(self, message: Json, marks: list[Json]) -> bool:
        """What a bot is shown in privacy mode: commands, replies to it, and all where it administers."""
        chat, before = message["chat"]["id"], message.get("reply_to_message", {})
        if chat > 0 or chat == CHANNEL or self._status(chat, BOT) == "administrator":
            return True
        commands = any(mark["type"] == "bot_command" for mark in marks)
        return commands or before.get("from", {}).get("id") == BOT

    async def sends_file(
        self, content: bytes, caption: str = "", *, chat: int = GROUP, by: int = PERSON, **more: Any
    ) -> int:
        """A file in a chat, maybe with words under it."""
        name = f"f{next(self._ids)}"
        self._files[name] = content
        return await self.says(
            caption, chat=chat, by=by, under="caption", document=_document(name, content), **more
        )

    async def stands(self, chat: int, status: str, before: str = "left", *, by: int = PERSON) -> None:
        """The bot's standing in a chat changes."""
        if status in {"left", "kicked"}:
            self._members.get(chat, {}).pop(BOT, None)
        else:
            self._members.setdefault(chat, {})[BOT] = status
        event = {"chat": _chat(chat), "from": _person(by), "date": _NOW}
        sides = {"old_chat_member": self._member(BOT, before), "new_chat_member": self._member(BOT, status)}
        await self._update("my_chat_member", event | sides)

    async def upgrades(self, old: int = BASIC, new: int = SUPER) -> None:
        """A group becomes a supergroup; both tell of it."""
        for chat, said in ((old, {"migrate_to_chat_id": new}), (new, {"migrate_from_chat_id": old})):
            ident = next(self._ids)
            told = {"message_id": ident, "date": _NOW, "chat": _chat(chat), "from": _person(ADMINISTRATOR)}
            await self._update("message", told | said)

    def revoke(self) -> None:
        """The token does not hold any more."""
        self._revoked = True

    def steal(self, times: int) -> None:
        """Another process polls, so that this one's next polls are ended."""
        self._stolen = times

    def makes_administrator(self, chat: int, person: int) -> None:
        self._members.setdefault(chat, {})[person] = "administrator"

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

    def block(self, person: int) -> None:
        """The person has blocked the bot; Telegram may tell of it later."""
        self._blocked.add(person)

    def counts_anew(self) -> None:
        """A week goes by without an update, after which their numbers begin anew, lower."""
        self._ids = itertools.count(500)

    def take_update(self) -> Json:
        """What was said last, as a webhook is brought it."""
        return self._updates.pop()

    def ages(self, sent: Sent) -> None:
        """48 hours go by, after which a bot may not delete its message any more."""
        self._old.add(sent.id)

    def vanishes(self, chat: int) -> None:
        """The bot is put out of a chat, or the chat is no more."""
        self._gone.add(chat)

    def loses_files(self) -> None:
        """What was sent as a file is not to be had any more."""
        self._files.clear()

    def close_topics(self) -> None:
        self._topics = {}

    def fail(self, method: str, times: int = 1) -> None:
        """The next calls of the method meet a gateway that has lost Telegram."""
        self._failing[method] = times

    def cut(self, method: str) -> None:
        """The next call of the method is done, and the connection lost before anybody hears of it."""
        self._cut = method

    def hold(self, method: str) -> asyncio.Event:
        """The next call of the method takes until this is set."""
        self._held[method] = asyncio.Event()
        return self._held[method]

    def held(self, method: str) -> bool:
        """Whether the call that was to be held has come."""
        return method not in self._held

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
        method, said = _spelled(request.match_info["method"]), await _parameters(request)
        mood = next(self.moods) if method == "sendMessage" else Mood()
        cut, self._cut = method == self._cut, None if method == self._cut else self._cut
        try:
            self._at_the_door(request.match_info["token"], method, said)
            _humoured(mood)
            if (held := self._held.pop(method, None)) is not None:
                await self.watch.tell()
                await held.wait()
            result = await getattr(self, "_" + re.sub(r"(?=[A-Z])", "_", method).lower())(said)
        except Refused as refused:
            body: Json = {"ok": False, "error_code": refused.code, "description": refused.why}
            body |= {"parameters": refused.parameters} if refused.parameters else {}
            return web.json_response(body, status=refused.code)
        finally:
            await self.watch.tell()
        if mood.seconds:
            await asyncio.sleep(mood.seconds)
        if cut and request.transport is not None:
            request.transport.close()
        return web.json_response({"ok": True, "result": result})

    def _at_the_door(self, token: str, method: str, said: Json) -> None:
        if token != self.token or self._revoked:
            raise Refused(401, "Unauthorized")
        if method not in _PARAMETERS:
            self.faults.append(f"unknown method {method}")
            raise Refused(404, "Not Found: method not found")
        if unknown := said.keys() - _PARAMETERS[method]:
            self.faults.append(f"{method} with {sorted(unknown)}")
        if self._failing[method]:
            self._failing[method] -= 1
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
        return _person(BOT) | {"username": "hearsay_bot", "can_read_all_group_messages": self.reads_all}

    async def _set_my_commands(self, said: Json) -> bool:
        for command in said["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or len(command["description"]) > 256:
                self.faults.append(f"a command {command}")
        self.commands[said["scope"]["type"]] = [command["command"] for command in said["commands"]]
        return True

    async def _set_webhook(self, said: Json) -> bool:
        if not said["url"].startswith("https://"):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = said
        return True

    async def _get_chat(self, said: Json) -> Json:
        chat = said["chat_id"]
        if chat in {LOCKED, -1}:
            raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")
        allowed = {"can_send_messages": chat != MUTED}
        return (
            _chat(chat)
            | {"permissions": _PERMITTED | allowed, "accent_color_id": 0, "max_reaction_count": 1}
            | {"accepted_gift_types": dict.fromkeys(_GIFTS, False)}
        )

    async def _get_chat_administrators(self, said: Json) -> list[Json]:
        if said["chat_id"] not in self._members:
            raise Refused(400, "Bad Request: chat not found")
        there = self._members[said["chat_id"]].items()
        return [self._member(ident, status) for ident, status in there if status != "member"]

    async def _get_file(self, said: Json) -> Json:
        content = self._files.get(said["file_id"])
        if content is None or len(content) > _LARGEST_FILE:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": said["file_id"], "file_unique_id": said["file_id"], "file_path": said["file_id"]}

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self._files[request.match_info["name"]])

    async def _delete_webhook(self, _: Json) -> bool:
        return True

    async def _get_updates(self, said: Json) -> list[Json]:
        tail = max((update["update_id"] for update in self._updates), default=None)
        if tail is not None and said.get("offset", 0) > tail + _FUTURE:
            said = said | {"offset": 0}  # such a number is of before the numbers began anew
        self._updates = [u for u in self._updates if u["update_id"] >= said.get("offset", 0)]
        if self._stolen:
            self._stolen -= 1
            raise Refused(
                409, "Conflict: terminated by other getUpdates request; make sure that only one ..."
            )
        self.polls = mine = self.polls + 1
        await self.watch.tell()
        try:
            await self.watch.until(
                lambda: self._updates or self.polls > mine or self._revoked, said.get("timeout", 0)
            )
        except TimeoutError:
            return []
        if self._revoked:
            raise Refused(401, "Unauthorized")
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
        self._is_there(said)
        sent = next((s for s in self.sent if s.id == said["message_id"] and s.id not in self.deleted), None)
        if sent is None:
            raise Refused(400, "Bad Request: message to edit not found")
        text, entities = limits.parse(said["text"])
        keyboards = [body.get("reply_markup") for body in (sent.body, said)]
        if (text, entities) == (sent.text, sent.entities) and keyboards[0] == keyboards[1]:
            raise Refused(400, "Bad Request: message is not modified: specified new message content and ...")
        sent.text, sent.entities, sent.edits = text, entities, sent.edits + 1
        sent.body = {**sent.body, "text": said["text"], "reply_markup": said.get("reply_markup", {})}
        self._remember(sent)
        return self._as_message(sent)

    async def _get_chat_member(self, said: Json) -> Json:
        self._is_there(said)
        return self._member(said["user_id"], self._status(said["chat_id"], said["user_id"]))

    def _status(self, chat: int, person: int) -> str:
        return self._members.get(chat, {}).get(person, "member")

    def _member(self, ident: int, status: str) -> Json:
        of_it: Json = {"user": _person(ident), "status": status}
        if status == "administrator":
            rights = dict.fromkeys(_RIGHTS, False) | {"can_delete_messages": True, "can_post_messages": True}
            of_it |= rights | {"is_anonymous": False}
        elif status == "creator":
            of_it |= {"is_anonymous": False}
        elif status == "kicked":
            of_it |= {"until_date": 0}
        return of_it

    async def _send_message(self, said: Json) -> Json:
        self._may_write(said)
        self._well_formed(said)
        self._timed(said["chat_id"])
        sent = Sent(
            next(self._ids), said["chat_id"], said, self._replied_to(said), *limits.parse(said["text"])
        )
        self.sent.append(sent)
        self._remember(sent)
        return self._as_message(sent)

    def _remember(self, sent: Sent) -> None:
        """As it is shown in replies to it."""
        self._seen[sent.id] = self._as_message(sent)
        self._seen[sent.id].pop("reply_to_message", None)

    async def _send_document(self, said: Json) -> Json:
        self._may_write(said)
        self._timed(said["chat_id"])
        sent = Sent(next(self._ids), said["chat_id"], said, self._replied_to(said), "", [])
        sent.file = said["document"]
        self._files[f"f{sent.id}"] = said["document"]
        self.sent.append(sent)
        self._remember(sent)
        return self._as_message(sent)

    def _timed(self, chat: int) -> None:
        """https://core.telegram.org/bots/faq: 30 a second in all, 1 a second in a chat, 20 a minute in a
        group."""
        now = time.monotonic()
        mine, every = self._times.setdefault(chat, []), self._times.setdefault(None, [])
        if self.strict_rates:
            if sum(now - at < 1 for at in every) >= 30:
                self.faults.append("more than 30 messages in a second")
            if mine and now - mine[-1] < 1:
                self.faults.append(f"two messages in a second in {chat}")
            if chat < 0 and sum(now - at < 60 for at in mine) >= 20:
                self.faults.append(f"more than 20 messages in a minute in {chat}")
        mine.append(now)
        every.append(now)
        del every[:-100]

    async def _delete_message(self, said: Json) -> bool:
        self._is_there(said)
        standing = {(sent.chat, sent.id) for sent in self.sent if sent.id not in self.deleted}
        if (said["chat_id"], said["message_id"]) not in standing:
            raise Refused(400, "Bad Request: message to delete not found")
        if said["message_id"] in self._old:
            raise Refused(400, "Bad Request: message can't be deleted for everyone")
        self.deleted.append(said["message_id"])
        return True

    async def _answer_callback_query(self, said: Json) -> bool:
        query = self._queries.get(said["callback_query_id"])
        if query is None or query.answered:
            raise Refused(400, "Bad Request: query is too old or query ID is invalid")
        if units(said.get("text", "")) > 200:
            self.faults.append("more than 200 characters in answer to a button")
        query.answered, query.told, query.alert = True, said.get("text"), said.get("show_alert", False)
        query.url = said.get("url")
        if query.url is not None and not re.fullmatch(
            r"https://t\.me/hearsay_bot\?start=[A-Za-z0-9_-]{1,64}", query.url
        ):
            self.faults.append(f"a button that opens {query.url}")
        return True

    def _is_there(self, said: Json) -> None:
        if said["chat_id"] in self._gone:
            raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")

    def _may_write(self, said: Json) -> None:
        if said["chat_id"] in self._blocked:
            self.refused.append(said["chat_id"])
            raise Refused(403, "Forbidden: bot was blocked by the user")
        self._is_there(said)
        if said["chat_id"] == LOCKED:
            self.refused.append(LOCKED)
            raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")
        if said["chat_id"] == MUTED:
            raise Refused(400, "Bad Request: not enough rights to send text messages to the chat")
        if said["chat_id"] == MOVED:
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, why, migrate_to_chat_id=self.moved_to)
        thread = said.get("message_thread_id")
        if thread is not None and thread not in self._topics.get(said["chat_id"], set()):
            raise Refused(400, "Bad Request: message thread not found")

    def _replied_to(self, said: Json) -> Json | None:
        reply = said.get("reply_parameters")
        if reply is None:
            return None
        if reply["message_id"] not in self._seen and not reply.get("allow_sending_without_reply"):
            raise Refused(400, "Bad Request: message to be replied not found")
        before = self._seen.get(reply["message_id"])
        quote = reply.get("quote")
        if quote is not None and quote not in (
            (before or {}).get("text") or (before or {}).get("caption") or ""
        ):
            raise Refused(400, "Bad Request: QUOTE_TEXT_INVALID")
        return before

    def forget(self, ident: int) -> None:
        """A person deletes a message; bots are not told."""
        del self._seen[ident]

    def _as_message(self, sent: Sent) -> Json:
        message: Json = {
            "message_id": sent.id,
            "date": _NOW,
            "chat": _chat(sent.chat),
        }
        # Nobody but the channel itself is seen to write in a channel.
        message |= {"sender_chat": _chat(sent.chat)} if sent.chat == CHANNEL else {"from": _person(BOT)}
        if sent.file is None:
            message |= {"text": sent.text, "entities": sent.entities}
        else:
            message["document"] = _document(f"f{sent.id}", sent.file)
        if (topic := sent.body.get("message_thread_id")) is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        if sent.keyboard:
            message["reply_markup"] = {"inline_keyboard": sent.keyboard}
        if sent.replies_to is not None:
            message["reply_to_message"] = sent.replies_to
        return message


def _humoured(mood: Mood) -> None:
    if mood.status is not None:
        raise Refused(mood.status, "unwell", **({"retry_after": 1} if mood.status == 429 else {}))


def _spelled(method: str) -> str:
    """https://core.telegram.org/bots/api#making-requests: methods may be written in any case."""
    return next((known for known in _PARAMETERS if known.lower() == method.lower()), method)


async def _parameters(request: web.Request) -> Json:
    """Form fields, each decoded as JSON where it is JSON; `text` stays as it is, a file is its bytes."""
    given = (await request.post()).items()
    files = {name: value.file.read() for name, value in given if isinstance(value, web.FileField)}
    told = {name: _decoded(name, value) for name, value in given if isinstance(value, str)}
    attached = {name: files[told[name].removeprefix("attach://")] for name in told if _attaches(told[name])}
    return told | {name: content for name, content in files.items() if name == "document"} | attached


def _attaches(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("attach://")


def _decoded(name: str, value: str) -> Any:
    if name in {"text", "callback_query_id"}:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
