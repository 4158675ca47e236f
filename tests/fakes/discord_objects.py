"""The JSON objects that Discord sends, with the keys that it documents."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

GUILD, CHANNEL, LOCKED_CHANNEL, THREAD, DIRECT, AMONG_FRIENDS = 7001, 7101, 7102, 7103, 7201, 7202
PRIVATE_THREAD, SHY = 7104, 9104  # a thread for a few, and somebody who takes no direct messages
READER = 9105  # who may not write in any channel
BOT, PERSON, STRANGER, MODERATOR = 9001, 9101, 9102, 9103
CHANNELS = {CHANNEL, LOCKED_CHANNEL, THREAD, PRIVATE_THREAD, DIRECT, AMONG_FRIENDS}
MANAGE_MESSAGES, MANAGE_GUILD = 1 << 13, 1 << 5
INVITED = 274877991936  # what the bot's invitation asks for
STAMP = "2026-11-20T10:00:00.000000+00:00"

_SILENCED = {"id": str(GUILD), "type": 0, "allow": "0", "deny": str(1 << 11)}  # nobody may send messages
_NAMES = {BOT: "hearsay", PERSON: "ada", STRANGER: "bob", MODERATOR: "mod"}


_GRANTED = {MODERATOR: INVITED | MANAGE_MESSAGES | MANAGE_GUILD, READER: 1 << 10 | 1 << 16}


def user(ident: int, *, bot: bool = False) -> Json:
    return {
        "id": str(ident),
        "username": _NAMES.get(ident, f"user{ident}"),
        "discriminator": "0",
        "global_name": None,
        "avatar": None,
        "bot": bot or ident == BOT,
        "flags": 0,
    }


def member(ident: int) -> Json:
    return {
        "roles": [],
        "joined_at": STAMP,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "nick": None,
        "avatar": None,
        "permissions": str(_GRANTED.get(ident, INVITED)),
    }


def channel(ident: int) -> Json:
    if ident == DIRECT:
        return {
            "id": str(DIRECT),
            "type": 1,
            "last_message_id": None,
            "recipients": [user(PERSON)],
            "flags": 0,
        }
    if ident == AMONG_FRIENDS:
        return {"id": str(ident), "type": 3, "name": None, "recipients": [user(PERSON), user(STRANGER)]}
    if ident == THREAD:
        return thread()
    if ident == PRIVATE_THREAD:
        return thread() | {"id": str(ident), "type": 12}
    return {
        "id": str(ident),
        "type": 0,
        "guild_id": str(GUILD),
        "name": f"room-{ident}",
        "position": 0,
        "permission_overwrites": [_SILENCED] if ident == LOCKED_CHANNEL else [],
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "flags": 0,
    }


def thread() -> Json:
    """A public thread of the channel, as a post in a forum is one."""
    return {
        "id": str(THREAD),
        "type": 11,
        "guild_id": str(GUILD),
        "parent_id": str(CHANNEL),
        "owner_id": str(PERSON),
        "name": "about the ferry",
        "last_message_id": None,
        "message_count": 1,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 60,
            "archive_timestamp": STAMP,
            "locked": False,
        },
    }


def guild() -> Json:
    return {
        "id": str(GUILD),
        "name": "The newsroom",
        "owner_id": str(MODERATOR),
        "unavailable": False,
        "large": False,
        "member_count": 4,
        "roles": [{"id": str(GUILD), "name": "@everyone", "permissions": str(INVITED), "position": 0,
                   "color": 0, "hoist": False, "managed": False, "mentionable": False, "flags": 0}],
        "channels": [channel(CHANNEL), channel(LOCKED_CHANNEL)],
        "members": [member(BOT) | {"user": user(BOT)}],
        "threads": [thread(), channel(PRIVATE_THREAD)],
        "emojis": [],
        "stickers": [],
        "features": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "preferred_locale": "en-US",
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_flags": 0,
        "icon": None,
    }  # fmt: skip


def application() -> Json:
    return {
        "id": str(BOT),
        "name": "Hearsay",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user(MODERATOR),
        "verify_key": "0" * 64,
        "flags": 0,
        "team": None,
        "summary": "",
    }


def message(ident: int, room: int, author: Json, **more: Any) -> Json:
    """A message as the gateway and REST give it; `more` overrides single keys."""
    return {
        "id": str(ident),
        "channel_id": str(room),
        "author": author,
        "content": "",
        "timestamp": STAMP,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
    } | more


def interaction(ident: int, kind: int, data: Json, *, token: str, by: int, room: int) -> Json:
    """Kind 2 is a command, 3 a button; in a guild the person comes as a member, else as a user."""
    context = {DIRECT: 1, AMONG_FRIENDS: 2}.get(room, 0)
    place: Json = {"channel": channel(room), "channel_id": str(room), "context": context}
    if context:
        place["user"] = user(by)
    else:
        place |= {"guild_id": str(GUILD), "guild": guild(), "member": member(by) | {"user": user(by)}}
    return place | {
        "id": str(ident),
        "application_id": str(BOT),
        "type": kind,
        "data": data,
        "token": token,
        "version": 1,
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {} if context else {"0": str(GUILD)},
        "app_permissions": str(0 if room == LOCKED_CHANNEL else INVITED),
        "attachment_size_limit": 10_485_760,
    }
