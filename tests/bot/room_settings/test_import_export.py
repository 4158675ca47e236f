from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.replying.rooms import explain_refusals
from bot.room_settings.definitions import SETTINGS
from bot.room_settings.domains import LONGEST
from bot.room_settings.import_export import (
    LARGEST,
    MOST_FAULTS,
    MOST_KEYS,
    BadImport,
    export_settings,
    import_settings,
)
from bot.room_settings.kinds import LONGEST_ID, LONGEST_KEYWORD, LONGEST_PREFIX, Items
from bot.room_settings.overrides import Overrides
from bot.rooms import FindingKind, Mode
from tests.bot.lined import text as said
from tests.bot.room_settings.values import overrides

SOME = Overrides.of(
    {
        "mode": Mode.AUTOMATIC,
        "findings": frozenset({FindingKind.HEDGES, FindingKind.UNCONFIRMED}),
        "domains_ignored": frozenset({"quay.example", "harbour.example"}),
        "log_channel": None,
    }
)


def file(settings: str, head: str = '"hearsay": "room settings", "version": 1') -> str:
    return f'{{{head},\n "settings": {settings}}}'


def told(text: str | bytes) -> list[str]:
    """The sentences of a refused file."""
    with pytest.raises(BadImport) as caught:
        import_settings(text)
    return [said(line) for line in explain_refusals(caught.value)]


def kinds(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(BadImport) as caught:
        import_settings(text)
    return [(one.line, one.fault.kind) for one in caught.value.faults]


# ── out and in ──────────────────────────────────────────────────────────────────────────────────────


def test_the_file_is_pretty_and_in_a_stable_order() -> None:
    assert export_settings(SOME) == snapshot("""\
{
  "hearsay": "room settings",
  "version": 1,
  "settings": {
    "mode": "automatic",
    "findings": [
      "unconfirmed",
      "hedges"
    ],
    "domains_ignored": [
      "harbour.example",
      "quay.example"
    ],
    "log_channel": null
  }
}
""")


@limits(max_examples=100, deadline=None)
@given(overrides())
def test_any_overrides_survive_a_file(given_: Overrides) -> None:
    text = export_settings(given_)
    assert import_settings(text) == given_
    assert export_settings(import_settings(text)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_file_may_come_as_editors_save_it(encoding: str) -> None:
    text = export_settings(SOME.with_value("keywords_ignored", frozenset({"Hafenfähre"})))
    assert import_settings(text.replace("\n", "\r\n").encode(encoding)) == import_settings(text)
    assert import_settings("\ufeff" + text) == import_settings(text)


def test_the_largest_settings_fit_into_a_file() -> None:
    longest = {
        "domain": "{:03}" + "a" * 40 + "." + "a" * (LONGEST - 44),
        "entry": "/{:03}" + "a" * (LONGEST - 4),
        "identity": "{:03}" + "a" * (LONGEST_ID - 3),
        "keyword": "{:03}" + "\N{SHIP}" * (LONGEST_KEYWORD - 3),
        "prefix": "{:03}" + "\N{SHIP}" * (LONGEST_PREFIX - 3),
    }
    full = {s.name: s.to_json(s.default) for s in SETTINGS}
    for setting in SETTINGS:
        if isinstance(setting.kind, Items):
            full[setting.name] = [longest[setting.kind.sort].format(n) for n in range(setting.kind.most)]
    held = Overrides.from_json(full)
    assert import_settings(export_settings(held)) == held


def test_no_settings_at_all_are_a_file_too() -> None:
    assert import_settings(export_settings(Overrides())) == Overrides()


# ── refused with the line and the reason ────────────────────────────────────────────────────────────


def test_every_fault_is_told_in_the_order_of_the_lines_and_nothing_is_taken() -> None:
    assert told(
        """{
  "hearsay": "room settings",
  "version": 1,
  "mode": "off", "verson": 2,
  "settings": {
    "mode": "loud",
    "mode": "off",
    "domains_ignored": ["harbour.example",
       "quay", 5,
       "old harbour"],
    "retention_day": 5, "x": {},
    "least_hedges":
        21,
    "bots_ignored": "yes", "keywords_ignored": "advert"
  }
}"""
    ) == snapshot(
        [
            "Line 4: “mode” belongs inside “settings”.",
            "Line 4: “verson” does not belong in a file of room settings; did you mean “version”?",
            "Line 6, mode: it takes one of off / on request / automatic.",
            "Line 7: “mode” is already in line 6.",
            "Line 9, domains_ignored: “quay” is not a domain; write it like news.example.",
            "Line 9, domains_ignored: entry 3 of the list must stand in quotation marks.",
            "Line 10, domains_ignored: “old harbour” is not a domain; write it like news.example.",
            "Line 11: there is no setting “retention_day”; did you mean “retention_days”?",
            "Line 11: there is no setting “x”.",
            "Line 13, least_hedges: it takes a whole number from 1 to 20.",
            "Line 14, bots_ignored: it takes on or off (in a file: true or false).",
            "Line 14, keywords_ignored: this is a list in square brackets, even with one entry.",
        ]
    )


_WHAT = '"hearsay": "room settings"'


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        ("", 1, "not_json"),
        (file("{}")[:-1], 2, "not_json"),
        ("\n[]", 2, "not_object"),
        ("\n\n5", 3, "not_object"),
        ("{}", 1, "other_file"),
        ('{\n"hearsay": "report"}', 2, "other_file"),
        (file("{}", _WHAT), 1, "no_version"),
        (file("{}", f'{_WHAT},\n"version": "1"'), 2, "version"),
        (file('{"new": 1}', f'{_WHAT},\n"version": 2'), 2, "newer"),
        (file("\n[]"), 3, "no_settings"),
        (f'{{{_WHAT}, "version": 1}}', 1, "no_settings"),
        (b'{"hearsay":\n "r\xff"}', 2, "not_text"),
        ("[" * 30_000, 1, "too_deep"),
        ("[" * 30 + "]" * 30, 1, "too_deep"),
    ],
)
def test_what_is_no_file_of_this_version_is_told_alone(text: str | bytes, line: int, kind: str) -> None:
    assert kinds(text) == [(line, kind)]


@pytest.mark.parametrize("version", ["0", "-1", "1.0", "true", "null", "9" * 400])
def test_a_version_that_is_none_is_refused(version: str) -> None:
    assert kinds(file("{}", f'"hearsay": "room settings", "version": {version}')) == [(1, "version")]


def test_a_file_may_be_as_large_as_64_kib_and_no_larger() -> None:
    text = export_settings(SOME)
    assert import_settings(text + " " * (LARGEST - len(text))) == SOME
    for larger in (
        text + " " * (LARGEST - len(text) + 1),
        "\N{SHIP}" * (LARGEST // 4 + 1),
        " " * 10_000_000,
    ):
        assert told(larger) == ["Line 1: this is larger than 64 KiB, too large for a file of room settings."]
        assert kinds(larger.encode()) == [(1, "too_large")]


def test_a_file_may_have_200_keys_and_no_more() -> None:
    many = {f"k{n}": 1 for n in range(MOST_KEYS - 3)}
    assert kinds(file(json.dumps(many)))[0] == (2, "unknown")
    assert told(file(json.dumps({**many, "one": 1}))) == [
        "Line 1: this has 201 keys; a file of room settings has at most 200."
    ]
    assert kinds(file(json.dumps({"mode": [{"a": 1}] * MOST_KEYS}))) == [(1, "too_many_keys")]


def test_thousands_of_keys_are_refused_at_once() -> None:
    assert kinds("{" + ", ".join(f'"{n}":0' for n in range(5000)) + "}") == [(1, "too_many_keys")]


def test_twenty_faults_are_told_and_how_many_more_there_are() -> None:
    most = "{" + ",\n".join(f'"q{n}": 1' for n in range(MOST_FAULTS)) + "}"
    assert len(told(file(most))) == MOST_FAULTS
    sentences = told(file("{" + ",\n".join(f'"q{n}": 1' for n in range(MOST_FAULTS + 2)) + "}"))
    assert sentences[-2:] == ["Line 21: there is no setting “q19”.", "And 2 more faults."]
    assert told(file("{" + ",\n".join(f'"q{n}": 1' for n in range(21)) + "}"))[-1] == "And 1 more fault."


def test_a_long_name_is_told_in_short() -> None:
    assert told(file('{"%s": 1}' % ("q" * 60_000))) == [f"Line 2: there is no setting “{'q' * 39}…”."]


def test_numbers_beyond_reason_are_out_of_bounds() -> None:
    for number in ("9" * 5000, "NaN", "-Infinity", "1e999"):
        assert kinds(file(f'{{"least_hedges":\n {number}}}')) == [(3, "whole")]


def test_a_part_that_is_given_twice_is_told_even_when_both_are_right() -> None:
    assert kinds(file('{}, "settings": {"mode": "off"}')) == [(2, "twice")]


_WHOLE = st.sampled_from(
    [export_settings(SOME), file('{"mode": "off", "domains_ignored": ["harbour.example"]}'), "{}", "[]"]
)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """A file in which somebody has typed."""
    text = draw(_WHOLE)
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return text[:first] + draw(st.text(max_size=5)) + text[last:]


@limits(max_examples=200, deadline=None)
@given(st.text() | st.binary() | edited())
@example('{"hearsay": "room settings", "version": 1, "settings": {"keywords_ignored": ["\\ud800"]}}')
@example("\ud800")
@example(b"\x00")
def test_any_file_is_taken_whole_or_refused_with_sentences(text: str | bytes) -> None:
    try:
        held = import_settings(text)
    except BadImport as problem:
        sentences = [said(line) for line in explain_refusals(problem)]
    else:
        sentences = []
        assert import_settings(export_settings(held)) == held
    assert all(sentence.startswith("Line ") and sentence.endswith((".", "?")) for sentence in sentences)


@pytest.mark.parametrize("line", range(1, 16))
def test_a_file_that_breaks_off_is_not_json(line: int) -> None:
    text = export_settings(SOME)
    assert [kind for _, kind in kinds("\n".join(text.split("\n")[:line]))] == ["not_json"]
