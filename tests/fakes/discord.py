"""A strict Discord on loopback: one guild, a gateway, the few REST routes that Hearsay may use.

The real discord.py runs against it, with nothing replaced but its two addresses. Whatever Discord's
documentation does not allow is refused as Discord refuses it and noted in `faults`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from types import TracebackType
from typing import Any, Self

import discord.gateway
import discord.http
import yarl
from aiohttp import BodyPartReader, WSCloseCode, WSMsgType, web

from tests.fakes import discord_limits as limits
from tests.fakes import discord_objects as objects
from tests.fakes.discord_objects import BOT, CHANNEL, DIRECT, GUILD, LOCKED_CHANNEL, PERSON, SHY, THREAD
from tests.fakes.discord_seen import Interaction, Sent
from tests.fakes.loopback import Loopback
from tests.fakes.moods import Mood, well
from tests.fakes.waiting import Watch

Json = dict[str, Any]

_PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
_CONTENT = 1 << 15
_ACKNOWLEDGE_WITHIN = 3.0


def _reply(body: Json | list[Json] | None = None, status: int = 200, **headers: str) -> web.Response:
    raw = b"" if body is None else json.dumps(body).encode()
    kind = "text/plain" if body is None else "application/json"
    return web.Response(body=raw, status=status, content_type=kind, headers=headers)


def _route(request: web.Request) -> str:
    return f"{request.method} {request.path.rsplit('/', 1)[-1]}"


def _refusal(status: int, code: int, why: str) -> web.Response:
    return _reply({"code": code, "message": why}, status)


def _too_many(retry_after: float) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": False}
    return _reply(body, 429, Via="1.1 fake", **{"Retry-After": str(retry_after)})


def _unwell(status: int) -> web.Response:
    return _too_many(0.5) if status == 429 else _refusal(status, 0, f"{status}: unwell")


def _carries_words(request: web.Request) -> bool:
    """Whether it is a message, or a private answer."""
    where = request.path.rsplit("/", 1)[-1]
    return (request.method, where) in {("POST", "messages"), ("PATCH", "@original")}


def pointed_at(port: int) -> None:
    """The client library in this process meets the fake on that port."""
    host = f"127.0.0.1:{port}"
    discord.http.Route.BASE = f"http://{host}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://{host}/gateway")


class FakeDiscord:
    """`async with FakeDiscord() as fake:` and a client that starts now meets it."""

    token = "fake.discord.token"  # a made-up token, of use nowhere

    def __init__(self, *, content_intent: bool = False, elsewhere: bool = False) -> None:
        """`elsewhere`: the client is in another process, so that none in this one is pointed here."""
        self.acknowledge_within = _ACKNOWLEDGE_WITHIN
        self.watch = Watch()
        self.sent: list[Sent] = []
        self.deleted: list[int] = []
        self.typing: list[int] = []
        self.faults: list[str] = []
        self.threads: dict[int, str] = {}
        self.files: dict[str, bytes] = {}
        self.uploads: list[bytes] = []
        self.shard: list[int] | None = None
        self.vanished: set[int] = set()
        self.threads_allowed = True
        self.commands: list[Json] = []
        self.moods = well()
        self.identified = 0
        self.resumed = 0
        self.refused = 0
        self.turned_away = 0
        self._gateway_closed_for = 0
        self._content_intent = content_intent
        self._elsewhere = elsewhere
        self._intents = 0
        self._ids = itertools.count(1_400_000_000_000_000_000)
        self._interactions: dict[str, Interaction] = {}
        self._nonces: dict[str, Sent] = {}
        self._busy: dict[str, tuple[float, float]] = {}
        self._held: dict[str, asyncio.Event] = {}
        self._socket: web.WebSocketResponse | None = None
        self._session: str | None = None
        self._log: list[Json] = []
        self._loopback = Loopback(self._application())

    @property
    def seams(self) -> dict[str, Any]:
        """What `run` is told so that it meets this fake soon."""
        return {"pause": 0.01, "guild_ready_timeout": 0.05}

    # ── coming and going ────────────────────────────────────────────────────────────────────────────

    async def __aenter__(self) -> Self:
        await self._loopback.start()
        self._real = (discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY)
        if not self._elsewhere:
            pointed_at(self.port)
        return self

    @property
    def port(self) -> int:
        return self._loopback.port

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._elsewhere:
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = self._real
        if self._socket is not None:
            await self._socket.close()
        await self._loopback.stop()
        if error is None:
            assert self.faults == []

    async def down(self) -> None:
        await self._loopback.down()
        self._socket = None

    async def up(self) -> None:
        await self._loopback.up()

    async def online(self, identified: int = 1) -> None:
        await self.watch.until(lambda: self.identified >= identified and self._socket is not None)

    @property
    def met(self) -> bool:
        """Whether anybody came at all."""
        return self.identified > 0

    # ── what people do ──────────────────────────────────────────────────────────────────────────────

    async def says(
        self,
        text: str,
        *,
        room: int = CHANNEL,
        by: int = PERSON,
        bot: bool = False,
        replies_to: Sent | None = None,
        edits: int | None = None,
        **more: Any,
    ) -> int:
        """A message appears, or takes the place of the one that it `edits`; its id. The bot is sent the text
        only where Discord would show it."""
        ident = next(self._ids) if edits is None else edits
        mentioned = {int(found) for found in re.findall(r"<@!?(\d+)>", text)}
        if replies_to is not None:
            mentioned.add(BOT)
            more["message_reference"] = {"message_id": str(replies_to.id), "channel_id": str(room)}
            more["type"] = 19
        seen = text if self._shows_text(room, by, mentioned) else ""
        author = objects.user(by, bot=bot)
        body = objects.message(
            ident, room, author, content=seen, mentions=[objects.user(m) for m in mentioned], **more
        )
        if room != DIRECT:
            body |= {"guild_id": str(GUILD), "member": objects.member(by)}
        if edits is not None:
            body |= {"edited_timestamp": objects.STAMP} | more
        await self._dispatch("MESSAGE_CREATE" if edits is None else "MESSAGE_UPDATE", body)
        return ident

    async def repeats(self) -> None:
        """The last event comes once more, as it may after a connection broke off."""
        last = self._log[-1]
        await self._dispatch(last["t"], last["d"])

    async def deletes(self, *messages: int, room: int = CHANNEL) -> None:
        """One message goes, or several at once."""
        place = {"channel_id": str(room)} | ({} if room == DIRECT else {"guild_id": str(GUILD)})
        if len(messages) == 1:
            await self._dispatch("MESSAGE_DELETE", {"id": str(messages[0]), **place})
        else:
            await self._dispatch("MESSAGE_DELETE_BULK", {"ids": [str(m) for m in messages], **place})

    async def says_in_private(self, text: str) -> int:
        return await self.says(text, room=DIRECT)

    async def checks(self, url: str, *, by: int = PERSON, room: int = CHANNEL) -> Interaction:
        """`/check url`."""
        options = [{"name": "url", "type": 3, "value": url}]
        return await self._interact(2, {"id": "1", "name": "check", "type": 1, "options": options}, by, room)

    async def uses(
        self, command: str, *, by: int = PERSON, room: int = CHANNEL, **options: object
    ) -> Interaction:
        """A slash command with its options; an attachment is given by its bytes, a channel by its id."""
        said: list[Json] = []
        resolved: Json = {}
        for name, value in options.items():
            match value:
                case bytes():
                    self.files["1"] = value
                    about = {"id": "1", "filename": "x.json", "size": len(value)}
                    about |= {"url": f"{self._cdn}/files/1", "proxy_url": f"{self._cdn}/files/1"}
                    resolved["attachments"] = {"1": about}
                    said.append({"name": name, "type": 11, "value": "1"})
                case bool():
                    said.append({"name": name, "type": 5, "value": value})
                case int() if name == "channel":
                    there = objects.channel(value) | {"permissions": "0"}
                    resolved["channels"] = {str(value): there}
                    said.append({"name": name, "type": 7, "value": str(value)})
                case int():
                    said.append({"name": name, "type": 4, "value": value})
                case _:
                    said.append({"name": name, "type": 3, "value": str(value)})
        body = {"id": "3", "name": command, "type": 1, "options": said, "resolved": resolved}
        return await self._interact(2, body, by, room)

    async def selects(
        self, on: Sent, kind: int, *values: str, by: int = PERSON, last: bool = True
    ) -> Interaction:
        """Options of a select; `kind` 3 is text, 5 people, 6 roles, 8 channels."""
        found = [c for c in limits.walk(on.body["components"]) if c["type"] == kind]
        field = found[-1 if last else 0]
        resolved: Json = {}
        if kind == 5:
            resolved = {"users": {v: objects.user(int(v)) for v in values}}
        elif kind == 6:
            resolved = {"roles": {v: objects.guild()["roles"][0] | {"id": v} for v in values}}
        elif kind == 8:
            resolved = {"channels": {v: objects.channel(int(v)) | {"permissions": "0"} for v in values}}
        said = {
            "custom_id": field["custom_id"],
            "component_type": kind,
            "values": list(values),
            **({"resolved": resolved} if kind != 3 else {}),
        }
        more = {"components": on.body["components"], "flags": on.body.get("flags", 0)}
        message = objects.message(on.id, on.room, objects.user(BOT), **more)
        interaction = await self._interact(3, said, by, on.room, message=message)
        interaction.on = on
        return interaction

    async def picks(
        self, menu: str, text: str, *, of: int = PERSON, by: int = PERSON, room: int = CHANNEL
    ) -> Interaction:
        """An entry of a message's menu, whose words Discord shows the bot."""
        message = objects.message(ident := next(self._ids), room, objects.user(of), content=text)
        said = {"id": "2", "name": menu, "type": 3, "target_id": str(ident)}
        return await self._interact(2, said | {"resolved": {"messages": {str(ident): message}}}, by, room)

    async def presses(self, on: Sent, custom_id: str, *, by: int = PERSON) -> Interaction:
        more = {"components": on.body["components"], "flags": on.body.get("flags", 0)}
        message = objects.message(on.id, on.room, objects.user(BOT), **more)
        interaction = await self._interact(
            3, {"custom_id": custom_id, "component_type": 2}, by, on.room, message=message
        )
        interaction.on = on
        return interaction

    async def submits(self, opened: Interaction, text: str, *, by: int = PERSON) -> Interaction:
        """What somebody writes into the window that a button has opened for him."""
        window = opened.window
        assert window is not None
        (field,) = (row["components"][0] for row in window["components"])
        filled = {"type": 4, "custom_id": field["custom_id"], "value": text, "id": 2}
        said = {
            "custom_id": window["custom_id"],
            "components": [{"type": 1, "id": 1, "components": [filled]}],
        }
        assert opened.on is not None
        message = objects.message(opened.on.id, opened.on.room, objects.user(BOT))
        return await self._interact(5, said, by, opened.room, message=message)

    async def invites(self, ident: int, channel: int) -> None:
        """The bot comes to a server that welcomes people in a channel."""
        there = objects.guild() | {"id": str(ident), "system_channel_id": str(channel), "threads": []}
        there["roles"] = [
            objects.guild()["roles"][0] | {"id": str(ident), "permissions": str(objects.INVITED)}
        ]
        there["channels"] = [objects.channel(channel) | {"guild_id": str(ident)}]
        there["members"] = [objects.member(BOT) | {"user": objects.user(BOT)}]
        del there["unavailable"]  # which is what tells a new server from one that is back
        await self._dispatch("GUILD_CREATE", there)

    async def turns_out(self, ident: int) -> None:
        """The bot is removed from a server."""
        await self._dispatch("GUILD_DELETE", {"id": str(ident)})

    async def garbage(self) -> None:
        """An event that the client library cannot parse."""
        await self._dispatch("MESSAGE_CREATE", {"id": "not a number"})

    async def drop(self, code: int = 4000) -> None:
        """The gateway closes the connection; the session may be resumed."""
        assert self._socket is not None
        socket, self._socket = self._socket, None
        await socket.close(code=WSCloseCode(code) if code in set(WSCloseCode) else code)

    def refuse_gateway(self, times: int) -> None:
        """The gateway answers the next connections with an error."""
        self._gateway_closed_for = self.turned_away + times

    def expire(self, interaction: Interaction) -> None:
        interaction.expired = True

    def busy(self, route: str, retry_after: float) -> None:
        """The next request on the route ("POST messages") is told to come back later."""
        self._busy[route] = (retry_after, 0.0)

    def hold(self, route: str) -> asyncio.Event:
        """From now on the route ("POST messages"), or the "close" of the gateway, takes until this is set."""
        return self._held.setdefault(route, asyncio.Event())

    # ── what was seen ───────────────────────────────────────────────────────────────────────────────

    async def answer(self, number: int = 1) -> Sent:
        await self.watch.until(lambda: len(self.sent) >= number)
        return self.sent[number - 1]

    async def answer_to(self, interaction: Interaction) -> Sent:
        return await self.watch.until(lambda: interaction.answer)

    def _shows_text(self, room: int, by: int, mentioned: set[int]) -> bool:
        return room == DIRECT or by == BOT or BOT in mentioned or bool(self._intents & _CONTENT)

    # ── the gateway ─────────────────────────────────────────────────────────────────────────────────

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if self.turned_away < self._gateway_closed_for:
            self.turned_away += 1
            return web.Response(status=502)
        socket = web.WebSocketResponse(autoclose=False)
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41_250}})
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                await self._operation(socket, json.loads(frame.data))
        if self._socket is socket:
            self._socket = None
        if (held := self._held.get("close")) is not None:
            await held.wait()
        await socket.close()
        return socket

    async def _operation(self, socket: web.WebSocketResponse, said: Json) -> None:
        match said["op"]:
            case 1:
                await socket.send_json({"op": 11})
            case 2:
                await self._identify(socket, said["d"])
            case 6:
                await self._resume(socket, said["d"])
            case other:
                self.faults.append(f"gateway operation {other}")
                await socket.close(code=4001)

    async def _identify(self, socket: web.WebSocketResponse, said: Json) -> None:
        allowed = _CONTENT if self._content_intent else 0
        if said["token"] != self.token:
            await socket.close(code=4004)
            return
        if said["intents"] & _PRIVILEGED & ~allowed:
            self.refused += 1
            await socket.close(code=4014)
            await self.watch.tell()
            return
        self.shard = said.get("shard")
        self._intents, self._session, self._log, self._socket = (
            said["intents"],
            f"s{next(self._ids)}",
            [],
            socket,
        )
        ready = {
            "v": 10,
            "user": objects.user(BOT),
            "guilds": [{"id": str(GUILD), "unavailable": True}],
            "session_id": self._session,
            "resume_gateway_url": f"ws://127.0.0.1:{self._loopback.port}/gateway",
            "application": {"id": str(BOT), "flags": 0},
        }
        await self._dispatch("READY", ready)
        await self._dispatch("GUILD_CREATE", objects.guild())
        self.identified += 1
        await self.watch.tell()

    async def _resume(self, socket: web.WebSocketResponse, said: Json) -> None:
        if said["session_id"] != self._session:
            await socket.send_json({"op": 9, "d": False})
            return
        self._socket = socket
        for event in self._log:
            if event["s"] > said["seq"]:
                await socket.send_json(event)
        self.resumed += 1
        await self._dispatch("RESUMED", {})
        await self.watch.tell()

    async def _dispatch(self, event: str, body: Json) -> None:
        frame = {"op": 0, "t": event, "s": len(self._log) + 1, "d": body}
        self._log.append(frame)
        if self._socket is not None and not self._socket.closed:
            await self._socket.send_json(frame)

    async def _interact(self, kind: int, said: Json, by: int, room: int, **more: Any) -> Interaction:
        ident = next(self._ids)
        interaction = self._interactions[f"t{ident}"] = Interaction(ident, f"t{ident}", room)
        body = objects.interaction(ident, kind, said, token=interaction.token, by=by, room=room)
        await self._dispatch("INTERACTION_CREATE", body | more)
        return interaction

    # ── REST ────────────────────────────────────────────────────────────────────────────────────────

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._at_the_door])
        api = "/api/v10"
        hook = api + "/webhooks/{application}/{token}/messages/@original"
        application.add_routes([
            web.get("/gateway", self._gateway),
            web.get("/files/{file}", self._file),
            web.get(api + "/users/@me", self._me),
            web.get(api + "/oauth2/applications/@me", self._about),
            web.post(api + "/users/@me/channels", self._direct),
            web.get(api + "/channels/{channel}", self._channel),
            web.get(api + "/guilds/{guild}/members/{person}", self._guild_member),
            web.post(api + "/channels/{channel}/messages", self._post_message),
            web.patch(api + "/channels/{channel}/messages/{message}", self._edit_message),
            web.delete(api + "/channels/{channel}/messages/{message}", self._delete_message),
            web.post(api + "/channels/{channel}/messages/{message}/threads", self._post_thread),
            web.post(api + "/channels/{channel}/typing", self._type),
            web.post(api + "/interactions/{interaction}/{token}/callback", self._acknowledge),
            web.post(api + "/webhooks/{application}/{token}", self._follow_up),
            web.patch(hook, self._edit_original),
            web.delete(hook, self._delete_original),
            web.put(api + "/applications/{application}/commands", self._put_commands),
        ])  # fmt: skip
        return application

    async def _guild_member(self, request: web.Request) -> web.Response:
        ident = int(request.match_info["person"])
        return _reply(objects.member(ident) | {"user": objects.user(ident)})

    @web.middleware
    async def _at_the_door(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if (late := self._told_to_wait(request)) is not None:
            return late
        if not self._signed(request):
            return _refusal(401, 0, "401: Unauthorized")
        mood = next(self.moods) if _carries_words(request) else Mood()
        if mood.status is not None:
            return _unwell(mood.status)
        if (held := self._held.get(_route(request))) is not None:
            await request.read()
            await held.wait()
        try:
            response: web.StreamResponse = await handler(request)
        except web.HTTPNotFound:
            self.faults.append(f"unknown route {request.method} {request.path}")
            return _refusal(404, 0, "404: Not Found")
        await self.watch.tell()
        if mood.seconds:
            await asyncio.sleep(mood.seconds)
        return response

    def _signed(self, request: web.Request) -> bool:
        keyed_by_path = request.path.startswith(
            ("/gateway", "/files", "/api/v10/interactions", "/api/v10/webhooks")
        )
        return keyed_by_path or request.headers.get("Authorization") == f"Bot {self.token}"

    def _told_to_wait(self, request: web.Request) -> web.Response | None:
        route = _route(request)
        if route not in self._busy:
            return None
        retry_after, until = self._busy[route]
        if until == 0.0:
            self._busy[route] = (retry_after, time.monotonic() + retry_after)
            return _too_many(retry_after)
        if time.monotonic() < until:
            self.faults.append(f"{route} came back before its time")
        del self._busy[route]
        return None

    async def _me(self, _: web.Request) -> web.Response:
        return _reply(objects.user(BOT))

    async def _about(self, _: web.Request) -> web.Response:
        return _reply(objects.application())

    async def _direct(self, request: web.Request) -> web.Response:
        if (await request.json())["recipient_id"] == SHY:
            return _refusal(403, 50007, "Cannot send messages to this user")
        return _reply(objects.channel(DIRECT))

    async def _type(self, request: web.Request) -> web.Response:
        room = int(request.match_info["channel"])
        if room == LOCKED_CHANNEL:
            return _refusal(403, 50013, "Missing Permissions")
        self.typing.append(room)
        return _reply(status=204)

    async def _post_message(self, request: web.Request) -> web.Response:
        body, room = await request.json(), int(request.match_info["channel"])
        if room == LOCKED_CHANNEL:
            return _refusal(403, 50013, "Missing Permissions")
        if room in self.vanished:
            return _refusal(404, 10003, "Unknown Channel")
        if wrong := limits.faults(body):
            return self._invalid(wrong)
        nonce = str(body.get("nonce"))
        if body.get("enforce_nonce") and nonce in self._nonces:
            return _reply(self._as_message(self._nonces[nonce]))
        sent = self._nonces[nonce] = Sent(next(self._ids), room, body)
        self.sent.append(sent)
        return _reply(self._as_message(sent))

    async def _channel(self, request: web.Request) -> web.Response:
        ident = int(request.match_info["channel"])
        return (
            _reply(objects.channel(ident))
            if ident in objects.CHANNELS
            else _refusal(404, 10003, "Unknown Channel")
        )

    async def _post_thread(self, request: web.Request) -> web.Response:
        body, ident = await request.json(), int(request.match_info["message"])
        room = int(request.match_info["channel"])
        if not self.threads_allowed:
            return _refusal(403, 50013, "Missing Permissions")
        if room == THREAD:
            return _refusal(400, 50024, "Cannot execute action on this channel type")
        if ident in self.threads:
            return _refusal(400, 160004, "A thread has already been created for this message")
        if not 1 <= limits.units(body["name"]) <= 100:
            return self._invalid(["a thread name that is not 1 to 100 characters"])
        self.threads[ident] = body["name"]
        return _reply(objects.thread() | {"id": str(ident), "name": body["name"]})

    async def _edit_message(self, request: web.Request) -> web.Response:
        body, ident = await request.json(), int(request.match_info["message"])
        sent = next((s for s in self.sent if s.id == ident and ident not in self.deleted), None)
        if sent is None:
            return _refusal(404, 10008, "Unknown Message")
        if wrong := limits.faults(body | {"flags": sent.body.get("flags", 0)}):
            return self._invalid(wrong)
        sent.body |= body
        sent.edits += 1
        return _reply(self._as_message(sent))

    async def _delete_message(self, request: web.Request) -> web.Response:
        return self._delete(int(request.match_info["message"]))

    async def _body(self, request: web.Request) -> Json:
        """What is posted as JSON, or beside files, which are kept."""
        if request.content_type != "multipart/form-data":
            body: Json = await request.json()
            return body
        body = {}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.name == "payload_json":
                body = json.loads(await part.text())
            else:
                self.uploads.append(bytes(await part.read()))
        return body

    async def _file(self, request: web.Request) -> web.Response:
        if not self.files[request.match_info["file"]]:
            return _refusal(500, 0, "Internal Server Error")
        return web.Response(body=self.files[request.match_info["file"]])

    @property
    def _cdn(self) -> str:
        return f"http://127.0.0.1:{self._loopback.port}"

    async def _put_commands(self, request: web.Request) -> web.Response:
        self.commands = await request.json()
        self.faults.extend(wrong for command in self.commands for wrong in limits.command_faults(command))
        extra = {"id": "1", "application_id": str(BOT), "version": "1", "default_member_permissions": None}
        return _reply([{"description": ""} | command | extra for command in self.commands])

    async def _acknowledge(self, request: web.Request) -> web.Response:
        interaction, body = self._interactions.get(request.match_info["token"]), await request.json()
        if interaction is None or time.monotonic() - interaction.began > self.acknowledge_within:
            return _refusal(404, 10062, "Unknown interaction")
        if interaction.acknowledged is not None:
            return _refusal(400, 40060, "Interaction has already been acknowledged.")
        said = body.get("data") or {}
        if body["type"] == 4 and (wrong := limits.faults({k: v for k, v in said.items() if k != "poll"})):
            return self._invalid(wrong)
        interaction.acknowledged = body["type"]
        interaction.private = bool(said.get("flags", 0) & limits.EPHEMERAL)
        if body["type"] == 9:
            self.faults.extend(limits.window_faults(said))
            interaction.window = said
        if body["type"] == 4:
            interaction.answer = Sent(next(self._ids), interaction.room, said)
        return _reply({"interaction": {"id": str(interaction.id), "type": 2}})

    async def _edit_original(self, request: web.Request) -> web.Response:
        interaction, body = self._interactions.get(request.match_info["token"]), await self._body(request)
        if interaction is None or interaction.expired:
            return _refusal(401, 50027, "Invalid Webhook Token")
        if interaction.acknowledged is None:
            return _refusal(404, 10008, "Unknown Message")
        if wrong := limits.faults(body):
            return self._invalid(wrong)
        interaction.answer = Sent(next(self._ids), interaction.room, body)
        return _reply(self._as_message(interaction.answer))

    async def _follow_up(self, request: web.Request) -> web.Response:
        """What follows a first answer: private where it says so, else a message like any other."""
        interaction, body = self._interactions.get(request.match_info["token"]), await request.json()
        if interaction is None or interaction.expired or interaction.acknowledged is None:
            return _refusal(404, 10015, "Unknown Webhook")
        if wrong := limits.faults(body):
            return self._invalid(wrong)
        sent = Sent(next(self._ids), interaction.room, body)
        if body.get("flags", 0) & limits.EPHEMERAL:
            interaction.answer, interaction.private = sent, True
            interaction.more.append(sent)
        else:
            self.sent.append(sent)
        return _reply(self._as_message(sent))

    async def _delete_original(self, request: web.Request) -> web.Response:
        interaction = self._interactions.get(request.match_info["token"])
        if interaction is None or interaction.expired or interaction.acknowledged is None:
            return _refusal(404, 10015, "Unknown Webhook")
        on_button = interaction.acknowledged == 6 and interaction.on is not None
        return self._delete(interaction.on.id if on_button and interaction.on is not None else 0)

    def _delete(self, ident: int) -> web.Response:
        if not any(sent.id == ident for sent in self._everything()) or ident in self.deleted:
            return _refusal(404, 10008, "Unknown Message")
        self.deleted.append(ident)
        return _reply(status=204)

    def _everything(self) -> list[Sent]:
        private = (interaction.answer for interaction in self._interactions.values())
        return [*self.sent, *(answer for answer in private if answer is not None)]

    def _invalid(self, wrong: list[str]) -> web.Response:
        self.faults.extend(wrong)
        return _refusal(400, 50035, "Invalid Form Body: " + "; ".join(wrong))

    def _as_message(self, sent: Sent) -> Json:
        more = {key: sent.body[key] for key in ("content", "components", "flags") if key in sent.body}
        return objects.message(sent.id, sent.room, objects.user(BOT), **more)
