"""Values of room settings: typed, bounded, and from files."""

from __future__ import annotations

from string import Formatter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from bot.replying.phrasebook import get_phrases
from bot.room_settings.definitions import SETTING, SETTINGS, BadSetting, Setting
from bot.room_settings.kinds import LONGEST_KEYWORD, LONGEST_PREFIX, Items, Value, Whole
from bot.rooms import CardSection, DeliveryStyle, FindingKind, Mode, Removers
from tests.bot.room_settings.values import values

ABC = {"a.example", "b.example", "c.example"}
EACH = pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)


# ── from what people type ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("mode", "On Request", Mode.ON_REQUEST),
        ("mode", " automatic ", Mode.AUTOMATIC),
        ("style", "log-channel-only", DeliveryStyle.LOG_CHANNEL_ONLY),
        ("removers", "moderators_only", Removers.MODERATORS_ONLY),
        ("findings", "hedges, Headline conflict", {FindingKind.HEDGES, FindingKind.HEADLINE_CONFLICT}),
        ("findings", "words of doubt, unnamed origin", {FindingKind.HEDGES, FindingKind.UNNAMED_CHAIN}),
        ("findings", "all", set(FindingKind)),
        ("sections", "none", set()),
        ("sections", "also says\noriginals", {CardSection.ALSO_SAYS, CardSection.ORIGINALS}),
        ("least_hedges", " 7 ", 7),
        ("room_cooldown_seconds", "0", 0),
        ("bots_ignored", "OFF", False),
        ("bots_ignored", "yes", True),
        ("log_channel", "123456789012345678", "123456789012345678"),
        ("log_channel", "None", None),
        ("domains_ignored", "a.example, https://www.B.example/  c.example", ABC),
        ("domains_ignored", "none", set()),
        ("unasked_spared", "youtube.com /Shop ?TICKET", {"youtube.com", "/shop", "?ticket"}),
        ("people_ignored", "-100123\n456", {"-100123", "456"}),
        ("keywords_ignored", "press  release; Advert", {"press release", "Advert"}),
        ("prefixes_ignored", "! ?? $", {"!", "??", "$"}),
    ],
)
def test_what_a_person_types_is_read(name: str, text: str, value: object) -> None:
    assert SETTING[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("mode", "", "choice"),
        ("mode", "loud", "choice"),
        ("findings", "", "nothing"),
        ("findings", "none", "too_few"),
        ("findings", "hedges hedges", "choice_item"),
        ("least_hedges", "some", "whole"),
        ("least_hedges", "3.0", "whole"),
        ("least_hedges", "٣", "whole"),
        ("least_hedges", "9" * 5000, "whole"),
        ("bots_ignored", "maybe", "on_off"),
        ("log_channel", "", "place"),
        ("log_channel", "#the news", "place"),
        ("log_channel", "1" * 41, "place"),
        ("domains_allowed", "harbour", "domain"),
        ("unasked_too", "/a/b", "entry"),
        ("roles_ignored", "Mods!", "identity"),
        ("keywords_ignored", "a" * (LONGEST_KEYWORD + 1), "keyword"),
        ("keywords_ignored", "a\x00b", "keyword"),
        ("keywords_ignored", "a\u202eb", "keyword"),
        ("keywords_ignored", "a" + " " * 300 + "b", "keyword"),
        ("prefixes_ignored", "!" * (LONGEST_PREFIX + 1), "prefix"),
        ("people_ignored", "\n ", "nothing"),
    ],
)
def test_what_is_no_value_is_refused_with_its_reason(name: str, text: str, kind: str) -> None:
    with pytest.raises(BadSetting) as caught:
        SETTING[name].parse(text)
    assert caught.value.name == name
    assert caught.value.fault.kind == kind


def test_a_list_is_added_to_and_taken_from() -> None:
    setting = SETTING["domains_ignored"]
    now = frozenset({"a.example", "b.example"})
    assert setting.parse("add c.example www.a.example", now) == frozenset(ABC)
    assert setting.parse("Remove https://B.example", now) == frozenset({"a.example"})
    left = set(CardSection) - {CardSection.ORIGINALS, CardSection.ALSO_SAYS}
    assert SETTING["sections"].parse("remove originals, also says") == frozenset(left)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("domains_ignored", "remove a.example", "not_there"),
        ("domains_ignored", "remove nothing", "not_there"),
        ("domains_ignored", "add nothing", "domain"),
        ("findings", "remove unconfirmed, unnamed origin", "too_few"),
    ],
)
def test_a_bad_change_of_a_list_is_refused(name: str, text: str, kind: str) -> None:
    with pytest.raises(BadSetting) as caught:
        SETTING[name].parse(text)
    assert caught.value.fault.kind == kind


def test_a_full_list_takes_what_it_has_and_no_more() -> None:
    setting = SETTING["domains_ignored"]
    full = setting.from_json([f"a{n}.example" for n in range(100)])
    assert setting.parse("add a7.example", full) == full
    with pytest.raises(BadSetting) as caught:
        setting.parse("add b.example", full)
    assert caught.value.fault.facts == {"n": 101, "most": 100}


@EACH
@limits(max_examples=30, deadline=None)
@given(text=st.text())
@example(text="add")
@example(text="remove ,")
@example(text="add add")
@example(text="none")
@example(text="\ud800")
def test_any_text_is_a_value_or_refused_by_name(setting: Setting, text: str) -> None:
    for typed in (text, f"add {text}", f"remove {text}"):
        outcome = _parsed(setting, typed)
        if isinstance(outcome, BadSetting):
            assert outcome.name == setting.name
            assert get_phrases().has(f"rooms.faults.{outcome.fault.kind}")
        else:
            assert setting.from_json(setting.to_json(outcome)) == outcome


# ── bounds ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("setting", [s for s in SETTINGS if isinstance(s.kind, Whole)], ids=lambda s: s.name)
def test_numbers_end_at_their_bounds(setting: Setting) -> None:
    assert isinstance(setting.kind, Whole)
    for inside in (setting.kind.least, setting.kind.most):
        assert setting.parse(str(inside)) == setting.from_json(inside) == inside
    for outside in (setting.kind.least - 1, setting.kind.most + 1):
        _refused(setting, outside, "whole")
        with pytest.raises(BadSetting):
            setting.parse(str(outside))


@pytest.mark.parametrize("setting", [s for s in SETTINGS if isinstance(s.kind, Items)], ids=lambda s: s.name)
def test_lists_end_at_their_bounds(setting: Setting) -> None:
    assert isinstance(setting.kind, Items)
    form = {"domain": "a{}.example", "entry": "/a{}"}.get(setting.kind.sort, "a{}")
    most = [form.format(n) for n in range(setting.kind.most)]
    assert setting.from_json(most) == frozenset(most)
    assert setting.from_json([]) == frozenset()
    _refused(setting, [*most, form.format("b")], "too_many")


def test_choices_end_at_their_bounds() -> None:
    assert SETTING["findings"].from_json(["hedges"]) == frozenset({FindingKind.HEDGES})
    assert SETTING["findings"].from_json(list(FindingKind)) == frozenset(FindingKind)
    _refused(SETTING["findings"], [], "too_few")
    _refused(SETTING["findings"], [*FindingKind, "hedges"], "too_many")


@pytest.mark.parametrize(
    ("name", "longest"),
    [("people_ignored", 40), ("keywords_ignored", LONGEST_KEYWORD), ("prefixes_ignored", LONGEST_PREFIX)],
)
def test_items_end_at_their_length(name: str, longest: int) -> None:
    setting = SETTING[name]
    assert isinstance(setting.kind, Items)
    assert setting.from_json(["a" * longest]) == frozenset({"a" * longest})
    _refused(setting, ["a" * (longest + 1)], setting.kind.sort)
    _refused(setting, [""], setting.kind.sort)


# ── from files ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "found", "kind"),
    [
        ("mode", None, "choice"),
        ("mode", True, "choice"),
        ("mode", ["off"], "choice"),
        ("findings", "hedges", "list"),
        ("findings", {"hedges": True}, "list"),
        ("findings", [5], "no_text"),
        ("least_hedges", True, "whole"),
        ("least_hedges", 3.0, "whole"),
        ("least_hedges", "3", "whole"),
        ("bots_ignored", 1, "on_off"),
        ("bots_ignored", "on", "on_off"),
        ("log_channel", 123, "place"),
        ("log_channel", " 123", "place"),
        ("people_ignored", [123], "no_text"),
        ("domains_ignored", None, "list"),
        ("keywords_ignored", ["a, b"], "keyword"),
        ("prefixes_ignored", ["! !"], "prefix"),
    ],
)
def test_a_file_with_another_type_is_refused(name: str, found: object, kind: str) -> None:
    _refused(SETTING[name], found, kind)


def test_every_wrong_item_of_a_list_is_told_with_its_number() -> None:
    faults = SETTING["domains_ignored"].faults(["a.example", "b", 5, "c.example", "d"])
    assert [(fault.kind, fault.item) for fault in faults] == [("domain", 1), ("no_text", 2), ("domain", 4)]


def test_a_wrong_item_is_shown_again_in_short() -> None:
    (fault,) = SETTING["domains_ignored"].faults(["x" * 70_000])
    assert fault.facts == {"item": "x" * 39 + "…"}


@EACH
@limits(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_value_survives_a_file(setting: Setting, data: st.DataObject) -> None:
    value = data.draw(values(setting))
    assert setting.from_json(setting.to_json(value)) == value


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@EACH
@limits(max_examples=30, deadline=None)
@given(found=_JSON)
def test_whatever_a_file_holds_is_a_value_or_refused_by_name(setting: Setting, found: object) -> None:
    faults = setting.faults(found)
    if not faults:
        value = setting.from_json(found)
        assert setting.from_json(setting.to_json(value)) == value
    for fault in faults:
        slots = {
            slot
            for _, slot, _, _ in Formatter().parse(get_phrases().of(f"rooms.faults.{fault.kind}"))
            if slot
        }
        assert slots <= {*fault.facts, "takes"}


def _parsed(setting: Setting, text: str) -> Value | BadSetting:
    try:
        return setting.parse(text)
    except BadSetting as problem:
        return problem


def _refused(setting: Setting, found: object, kind: str) -> None:
    with pytest.raises(BadSetting) as caught:
        setting.from_json(found)
    assert caught.value.name == setting.name
    assert caught.value.fault.kind == kind
