from __future__ import annotations

from dataclasses import fields

import pytest

from bot.replying.phrasebook import get_phrases
from bot.replying.rooms import quantity
from bot.room_settings.definitions import SETTING, SETTINGS, Setting
from bot.room_settings.kinds import Choice, Choices, Whole
from bot.rooms import DEFAULT, Mode, RoomSettings

EACH = pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)


def test_every_setting_is_declared_and_nothing_else() -> None:
    assert [setting.name for setting in SETTINGS] == [field.name for field in fields(RoomSettings)]


@EACH
def test_a_default_is_a_value_that_its_setting_takes(setting: Setting) -> None:
    assert setting.from_json(setting.to_json(setting.default)) == setting.default


def test_automatic_mode_is_off_by_default() -> None:
    assert DEFAULT.mode is Mode.ON_REQUEST


# ── in words ────────────────────────────────────────────────────────────────────────────────────────


@EACH
def test_a_setting_has_its_label_and_one_sentence_of_help(setting: Setting) -> None:
    assert get_phrases().say(f"rooms.labels.{setting.name}")
    help_ = get_phrases().say(f"rooms.help.{setting.name}")
    assert help_.endswith(".")
    assert ". " not in help_


def test_nothing_but_settings_is_labelled() -> None:
    assert set(get_phrases().of("rooms.labels")) == set(get_phrases().of("rooms.help")) == set(SETTING)


@EACH
def test_each_choice_has_its_words_and_they_can_be_typed(setting: Setting) -> None:
    if isinstance(setting.kind, Choice):
        for one in setting.kind.among:
            assert setting.parse(get_phrases().say(f"rooms.choices.{setting.name}.{one}")) is one
        assert set(get_phrases().of(f"rooms.choices.{setting.name}")) == set(setting.kind.among)
    elif isinstance(setting.kind, Choices):
        for one in setting.kind.among:
            assert setting.parse(get_phrases().say(f"rooms.choices.{setting.name}.{one}")) == frozenset({one})
        assert set(get_phrases().of(f"rooms.choices.{setting.name}")) == set(setting.kind.among)
    else:
        assert not get_phrases().has(f"rooms.choices.{setting.name}")


def test_a_number_has_the_words_of_its_unit() -> None:
    units = {setting.kind.unit for setting in SETTINGS if isinstance(setting.kind, Whole)}
    assert all(quantity(2, unit, get_phrases()).startswith("2 ") for unit in units)
