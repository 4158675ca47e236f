"""One line of a batch, read in this process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handlers.batch_lines import LONGEST, read_line

TEXT = "The old bridge may close in May, people close to the talks said on Monday."


def jsonl(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def one(line: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read_line(line).line)
    return found


def test_a_text_is_used_character_for_character() -> None:
    text = "  A\u00a0headline \n\n\tThe mayor\u200b said so. 👍 \n"
    found = one(jsonl({"id": "a", "text": text}))
    assert (found["id"], found["error"], found["article"]["text"]) == ("a", None, text)


def test_a_page_is_read_with_its_address() -> None:
    body = f"<p>{TEXT}</p><p>Maria Lindqvist, the town’s chief engineer, did not answer. {TEXT}</p>"
    html = f"<html lang=en><title>Bridge</title><article><h1>Bridge</h1>{body}</article></html>"
    found = one(jsonl({"id": "b", "html": html, "url": "https://harbour-post.example/x"}))
    assert found["error"] is None
    assert TEXT in found["article"]["text"]
    assert found["article"]["url"] == "https://harbour-post.example/x"


@pytest.mark.parametrize(
    ("line", "name", "problem"),
    [
        (b"junk", None, "it is not JSON"),
        (b'{"id": "\xff"}', None, "it is not UTF-8"),
        (b'"text"', None, "it is not an object"),
        (b"[" * 100_000, None, "it is not JSON"),
        (b'{"id": "x"}', "x", 'it has neither "text" nor "html"'),
        (b'{"id": 7, "text": 8}', "7", 'it has neither "text" nor "html"'),
        (b'{"id": true, "html": "x", "url": 3}', None, "its url is not text"),
        (b"x" * (LONGEST + 1), None, "it is longer than 64 MiB"),
    ],
)
def test_a_bad_line_says_what_is_wrong_with_it(line: bytes, name: str | None, problem: str) -> None:
    found = one(line)
    assert found["id"] == name
    assert found["error"] == {"kind": "bad_line", "message": f"I cannot use this line: {problem}."}


def test_an_output_line_is_ascii_and_one_line_whatever_the_text() -> None:
    line = read_line(jsonl({"id": "ä\n", "text": "Zwei\u2028Zeilen \ud800 sagte sie."})).line
    assert line.isascii()
    assert len(line.splitlines()) == 1
