from __future__ import annotations

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.replies import Stated
from bot.replying.phrasebook import get_phrases
from bot.replying.rooms import (
    describe_conflicts,
    describe_values,
    explain_refusal,
    format_value,
    get_help,
    get_label,
)
from bot.room_settings.definitions import SETTING, SETTINGS, BadSetting, Setting
from bot.room_settings.kinds import Fault, Value
from bot.room_settings.overrides import NOT_SET, NotSet
from bot.rooms import DEFAULT, DeliveryStyle, RoomSettings
from tests.bot.lined import text
from tests.bot.room_settings.values import values


def test_every_setting_is_told_with_its_default_and_what_it_takes() -> None:
    told = [
        f"{get_label(s)}: {text(format_value(s, s.default))} ({describe_values(s)})"
        for s in SETTINGS
        if len(describe_values(s)) < 53
    ]
    assert told == snapshot(
        [
            "Mode: on request (one of off / on request / automatic)",
            "Words of doubt needed: 2 words of doubt (a whole number from 1 to 20)",
            "Style: card (one of card / brief / thread / log channel only)",
            "Domains allowed: none (at most 100 domains such as news.example, or none)",
            "Domains ignored: none (at most 100 domains such as news.example, or none)",
            "Roles ignored: none (at most 50 ids, or none)",
            "People ignored: none (at most 100 ids, or none)",
            "Prefixes ignored: ! (at most 10 prefixes of at most 8 characters, or none)",
            "Bots ignored: on (on or off (in a file: true or false))",
            "Cooldown per person: 5 seconds (a whole number from 0 to 3600)",
            "Cooldown per room: none (a whole number from 0 to 3600)",
            "Repeat window: 24 hours (a whole number from 0 to 720)",
            "Retention: 30 days (a whole number from 1 to 365)",
            "Log channel: none (the id of a channel, or none)",
        ]
    )
    assert all(get_help(setting) for setting in SETTINGS)


@pytest.mark.parametrize(
    ("name", "value", "words_"),
    [
        ("mode", "automatic", "automatic"),
        ("mode", NOT_SET, "not set"),
        ("least_hedges", 1, "1 word of doubt"),
        ("room_cooldown_seconds", 0, "none"),
        ("repeat_hours", 2, "2 hours"),
        ("bots_ignored", False, "off"),
        ("log_channel", None, "none"),
        ("log_channel", "123", "123"),
        ("sections", frozenset({"originals", "also_says"}), "also says, originals"),
        ("domains_ignored", frozenset({"b.example", "a.example"}), "a.example, b.example"),
        ("domains_ignored", frozenset(), "none"),
        ("removers", "moderators_only", "moderators only"),
    ],
)
def test_a_value_is_shown_in_words(name: str, value: Value | NotSet, words_: str) -> None:
    assert text(format_value(SETTING[name], value)) == words_


def test_of_a_long_list_the_first_are_shown() -> None:
    many = frozenset(f"a{n:02}.example" for n in range(30))
    assert text(format_value(SETTING["domains_ignored"], many)).endswith(", a19.example, and 10 more")
    assert text(format_value(SETTING["domains_ignored"], many, most=1)) == "a00.example, and 29 more"


def test_what_people_gave_is_a_strangers_words() -> None:
    line = format_value(SETTING["keywords_ignored"], frozenset({"**advert**"}))
    assert line == (Stated("**advert**"),)
    with pytest.raises(BadSetting) as caught:
        SETTING["domains_ignored"].parse("**quay**")
    assert Stated("**quay**") in explain_refusal(caught.value)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("mode", "loud", "Mode: it takes one of off / on request / automatic."),
        ("least_hedges", "0", "Words of doubt needed: it takes a whole number from 1 to 20."),
        ("bots_ignored", "?", "Bots ignored: it takes on or off (in a file: true or false)."),
        ("log_channel", "a b", "Log channel: it takes the id of a channel, or none."),
        ("people_ignored", "", "People ignored: nothing was given; it takes at most 100 ids, or none."),
        ("domains_ignored", "remove a", "Domains ignored: “a” is not set, so it cannot be removed."),
        ("people_ignored", "@Lena Ørt", "People ignored: “Ørt” is not an id of 1 to 40 letters and digits."),
        ("retention_days", "366", "Retention: it takes a whole number from 1 to 365."),
    ],
)  # fmt: skip
def test_a_refusal_is_one_clear_sentence(name: str, typed: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as caught:
        SETTING[name].parse(typed)
    assert text(explain_refusal(caught.value)) == sentence


def test_a_setting_that_is_none_is_refused_by_its_name() -> None:
    error = BadSetting("moed", Fault("unknown", {"name": "moed"}))
    assert text(explain_refusal(error)) == "there is no setting “moed”."


def test_settings_that_make_no_sense_together_are_told() -> None:
    assert describe_conflicts(DEFAULT) == ()
    odd = RoomSettings(style=DeliveryStyle.LOG_CHANNEL_ONLY, repeat_hours=25, retention_days=1)
    assert describe_conflicts(odd) == snapshot(
        (
            "Answers go only to the log channel, and none is set: nobody will see them.",
            "The repeat window is longer than answers are kept, so it ends with them.",
        )
    )


def test_every_reason_is_a_sentence_that_names_no_fact_of_its_own() -> None:
    facts = {"takes", "item", "n", "most", "least", "name", "like", "first", "column", "version", "theirs"}
    for sentence in get_phrases().of("rooms.faults").values():
        assert sentence.endswith((".", "?"))
        assert {slot for _, slot, _, _ in Formatter().parse(sentence) if slot} <= facts


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
@limits(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_value_has_words(setting: Setting, data: st.DataObject) -> None:
    assert text(format_value(setting, data.draw(values(setting))))
