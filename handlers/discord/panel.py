"""The settings panel: one message that only the admin sees, in which every room setting can be changed.

A panel ends with the interaction that opened it, after 15 minutes, or with the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final, NamedTuple

import discord
from discord import ui

from bot.commands import Commands
from bot.places import Person, Room
from bot.replies import Reply
from bot.replying.failures import remark
from bot.replying.phrasebook import get_phrases
from bot.replying.rooms import get_help, get_label
from bot.room_settings.definitions import SETTING, SETTINGS, Setting
from bot.room_settings.kinds import NONE, Choice, Choices, Items, OnOff, RoomReference, Value
from handlers.discord.delivery import parse_snowflake
from handlers.discord.interactions import AnyInteraction, Interaction, start_answer
from handlers.discord.render import render_text

_LASTS: Final = 840.0  # seconds; the token that edits it lasts 900
_LONGEST_OPTION: Final = 100
_MOST_PICKED: Final = 25
_LONGEST_TYPED: Final = 4000
_LONGEST_TITLE: Final = 45
_LOG_CHANNELS: Final = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
]


def may_set(interaction: Interaction) -> bool:
    """Return True for those who may manage the server: settings are theirs."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


PressHandler = Callable[[Interaction], Coroutine[Any, Any, None]]


class DiscordPanel(ui.LayoutView):
    """The settings of a room, or of the whole server, and the means to change them. One press at a time."""

    def __init__(self, commands: Commands, here: Room, chosen: Setting | None = None) -> None:
        super().__init__(timeout=_LASTS)
        self.commands, self.here, self.chosen = commands, here, chosen
        self.whole_server = False
        self.said: Reply | None = None  # of the last change
        self._one = asyncio.Lock()

    @property
    def room(self) -> Room:
        """The subject of the panel: the room, or the server that it belongs to."""
        if not self.whole_server or self.here.server is None:
            return self.here
        return Room(self.here.platform, self.here.server, private=False, server=self.here.server)

    async def open(self, interaction: Interaction) -> None:
        async with self._one:
            await self._redraw(interaction)

    async def show(self, interaction: Interaction, change: Callable[[], None]) -> None:
        """Show something else."""
        async with self._one:
            self.said = None
            change()
            await self._redraw(interaction)

    async def change(self, interaction: Interaction, field: PanelField, typed: str) -> None:
        """Set a new value for the setting and room of a field, as somebody would have typed it."""
        async with self._one:
            self.said = remark("discord.panel.not_yours")
            if may_set(interaction):
                who = Person("discord", str(interaction.user.id))
                self.said = await self.commands.set(field.room, field.setting.name, typed, who)
            await self._redraw(interaction)

    def choose(self, name: str) -> None:
        self.chosen = SETTING[name]

    def show_all(self) -> None:
        self.chosen = None

    def switch_scope(self) -> None:
        self.whole_server = not self.whole_server

    async def _redraw(self, interaction: Interaction) -> None:
        items: list[ui.Item[Any]]
        try:
            items = await self._draw()
        except OSError:
            items = [ui.Container(ui.TextDisplay(render_text(remark("commands.out_of_reach").blocks)))]
        self.clear_items()
        for item in items:
            self.add_item(item)
        await interaction.edit_original_response(view=self)

    async def _draw(self) -> list[ui.Item[Any]]:
        """Return all items as they are now. Raises OSError where the database is out of reach."""
        room, chosen = self.room, self.chosen
        shown = (
            await self.commands.show_settings(room)
            if chosen is None
            else await self.commands.show_setting(room, chosen.name)
        )
        blocks = shown.blocks if self.said is None else (*self.said.blocks, *shown.blocks)
        items: list[ui.Item[Any]] = [
            ui.Container(ui.TextDisplay(render_text(blocks))),
            ui.ActionRow(_SettingSelect(self)),
        ]
        if chosen is None:
            return [*items, ui.ActionRow(self._scope_button())]
        field = PanelField(self, room, chosen, await self.commands.get_value(room, chosen.name))
        back = _PanelButton(self, "back_to_default", lambda i: self.change(i, field, "default"))
        away = _PanelButton(self, "all", lambda i: self.show(i, self.show_all))
        return [*items, ui.ActionRow(_edit_component(field)), ui.ActionRow(self._scope_button(), back, away)]

    def _scope_button(self) -> ui.Item[Any]:
        other = "this_channel" if self.whole_server else "whole_server"
        return _PanelButton(self, other, lambda i: self.show(i, self.switch_scope))


class PanelField(NamedTuple):
    """A setting of a room with its value, in a panel."""

    panel: DiscordPanel
    room: Room
    setting: Setting
    value: Value

    @property
    def chosen_values(self) -> frozenset[str]:
        return self.value if isinstance(self.value, frozenset) else frozenset()

    async def take(self, interaction: Interaction, typed: str) -> None:
        await interaction.response.defer()
        start_answer(interaction, self.panel.change(interaction, self, typed))


class _SettingSelect(ui.Select[DiscordPanel]):
    """The choice of a setting to change."""

    def __init__(self, panel: DiscordPanel) -> None:
        super().__init__(placeholder=get_phrases().say("discord.panel.choose"))
        self.panel = panel
        for one in SETTINGS:
            self.add_option(
                label=_shorten_label(get_label(one)),
                value=one.name,
                description=_shorten_label(get_help(one)),
                default=one is panel.chosen,
            )

    async def callback(self, interaction: AnyInteraction) -> None:
        await interaction.response.defer()
        name = self.values[0]
        start_answer(interaction, self.panel.show(interaction, lambda: self.panel.choose(name)))


class _PanelButton(ui.Button[DiscordPanel]):
    def __init__(self, panel: DiscordPanel, key: str, does: PressHandler) -> None:
        super().__init__(label=get_phrases().say(f"discord.panel.{key}"), style=discord.ButtonStyle.secondary)
        self.panel, self.does = panel, does

    async def callback(self, interaction: AnyInteraction) -> None:
        await interaction.response.defer()
        start_answer(interaction, self.does(interaction))


# ── a component for each kind of value ──────────────────────────────────────────────────────────────


def _edit_component(field: PanelField) -> ui.Item[Any]:
    match field.setting.kind:
        case Choice(among):
            return _OptionSelect(
                field, [(str(one), _choice_label(field, one), one == field.value) for one in among], 1, 1
            )
        case Choices(among, least):
            options = [(str(one), _choice_label(field, one), one in field.chosen_values) for one in among]
            return _OptionSelect(field, options, least, len(options))
        case OnOff():
            switch = [
                (one, get_phrases().say(f"rooms.{one}"), (one == "on") == field.value)
                for one in ("on", "off")
            ]
            return _OptionSelect(field, switch, 1, 1)
        case RoomReference():
            return _ChannelSelect(field)
        case Items("identity"):
            return _RoleSelect(field) if field.setting.name == "roles_ignored" else _PeopleSelect(field)
        case _:
            return _TypeButton(field)


class _OptionSelect(ui.Select[DiscordPanel]):
    def __init__(
        self, field: PanelField, options: list[tuple[str, str, bool]], least: int, most: int
    ) -> None:
        super().__init__(
            min_values=least, max_values=most, placeholder=get_phrases().say("discord.panel.pick")
        )
        self.field = field
        for value, name, held in options:
            self.add_option(label=_shorten_label(name), value=value, default=held)

    async def callback(self, interaction: AnyInteraction) -> None:
        await self.field.take(interaction, ", ".join(self.values) or NONE)


class _ChannelSelect(ui.ChannelSelect[DiscordPanel]):
    def __init__(self, field: PanelField) -> None:
        super().__init__(
            channel_types=_LOG_CHANNELS,
            min_values=0,
            default_values=_objects([field.value] if isinstance(field.value, str) else []),
            placeholder=get_phrases().say("discord.panel.no_channel"),
        )
        self.field = field

    async def callback(self, interaction: AnyInteraction) -> None:
        await self.field.take(interaction, str(self.values[0].id) if self.values else NONE)


def _objects(held: Iterable[str]) -> list[discord.Object]:
    """Return as many ids of Discord as a picker takes."""
    found = (number for one in sorted(held) if (number := parse_snowflake(one)) is not None)
    return [discord.Object(number) for number in found][:_MOST_PICKED]


def _merge_picked(field: PanelField, ids: Iterable[int]) -> str:
    """Return what was picked, and what a picker has no room for: that stays."""
    shown = {str(one.id) for one in _objects(field.chosen_values)}
    return ", ".join(sorted({*map(str, ids), *(field.chosen_values - shown)})) or NONE


class _RoleSelect(ui.RoleSelect[DiscordPanel]):
    def __init__(self, field: PanelField) -> None:
        super().__init__(
            min_values=0,
            max_values=_MOST_PICKED,
            default_values=_objects(field.chosen_values),
            placeholder=get_phrases().say("discord.panel.no_role"),
        )
        self.field = field

    async def callback(self, interaction: AnyInteraction) -> None:
        await self.field.take(interaction, _merge_picked(self.field, (role.id for role in self.values)))


class _PeopleSelect(ui.UserSelect[DiscordPanel]):
    def __init__(self, field: PanelField) -> None:
        super().__init__(
            min_values=0,
            max_values=_MOST_PICKED,
            default_values=_objects(field.chosen_values),
            placeholder=get_phrases().say("discord.panel.nobody"),
        )
        self.field = field

    async def callback(self, interaction: AnyInteraction) -> None:
        await self.field.take(interaction, _merge_picked(self.field, (person.id for person in self.values)))


class _TypeButton(ui.Button[DiscordPanel]):
    """Opens a window for a number or a list of words."""

    def __init__(self, field: PanelField) -> None:
        super().__init__(label=get_phrases().say("discord.panel.type"), style=discord.ButtonStyle.primary)
        self.field = field

    async def callback(self, interaction: AnyInteraction) -> None:
        await interaction.response.send_modal(_TypeModal(self.field))


class _TypeModal(ui.Modal):
    """A window for a value. One that is too long to stand in it is changed by "add …" and "remove …"."""

    def __init__(self, field: PanelField) -> None:
        super().__init__(title=get_label(field.setting)[:_LONGEST_TITLE], timeout=_LASTS)
        self.field = field
        written = field.setting.to_json(field.value)
        listed = (", ".join(written) if isinstance(written, list) else str(written)) or NONE
        whole = len(listed) <= _LONGEST_TYPED
        self.typed: ui.TextInput[_TypeModal] = ui.TextInput(
            label=get_phrases().say("discord.panel.new_value" if whole else "discord.panel.add_or_remove"),
            style=discord.TextStyle.paragraph if isinstance(written, list) else discord.TextStyle.short,
            default=listed if whole else None,
            max_length=_LONGEST_TYPED,
        )
        self.add_item(self.typed)

    async def on_submit(self, interaction: AnyInteraction) -> None:
        await self.field.take(interaction, self.typed.value)


def _choice_label(field: PanelField, one: str) -> str:
    return get_phrases().say(f"rooms.choices.{field.setting.name}.{one}")


def _shorten_label(name: str) -> str:
    return name if len(name) <= _LONGEST_OPTION else name[: _LONGEST_OPTION - 1] + "…"
