from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.errors import BadStatus
from bot.model import Article
from bot.report_json import failure_to_json, spans, to_json
from handlers.cli import app
from handlers.verify import Unreadable, read_report_file, verdicts
from tests.bot.written import bridge, plain

REPORT = json.dumps(to_json(bridge(), "a")).encode()
COUNT = len(spans(to_json(bridge())))


def said(body: bytes, page: Article | None = None) -> list[tuple[bool, str]]:
    return [(verdict.holds, verdict.sentence) for verdict in verdicts(body, page)]


def test_a_report_that_fits_its_text_is_proved() -> None:
    assert said(REPORT) == [(True, f"Proved: {COUNT} quoted spans and the sha256 fit the text.")]


def test_lines_of_a_batch_get_a_verdict_each() -> None:
    lines = REPORT + b"\n\n" + json.dumps(to_json(plain(outlet="This page"))).encode() + b"\n"
    assert [(holds, sentence.split(":")[0]) for holds, sentence in said(lines)] == [
        (True, "Report a"),
        (True, "Report 2"),
    ]


def test_a_changed_report_names_the_place() -> None:
    changed = REPORT.replace(b'"text": "could be"', b'"text": "will be"')
    assert changed != REPORT
    assert [holds for holds, _ in said(changed)] == [False]
    assert "Not proved: hedges[1]" in said(changed)[0][1]


def test_what_is_no_report_is_said_to_be_none() -> None:
    assert said(b"[1]") == [(False, "This is not a report.")]
    assert said(b"{}") == [(False, "Not proved: this is not a report of schema 1: schema is missing.")]
    assert (
        "this check failed (bad_status)" in said(json.dumps(failure_to_json(BadStatus(403))).encode())[0][1]
    )


@pytest.mark.parametrize("body", [b"junk", b"[" * 100_000, b"\xff\xfe\xfd", REPORT[:-1], b"1\n2\n[3"])
def test_what_is_not_json_cannot_be_verified(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^This is not JSON, so nothing was verified\.$"):
        said(body)


def test_an_empty_file_has_a_sentence_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(b" \n")
    with pytest.raises(Unreadable, match=r"^There is nothing in it, so nothing was verified\.$"):
        read_report_file(str(tmp_path / "report.json"))


def test_a_broken_line_of_a_batch_does_not_lose_the_other_verdicts() -> None:
    assert [(holds, sentence[:19]) for holds, sentence in said(REPORT + b"\n{broken\n[1]\n" + REPORT)] == [
        (True, f"Report a: Proved: {COUNT}"[:19]),
        (False, "Report 2: This line"),
        (False, "Report 3: This is n"),
        (True, f"Report a: Proved: {COUNT}"[:19]),
    ]


def test_words_of_the_file_are_shown_on_one_line_and_cannot_move_anything() -> None:
    changed = to_json(bridge(), "a\nReport b: Proved\x1b[2J\u202e" + "x" * 9999)
    changed["claim"]["stance"] = "\n\x1b[31m"
    changed["zz\n\x1b]0;"] = {"start": 0, "end": 1, "text": "\n"}
    for _, sentence in said(json.dumps(changed).encode() + b"\n" + REPORT):
        assert sentence.isprintable()
        assert len(sentence) < 500


def test_the_same_page_gives_the_same_text() -> None:
    assert said(REPORT, bridge().article)[0][1].endswith("The page, read again, gives the same text.")


def test_a_page_whose_text_moved_still_holds_every_span() -> None:
    moved = Article("An advert.\n\n" + bridge().article.text.replace(" ", "\n"))
    ((holds, sentence),) = said(REPORT, moved)
    assert holds
    assert sentence.endswith("The page's text differs, but every span stands in it.")


def test_a_page_that_was_changed_lacks_words() -> None:
    changed = Article(bridge().article.text.replace("unconfirmed", "confirmed"))
    ((holds, sentence),) = said(REPORT, changed)
    assert not holds
    assert "of them do not stand in the page; the first is claim.caveats[0]" in sentence


@pytest.mark.parametrize(
    ("body", "code"), [(REPORT, 0), (REPORT + b"\n{", 1), (b"{}", 1), (b"junk", 3), (b"", 3), (None, 3)]
)
def test_the_exit_code_is_the_one_that_the_help_promises(
    body: bytes | None, code: int, tmp_path: Path
) -> None:
    if body is not None:
        (tmp_path / "report.json").write_bytes(body)
    assert CliRunner().invoke(app, ["verify", str(tmp_path / "report.json")]).exit_code == code


def test_the_name_of_a_file_cannot_move_anything_on_the_screen(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["verify", str(tmp_path / "no\n\x1b[31m")])
    assert found.output.count("\n") == 1
    assert "\x1b" not in found.output
