from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from inline_snapshot import snapshot

from bot import errors
from bot.errors import CannotCheck
from bot.replies import Action
from bot.replying.failures import explain_failure, failure, remark
from bot.replying.phrasebook import get_phrases
from tests.bot.lined import buttons, lines

EXAMPLES: list[CannotCheck] = [
    errors.BadStatus(403),
    errors.TooShort(61),
    errors.TooShort(1),
    errors.NotAnArticle("video"),
    errors.NotAnArticle("post"),
    errors.NotAnArticle("document"),
    errors.NoSuchFile("page.html"),
    errors.BadLine("it is not JSON"),
]


def kinds(of: type[CannotCheck] = CannotCheck) -> Iterator[type[CannotCheck]]:
    yield of
    for kind in of.__subclasses__():
        yield from kinds(kind)


def test_every_kind_of_error_has_its_sentence_with_its_own_facts() -> None:
    for kind in kinds():
        name = kind.kind.fget(kind.__new__(kind))  # type: ignore[attr-defined]  # a property of the class itself
        phrase = get_phrases().of(f"failures.{name}")
        forms = list(phrase.values()) if isinstance(phrase, dict) else [phrase]
        slots = {slot for form in forms for _, slot, _, _ in Formatter().parse(form) if slot}
        assert slots <= {*kind.fields, "n"}


def test_every_kind_of_page_has_its_name() -> None:
    from typing import get_args

    assert set(get_args(errors.PageKind)) == set(get_phrases().of("failures.what"))


def test_the_sentences_are_those_of_the_product() -> None:
    assert [explain_failure(error) for error in EXAMPLES] == snapshot(
        [
            "I could not read this page (HTTP 403), so nothing was checked.",
            "I found only 61 words of article text here; that is too little to check.",
            "I found only 1 word of article text here; that is too little to check.",
            "This is a video, not an article.",
            "This is a social-media post, not an article.",
            "This is a document, not an article.",
            "I cannot find or open the file page.html.",
            "I cannot use this line: it is not JSON.",
        ]
    )


def test_a_page_that_could_not_be_had_can_be_pasted() -> None:
    assert lines(failure(errors.TimedOut())) == snapshot(
        ["This page took too long to answer, so nothing was checked."]
    )
    assert buttons(failure(errors.TimedOut())) == snapshot("[Paste the text] [Remove]")
    assert Action.PASTE not in [button.action for button in failure(errors.NotALink()).buttons]


def test_the_first_line_on_privacy_is_exact() -> None:
    assert lines(remark("conversation.privacy", days=30)) == [
        "I read links, not conversations. I keep the link and the result for 30 days; never your messages."
    ]
