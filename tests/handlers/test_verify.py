from __future__ import annotations

import json

from bot.errors import BadStatus
from bot.interchange import failure_to_json, spans, to_json
from bot.model import Article
from handlers.verify import verdicts
from tests.bot.written import bridge, plain

REPORT = json.dumps(to_json(bridge(), "a")).encode()
COUNT = len(spans(to_json(bridge())))


def said(body: bytes, page: Article | None = None) -> list[tuple[bool, str]]:
    return [(verdict.holds, verdict.sentence) for verdict in verdicts(body, page)]


def test_a_report_that_fits_its_text_is_proved() -> None:
    assert said(REPORT) == [(True, f"Proved: {COUNT} quoted spans and the sha256 fit the text.")]


def test_lines_of_a_batch_get_a_verdict_each() -> None:
    lines = REPORT + b"\n\n" + json.dumps(to_json(plain())).encode() + b"\n"
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
    assert said(b"junk") == [(False, "This is not JSON, so nothing was verified.")]
    assert said(b"[" * 100_000) == [(False, "This is not JSON, so nothing was verified.")]
    assert said(b"[1]") == [(False, "This is not a report.")]
    assert (
        "this check failed (bad_status)" in said(json.dumps(failure_to_json(BadStatus(403))).encode())[0][1]
    )


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
