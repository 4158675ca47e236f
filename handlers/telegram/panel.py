"""The settings panel: one message with buttons, for the creator and the administrators of a group.

    set:<scope>                    every setting
    set:<scope>:<name>             one setting
    set:<scope>:<name>:<typed>     a new value for it, as somebody would have typed it
    reset:<scope>[:sure]           everything back to what stands above
    close                          the panel goes

`scope` is "here", the chat or topic of the panel, or "all", the whole group of a topic. All that a button
needs it carries itself, so a panel works after a restart, too. What no button offers is typed in reply to the
panel, whose buttons say which setting it shows.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from weakref import WeakValueDictionary

from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.commands import Commands
from bot.places import INSIDE, Person, Room
from bot.replies import Reply
from bot.replying.failures import remark
from bot.replying.phrasebook import get_phrases
from bot.replying.rooms import get_label, quantity
from bot.room_settings.definitions import SETTING, SETTINGS, Setting
from bot.room_settings.kinds import NONE, Choice, Choices, Items, OnOff, RoomReference, Value, Whole
from bot.rooms import DeliveryStyle
from handlers.telegram.incoming import (
    PLATFORM,
    BotIdentity,
    is_private,
    person_of,
    room_of,
    topic_of,
    whole_group,
)
from handlers.telegram.permissions import LogChannels, find_setter, may_set
from handlers.telegram.sending import answer_press, edit, message_ref, post, remove, send_reply

_NO_CHOICE: Final = {DeliveryStyle.THREAD}  # what only Discord has
_STEPS: Final = {
    "hedges": (1, 2, 3, 5),
    "seconds": (0, 5, 30, 60, 300),
    "hours": (0, 6, 24, 72),
    "days": (7, 30, 90, 365),
}
_SHOWN: Final = tuple(one for one in SETTINGS if one.is_of(PLATFORM))
_ROW: Final = 2
_LABEL_LIMIT: Final = 64
_SHOWS: Final = re.compile(r"set:(here|all):([a-z_]{1,40}):default")
_PRESSED: Final = Choice | Choices | OnOff  # what buttons offer all values of
ACTIONS: Final = frozenset({"set", "reset", "close"})


class PanelSetting(NamedTuple):
    """A setting, of this chat or of its whole group."""

    scope: str
    name: str


def find_typed_setting(message: Message, me: BotIdentity) -> PanelSetting | None:
    """Return the setting that a message gives a value for: it replies to a panel that shows one."""
    before = message.reply_to_message
    if before is None:
        return None
    if before.from_user is not None and before.from_user.id != me.id:  # nobody is seen to write in a channel
        return None
    shown = next((one for data in button_data(before) if (one := _SHOWS.fullmatch(data))), None)
    setting = None if shown is None else SETTING.get(shown[2])
    typed = setting is not None and not isinstance(setting.kind, _PRESSED)
    return PanelSetting(shown[1], shown[2]) if typed and shown is not None else None


def button_data(message: Message) -> set[str]:
    """Return the data of the buttons under a message, by Telegram's own copy of it."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return {str(button.callback_data) for row in rows for button in row if button.callback_data}


class TelegramPanel:
    """The settings panels: draws them and does what is pressed in them."""

    def __init__(self, bot: Bot, commands: Commands) -> None:
        self._bot = bot
        self._commands = commands
        self._log_channels = LogChannels(bot)
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def open(self, message: Message) -> None:
        reply, keyboard = await self._draw_all(message, "here")
        await send_reply(self._bot, message_ref(message), reply, keyboard)

    async def ask_reset(self, message: Message) -> None:
        reply, keyboard = self._draw_confirmation("here")
        await send_reply(self._bot, message_ref(message), reply, keyboard)

    async def press(self, query: CallbackQuery, message: Message, data: str) -> None:
        """Do what was pressed. A person who may not set anything is told so, and nothing happens."""
        presser = query.from_user.id
        if is_private(message):
            who: Person | None = Person(PLATFORM, str(presser))
        else:
            who = await find_setter(self._bot, message.chat_id, presser)
        if who is None:
            await answer_press(query, get_phrases().say("telegram.not_yours"), alert=True)
            return
        await answer_press(query)
        action, *rest = data.split(":", 3)
        if action == "close":
            await remove(self._bot, message.chat_id, message.message_id)
            return
        chat, panel = message.chat_id, message.message_id
        async with self._locks.setdefault((chat, panel), asyncio.Lock()):  # the last press is shown last
            shown = await self._do_press(message, action, rest, who)
            await edit(self._bot, chat, panel, *shown)

    async def _do_press(
        self, message: Message, action: str, rest: list[str], who: Person
    ) -> tuple[Reply, InlineKeyboardMarkup]:
        match action, rest:
            case "reset", [scope]:
                return self._draw_confirmation(scope)
            case "reset", [scope, *_]:
                done = await self._commands.reset(self._place(message, scope), who)
                return await self._draw_all(message, scope, done)
            case _, [scope, name, typed]:
                done = await self._set(message, PanelSetting(scope, name), typed, who)
                return await self._draw_one(message, PanelSetting(scope, name), done)
            case _, [scope, name]:
                return await self._draw_one(message, PanelSetting(scope, name))
            case _:
                return await self._draw_all(message, rest[0] if rest else "here")

    async def type(self, message: Message, field: PanelSetting) -> None:
        """A value that somebody typed in reply to a panel, which shows what came of it."""
        panel = message.reply_to_message
        if panel is None or not await may_set(message):
            await send_reply(self._bot, message_ref(message), remark("telegram.not_yours"), None)
            return
        done = await self._set(panel, field, (message.text or "").strip(), person_of(message))
        reply, keyboard = await self._draw_one(panel, field, done)
        await remove(self._bot, panel.chat_id, panel.message_id)
        await post(self._bot, panel.chat_id, topic_of(panel), reply, keyboard)

    async def _set(self, message: Message, field: PanelSetting, typed: str, who: Person) -> Reply:
        place = self._place(message, field.scope)
        named = field.name == "log_channel" and typed.lower() not in {NONE, "default"}
        if named and not await self._log_channels.may_be_chosen(place, typed, who):
            return remark("telegram.no_log_channel")
        return await self._commands.set(place, field.name, typed, who)

    def _place(self, message: Message, scope: str) -> Room:
        return whole_group(message.chat_id) if scope == "all" else room_of(message)

    # ── what is shown ───────────────────────────────────────────────────────────────────────────────

    async def _draw_all(
        self, message: Message, scope: str, done: Reply | None = None
    ) -> tuple[Reply, InlineKeyboardMarkup]:
        found = await self._commands.show_settings(self._place(message, scope))
        names = [_button(get_label(one), f"set:{scope}:{one.name}") for one in _SHOWN]
        below = [_button(_panel_text("reset"), f"reset:{scope}"), _button(_panel_text("close"), "close")]
        if topic_of(message) is not None:
            other = "here" if scope == "all" else "all"
            below.insert(0, _button(_panel_text(other), f"set:{other}"))
        return _join(done, found), _keyboard(names, below)

    async def _draw_one(
        self, message: Message, field: PanelSetting, done: Reply | None = None
    ) -> tuple[Reply, InlineKeyboardMarkup]:
        setting, place = SETTING.get(field.name), self._place(message, field.scope)
        if setting is None:
            return await self._draw_all(message, field.scope, done)
        found = await self._commands.show_setting(place, setting.name)
        if not isinstance(setting.kind, _PRESSED):
            found = _join(
                found, remark("telegram.type_list" if isinstance(setting.kind, Items) else "telegram.type")
            )
        try:
            held = await self._commands.get_value(place, setting.name)
        except OSError:  # which `setting` has said
            held = setting.default
        path = f"set:{field.scope}:{setting.name}"
        values = [
            _button(shown, f"{path}:{typed}") for shown, typed in _button_values(setting, held, message)
        ]
        below = [
            _button(_panel_text("default"), f"{path}:default"),
            _button(_panel_text("back"), f"set:{field.scope}"),
        ]
        return _join(done, found), _keyboard(values, below)

    def _draw_confirmation(self, scope: str) -> tuple[Reply, InlineKeyboardMarkup]:
        yes, no = (
            _button(_panel_text("reset_sure"), f"reset:{scope}:sure"),
            _button(_panel_text("back"), f"set:{scope}"),
        )
        return remark("telegram.reset"), _keyboard([yes], [no])


def _button_values(setting: Setting, held: Value, message: Message) -> Iterator[tuple[str, str]]:
    """Yield what a button can set, and as what somebody would type it; the one that is set is ticked."""
    match setting.kind:
        case Choice(among):
            for one in (one for one in among if one not in _NO_CHOICE):
                yield _tick(_choice_label(setting, one), on=one == held), one
        case Choices(among):
            chosen: frozenset[str] = held if isinstance(held, frozenset) else frozenset()
            for one in among:
                verb = "remove" if one in chosen else "add"
                yield _tick(_choice_label(setting, one), on=one in chosen), f"{verb} {one}"
        case OnOff():
            for typed in ("on", "off"):
                yield _tick(get_phrases().say(f"rooms.{typed}"), on=held is (typed == "on")), typed
        case Whole() as kind:
            for step in (one for one in _STEPS[kind.unit] if kind.least <= one <= kind.most):
                yield _tick(quantity(step, kind.unit, get_phrases()), on=step == held), str(step)
        case RoomReference():
            for key, ident in _log_channel_values(message):
                yield _tick(_panel_text(key), on=held == ident), ident or NONE
        case Items():
            yield from ()


def _log_channel_values(message: Message) -> Iterator[tuple[str, str | None]]:
    yield "no_log_channel", None
    yield "this_chat", str(message.chat_id)
    if (topic := topic_of(message)) is not None:
        yield "this_topic", f"{message.chat_id}{INSIDE}{topic}"


def _choice_label(setting: Setting, one: str) -> str:
    return get_phrases().say(f"rooms.choices.{setting.name}.{one}")


def _tick(shown: str, *, on: bool) -> str:
    return f"✓ {shown}" if on else shown


def _panel_text(key: str) -> str:
    return get_phrases().say(f"telegram.panel.{key}")


def _button(shown: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(shown[:_LABEL_LIMIT], callback_data=data)


def _keyboard(values: list[InlineKeyboardButton], below: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    rows = [values[start : start + _ROW] for start in range(0, len(values), _ROW)]
    return InlineKeyboardMarkup([*rows, below])


def _join(*replies: Reply | None) -> Reply:
    return Reply(tuple(block for reply in replies if reply is not None for block in reply.blocks))
