"""The settings panel: one message that only the admin sees, in which every room setting can be changed.

A panel ends with the interaction that opened it, after 15 minutes, or with the process.
"""

from __future__ import annotations

from typing import Any, Final

import discord
from discord import ui

from bot.commands import Commands
from bot.places import Person, Room
from bot.replies import Reply
from bot.replying.failures import remark
from bot.replying.rooms import explained, label
from bot.replying.words import words
from bot.setting.declared import SETTING, SETTINGS, Setting
from bot.setting.kinds import NONE, Choice, Choices, Items, OnOff, Place, Value
from handlers.discord.render import text

Interaction = discord.Interaction[Any]

_LASTS: Final = 840.0  # seconds; the token that edits it lasts 900
_LONGEST_OPTION: Final = 100
_MOST_PICKED: Final = 25
_LONGEST_TYPED: Final = 4000
_LOG_CHANNELS: Final = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
]


def may_set(interaction: Interaction) -> bool:
    """PRODUCT.md: settings are for those who may manage the server."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


class Panel(ui.LayoutView):
    """What is set in a room, or for the whole server, and the means to change it."""

    def __init__(self, commands: Commands, here: Room, chosen: Setting | None = None) -> None:
        super().__init__(timeout=_LASTS)
        self.commands, self.here, self.chosen = commands, here, chosen
        self.whole_server = False
        self.said: Reply | None = None  # of the last change

    @property
    def room(self) -> Room:
        """What the panel is about: the room, or the server that it belongs to."""
        if not self.whole_server or self.here.server is None:
            return self.here
        return Room(self.here.platform, self.here.server, private=False, server=self.here.server)

    async def drawn(self) -> Panel:
        """With everything as it is now. Raises OSError where the memory is out of reach."""
        self.clear_items()
        shown = (
            await self.commands.settings(self.room)
            if self.chosen is None
            else await self.commands.setting(self.room, self.chosen.name)
        )
        blocks = shown.blocks if self.said is None else (*self.said.blocks, *shown.blocks)
        self.add_item(ui.Container(ui.TextDisplay(text(blocks))))
        self.add_item(ui.ActionRow(_Chooser(self)))
        if self.chosen is not None:
            value = await self.commands.held(self.room, self.chosen.name)
            self.add_item(ui.ActionRow(_editor(self, self.chosen, value)))
        self.add_item(ui.ActionRow(*self._buttons()))
        return self

    def _buttons(self) -> list[ui.Item[Any]]:
        here = words().say(
            "discord.panel.this_channel" if self.whole_server else "discord.panel.whole_server"
        )
        found: list[ui.Item[Any]] = [_Press(self, here, self._turn)]
        if self.chosen is not None:
            found.append(_Press(self, words().say("discord.panel.back_to_default"), self._back))
            found.append(_Press(self, words().say("discord.panel.all"), self._all))
        return found

    async def changed(self, interaction: Interaction, typed: str) -> None:
        """A new value for the chosen setting, as somebody would have typed it."""
        if self.chosen is not None:
            if may_set(interaction):
                who = Person("discord", str(interaction.user.id))
                self.said = await self.commands.set(self.room, self.chosen.name, typed, who)
            else:
                self.said = remark("discord.panel.not_yours")
        await self.redraw(interaction)

    async def redraw(self, interaction: Interaction) -> None:
        try:
            await self.drawn()
        except OSError:
            self.clear_items()
            out_of_reach = remark("commands.out_of_reach")
            self.add_item(ui.Container(ui.TextDisplay(text(out_of_reach.blocks))))
        await interaction.edit_original_response(view=self)

    async def choose(self, interaction: Interaction, name: str) -> None:
        self.chosen, self.said = SETTING[name], None
        await self.redraw(interaction)

    async def _turn(self, interaction: Interaction) -> None:
        self.whole_server, self.said = not self.whole_server, None
        await self.redraw(interaction)

    async def _back(self, interaction: Interaction) -> None:
        await self.changed(interaction, "default")

    async def _all(self, interaction: Interaction) -> None:
        self.chosen, self.said = None, None
        await self.redraw(interaction)


class _Chooser(ui.Select[Panel]):
    """Which setting to change."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(placeholder=words().say("discord.panel.choose"))
        self.panel = panel
        for one in SETTINGS:
            self.add_option(
                label=_cut(label(one)),
                value=one.name,
                description=_cut(explained(one)),
                default=one is panel.chosen,
            )

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        await self.panel.choose(interaction, self.values[0])


class _Press(ui.Button[Panel]):
    def __init__(self, panel: Panel, label: str, does: Any) -> None:
        super().__init__(label=label, style=discord.ButtonStyle.secondary)
        self.panel, self.does = panel, does

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        await self.does(interaction)


# ── a component for each kind of value ──────────────────────────────────────────────────────────────


def _editor(panel: Panel, setting: Setting, value: Value) -> ui.Item[Any]:
    match setting.kind:
        case Choice(among):
            return _Options(panel, [(str(one), _choice(setting, one), one == value) for one in among], 1, 1)
        case Choices(among, least):
            held = value if isinstance(value, frozenset) else frozenset()
            options = [(str(one), _choice(setting, one), one in held) for one in among]
            return _Options(panel, options, least, len(options))
        case OnOff():
            switch = [(one, words().say(f"rooms.{one}"), (one == "on") == value) for one in ("on", "off")]
            return _Options(panel, switch, 1, 1)
        case Place():
            return _Channel(panel, value if isinstance(value, str) else None)
        case Items("identity"):
            held = value if isinstance(value, frozenset) else frozenset()
            return (_Roles if setting.name == "roles_ignored" else _People)(panel, held)
        case _:
            return _Type(panel, setting, value)


class _Options(ui.Select[Panel]):
    def __init__(self, panel: Panel, options: list[tuple[str, str, bool]], least: int, most: int) -> None:
        super().__init__(min_values=least, max_values=most, placeholder=words().say("discord.panel.pick"))
        self.panel = panel
        for value, name, held in options:
            self.add_option(label=_cut(name), value=value, default=held)

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        await self.panel.changed(interaction, ", ".join(self.values) or NONE)


class _Channel(ui.ChannelSelect[Panel]):
    def __init__(self, panel: Panel, held: str | None) -> None:
        super().__init__(
            channel_types=_LOG_CHANNELS,
            min_values=0,
            default_values=[discord.Object(int(held))] if held and held.isdecimal() else [],
            placeholder=words().say("discord.panel.no_channel"),
        )
        self.panel = panel

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        await self.panel.changed(interaction, str(self.values[0].id) if self.values else NONE)


def _objects(held: frozenset[str]) -> list[discord.Object]:
    return [discord.Object(int(one)) for one in sorted(held) if one.isdecimal()][:_MOST_PICKED]


class _Roles(ui.RoleSelect[Panel]):
    def __init__(self, panel: Panel, held: frozenset[str]) -> None:
        super().__init__(
            min_values=0,
            max_values=_MOST_PICKED,
            default_values=_objects(held),
            placeholder=words().say("discord.panel.no_role"),
        )
        self.panel = panel

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        await self.panel.changed(interaction, ", ".join(str(role.id) for role in self.values) or NONE)


class _People(ui.UserSelect[Panel]):
    def __init__(self, panel: Panel, held: frozenset[str]) -> None:
        super().__init__(
            min_values=0,
            max_values=_MOST_PICKED,
            default_values=_objects(held),
            placeholder=words().say("discord.panel.nobody"),
        )
        self.panel = panel

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        await self.panel.changed(interaction, ", ".join(str(person.id) for person in self.values) or NONE)


class _Type(ui.Button[Panel]):
    """Opens a window for a number or a list of words."""

    def __init__(self, panel: Panel, setting: Setting, value: Value) -> None:
        super().__init__(label=words().say("discord.panel.type"), style=discord.ButtonStyle.primary)
        self.panel, self.setting, self.value = panel, setting, value

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(_TypeWindow(self.panel, self.setting, self.value))


class _TypeWindow(ui.Modal):
    def __init__(self, panel: Panel, setting: Setting, value: Value) -> None:
        super().__init__(title=label(setting)[:45])
        self.panel = panel
        written = setting.to_json(value)
        listed = ", ".join(written) if isinstance(written, list) else str(written)
        self.typed: ui.TextInput[_TypeWindow] = ui.TextInput(
            label=words().say("discord.panel.new_value"),
            style=discord.TextStyle.paragraph if isinstance(written, list) else discord.TextStyle.short,
            default=(listed or NONE)[:_LONGEST_TYPED],
            max_length=_LONGEST_TYPED,
        )
        self.add_item(self.typed)

    async def on_submit(self, interaction: Interaction) -> None:
        await interaction.response.defer()
        await self.panel.changed(interaction, self.typed.value)


def _choice(setting: Setting, one: str) -> str:
    return words().say(f"rooms.choices.{setting.name}.{one}")


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_OPTION else name[: _LONGEST_OPTION - 1] + "…"
