from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Article, Excerpt, Report
from bot.reading.report import report
from tests.bot.reading.texts import article, read

WORDS = st.sampled_from(
    """Mara Venn said that the bridge fell . , “ ” ‘ ’ " '' : … ( ) DHA unconfirmed could not be verified
    reportedly according to citing sources , who told Dale Courier and but However he she it they 24 May if
    true is believed to""".split()
)
PARAGRAPH = st.lists(WORDS, min_size=1, max_size=40).map(" ".join) | st.text(min_size=1, max_size=80)


def excerpts(value: object) -> Iterator[Excerpt]:
    if isinstance(value, Excerpt):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from excerpts(item)
    elif is_dataclass(value) and not isinstance(value, Article):
        for field in fields(value):
            yield from excerpts(getattr(value, field.name))


WITHOUT = {"role_why": "role", "source_why": "source_id"}  # rules of what may be absent


def rules(value: object) -> Iterator[str]:
    """The rule of each finding, wherever it has a place for one."""
    if isinstance(value, tuple):
        for item in value:
            yield from rules(item)
    elif is_dataclass(value) and not isinstance(value, Article | Excerpt):
        for field in fields(value):
            if field.name in WITHOUT and getattr(value, WITHOUT[field.name]) is None:
                continue
            if field.name.endswith("why"):
                yield getattr(value, field.name)
            else:
                yield from rules(getattr(value, field.name))


def grounded(found: Report) -> bool:
    return all(found.article.text[e.start : e.end] == e.text for e in excerpts(found))


@given(st.lists(PARAGRAPH, min_size=1, max_size=6))
def test_every_excerpt_is_verbatim_on_any_text(paragraphs: list[str]) -> None:
    assert grounded(read(*(p.replace("\n", " ") or "x" for p in paragraphs), outlet="Dale Courier"))


@given(st.lists(PARAGRAPH, min_size=1, max_size=6))
def test_every_finding_in_any_text_names_its_rule(paragraphs: list[str]) -> None:
    assert all(rules(read(*paragraphs, outlet="Dale Courier")))


@given(st.lists(PARAGRAPH, min_size=1, max_size=4))
def test_the_same_text_gives_the_same_report(paragraphs: list[str]) -> None:
    assert read(*paragraphs) == read(*paragraphs)


def test_an_empty_article_gives_an_empty_report() -> None:
    assert report(Article("")) == Report(Article(""))


def test_a_language_without_a_lexicon_gives_no_findings() -> None:
    spanish = article("El puente cayó, dijo la alcaldesa.", language="es")
    assert report(spanish) == Report(spanish)


def test_hostile_shapes_are_read_in_linear_time_and_never_crash() -> None:
    one_sentence = "said and " * 6_000
    marks = "“ ‘ \" '' ( " * 2_000
    names = " ".join(f"Pike{i} Ort said it fell." for i in range(1_000))
    for text in (
        one_sentence,
        marks,
        names,
        "VENN SAYS IT FELL " * 500,
        "\u202eבוב said it fell. " * 300,
        "Ã¢â‚¬ " * 500,
    ):
        assert grounded(read(text))
