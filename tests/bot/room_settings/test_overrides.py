from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from bot.room_settings.definitions import SETTINGS, BadSetting, Setting
from bot.room_settings.kinds import Value
from bot.room_settings.overrides import NOT_SET, Change, Overrides, find_changes, resolve_settings
from bot.rooms import DEFAULT, Mode, RoomSettings
from tests.bot.room_settings.values import overrides

SERVER = Overrides.of({"mode": Mode.AUTOMATIC, "least_hedges": 3})
ROOM = Overrides.of({"mode": Mode.OFF, "log_channel": None})


def test_nothing_set_is_the_default() -> None:
    assert resolve_settings() == resolve_settings(Overrides(), Overrides()) == DEFAULT


def test_a_room_holds_over_its_server_and_the_server_over_the_default() -> None:
    assert resolve_settings(SERVER) == replace(DEFAULT, mode=Mode.AUTOMATIC, least_hedges=3)
    assert resolve_settings(SERVER, ROOM) == replace(DEFAULT, mode=Mode.OFF, least_hedges=3)


def test_a_room_may_have_no_log_channel_where_its_server_has_one() -> None:
    assert resolve_settings(SERVER.with_value("log_channel", "123"), ROOM).log_channel is None


def test_only_what_was_set_is_held_in_the_order_of_the_declaration() -> None:
    given = Overrides.of({"removers": "moderators_only", "mode": "off"})
    assert list(given) == ["mode", "removers"]
    assert len(given) == 2
    assert "style" not in given
    with pytest.raises(KeyError):
        given["style"]


def test_overrides_are_values() -> None:
    assert Overrides.of({"mode": Mode.OFF}) == Overrides.of({"mode": "off"})
    assert hash(Overrides.of({"mode": Mode.OFF})) == hash(Overrides.of({"mode": "off"}))
    assert pickle.loads(pickle.dumps(SERVER)) == copy.deepcopy(SERVER) == SERVER
    with pytest.raises(FrozenInstanceError):
        SERVER.given = ()  # type: ignore[misc]  # what is tried


def test_setting_one_and_taking_it_back_leaves_the_others() -> None:
    assert SERVER.with_value("mode", Mode.OFF) == Overrides.of({"mode": Mode.OFF, "least_hedges": 3})
    assert SERVER.without("mode", "style") == Overrides.of({"least_hedges": 3})
    assert SERVER.without(*SERVER) == Overrides()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"moed": Mode.OFF}, "unknown"),
        ({"mode": "loud"}, "choice"),
        ({"least_hedges": 0}, "whole"),
        ({"least_hedges": "3"}, "whole"),
        ({"domains_ignored": frozenset({"harbour"})}, "domain"),
        ({"domains_ignored": "harbour.example"}, "list"),
        ({"findings": frozenset()}, "too_few"),
        ({"findings": frozenset({"gossip"})}, "choice_item"),
        ({"findings": "hedges"}, "list"),
    ],
)
def test_what_a_setting_does_not_take_cannot_be_held(values: dict[str, Value], kind: str) -> None:
    with pytest.raises(BadSetting) as caught:
        Overrides.of(values)
    assert caught.value.fault.kind == kind


def test_changes_tell_the_old_and_the_new_value_and_what_was_not_set() -> None:
    assert list(find_changes(SERVER, ROOM)) == [
        Change("mode", Mode.AUTOMATIC, Mode.OFF),
        Change("least_hedges", 3, NOT_SET),
        Change("log_channel", NOT_SET, None),
    ]
    assert list(find_changes(SERVER, SERVER)) == []


def test_a_reset_changes_what_was_set_alone() -> None:
    assert [change.name for change in find_changes(SERVER, Overrides())] == ["mode", "least_hedges"]


@limits(max_examples=60, deadline=None)
@given(overrides(), overrides())
def test_making_the_changes_to_the_old_gives_the_new(old: Overrides, new: Overrides) -> None:
    made = old
    for change in find_changes(old, new):
        made = made.without(change.name)
        if change.new is not NOT_SET:
            made = Overrides.of({**made, change.name: change.new})
    assert made == new


@limits(max_examples=60, deadline=None)
@given(overrides(), overrides(), st.sampled_from(SETTINGS))
def test_each_setting_is_the_rooms_or_the_servers_or_the_default(
    server: Overrides, room: Overrides, setting: Setting
) -> None:
    found = resolve_settings(server, room)
    expected = room.get(setting.name, server.get(setting.name, setting.default))
    assert getattr(found, setting.name) == expected
    assert isinstance(found, RoomSettings)


@limits(max_examples=60, deadline=None)
@given(overrides())
def test_overrides_survive_the_store(given_: Overrides) -> None:
    assert Overrides.from_json(given_.to_json()) == given_
